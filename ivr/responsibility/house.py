"""The house at the end of a ladder is rung for a patient who is not on the line; once it accepts, they are rung."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from callflows.lifecycles.tables import ESCALATION
from callflows.responsibility import is_open
from callflows.values import Page
from callflows.vocabulary import AcceptHouse, Granted
from ivr.calls import legs
from ivr.calls.configuration import call_row, line_name, newest
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.outbox import has_waiting_item
from ivr.oncall import escalations
from ivr.oncall.returning import STILL_RINGS
from ivr.oncall.tables import escalation
from ivr.responsibility.facts import HOUSE, read_facts
from ivr.responsibility.house_rings import HOUSE_RUNG

RING_SECONDS = 40


def ring_house(work: Work, call_id: str) -> None:
    """Have the operator's fallback number rung for a call."""
    number = newest(work).operator.fallback.number
    leg_id = legs.create_leg(
        work, call_id, HOUSE, "house_call", person_id=HOUSE, address=number, ring_seconds=RING_SECONDS
    )
    legs.enqueue_dial(work, leg_id, "emergent")
    record(work, HOUSE_RUNG, call_id, leg=leg_id)


def stop_ringing(work: Work, call_id: str) -> None:
    """Have the house's phone stop ringing, because a clinician is at the call, and it could not take it any more."""
    for row in legs.list_living(work, call_id, HOUSE):
        if row.state in STILL_RINGS and not has_waiting_item(work, "cancel_leg", row.id):
            legs.enqueue_cancel(work, row.id)


def house_view(work: Work, row: Row[Any]) -> Page:
    """What the house is told before the key: which practice."""
    return Page(line_name(work, call_row(work, row.call_id)))


def accept_house(work: Work, row: Row[Any], key: str, _effect: AcceptHouse) -> Granted:
    """Let the house take the patient, unless somebody is with them, or rings them, by now."""
    facts = read_facts(work, call_row(work, row.call_id))
    won = is_open(facts) and not (facts.line or facts.clinicians or facts.holder)
    if won:
        record(work, "house-accepted", row.call_id, leg=row.id)
    return Granted(won, caller_here=False, number=work.services.features.has_number(work, row.call_id))


def note_talked(work: Work, there: Sequence[Row[Any]]) -> None:
    """Page nobody any more for a patient with whom the house has talked."""
    for one in there:
        if one.role == HOUSE:
            stop_paging(work, one.call_id)


def stop_paging(work: Work, call_id: str) -> None:
    """Stop the page that runs for a call, if one does."""
    running = escalations.find_active(work, call_id)
    if running is not None:
        fire(work, ESCALATION, escalation, running.id, "stop")


def note_house_gone(work: Work, row: Row[Any]) -> None:
    """Nothing follows from the end of its leg alone: what is owed has its next try."""
