"""One call from beginning to end: its legs, what was answered (the kind only), and everything done about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from callflows.engine import answers
from callflows.engine.answers import UnreadableAnswer
from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.events import tell_code
from ivr.calls.log import open_answer
from ivr.calls.tables import call_log, leg
from ivr.core.cipher import Cipher
from ivr.interpreters.tables import interpreting
from ivr.oncall.tables import escalation, page, transfer
from ivr.privacy.errors import PrivacyError
from ivr.queue import decisions
from ivr.queue.explanations import Explanation, explain_decision
from ivr.queue.tables import offer
from ivr.recordings.tables import recording

ANSWERS = {
    "Pressed": "pressed keys",
    "Spoke": "spoke",
    "Silence": "silence",
    "PinChecked": "PIN checked",
    "CodeChecked": "code checked",
    "MessageLeft": "left a message",
    "Joined": "a person is coming",
    "NobodyCame": "nobody came",
    "WaitBroke": "the queue failed",
    "PersonLeft": "the others left",
    "NotReached": "patient not reached",
    "DialEnded": "connection ended",
    "Known": "fact looked up",
    "Done": "done",
    "Granted": "claim settled",
    "Interrupted": "interrupted",
}
"""What kind of answer a row of the log holds, by the name of its kind."""
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: who, what, and codes about it, ``instants`` apart with their names.

    Nothing here was said, keyed or dialled by anybody.
    """

    at: datetime
    who: str
    what: str
    about: str
    instants: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """Everything about one call."""

    legs: tuple[Row[Any], ...]
    offers: tuple[Row[Any], ...]
    escalations: tuple[Row[Any], ...]
    pages: tuple[Row[Any], ...]
    transfers: tuple[Row[Any], ...]
    interpreters: tuple[Row[Any], ...]
    promises: tuple[Row[Any], ...]
    recordings: tuple[Row[Any], ...]
    decisions: tuple[Explanation, ...]
    moments: tuple[Moment, ...]


def tell_story(connection: Connection, cipher: Cipher, about: Row[Any]) -> Story:
    """Return the story of a call. Its sealed answers are opened only to see of which kind each is."""
    legs = _rows(connection, leg, about, "created_at")
    moments = (*_answered(connection, cipher, about, legs), *_happened(connection, about, legs))
    return Story(
        legs=legs,
        offers=_rows(connection, offer, about, "made_at"),
        escalations=_rows(connection, escalation, about, "started_at"),
        pages=_rows(connection, page, about, "made_at"),
        transfers=_rows(connection, transfer, about, "asked_at"),
        interpreters=_rows(connection, interpreting, about, "asked_at"),
        promises=_rows(connection, promise, about, "made_at"),
        recordings=_rows(connection, recording, about, "wanted_at"),
        decisions=tuple(explain_decision(row) for row in decisions.read_decisions(connection, about.id)),
        moments=tuple(sorted(moments, key=lambda moment: moment.at)),
    )


def name_answer_kind(cipher: Cipher, practice_id: str, row: Row[Any]) -> str:
    """Return the kind of a sealed answer, in words, and nothing of the answer itself."""
    try:
        return ANSWERS[
            type(answers.read(open_answer(cipher, practice_id, row.leg_id, row.step, row.answer_sealed))).__name__
        ]
    except (PrivacyError, UnreadableAnswer, KeyError):
        return UNREADABLE


def _answered(connection: Connection, cipher: Cipher, about: Row[Any], legs: tuple[Row[Any], ...]) -> Iterator[Moment]:
    names = _names(legs)
    logged = select(call_log).where(call_log.c.leg_id.in_(names)).order_by(call_log.c.at, call_log.c.step)
    for row in connection.execute(logged).all():
        kind = name_answer_kind(cipher, about.practice_id, row)
        yield Moment(row.at, names[row.leg_id], kind, f"step {row.step}, {row.key}")


def _happened(connection: Connection, about: Row[Any], legs: tuple[Row[Any], ...]) -> Iterator[Moment]:
    names = _names(legs)
    for row in _rows(connection, event, about, "at"):
        who, what = names.get(row.data.get("leg", ""), "line"), row.kind.replace("-", " ")
        shown = {name.replace("_", " "): value for name, value in row.data.items() if name != "leg" and value != ""}
        instants = {name: at for name, value in shown.items() if (at := _instant(value)) is not None}
        codes = ", ".join(tell_code(name, value) for name, value in shown.items() if name not in instants)
        yield Moment(row.at, who, what, codes, tuple(instants.items()))


def _instant(value: Any) -> datetime | None:
    """The instant that an event tells in ISO 8601; None where it tells something else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _names(legs: tuple[Row[Any], ...]) -> dict[str, str]:
    return {row.id: row.person_id or row.role for row in legs}


def _rows(connection: Connection, table: Table, about: Row[Any], first: str) -> tuple[Row[Any], ...]:
    mine = select(table).where(table.c.call_id == about.id).order_by(table.c[first], table.c.id)
    return tuple(connection.execute(mine))
