"""Comparing everything that the account has recorded with what we know, so that nothing stays at Twilio for ever.

Once a call is over, its own recordings are asked for (``reconciliation``). This goes through the account's list, for
what that cannot find: a recording whose row and whose news were both lost, one whose fetch or deletion was given up,
one that Twilio kept although it said that it was gone. What can be given to a call comes into custody. What is of no
call of ours stays where it is: somebody else's program may share the account. Supervisors are alerted to it, and
``sunline vault unmatched`` lists it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, Update, select, update

from callflows.lifecycles.tables import PROVIDER_DELETED
from ivr.calls import legs
from ivr.calls.events import alert_daily
from ivr.calls.tables import call, leg
from ivr.core.database import upsert
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs import outbox
from ivr.jobs.tables import UNDONE as ITEMS_UNDONE
from ivr.jobs.tables import outbox as items
from ivr.recordings.reconciliation import take_in
from ivr.recordings.tables import recording, stray_recording
from ivr.twilio.rest_api import RecordingState

EVERY = timedelta(minutes=10)
SETTLED = timedelta(minutes=15)
"""How old a recording is that is nobody's in hand any more: its news came, or its call was looked at."""
MOST_AT_ONCE = 20
"""Calls and recordings that one round takes in: each is fetched and deleted by requests of its own."""
MOST_STRAYS = 200
"""Recordings of no call of ours that one round writes down, each in a transaction of its own."""
AT_ONCE = 500
"""Recordings that are looked for among ours by one statement."""
UNDONE = ("announced", "stored", PROVIDER_DELETED)
"""States in which something is left to do with a recording that is still at Twilio: a deletion may have been none."""
ITEMS = ("fetch_recording", "delete_recording")
"""What is done to one."""

_KEPT = stray_recording.c.state == "kept"


@dataclass(slots=True)
class Findings:
    """What of a list needs something: recordings by their call, rows with what is undone, and what is nobody's."""

    of_calls: dict[str, list[RecordingState]] = field(default_factory=lambda: defaultdict(list))
    undone: list[Row[Any]] = field(default_factory=list)
    strays: list[RecordingState] = field(default_factory=list)


def compare_recordings(services: Services, before: str) -> str:
    """Compare the newest recordings of the account with ours, and older ones from ``before`` on; where it stopped.

    An account has few, because what we have is deleted there: then one list is all of them, and it stops nowhere.
    """
    newest = services.twilio.list_all_recordings()
    _look_at(services, newest.recordings)
    if not newest.more:
        _note_gone(services, {one.sid for one in newest.recordings})
        return ""
    if not before:
        return _oldest(newest.recordings)
    older = services.twilio.list_all_recordings(datetime.fromisoformat(before))
    _look_at(services, older.recordings)
    stopped_at = _oldest(older.recordings)
    return stopped_at if older.more and stopped_at != before else ""


def read_unmatched(connection: Connection) -> Sequence[Row[Any]]:
    """What Twilio has of no call of ours, the oldest first."""
    oldest = select(stray_recording).where(_KEPT).order_by(stray_recording.c.made_at, stray_recording.c.twilio_sid)
    return connection.execute(oldest).all()


def _oldest(found: Sequence[RecordingState]) -> str:
    return min((one.date_created for one in found if one.date_created), default=datetime.min).isoformat()


def _look_at(services: Services, listed: Iterable[RecordingState]) -> None:
    at = services.clock.now()
    findings = _sort(services, [one for one in listed if _is_settled(one, at)])
    for call_id, found in list(findings.of_calls.items())[:MOST_AT_ONCE]:
        in_transaction(services, partial(_take_in, call_id=call_id, found=found))
    for row in findings.undone[:MOST_AT_ONCE]:
        act = _fetch_again if row.state == "announced" else _delete_again
        in_transaction(services, partial(act, row=row))
    _note_strays(services, findings.strays)


def _is_settled(state: RecordingState, at: datetime) -> bool:
    return state.status == "completed" and state.date_created is not None and at - state.date_created >= SETTLED


