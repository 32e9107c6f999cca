"""Whether those whom a call brought together have talked: both sides were in its conference for long enough.

That somebody accepted, pressed a key or was sent to the conference is the wish to talk and no talk: a line may break
at any moment of it. What needs a talk (a promise is kept, a caller is served) asks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from callflows.vocabulary import WithPerson
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.core.feature import Side
from ivr.core.unit_of_work import Work
from ivr.jobs.outbox import has_waiting_item
from ivr.jobs.timers import cancel_timer, find_due, set_timer

TALKED_AFTER = timedelta(seconds=20)
"""How long both sides are together until they have had contact: a greeting each way, who it is, and what is wrong.

Whoever is cut off sooner has told little and was told nothing. Longer would call people again after a talk that was
short and enough; whoever had one says so with an outcome.
"""
WORDS_TAKE = timedelta(seconds=8)
"""How long the words before the talk take at most, where nobody tells us when they were over."""
TIMER = "talked"
REPORTED = "contact-reported"
"""The event by which somebody says with an outcome that they had contact."""
ANEW = "comes-to-talk-anew"
"""The event of a leg that talked and comes to a talk once more: that is another talk, perhaps with somebody else."""


NEVER_TOLD = -1
"""In place of the number of the last news of a party in the conference: there was none."""
LEAVES_FIRST, SENT_AGAIN = -2, -3
"""The same of a party that has been in it and is sent there anew: it is still to leave; nothing was told since."""


def watch_talk(work: Work, row: Row[Any]) -> None:
    """Watch a party that is sent to the conference, until it was there for long enough.

    From when it is told to have joined, or else from after the words before the talk. Whoever was there before is there
    again only after that: what was told of it is of a talk that is over.
    """
    if work.services.features.roles[row.role].talks_as is None:
        return
    if row.in_conference:
        settle_talk(work, row)
    if has_been_there(row):
        sent = LEAVES_FIRST if row.in_conference else SENT_AGAIN
        legs.set_columns(work, row.id, in_conference=False, conference_sequence=sent)
    if has_talked(work, row) and not _goes_on(work, row):
        record(work, ANEW, row.call_id, leg=row.id)
    _expect_joined(work, row)


def _goes_on(work: Work, row: Row[Any]) -> bool:
    """Whether whoever a party has talked with is there yet: they were told something, or stepped out for a moment."""
    roles = work.services.features.roles
    others = [one for one in legs.list_parties(work, row.call_id) if one.id != row.id and one.outcome is None]
    across = [one for one in others if roles[one.role].talks_as != roles[row.role].talks_as]
    return any((is_bound(one) or has_been_there(one)) and has_talked(work, one) for one in across)


def note_arrival(work: Work, leg_id: str) -> None:
    """Watch from now on, because the party fetched its document only now: it was not there while that was to come."""
    row = legs.find(work, leg_id)
    if row is None or row.in_conference or not is_bound(row):
        return
    if find_due(work, TIMER, leg_id) is not None:
        _expect_joined(work, row)


def note_joined(work: Work, row: Row[Any], joined_at: datetime | None) -> None:
    """Watch from the joining itself, however late its news comes; not from before the party was sent there.

    So is one that has talked and was sent there again: those who talk with it now have talked as soon as it has.
    """
    due_at = find_due(work, TIMER, row.id)
    is_settled = due_at is None and has_talked(work, row)
    if work.services.features.roles[row.role].talks_as is None or is_settled:
        return
    since = min(joined_at or work.at, work.at)
    if due_at is not None:
        since = max(since, due_at - WORDS_TAKE - TALKED_AFTER)
    set_timer(work, TIMER, row.id, since + TALKED_AFTER, call_id=row.call_id)


def note_back(work: Work, row: Row[Any]) -> None:
    """Watch those of the other side anew who have not talked: until now the party was held, and talked with nobody."""
    others = [one for one in list_bound(work, row.call_id, "staff") if not has_talked(work, one)]
    for one in others:
        set_timer(work, TIMER, one.id, work.at + TALKED_AFTER, call_id=row.call_id)


def _expect_joined(work: Work, row: Row[Any]) -> None:
    set_timer(work, TIMER, row.id, work.at + WORDS_TAKE + TALKED_AFTER, call_id=row.call_id)


def note_long_enough(work: Work, leg_id: str) -> None:
    """Note that a party, which was there for long enough, has talked with those of the other side who were so too."""
    row = legs.find(work, leg_id)
    if row is None or row.state == "ended":
        return
    if _is_on_its_way(work, row):
        _expect_joined(work, row)
    else:
        _note(work, [one for one in list_there(work, row.call_id) if _is_long_there(work, one)])


def settle_talk(work: Work, leaving: Row[Any]) -> None:
    """Note what is due to be noted, because somebody is leaving and the clock process may be late."""
    others = [row for row in list_there(work, leaving.call_id) if row.id != leaving.id]
    there = [*others, leaving] if _is_there(work, leaving) else others
    _note(work, [row for row in there if _is_long_there(work, row)])
    cancel_timer(work, TIMER, leaving.id)


def _is_long_there(work: Work, row: Row[Any]) -> bool:
    """Whether the time of a party that is there is over: whoever is still watched came too lately."""
    due_at = find_due(work, TIMER, row.id)
    return due_at is None or due_at <= work.at


def _note(work: Work, there: list[Row[Any]]) -> None:
    """Note that these have talked, where both sides are among them and it is news, and tell whoever needs that."""
    new = [row for row in there if not has_talked(work, row)]
    if not new or not _are_both_sides(work, there):
        return
    for row in new:
        record(work, "talked", row.call_id, leg=row.id, role=row.role)
        work.touched.add(row.call_id)
    for told in work.services.features.talked:
        told(work, there)


def has_talked(work: Work, row: Row[Any]) -> bool:
    """Whether the party on a leg has talked with the other side since it came to its latest talk."""
    about = event.c.call_id == row.call_id, event.c.kind.in_(("talked", ANEW))
    noted = work.connection.execute(select(event.c.kind, event.c.data).where(*about).order_by(event.c.id))
    return [one.kind for one in noted if one.data["leg"] == row.id][-1:] == ["talked"]


def has_talked_with(work: Work, row: Row[Any], role: str) -> bool:
    """Whether the party on a leg was noted to have talked with somebody of this role."""
    noted = select(event.c.data).where(event.c.call_id == row.call_id, event.c.kind == "talked")
    return any(data == {"leg": row.id, "role": role} for data in work.connection.execute(noted).scalars())


def read_talked(work: Work, row: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether the party on this leg has talked with somebody in its latest talk, as a flow asks it."""
    return {"talked": "yes" if has_talked(work, row) else "no"}


