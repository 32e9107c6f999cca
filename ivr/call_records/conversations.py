"""The conversations of the caller's side, told from their logs by the flows that they were on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from callflows.call_record.material import Conversation
from callflows.engine import answers
from callflows.engine.answers import UnreadableAnswer
from callflows.engine.retelling import Logged, Retold, retell
from callflows.registry import UnknownFlow, current, version
from callflows.values import Call
from callflows.vocabulary import Answer, Flow
from ivr.callbacks.promise_opening import CALL_BACK
from ivr.calls.configuration import NO_PRACTICE
from ivr.calls.effects import CHOOSING
from ivr.calls.flow_view import operator_call, patient_call
from ivr.calls.incoming_calls import FLOWS, UNKNOWN
from ivr.calls.legs import fingerprint_of
from ivr.calls.log import open_answer
from ivr.calls.tables import call_log
from ivr.core.cipher import Cipher
from ivr.directory.organisation import Organisation
from ivr.privacy.errors import PrivacyError

CALLER_SIDE = ("caller", "patient")
"""The roles of those whom a call is for."""


@dataclass(frozen=True, slots=True)
class Conversations:
    """All of one call. ``forgotten``: there were answers, and they are no longer kept."""

    told: tuple[Conversation, ...]
    forgotten: bool


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Rows of a leg on one flow, which began at ``began_at``."""

    flow: str
    version: int
    fingerprint: str
    began_at: datetime
    rows: Sequence[Logged]


def read_conversations(
    connection: Connection,
    cipher: Cipher,
    organisation: Organisation,
    about: Row[Any],
    legs: Sequence[Row[Any]],
    events: Sequence[Row[Any]],
    promises: Sequence[Row[Any]],
) -> Conversations:
    """The conversations of those whom a call is for, in their order."""
    view = _view(organisation, about, asked_back=any(row.kind == CALL_BACK for row in promises))
    arrived = next((row.data.get("line", "") for row in events if row.kind == "call-arrived"), "")
    told, forgotten = [], False
    for row in legs:
        if row.role in CALLER_SIDE and (row.begun or row.answered_at is not None):
            logged = _read_log(connection, cipher, about.practice_id, row)
            forgotten |= row.step > 0 and not logged
            told.append(_tell(row, view, _stretches(row, logged, FLOWS.get(arrived, UNKNOWN))))
    return Conversations(tuple(told), forgotten)


def _tell(row: Row[Any], view: Call, stretches: Sequence[_Stretch]) -> Conversation:
    retold = [retell(_play(one, view), one.began_at, one.rows) for one in stretches]
    joined = Retold(
        tuple(each for one in retold for each in one.exchanges),
        tuple(each for one in retold for each in one.said),
        retold[-1].pending,
        whole=all(one.whole for one in retold),
    )
    return Conversation(
        role=row.role,
        retold=joined,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
        as_then=all(_is_as_then(one) for one in stretches),
        landed=len(stretches) > 1,
    )


def _stretches(row: Row[Any], logged: Sequence[Logged], first_flow: str) -> list[_Stretch]:
    """The leg's log by the flows it was on: its own, and the one before, where our software failed that."""
    began_at, landed = row.answered_at or row.created_at, row.base_step
    own = (row.flow, row.flow_version, row.flow_fingerprint)
    if not landed:
        return [_Stretch(*own, began_at, logged)]
    before = logged[:landed]
    # Which version it was is not kept; where it is another now, the log does not fit, and that is told.
    was = current(first_flow if row.role == "caller" else "called_back")
    first = _Stretch(was.name, was.version, "", began_at, before)
    return [first, _Stretch(*own, before[-1].at if before else began_at, logged[landed:])]


def _play(stretch: _Stretch, view: Call) -> Flow | None:
    try:
        published = version(stretch.flow, stretch.version)
    except UnknownFlow:
        return None
    told = replace(view, language="en-US") if stretch.flow in CHOOSING else view
    return published.play(told)


def _is_as_then(stretch: _Stretch) -> bool:
    try:
        published = version(stretch.flow, stretch.version)
    except UnknownFlow:
        return False
    return stretch.fingerprint in ("", fingerprint_of(published))


def _view(organisation: Organisation, about: Row[Any], *, asked_back: bool) -> Call:
    """What the flows of the caller's side are told, in the language that was chosen."""
    shown = about.caller_sealed is not None
    if about.practice_id == NO_PRACTICE:
        return operator_call(organisation, caller_id=shown)
    told = patient_call(
        organisation,
        about.practice_id,
        about.location_id,
        caller_id=shown and not about.caller_abroad,
        abroad=shown and about.caller_abroad,
    )
    return replace(told.speaking(about.language), asked_back=asked_back)


def _read_log(connection: Connection, cipher: Cipher, practice_id: str, row: Row[Any]) -> list[Logged]:
    mine = select(call_log).where(call_log.c.leg_id == row.id).order_by(call_log.c.step)
    return [Logged(one.at, one.key, _read_answer(cipher, practice_id, one)) for one in connection.execute(mine).all()]


def _read_answer(cipher: Cipher, practice_id: str, row: Row[Any]) -> Answer | None:
    try:
        return answers.read(open_answer(cipher, practice_id, row.leg_id, row.step, row.answer_sealed))
    except (PrivacyError, UnreadableAnswer):
        return None