def _sort(services: Services, listed: Sequence[RecordingState]) -> Findings:
    """Sort what Twilio has by what it needs. What is as it should be needs nothing."""
    findings = Findings()
    for first in range(0, len(listed), AT_ONCE):
        some = listed[first : first + AT_ONCE]
        with services.database.read() as connection:
            rows, calls = _find_rows(connection, some), _find_calls(connection, some)
            waiting = _find_waiting(connection, [row.id for row in rows.values()])
        for state in some:
            row = rows.get(state.sid)
            call_id = row.call_id if row is not None else calls.get(state.call_sid or state.conference_sid or "")
            if call_id is None:
                findings.strays.append(state)
            elif row is None or row.state not in UNDONE:
                findings.of_calls[call_id].append(state)
            elif row.id not in waiting:
                findings.undone.append(row)
    return findings


def _find_rows(connection: Connection, some: Sequence[RecordingState]) -> dict[str, Row[Any]]:
    mine = recording.c.twilio_sid.in_([state.sid for state in some])
    return {row.twilio_sid: row for row in connection.execute(select(recording).where(mine))}


def _find_calls(connection: Connection, some: Sequence[RecordingState]) -> dict[str, str]:
    """Our calls by what Twilio calls their legs and conferences."""
    sids = [sid for state in some for sid in (state.call_sid, state.conference_sid) if sid]
    of_legs = select(leg.c.twilio_sid, leg.c.call_id).where(leg.c.twilio_sid.in_(sids))
    of_conferences = select(call.c.conference_sid, call.c.id).where(call.c.conference_sid.in_(sids))
    return {row[0]: row[1] for one in (of_conferences, of_legs) for row in connection.execute(one)}


def _find_waiting(connection: Connection, ids: Sequence[str]) -> set[str]:
    """The recordings that an item of the outbox is about which has yet to be carried out."""
    mine = items.c.kind.in_(ITEMS) & items.c.subject.in_(ids)
    return set(connection.execute(select(items.c.subject).where(ITEMS_UNDONE, mine)).scalars())


def _take_in(work: Work, call_id: str, found: list[RecordingState]) -> None:
    """Take what Twilio has of a call as the news that was lost, and adopt what nobody expects."""
    legs.lock_call(work, call_id)
    given_up = recording.c.twilio_sid.in_([state.sid for state in found]) & (recording.c.state == "absent")
    # A recording that was taken for absent, and is there, is adopted as another one: an end is an end.
    work.connection.execute(update(recording).where(given_up).values(twilio_sid=None))
    take_in(work, call_id, found, trust_gaps=False)


def _fetch_again(work: Work, row: Row[Any]) -> None:
    outbox.put_item(work, "fetch_recording", row.id, call_id=row.call_id, nonce=True, urgency="housekeeping")


def _delete_again(work: Work, row: Row[Any]) -> None:
    outbox.put_item(work, "delete_recording", row.id, call_id=row.call_id, nonce=True, urgency="housekeeping")


def _note_strays(services: Services, found: Sequence[RecordingState]) -> None:
    """Write down what is of no call of ours, and alert supervisors to what was not known."""
    kept = _list_kept(services)
    new = [state for state in found if state.sid not in kept][:MOST_STRAYS]
    for state in new:
        in_transaction(services, partial(_note_stray, state=state))
    if new:
        in_transaction(services, lambda work: alert_daily(work, "recordings-of-no-call", recordings=len(new)))


def _note_stray(work: Work, state: RecordingState) -> None:
    known = {"made_at": state.date_created, "found_at": work.at}
    written = upsert(work.connection, stray_recording).values(twilio_sid=state.sid, state="kept", **known)
    work.connection.execute(written.on_conflict_do_nothing(index_elements=["twilio_sid"]))
    there_again = stray_recording.c.twilio_sid == state.sid
    work.connection.execute(update(stray_recording).where(there_again).values(state="kept"))


def _note_gone(services: Services, listed: Collection[str]) -> None:
    """Note what of no call of ours is not at Twilio any more, because the whole list has been read."""
    for sid in sorted(_list_kept(services) - set(listed))[:MOST_STRAYS]:
        gone = update(stray_recording).where(stray_recording.c.twilio_sid == sid).values(state="gone")
        in_transaction(services, partial(_execute, statement=gone))


def _execute(work: Work, statement: Update) -> None:
    work.connection.execute(statement)


def _list_kept(services: Services) -> set[str]:
    with services.database.read() as connection:
        return set(connection.execute(select(stray_recording.c.twilio_sid).where(_KEPT)).scalars())
