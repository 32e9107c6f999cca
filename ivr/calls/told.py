"""What a party who waits was told so far, kept on its leg; and what it is told next."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from callflows.dialogues.company import ALL_AGAIN, Coming, News, Told, tell, words_of_hold
from callflows.prompts import Line
from callflows.vocabulary import Wait, WithPerson
from ivr.calls import legs, talks
from ivr.calls.configuration import call_row
from ivr.calls.conversation import Position
from ivr.core.unit_of_work import Work

AGAIN = 2
"""Seconds in which the same document is asked for by a copy of one request, and says the same."""


def tell_wait(work: Work, position: Position, wait: Wait, news: News) -> tuple[Line, ...]:
    """The words of the next document of a wait. What they tell counts as told from now on."""
    kept, now = _read(work, position.leg_id, position.step), work.at.timestamp()
    if kept and abs(now - kept["at"]) < AGAIN:
        return tuple(Line(prompt, wait.language, tuple(map(tuple, values))) for prompt, values in kept["said"])
    told = Told(kept["turns"], News(**kept["news"])) if kept else Told()
    # A clock that was set back must not keep the caller from hearing the keys.
    everything = not kept or abs(now - kept["all_at"]) >= ALL_AGAIN
    words, after = tell(wait, news, told, everything=everything)
    row = {"at": now, "all_at": now if everything else kept["all_at"], "turns": after.turns, "news": asdict(after.news)}
    said = [(one.prompt, one.values) for one in words]
    legs.set_columns(work, position.leg_id, told={"step": position.step, "said": said, **row})
    return words


def tell_hold(work: Work, leg_id: str) -> tuple[Line, ...]:
    """The next words for somebody who is held, or alone in the conference."""
    row = legs.lock(work, leg_id)
    # Beside what the leg was told in a wait of its own: whoever asks here may be another party of the call.
    turns = (row.told or {}).get("holds", 0)
    legs.set_columns(work, leg_id, told={**(row.told or {}), "holds": turns + 1})
    symptom = work.services.features.roles[row.role].talks_as == "caller" and call_row(work, row.call_id).symptom
    return words_of_hold(legs.language_of(work, leg_id), _find_coming(work, row), symptom=bool(symptom), turns=turns)


def _read(work: Work, leg_id: str, step: int) -> dict[str, Any]:
    """What was told in the wait of ``step``; empty where nothing was yet."""
    row = legs.find(work, leg_id)
    told: dict[str, Any] = (row.told if row is not None else None) or {}
    return told if told.get("step") == step else {}


def _find_coming(work: Work, row: Row[Any]) -> Coming:
    """Who is on the way to somebody of our own who is alone in the call."""
    roles = work.services.features.roles
    others = [one for one in legs.list_parties(work, row.call_id) if one.id != row.id and one.outcome is None]
    if roles[row.role].talks_as != "staff" or any(one.in_conference for one in others):
        return ""
    # Whoever was there already is not rung: they wait by themselves, or are brought back.
    if any(roles[one.role].rung_into_conference and not talks.has_been_there(one) for one in others):
        return "patient"
    bound = [one.role for one in others if one.pending_kind == WithPerson.__name__]
    return "caller" if "caller" in bound else "clinician" if "clinician" in bound else ""