def list_there(work: Work, call_id: str) -> list[Row[Any]]:
    """The parties that are in the conference, or have been sent there and were never told of."""
    return [row for row in legs.list_parties(work, call_id) if row.outcome is None and _is_there(work, row)]


def is_going_on(work: Work, call_id: str) -> bool:
    """Whether both sides of a call are together now, for however short a time yet."""
    return _are_both_sides(work, list_there(work, call_id))


def list_bound(work: Work, call_id: str, side: Side | None = None) -> list[Row[Any]]:
    """The parties, or those of one side, that are in a talk or on their way to it, told of or not."""
    return [row for row in legs.list_parties(work, call_id, side) if is_bound(row)]


def is_bound(row: Row[Any]) -> bool:
    """Whether a party's conversation has brought it to a talk: it is in the conference, or on its way there."""
    return bool(row.pending_kind == WithPerson.__name__)


def has_been_there(row: Row[Any]) -> bool:
    """Whether a party was ever told to be in the conference, where it may be no longer."""
    return bool(row.conference_sequence != NEVER_TOLD)


def is_anybody_out(work: Work, call_id: str) -> bool:
    """Whether somebody of the staff has stepped out of a talk and will come back: what is told now is lost on them."""
    staff = [row for row in legs.list_parties(work, call_id, "staff") if row.outcome is None]
    return any(has_been_there(row) and not is_bound(row) for row in staff)


def note_left_before(work: Work, row: Row[Any]) -> bool:
    """Whether news of a party's leaving is of the talk before the one that it was sent to; that is noted."""
    if row.conference_sequence == LEAVES_FIRST:
        legs.set_columns(work, row.id, conference_sequence=SENT_AGAIN)
    return bool(row.conference_sequence == LEAVES_FIRST)


def _is_there(work: Work, row: Row[Any]) -> bool:
    if row.held:
        return False
    untold = is_bound(row) and row.conference_sequence < 0
    return bool(row.in_conference or (untold and not _is_on_its_way(work, row)))


def _is_on_its_way(work: Work, row: Row[Any]) -> bool:
    """Whether a party that was sent to the conference has yet to fetch the document that brings it there."""
    if row.in_conference:
        return False
    return row.redirecting != legs.NOT_REDIRECTING or has_waiting_item(work, "redirect_leg", row.id)


def _are_both_sides(work: Work, there: list[Row[Any]]) -> bool:
    roles = work.services.features.roles
    return {"caller", "staff"} <= {roles[row.role].talks_as for row in there}
