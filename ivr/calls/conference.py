"""The call's conference: who is in it, and the one who is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from callflows.vocabulary import CutShort, PersonLeft, WithPerson
from ivr.calls import legs, talks
from ivr.calls.configuration import call_row
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.duplicate_webhooks import is_old_conference_event
from ivr.calls.events import record
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import set_timer
from ivr.twilio.parameters import ConferenceEvent

ALONE_AFTER = timedelta(seconds=4)
"""How long somebody may be alone before their flow takes them back."""


def note_event(work: Work, call_id: str, event: ConferenceEvent) -> None:
    """Note who joined or left. News older than what is known of a participant changes nothing."""
    legs.lock_call(work, call_id)
    row = legs.find_by_sid(work, event.call_sid) if event.call_sid else None
    if row is None or row.call_id != call_id:
        return
    another = event.conference_sid is not None and event.conference_sid != call_row(work, call_id).conference_sid
    if another and event.event == "participant-join":
        _begin_conference(work, call_id, event.conference_sid)
    elif another or is_old_conference_event(row, event.sequence):
        return
    if event.event == "participant-leave" and talks.note_left_before(work, row):
        return _watch_for_lone_party(work, call_id)
    legs.set_columns(work, row.id, conference_sequence=event.sequence or 0)
    if event.event == "participant-join":
        _note_party_joined(work, row, event.at)
    elif event.event == "participant-leave":
        note_party_left(work, row)


def _begin_conference(work: Work, call_id: str, conference_sid: str | None) -> None:
    """Note a new conference of the call. Everybody has left the one before it, and its news is numbered anew."""
    work.connection.execute(update(call).where(call.c.id == call_id).values(conference_sid=conference_sid))
    work.connection.execute(update(leg).where(leg.c.call_id == call_id).values(in_conference=False))
    been_in = (leg.c.call_id == call_id) & (leg.c.conference_sequence > 0)
    work.connection.execute(update(leg).where(been_in).values(conference_sequence=0))


def _note_party_joined(work: Work, row: Row[Any], joined_at: datetime | None) -> None:
    if row.state == "ended":
        return
    legs.set_columns(work, row.id, in_conference=True)
    record(work, "joined", row.call_id, leg=row.id, role=row.role)
    talks.note_joined(work, row, joined_at)
    _watch_for_lone_party(work, row.call_id)


def note_party_left(work: Work, row: Row[Any]) -> None:
    """Note that a party left the conference, by hanging up or by our own redirect. A second note changes nothing."""
    talks.settle_talk(work, row)
    gone = update(leg).where(leg.c.id == row.id, leg.c.in_conference.is_(True)).values(in_conference=False)
    if not work.connection.execute(gone).rowcount:
        return
    _watch_for_lone_party(work, row.call_id)


def note_leg_ended(work: Work, row: Row[Any]) -> None:
    """Note that a party's leg is over.

    Whoever is left alone is looked after, also where the news of their joining was lost.
    """
    note_party_left(work, row)
    if len(talks.list_bound(work, row.call_id)) == 1:
        set_timer(work, "alone", row.call_id, work.at + ALONE_AFTER, call_id=row.call_id)
    if not legs.list_parties(work, row.call_id, "caller"):
        _tell_talk_over(work, row.call_id)


def return_lone_party(work: Work, call_id: str) -> None:
    """Send a party that is still alone back to its flow. Nobody is left in silence, or with an interpreter only.

    It hears whether it was cut off before both sides had talked: a caller, whether before they had talked with whoever
    left last, of whom they know nothing yet.
    """
    legs.lock_call(work, call_id)
    inside = list_members(work, call_id) or talks.list_bound(work, call_id)
    if len(inside) != 1:
        return
    if _is_company_coming(work, call_id, inside[0]):
        set_timer(work, "alone", call_id, work.at + ALONE_AFTER, call_id=call_id)
        return
    alone, last = inside[0], _find_last_to_leave(work, inside[0])
    role = last.role if last is not None else ""
    talked = talks.has_talked(work, alone) and _was_talked_with(work, alone, last)
    answer_and_redirect(work, alone.id, PersonLeft(role) if talked else CutShort(role), WithPerson)
    _tell_talk_over(work, call_id)


def _was_talked_with(work: Work, alone: Row[Any], last: Row[Any] | None) -> bool:
    """Whether a caller has talked with the person who left last; so they have, where it is not known who that is."""
    sides = work.services.features.roles
    handed_over = last is not None and (sides[alone.role].talks_as, sides[last.role].talks_as) == ("caller", "staff")
    return last is None or not handed_over or talks.has_talked(work, last)


def _find_last_to_leave(work: Work, alone: Row[Any]) -> Row[Any] | None:
    """The party that was the last to leave the talk; None where none, or more than one, was.

    So is one that only hears its last words yet.
    """
    been_in = leg.c.call_id == alone.call_id, leg.c.id != alone.id, leg.c.conference_sequence != talks.NEVER_TOLD
    sides = work.services.features.roles
    rows = work.connection.execute(
        select(leg).where(*been_in, leg.c.outcome.is_not(None) | leg.c.ended_at.is_not(None))
    )
    left = [(row.ended_at or work.at, row) for row in rows if sides[row.role].talks_as is not None]
    last = [row for ended_at, row in left if ended_at == max(at for at, _ in left)]
    return last[0] if len({row.role for row in last}) == 1 else None


def list_members(work: Work, call_id: str) -> list[Row[Any]]:
    """The parties that are in the conference now."""
    return [row for row in legs.list_parties(work, call_id) if row.in_conference]


def _watch_for_lone_party(work: Work, call_id: str) -> None:
    if len(list_members(work, call_id)) == 1:
        set_timer(work, "alone", call_id, work.at + ALONE_AFTER, call_id=call_id)


def _is_company_coming(work: Work, call_id: str, one: Row[Any]) -> bool:
    """Whether somebody is on the way to this party: an accepted person still being connected, a patient being rung.

    A caller who is still asked something is brought to a clinician who waits for them as soon as that can be.
    """
    others = [row for row in legs.list_parties(work, call_id) if row.id != one.id]
    may_come = work.services.features.roles[one.role].fetches_caller and not talks.has_talked(work, one)
    return any(_is_coming(work, row, may_come) for row in others)


def _is_coming(work: Work, row: Row[Any], may_come: bool) -> bool:
    """Bound for the conference, rung for it, or out of it for a moment with a conversation of their own.

    ``may_come``: so is a caller who was never in it.
    """
    if row.outcome is not None:
        return False
    role = work.services.features.roles[row.role]
    bound_for_it = role.rung_into_conference or talks.is_bound(row)
    return bool(bound_for_it or talks.has_been_there(row) or (may_come and role.talks_as == "caller"))


def _tell_talk_over(work: Work, call_id: str) -> None:
    for told in work.services.features.talk_over:
        told(work, call_id)
