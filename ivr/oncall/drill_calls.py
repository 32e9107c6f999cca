"""The call by which whoever goes on call is tested: a call of its own, with one leg, and nobody else in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.lifecycles.tables import DRILL
from callflows.values import Page
from callflows.vocabulary import ConfirmReachable, Granted
from ivr.calls import legs
from ivr.calls.configuration import NO_PRACTICE, call_row, line_name, newest
from ivr.calls.events import record
from ivr.calls.tables import LEG_IS_LIVING, call, leg
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.directory.on_call import entries_of
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import current
from ivr.oncall import drills
from ivr.rotas.tables import drill

ROLE = "drill"
RING_SECONDS = 40
"""As long as most carriers let a telephone ring before their voicemail answers."""


def ring(work: Work, drill_id: str) -> None:
    """Ring whoever a test is about, unless it is not due, they are on the telephone with us, or are being paged.

    Asked in the turn at paging, so that nobody is paged at the same instant.
    """
    row, organisation = drills.find(work, drill_id), newest(work)
    if row is None or row.state != "due" or row.next_at is None or row.next_at > work.at:
        return
    if not drills.is_wanted(organisation, row, work):
        drills.call_off(work, drill_id)
        return
    if is_engaged(work, row.person_id):
        return
    call_id = _open_call(work, organisation, row.rota_id)
    # Their rules may name another telephone for the hours of the shift than for now.
    paged_at = max(work.at, row.shift_starts_at or work.at)
    leg_id = legs.create_leg(
        work,
        call_id,
        ROLE,
        "drill_call",
        person_id=row.person_id,
        subject_id=drill_id,
        address=organisation.person(row.person_id).contact(paged_at).voice,
        ring_seconds=RING_SECONDS,
    )
    legs.enqueue_dial(work, leg_id, "routine")
    fire(work, DRILL, drill, drill_id, "ring", next_at=None, call_id=call_id, leg_id=leg_id)
    record(work, "drill-rung", call_id, drill=drill_id, person=row.person_id, rota=row.rota_id, leg=leg_id)


def is_engaged(work: Work, person_id: str) -> bool:
    """Whether somebody is on the telephone with us or rung by us, for whatever it is, or is being paged."""
    living = select(leg.c.id).where(leg.c.person_id == person_id, LEG_IS_LIVING)
    return work.connection.execute(living).first() is not None or drills.has_open_page(work, person_id)


def drill_view(work: Work, row: Row[Any]) -> Page:
    """What whoever goes on call is told: whose line it is."""
    return Page(line_name(work, call_row(work, row.call_id)))


def confirm_reachable(work: Work, row: Row[Any], key: str, _effect: ConfirmReachable) -> Granted:
    """Note that whoever is on a leg can be reached, unless its test is over by now."""
    tested = drills.find(work, row.subject_id)
    if tested is None or tested.leg_id != row.id or tested.state != "ringing":
        return Granted(False, caller_here=False)
    if not drills.is_wanted(newest(work), tested, work):
        drills.call_off(work, tested.id)
        return Granted(False, caller_here=False)
    return Granted(drills.confirm(work, row.person_id), caller_here=False)


def note_leg_gone(work: Work, row: Row[Any]) -> None:
    """End the call of a test, and note the ring as one in vain where nobody had pressed the key."""
    present = legs.find(work, row.id) or row
    ended = {"ended_at": work.at, "outcome": present.outcome or present.ended_how}
    work.connection.execute(update(call).where(call.c.id == row.call_id).values(ended))
    tested = drills.find(work, row.subject_id)
    if tested is not None and tested.leg_id == row.id and tested.state == "ringing":
        drills.note_missed(work, tested, str(ended["outcome"]))


def _open_call(work: Work, organisation: Organisation, rota: str) -> str:
    """A call of the practice whose rota it is; of the operator where several share it. Nobody has called."""
    call_id, practices = work.services.ids(), _practices_of(organisation, rota)
    numbers = [number for number, dialled in organisation.numbers.items() if dialled.practice in practices]
    dialled = min(numbers, default=min(organisation.numbers))
    alone = len(practices) == 1
    work.connection.execute(
        insert(call).values(
            id=call_id,
            revision_id=current(work.connection) or 0,
            practice_id=practices[0] if alone else NO_PRACTICE,
            location_id=organisation.numbers[dialled].location if alone else "",
            direction="outbound",
            dialled=dialled,
            caller_abroad=False,
            identity_level="L0",
            language="en-US",
            urgency="routine",
            symptom=False,
            recording_consent="not-asked",
            created_at=work.at,
        )
    )
    return call_id


def _practices_of(organisation: Organisation, rota: str) -> list[str]:
    """The practices that a rota answers for."""
    of_all = organisation.practices.items()
    return [name for name, file in of_all if any(entry.rota == rota for _, _, entry in entries_of(file))]
