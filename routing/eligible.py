"""Who may take a call at all, and if not, why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from routing.agents import Agent, Need
from routing.hours import is_open
from routing.licences import licensed
from routing.zones import to_local

US_COUNTRIES = frozenset({"US", "PR", "GU", "VI", "AS", "MP"})
"""The United States and its territories, as ISO 3166 country codes."""


def refusals(agent: Agent, need: Need, at: datetime) -> tuple[str, ...]:
    """Every reason why the agent may not take the call; empty when eligible.

    The words: "pool", "outside-us", "skill" (or its level), "language", "licence", "training", "not-in-shift",
    "shift-edge" (in shift, but with less than the margin left).
    """
    return tuple(_refused(agent, need, at))


def is_eligible(agent: Agent, need: Need, at: datetime) -> bool:
    """Whether the agent may take the call at the instant."""
    return next(_refused(agent, need, at), None) is None


def _refused(agent: Agent, need: Need, at: datetime) -> Iterator[str]:
    # One after the other: of thousands of agents most are refused by the first words, which cost nothing.
    if not _in_pools(agent, need):
        yield "pool"
    if not (need.agents_outside_us or agent.pool.site.country in US_COUNTRIES):
        yield "outside-us"
    if agent.skills.get(need.skill, 0) < need.level:
        yield "skill"
    if not (need.interpreter or need.language in agent.languages):
        yield "language"
    if not _may_practise(agent, need, at):
        yield "licence"
    if not _is_trained(agent, at):
        yield "training"
    if shift := _shift_refusal(agent, need, at):
        yield shift


def _in_pools(agent: Agent, need: Need) -> bool:
    return need.pools is None or agent.pool.id in need.pools


def _may_practise(agent: Agent, need: Need, at: datetime) -> bool:
    if need.licensed_kind is None:
        return True
    return need.patient_state is not None and licensed(agent.licences, need.licensed_kind, need.patient_state, at)


def _is_trained(agent: Agent, at: datetime) -> bool:
    return agent.trained_until is None or to_local(at, agent.pool.site.zone).date() <= agent.trained_until


def _shift_refusal(agent: Agent, need: Need, at: datetime) -> str | None:
    calendar = agent.calendar
    if not is_open(calendar, at):
        return "not-in-shift"
    return None if not need.edge_margin or is_open(calendar, at + need.edge_margin) else "shift-edge"
