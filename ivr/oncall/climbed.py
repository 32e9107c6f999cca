"""What came of the ladders of a call so far: who was asked, who passed it on, and who accepted and was lost.

Lost is whoever accepted and had gone before clinician and caller had contact: a line broke, a telephone did not answer
after an accept in a browser, or the call was let go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select

from callflows.conversations.clinician_page import GOES_ON
from callflows.dialogues.accepting import DECLINED
from callflows.values import more_urgent
from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.core.unit_of_work import Work
from ivr.oncall.tables import escalation, page
from routing.paging import Climbed

ROLE = "clinician"
LOST_LATELY = timedelta(minutes=10)
"""So long after somebody was lost the ladder goes on from where it was. Later it is climbed from its beginning."""

_CALLS: BindParameter[list[str]] = bindparam("calls", expanding=True)
_LADDERS = (
    select(escalation)
    .where(escalation.c.call_id.in_(_CALLS), escalation.c.state != "stopped")
    .order_by(escalation.c.started_at, escalation.c.id)
)
_NEWEST = (
    select(escalation)
    .where(escalation.c.call_id == bindparam("of_call"))
    .order_by(escalation.c.started_at.desc(), escalation.c.id.desc())
    .limit(1)
)
_PAGES = select(page).where(page.c.call_id.in_(_CALLS)).order_by(page.c.made_at, page.c.id)
_LEGS = select(leg.c.subject_id, leg.c.ended_at, leg.c.outcome).where(leg.c.call_id.in_(_CALLS), leg.c.role == ROLE)
_TALKED = select(event.c.at, event.c.data).where(event.c.call_id.in_(_CALLS), event.c.kind == "talked")
_REFUSALS = (
    select(event.c.kind, event.c.data)
    .where(event.c.call_id.in_(_CALLS), event.c.kind.in_(("page-declined", "urgency-raised")))
    .order_by(event.c.id)
)


@dataclass(frozen=True, slots=True)
class Lost:
    """Who was lost last, by the ``step`` in which they had accepted, and what else came of the ladders until then."""

    person: str
    step: Mapping[str, Any]
    climbed: Climbed


def find_newest(work: Work, call_id: str) -> Row[Any] | None:
    """The escalation of a call that was begun last, if one was."""
    return work.connection.execute(_NEWEST, {"of_call": call_id}).first()


def find_lost(work: Work, calls: Collection[str], urgency: str) -> Lost | None:
    """Who has just been lost for the calls of a story, as nobody else was asked since; None where nobody was.

    Whoever passed on what was less urgent than ``urgency`` has passed on nothing.
    """
    asked = {"calls": list(calls)}
    ladders = work.connection.execute(_LADDERS, asked).all()
    if not ladders or ladders[-1].state != "accepted":
        return None
    pages, taken = _read_climb(work, ladders, asked)
    if not taken:
        return None
    last, before = taken[-1], ladders[-1].urgency
    lower = more_urgent(before, urgency) != before
    refused = set() if lower else list_refusing(work, calls, {row.id: row.person_id for row in pages})
    (of_last,) = (one for one in ladders if one.id == last.escalation_id)
    return Lost(last.person_id, of_last.steps[last.step], _sum_up(pages, taken, refused))


def sum_up(work: Work, ended: Row[Any]) -> Climbed:
    """What came of an escalation that has ended in vain."""
    theirs = work.connection.execute(_PAGES, {"calls": [ended.call_id]}).all()
    pages = [row for row in theirs if row.escalation_id == ended.id]
    return _sum_up(pages, (), list_refusing(work, [ended.call_id], {row.id: row.person_id for row in pages}))


def find_times_lost(work: Work, call_id: str, person: str) -> int:
    """How often somebody was lost for a call, whether its ladder is climbed again by now or not; 0 where that was not
    just now.
    """
    asked = {"calls": [call_id]}
    _pages, taken = _read_climb(work, work.connection.execute(_LADDERS, asked).all(), asked)
    return sum(row.person_id == person for row in taken)


def list_refusing(work: Work, calls: Collection[str], persons: Mapping[str, str]) -> set[str]:
    """Those who have passed calls on by a page, as urgent as these are now; ``persons`` by the ids of their pages.

    The ladder asks them no more, however often it names them. Silence and a wrong PIN pass nothing on.
    """
    refused: set[str] = set()
    for news in work.connection.execute(_REFUSALS, {"calls": list(calls)}):
        if news.kind == "urgency-raised":
            refused.clear()
        elif news.data["reason"] == DECLINED and news.data["page"] in persons:
            refused.add(persons[news.data["page"]])
    return refused


def _read_climb(
    work: Work, ladders: Collection[Row[Any]], asked: Mapping[str, Any]
) -> tuple[list[Row[Any]], list[Row[Any]]]:
    """The pages since a climb began, and those of whoever accepted and was lost; none where the last was not, or long
    ago.
    """
    since = _find_beginning(work, ladders, asked)
    pages = [row for row in work.connection.execute(_PAGES, asked) if since is None or row.made_at >= since]
    lines: Sequence[Any] = work.connection.execute(_LEGS, asked).all()
    went_on = {row.subject_id for row in lines if row.outcome == GOES_ON}
    taken = [row for row in pages if row.state == "accepted" and row.id not in went_on]
    return pages, taken if taken and _is_lost(work, taken[-1], lines) else []


def _find_beginning(work: Work, ladders: Collection[Row[Any]], asked: Mapping[str, Any]) -> datetime | None:
    """Since when it is one climb: the last contact with a clinician, or the last ladder that ended in vain."""
    in_vain = [row.ended_at for row in ladders if row.state == "exhausted"]
    talked = [row.at for row in work.connection.execute(_TALKED, asked) if row.data["role"] == ROLE]
    return max((*in_vain, *talked), default=None)


def _is_lost(work: Work, taken: Row[Any], lines: Collection[Row[Any]]) -> bool:
    """Whether whoever accepted is on the telephone no more, since a short while only."""
    ends = [row.ended_at for row in lines if row.subject_id == taken.id]
    if None in ends:
        return False
    over_at: datetime = max((taken.ended_at, *ends))
    return work.at - over_at <= LOST_LATELY


def _sum_up(pages: Collection[Row[Any]], taken: Collection[Row[Any]], refused: Collection[str]) -> Climbed:
    accepted = {row.person_id: row.made_at for row in taken}
    in_vain = [row for row in pages if row.state in ("lapsed", "declined")]
    tried = {row.person_id for row in in_vain if row.made_at > accepted.get(row.person_id, row.made_at)}
    lost = dict(Counter(row.person_id for row in taken))
    return Climbed({row.person_id for row in in_vain}, {*refused, *tried}, lost)
