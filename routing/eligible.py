"""Who may take a call at all, and if not, why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from routing.agents import Agent, Available, Need
from routing.hours import is_open
from routing.licences import licensed
from routing.zones import to_local

US_COUNTRIES = frozenset({"US", "PR", "GU", "VI", "AS", "MP"})
"""The United States and its territories, as ISO 3166 country codes."""

ORDER = (
    *("not-in-shift", "shift-edge"),
    *("resting", "away", "asked"),
    *("offered", "busy", "wrap-up"),
    *("skill", "language", "pool", "outside-us", "policy", "licence", "training"),
)
"""The reasons for a no in the order in which they are asked: shift, presence, capacity, skill (and its level),
language, the practice's contract, where its calls may go, licence, training.

"shift-edge": in shift, but with less than the margin left. "asked": about this very call.
"""


def first_refusal(candidate: Available, need: Need, at: datetime) -> str | None:
    """The first of :data:`ORDER` for which the agent is not offered the call now; None when they are."""
    agent = candidate.agent
    if shift := _shift(agent, need, at):
        return shift
    if candidate.doing != "idle":
        return candidate.doing
    return refusal(agent, need, at)


def refusal(agent: Agent, need: Need, at: datetime) -> str | None:
    """The first of :func:`refusals`; None when there is none."""
    return next(_refused(agent, need, at), None)


def refusals(agent: Agent, need: Need, at: datetime) -> tuple[str, ...]:
    """Every reason of :data:`ORDER`, in that order, why the agent may not take the call; empty when eligible.

    What the agent is doing is not looked at: this is about who may, :func:`first_refusal` about who can.
    """
    return tuple(_refused(agent, need, at))


def is_eligible(agent: Agent, need: Need, at: datetime) -> bool:
    """Whether the agent may take the call at the instant."""
    # The cheapest question first, for thousands of agents: which one is asked first changes no answer.
    return not any(check(agent, need, at) for check in _CHEAPEST_FIRST)


def _refused(agent: Agent, need: Need, at: datetime) -> Iterator[str]:
    for check in _CHECKS:
        if reason := check(agent, need, at):
            yield reason


def _shift(agent: Agent, need: Need, at: datetime) -> str | None:
    calendar = agent.calendar
    if not is_open(calendar, at):
        return "not-in-shift"
    return None if not need.edge_margin or is_open(calendar, at + need.edge_margin) else "shift-edge"


def _skill(agent: Agent, need: Need, _at: datetime) -> str | None:
    return None if agent.skills.get(need.skill, 0) >= need.level else "skill"


def _language(agent: Agent, need: Need, _at: datetime) -> str | None:
    return None if need.interpreter or need.language in agent.languages else "language"


def _contract(agent: Agent, need: Need, _at: datetime) -> str | None:
    return None if need.pools is None or agent.pool.id in need.pools else "pool"


def _country(agent: Agent, need: Need, _at: datetime) -> str | None:
    return None if need.agents_outside_us or agent.pool.site.country in US_COUNTRIES else "outside-us"


def _policy(agent: Agent, need: Need, _at: datetime) -> str | None:
    return "policy" if agent.pool.site.id in need.barred else None


def _licence(agent: Agent, need: Need, at: datetime) -> str | None:
    if need.licensed_kind is None:
        return None
    known = need.patient_state
    return None if known is not None and licensed(agent.licences, need.licensed_kind, known, at) else "licence"


def _training(agent: Agent, _need: Need, at: datetime) -> str | None:
    until = agent.trained_until
    return None if until is None or to_local(at, agent.pool.site.zone).date() <= until else "training"


Check = Callable[[Agent, Need, datetime], str | None]
_CHECKS: tuple[Check, ...] = (_shift, _skill, _language, _contract, _country, _policy, _licence, _training)
_CHEAPEST_FIRST: tuple[Check, ...] = (_contract, _country, _policy, _skill, _language, _licence, _training, _shift)
