"""Whoever was passed over because they talked, and is free: they are rung for what nobody has come for yet.

Beside whoever is asked meanwhile; and where the ladder has ended in vain since, it is climbed again with them first,
while the house is tried as well. What is urgently owed counts as worked on again by that: where whoever accepts is
lost, it is begun anew at once.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Row

from ivr.callbacks import attempts
from ivr.calls import legs
from ivr.calls.configuration import newest
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.jobs.timers import cancel_timer
from ivr.oncall import escalations, ladder, pages, rings
from ivr.oncall.climbed import find_newest, find_times_lost
from ivr.oncall.passed_over import is_open
from routing.paging import MOST_LOST


def page_freed(services: Services, item: Row[Any]) -> None:
    """Page somebody who was passed over while they talked, and is free again, beside whoever is asked meanwhile."""

    def act(work: Work) -> None:
        legs.lock_call(work, escalations.get(work, item.subject).call_id)
        rings.decide_last(work, partial(_page_freed, work, item.subject, item.details["person"]))

    in_transaction(services, act)


def _page_freed(work: Work, escalation_id: str, person: str) -> None:
    call_id = escalations.get(work, escalation_id).call_id
    row = find_newest(work, call_id)
    if row is None or person not in newest(work).people or rings.find_engaged(work, [person]):
        return
    if row.state == "exhausted" and is_open(work, row):
        _climb_again(work, row, person)
    elif row.state == "paging" and find_times_lost(work, call_id, person) < MOST_LOST:
        _page_beside(work, row, person)


def _page_beside(work: Work, row: Row[Any], person: str) -> None:
    """Page them by their step. Where nobody was asked, because they were waited for, the next is paged with them."""
    number = pages.find_place(row, person)
    if number is None or escalations.is_anybody_asked(work, row.id, person):
        return
    alone = not escalations.is_anybody_asked(work, row.id)
    pages.send_page(work, row, number, row.steps[number])
    if alone:
        cancel_timer(work, escalations.AGAIN, row.id)
        escalations.page_step_now(work, row.id, (person,))


def _climb_again(work: Work, before: Row[Any], person: str) -> None:
    steps = ladder.plan_steps_again(work, before, person)
    again = escalations.insert_escalation(work, before.call_id, before.urgency, steps, -1, consult=before.consult)
    escalations.page_step_now(work, again)
    attempts.take_up_urgent(work, before.call_id)
