"""Everything that is known of a call, read and opened for its record."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from callflows.call_record.material import (
    About,
    Interpreting,
    Material,
    Message,
    Promised,
    Protocol,
    Raise,
    Recording,
    ScreeningQuestion,
)
from callflows.call_record.record import CallRecord, compose_record
from callflows.values import AGES, URGENCIES
from ivr.call_records import conversations, people
from ivr.callbacks.tables import message, promise
from ivr.calls.addresses import CALLER_FIELD, FIELD
from ivr.calls.configuration import NO_PRACTICE
from ivr.calls.event_tables import event
from ivr.calls.flow_view import EVERYBODY, screening_protocols
from ivr.calls.tables import COMPLAINT, call, leg
from ivr.core.cipher import Cipher, name_row
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.directory.schema import ProtocolFile
from ivr.directory.schema.protocol import QuestionEntry
from ivr.interpreters.tables import interpreting
from ivr.privacy.errors import PrivacyError
from ivr.professionals.proof import read_proof_then
from ivr.recordings.tables import recording

CANNOT_BE_OPENED = "kept, and cannot be opened with the keys that are here"
RAISING = ("noted", "escalated", "urgency-raised")
"""Events that tell of an urgency."""


def find_call(connection: Connection, call_id: str) -> Row[Any] | None:
    """A call, or None."""
    return connection.execute(select(call).where(call.c.id == call_id)).first()


def read_record_of(connection: Connection, cipher: Cipher, call_id: str) -> CallRecord:
    """The record of a call that there is, by its id."""
    return read_record(connection, cipher, connection.execute(select(call).where(call.c.id == call_id)).one())


def read_record(connection: Connection, cipher: Cipher, about: Row[Any]) -> CallRecord:
    """The record of a call. What of it cannot be opened is told as such and hides nothing else."""
    return compose_record(read_material(connection, cipher, about))


def read_material(connection: Connection, cipher: Cipher, about: Row[Any]) -> Material:
    """All that is known of a call."""
    organisation = load(connection, about.revision_id)
    legs, events = _list(connection, leg, about, "created_at"), _list(connection, event, about, "at")
    promises = _list(connection, promise, about, "made_at")
    talks = conversations.read_conversations(connection, cipher, organisation, about, legs, events, promises)
    named = people.Named(connection, organisation, about, legs, events)
    return Material(
        about=_read_about(connection, cipher, organisation, about, forgotten=talks.forgotten),
        conversations=talks.told,
        protocols=list_protocols(organisation, about.practice_id),
        raises=_list_raises(events),
        attempts=people.list_attempts(named),
        parties=people.list_parties(named),
        promises=tuple(_promised(cipher, row) for row in promises),
        messages=_list_messages(connection, about, promises),
        interpreting=tuple(
            Interpreting(row.language, row.state, row.joined_at)
            for row in _list(connection, interpreting, about, "asked_at")
        ),
        recordings=tuple(
            Recording(row.id, row.kind, row.state) for row in _list(connection, recording, about, "wanted_at")
        ),
    )


def read_complaint(cipher: Cipher, about: Row[Any]) -> str | None:
    """What the caller of a call said the matter is, or that it cannot be opened; None where nothing is kept of it."""
    return _open(cipher, about.practice_id, COMPLAINT, name_row(call, about.id), about.complaint_sealed)


def list_protocols(organisation: Organisation, practice_id: str) -> tuple[Protocol, ...]:
    """The protocols by which the callers of a practice are screened, each with all that its sign-off tells."""
    if practice_id not in organisation.practices:
        return ()
    return tuple(_protocol(file, group) for group, file in screening_protocols(organisation, practice_id).items())


def _protocol(file: ProtocolFile, group: str) -> Protocol:
    signed = file.sign_off.model_dump(exclude_none=True) if file.sign_off else {}
    return Protocol(
        name=file.protocol,
        version=file.version,
        signed=tuple((name, _say(told)) for name, told in signed.items()),
        questions=tuple(_question(one) for one in file.questions),
        group="" if group == EVERYBODY else group,
    )


def _question(entry: QuestionEntry) -> ScreeningQuestion:
    ages = () if entry.ages == AGES else entry.ages
    return ScreeningQuestion(entry.key, tuple(entry.ask.values()), entry.raises_to, ages)


def _say(told: object) -> str:
    """What a sign-off tells; a day as people write it, because it is no instant."""
    return f"{told:%B} {told.day}, {told.year}" if isinstance(told, date) else str(told)


def _read_about(
    connection: Connection, cipher: Cipher, organisation: Organisation, about: Row[Any], *, forgotten: bool
) -> About:
    proof = read_proof_then(connection, about, organisation)
    owned = about.practice_id != NO_PRACTICE
    row, practice = name_row(call, about.id), about.practice_id
    return About(
        id=about.id,
        practice=organisation.practice(practice).name if owned else organisation.operator.operator,
        zone=organisation.location(practice, about.location_id).timezone if owned else "UTC",
        received_at=about.created_at,
        language=about.language,
        urgency=about.urgency,
        symptom=about.symptom,
        service=about.service,
        patient=about.patient_id,
        identity_level=about.identity_level,
        representative=about.representative_id,
        relation=about.relation,
        caller_level=about.caller_level,
        proof=proof.how,
        organisation=proof.organisation,
        patient_state=about.patient_state,
        complaint=read_complaint(cipher, about),
        number=_open(cipher, practice, CALLER_FIELD, row, about.caller_sealed),
        recording=about.recording_consent,
        outcome=about.outcome,
        ended_at=about.ended_at,
        forgotten=forgotten,
    )


def _promised(cipher: Cipher, row: Row[Any]) -> Promised:
    number = _open(cipher, row.practice_id, FIELD, name_row(promise, row.id), row.number_sealed)
    times = {"made_at": row.made_at, "due_at": row.due_at, "ended_at": row.ended_at}
    state = f"{row.state}, {row.closed_as}" if row.closed_as else row.state
    return Promised(row.kind, row.service, row.urgency, state=state, attempts=row.attempts, number=number, **times)


def _list_messages(connection: Connection, about: Row[Any], promises: tuple[Row[Any], ...]) -> tuple[Message, ...]:
    of = {row.id: row for row in promises}
    return tuple(
        Message(row.taken_at, row.recording_id, of[row.promise_id].state, of[row.promise_id].ended_at)
        for row in _list(connection, message, about, "taken_at")
    )


def _list_raises(events: tuple[Row[Any], ...]) -> tuple[Raise, ...]:
    told = ((row.at, row.data.get("urgency")) for row in events if row.kind in RAISING)
    return tuple(Raise(at, urgency) for at, urgency in told if urgency in URGENCIES)


def _open(cipher: Cipher, practice_id: str, field: str, row: str, sealed: bytes | None) -> str | None:
    if sealed is None:
        return None
    try:
        return cipher.open(practice_id, field, row, sealed)
    except PrivacyError:
        return CANNOT_BE_OPENED


def _list(connection: Connection, table: Table, about: Row[Any], first: str) -> tuple[Row[Any], ...]:
    mine = select(table).where(table.c.call_id == about.id).order_by(table.c[first], table.c.id)
    return tuple(connection.execute(mine))
