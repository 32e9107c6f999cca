"""Tests of whether whoever goes on call can be reached: how each stands, and what follows from a ring or an accept.

Which shift is tested when is decided in ``routing/drills.py``; ``drill_round.py`` asks it, ``drill_calls.py`` rings.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Row, select, update

from callflows.lifecycles.tables import DRILL
from ivr.calls import legs
from ivr.calls.configuration import newest
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.directory.organisation import Organisation
from ivr.jobs.call_ids import NO_CALL
from ivr.oncall import rings
from ivr.oncall.tables import PAGE_IS_OPEN, page
from ivr.rotas.live import with_live_rotas
from ivr.rotas.tables import drill
from routing.drills import Beginning, find_next_ring, is_at_risk, is_still_theirs
from routing.rota import Rota

NOT_REACHED = "on-call-not-reached"
"""What supervisors are alerted to."""
OVER = "alert-over"
"""The event by which an alert is over: it holds the same as the alert."""


def find(work: Work, drill_id: str) -> Row[Any] | None:
    """A test."""
    return work.connection.execute(select(drill).where(drill.c.id == drill_id)).first()


def is_wanted(organisation: Organisation, row: Row[Any], work: Work) -> bool:
    """Whether a test is still about something: the shift is theirs, by whoever is on call now, and it is tested."""
    if row.person_id not in organisation.people or row.rota_id not in organisation.rotas:
        return False
    rota = _live(work, organisation).rotas[row.rota_id]
    return row.asked_for or _is_theirs(work, rota, row)


def confirm(work: Work, person_id: str) -> bool:
    """Note that somebody can be reached: every test of theirs that is open has come out well; whether one was."""
    mine = select(drill.c.id).where(drill.c.person_id == person_id, drill.c.ended_at.is_(None)).order_by(drill.c.id)
    return sum(_confirm(work, drill_id) for drill_id in work.connection.execute(mine).scalars().all()) > 0


def note_accepted(work: Work, person_id: str) -> None:
    """Note that somebody has accepted a page, and so can be reached."""
    still_open = select(drill.c.id).where(drill.c.person_id == person_id, drill.c.ended_at.is_(None))
    if work.connection.execute(still_open).first() is not None:
        rings.decide_last(work, partial(confirm, work, person_id))


def note_missed(work: Work, row: Row[Any], how: str) -> None:
    """Note a ring in vain: when the next one comes, and that the shift is at risk once the tries are over.

    A ring that gave way to a page does not count, because the person is being asked already.
    """
    organisation = newest(work)
    if has_open_page(work, row.person_id):
        fire(work, DRILL, drill, row.id, "miss", next_at=work.at)
        return
    rule = organisation.rotas[row.rota_id].drill if row.rota_id in organisation.rotas else None
    missed = row.missed + 1
    record(work, "drill-missed", _call_of(row), drill=row.id, person=row.person_id, rota=row.rota_id, how=how)
    if rule is None or row.asked_for:
        fire(work, DRILL, drill, row.id, "miss", missed=missed)
        call_off(work, row.id)
        return
    next_at = find_next_ring(rule, row.shift_starts_at, missed, work.at)
    fire(work, DRILL, drill, row.id, "miss", missed=missed, next_at=next_at)
    if is_at_risk(rule, missed) and row.at_risk_at is None:
        work.connection.execute(update(drill).where(drill.c.id == row.id).values(at_risk_at=work.at))
        record(work, "alert", _call_of(row), **_alert(row))


def call_off(work: Work, drill_id: str) -> None:
    """End a test that is about nothing any more, and its alert. A phone stops ringing; whoever answered hears of it."""
    row = find(work, drill_id)
    if row is not None and fire(work, DRILL, drill, drill_id, "call-off", next_at=None):
        if row.state == "ringing":
            legs.enqueue_cancel(work, row.leg_id)
        record(work, "drill-over", _call_of(row), drill=row.id, person=row.person_id, rota=row.rota_id)
        _end_alert(work, row)


def has_open_page(work: Work, person_id: str) -> bool:
    """Whether somebody is being paged."""
    still_open = select(page.c.id).where(page.c.person_id == person_id, PAGE_IS_OPEN)
    return work.connection.execute(still_open).first() is not None


def _confirm(work: Work, drill_id: str) -> bool:
    row = find(work, drill_id)
    if row is None or not fire(work, DRILL, drill, drill_id, "confirm", next_at=None):
        return False
    record(work, "drill-reached", _call_of(row), drill=row.id, person=row.person_id, rota=row.rota_id)
    _end_alert(work, row)
    return True


def _end_alert(work: Work, row: Row[Any]) -> None:
    if row.at_risk_at is not None:
        record(work, OVER, _call_of(row), **_alert(row))


def _alert(row: Row[Any]) -> dict[str, str]:
    return {"what": NOT_REACHED, "rota": row.rota_id, "person": row.person_id, "drill": row.id}


def _call_of(row: Row[Any]) -> str:
    return row.call_id or NO_CALL


def _live(work: Work, organisation: Organisation) -> Organisation:
    return with_live_rotas(work.connection, organisation, work.at)


def _is_theirs(work: Work, rota: Rota, row: Row[Any]) -> bool:
    return rota.drill is not None and is_still_theirs(rota, Beginning(row.person_id, row.shift_starts_at), work.at)
