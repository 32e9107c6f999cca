"""Decisions in plain words: why a caller waited, and why the call was offered to this agent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

REASONS = {
    "not-in-shift": "not at work",
    "shift-edge": "too near the end of the shift",
    "resting": "set aside after missed offers",
    "away": "signed out for the moment",
    "asked": "asked about this call already",
    "offered": "being rung for another call",
    "busy": "at another call",
    "wrap-up": "writing up the call before",
    "skill": "without the skill at this level",
    "language": "without the language",
    "pool": "in a pool that this call is not for",
    "outside-us": "outside the United States, where the practice's calls may not go",
    "policy": "at a site that policy keeps from this patient",
    "licence": "without a licence valid where the patient is",
    "training": "whose training has lapsed",
    "reserved": "waiting until the agent whom the patient knows has had a moment",
}
"""Every reason why an agent is not offered a call, as a sentence about the agent goes on."""

_SHIFT_PENALTIES = (
    "by day in the middle of the shift",
    "by day at the edge of the shift",
    "by night in the middle of the shift",
    "by night at the edge of the shift",
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody who could take the call, in words but for the instant: without a call since then, None for so far."""

    words: str
    idle_since: datetime | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One decision in words: what came of it, what the call needed, who was ranked, who was not and why."""

    at: datetime
    outcome: str
    needed: str
    ranked: tuple[Ranked, ...]
    refused: tuple[str, ...]


def explain_decision(row: Row[Any]) -> Explanation:
    """A kept decision in words."""
    return Explanation(
        at=row.at,
        outcome=_outcome(row),
        needed=_needed(row.answer["need"], row.relaxation_step),
        ranked=tuple(_ranked(place, one) for place, one in enumerate(row.answer["ranked"], start=1)),
        refused=tuple(_refused(reason, *counted) for reason, counted in row.answer["refused"].items()),
    )


def _outcome(row: Row[Any]) -> str:
    waited = f"after {row.question['waited']:.0f} s"
    if row.chosen is not None:
        return f"offered to {row.chosen} {waited}, the first of {row.answer['eligible']} who could take it"
    if not row.answer["awake"]:
        return f"nobody at work could take it {waited}, however long it waits"
    until = row.answer["until"]
    return f"went on waiting {waited}, nobody was free" + (f"; looks again after {until:.0f} s" if until else "")


def _needed(need: Mapping[str, Any], relaxation_step: int) -> str:
    return f"step {relaxation_step + 1}: " + ", ".join(_demands(need))


def _demands(need: Mapping[str, Any]) -> Iterator[str]:
    yield f"{need['skill']} at level {need['level']} or better"
    yield "any language with an interpreter" if need["interpreter"] else f"language {need['language']}"
    if need["licensed_kind"]:
        yield f"{need['licensed_kind']} licence valid in {need['patient_state'] or 'a state that is not known'}"
    if need["pools"] is not None:
        yield f"pools {', '.join(need['pools']) or 'none'}"
    if need["edge_margin"]:
        yield f"{need['edge_margin'] / 60:.0f} min of the shift left"
    if not need["agents_outside_us"]:
        yield "in the United States"
    if need["barred"]:
        yield f"not at {', '.join(need['barred'])}"


def _ranked(place: int, one: list[Any]) -> Ranked:
    agent, known, speaks, shift_penalty, level, idle_since = one
    since = datetime.fromisoformat(idle_since)
    spoke = "spoke to the patient lately, " if known else ""
    tongue = "" if speaks else "needs an interpreter, "
    words = f"{place}. {agent}: {spoke}{tongue}{_SHIFT_PENALTIES[shift_penalty]}, level {level}"
    return Ranked(words, since if since.year > 2000 else None)


def _refused(reason: str, count: int, names: list[str]) -> str:
    more = f" and {count - len(names)} more" if count > len(names) else ""
    return f"{count} {REASONS[reason]}: {', '.join(names)}{more}"
