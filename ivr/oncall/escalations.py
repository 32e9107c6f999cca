"""The escalation of a call: page, wait, page the next, until somebody accepts or the fallback number takes over."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial, reduce
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.lifecycles.tables import ESCALATION, PAGE, REQUESTED, TRANSFER
from callflows.values import URGENCIES, more_urgent
from ivr.calls import legs
from ivr.calls.configuration import newest
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.oncall import drills, joining, ladder, pages, rings
from ivr.oncall.climbed import list_refusing
from ivr.oncall.in_hand import find_coming
from ivr.oncall.tables import escalation, page, transfer
from routing.paging import choose_next_step, put_off

FIRST_WORDS = timedelta(seconds=20)
"""How long the words take that a caller hears before the wait begins."""
AGAIN = "rung_again"
"""The timer by which somebody who was rung only just now is rung again, and whoever comes is waited for no more."""


def start_escalation(work: Work, call_id: str, urgency: str, *, consult: bool = False) -> str:
    """Start paging for a call, unless paging is already under way; the escalation's id.

    The ladder is stamped onto the escalation: a later change of rota or steps does not alter a page in progress.
    It is no less urgent than what this call was paged for before.
    """
    urgency = more_urgent(urgency, _find_urgency_before(work, call_id))
    running = find_active(work, call_id)
    if running is not None:
        _raise_urgency(work, running, urgency)
        return str(running.id)
    return _begin(work, call_id, urgency, *ladder.plan_steps(work, call_id, urgency, consult=consult), consult=consult)


def start_after(work: Work, call_id: str, urgency: str, person: str) -> str:
    """Page anew whoever stands behind ``person``, who has handed the call on, as :func:`start_escalation` does."""
    urgency = more_urgent(urgency, _find_urgency_before(work, call_id))
    return _begin(work, call_id, urgency, ladder.plan_steps_behind(work, call_id, urgency, person), -1)


def _begin(
    work: Work, call_id: str, urgency: str, steps: list[dict[str, Any]], begun: int, *, consult: bool = False
) -> str:
    escalation_id = insert_escalation(work, call_id, urgency, steps, begun, consult=consult)
    page_next_step(work, escalation_id)
    return escalation_id


def insert_escalation(
    work: Work, call_id: str, urgency: str, steps: list[dict[str, Any]], begun: int, *, consult: bool = False
) -> str:
    """Write an escalation down, which pages nobody yet; its id."""
    escalation_id = work.services.ids()
    work.connection.execute(
        insert(escalation).values(
            id=escalation_id,
            call_id=call_id,
            state=ESCALATION.begins,
            urgency=urgency,
            steps=steps,
            step=begun,
            consult=consult,
            started_at=work.at,
        )
    )
    work.touched.add(call_id)
    record(work, "escalated", call_id, escalation=escalation_id, urgency=urgency)
    ladder.note_unknown_doctor(work, call_id)
    return escalation_id


def _find_urgency_before(work: Work, call_id: str) -> str:
    """The highest urgency with which a call was paged for so far; the lowest there is where it was not."""
    before = select(escalation.c.urgency).where(escalation.c.call_id == call_id)
    return reduce(more_urgent, work.connection.execute(before).scalars(), URGENCIES[0])


def _raise_urgency(work: Work, running: Row[Any], urgency: str) -> None:
    """Go on as the higher urgency asks, because it got worse: no phone stops ringing, and the next one rings sooner.

    Where nobody is rung, because somebody was waited for or none was left, the next one is at once. So they are beside
    a patient's own doctor, for whom an emergency does not wait.
    """
    if more_urgent(running.urgency, urgency) == running.urgency:
        return
    faster = ladder.list_steps(work, running.call_id, urgency)
    seconds = [step["seconds"] for step in faster if step["person"] is not None]
    # Whose phone is about to ring has no more time than whoever follows.
    climbed = [{**step, "seconds": min((step["seconds"], *seconds))} for step in running.steps[: running.step + 1]]
    raised = update(escalation).where(escalation.c.id == running.id)
    steps = ladder.go_on_with(climbed, faster)
    work.connection.execute(raised.values(urgency=urgency, steps=steps))
    record(work, "urgency-raised", running.call_id, escalation=running.id, urgency=urgency)
    if seconds:
        pages.shorten_open_pages(work, running.id, min(seconds))
    rung = climbed[-1]["person"] if climbed else None
    # What has begun in this transaction pages its first person at the end of it.
    if running.started_at < work.at and not is_anybody_asked(work, running.id):
        cancel_timer(work, AGAIN, running.id)
        cancel_timer(work, "ladder_over", running.id)
        page_next_step(work, running.id)
    elif rung is not None and steps[running.step].get(ladder.WITH_NEXT) and is_anybody_asked(work, running.id, rung):
        rings.decide_last(work, partial(page_step_now, work, running.id, (rung,)))


def find_active(work: Work, call_id: str) -> Row[Any] | None:
    """The call's escalation that is still paging."""
    paging = select(escalation).where(escalation.c.call_id == call_id, escalation.c.state == "paging")
    return work.connection.execute(paging).first()


def was_exhausted(work: Work, call_id: str) -> bool:
    """Whether an escalation of this call ended in vain."""
    in_vain = select(escalation.c.id).where(escalation.c.call_id == call_id, escalation.c.state == "exhausted")
    return work.connection.execute(in_vain).first() is not None


def get(work: Work, escalation_id: str) -> Row[Any]:
    """An escalation."""
    return work.connection.execute(select(escalation).where(escalation.c.id == escalation_id)).one()


def page_next_step(work: Work, escalation_id: str) -> None:
    """Page the person of the next step, or set the timer that ends the escalation where no step is left.

    It is decided at the end of the transaction who that is, and whether they are rung already. Whoever was rung only
    just now comes after the others; where nobody else is left, they are waited for.
    """
    rings.decide_last(work, partial(page_step_now, work, escalation_id))


def page_step_now(work: Work, escalation_id: str, beside: tuple[str, ...] = ()) -> None:
    """The same, where that is decided already; ``beside`` others who are paged just now, if somebody else is to be had.

    Nobody is rung while a clinician who has accepted is about to come.
    """
    row = work.connection.execute(select(escalation).where(escalation.c.id == escalation_id)).first()
    # Its beginning may have been undone, where the conversation landed safely, and it may be over by now.
    if row is None or row.state != "paging":
        return
    coming = None if beside or is_anybody_asked(work, escalation_id) else find_coming(work, row)
    if coming is not None:
        _wait_for(work, row, *coming)
        return
    lately = ladder.find_rung_lately(work, row.call_id)
    steps = [row.steps[place] for place in put_off([step["person"] for step in row.steps], row.step, lately)]
    people = [step["person"] for step in steps]
    engaged = rings.find_engaged(work, [person for person in people if person is not None])
    chosen = choose_next_step(people, row.step, newest(work).people, engaged, {*_list_refusing(work, row), *beside})
    number = chosen.step
    step = steps[number] if number < len(steps) else {"person": None}
    if beside and (step["person"] is None or step["person"] in lately):
        return
    if step["person"] in lately:
        set_timer(work, AGAIN, escalation_id, lately[step["person"]], call_id=row.call_id)
        return
    for person in chosen.passed_over:
        record(work, "passed-over", row.call_id, person=person, escalation=escalation_id)
    climbed = update(escalation).where(escalation.c.id == escalation_id)
    work.connection.execute(climbed.values(steps=steps, step=number))
    if step["person"] is None:
        # Never while the caller still hears the first words, which may be to dial 911: the news would cut them short.
        over_at = max(work.at, row.started_at + FIRST_WORDS)
        set_timer(work, "ladder_over", escalation_id, over_at, call_id=row.call_id)
    else:
        pages.send_page(work, row, number, step)
        if step.get(ladder.WITH_NEXT):
            page_step_now(work, escalation_id, (*beside, step["person"]))


def _wait_for(work: Work, row: Row[Any], coming: str, until: datetime) -> None:
    """Ring nobody until then, because a clinician who has accepted comes. Their own step counts as come to."""
    theirs = (place for place, step in enumerate(row.steps) if step["person"] == coming)
    climbed = update(escalation).where(escalation.c.id == row.id)
    work.connection.execute(climbed.values(step=max(row.step, next(theirs, row.step))))
    set_timer(work, AGAIN, row.id, until, call_id=row.call_id)


def go_on(work: Work, escalation_id: str) -> None:
    """Page whoever was waited for because they may be rung again by now, or the next where nobody has come."""
    legs.lock_call(work, get(work, escalation_id).call_id)
    if get(work, escalation_id).state == "paging" and not is_anybody_asked(work, escalation_id):
        page_next_step(work, escalation_id)


def _list_refusing(work: Work, row: Row[Any]) -> set[str]:
    """Those who have passed the call on, as urgent as it is now."""
    theirs = select(page.c.id, page.c.person_id).where(page.c.escalation_id == row.id)
    return list_refusing(work, [row.call_id], {one.id: one.person_id for one in work.connection.execute(theirs)})


def exhaust_ladder(work: Work, escalation_id: str) -> None:
    """End an escalation in vain: nobody is left to be paged. Whoever is asked at this moment may still accept."""
    legs.lock_call(work, get(work, escalation_id).call_id)
    if not is_anybody_asked(work, escalation_id):
        fire(work, ESCALATION, escalation, escalation_id, "exhaust")


def page_next_person(work: Work, page_id: str) -> None:
    """Page the next person, because this one did not take it, unless somebody else is asked meanwhile."""
    row = pages.get(work, page_id)
    if get(work, row.escalation_id).state == "paging" and not is_anybody_asked(work, row.escalation_id):
        page_next_step(work, row.escalation_id)


def is_anybody_asked(work: Work, escalation_id: str, person: str | None = None) -> bool:
    """Whether a page of an escalation is open; to this ``person``, where one is given."""
    still_open = select(page.c.id).where(page.c.escalation_id == escalation_id, page.c.state == "open")
    if person is not None:
        still_open = still_open.where(page.c.person_id == person)
    return work.connection.execute(still_open).first() is not None


def escalation_accepted(work: Work, page_id: str) -> None:
    """Note that the person of this page took the call."""
    row = pages.get(work, page_id)
    fire(work, ESCALATION, escalation, row.escalation_id, "accept", accepted_by=row.person_id)
    drills.note_accepted(work, row.person_id)


def cancel_other_pages(work: Work, escalation_id: str) -> None:
    """Cancel every page that is still open."""
    still_open = select(page.c.id).where(page.c.escalation_id == escalation_id, page.c.state == "open")
    for page_id in work.connection.execute(still_open).scalars().all():
        fire(work, PAGE, page, page_id, "cancel")


def connect_clinician(work: Work, escalation_id: str) -> None:
    """Bring the caller to whoever accepted by telephone; for whoever did so in a browser they wait until it rings."""
    row = get(work, escalation_id)
    record(work, "clinician-accepted", row.call_id, person=row.accepted_by, escalation=escalation_id)
    taken = page.c.escalation_id == escalation_id, page.c.state == "accepted", page.c.taken_at.is_not(None)
    if work.connection.execute(select(page.c.id).where(*taken)).first() is None:
        bring_together(work, escalation_id)


def bring_together(work: Work, escalation_id: str) -> None:
    """Bring the caller into the call's conference. A consulting agent is there already."""
    row = get(work, escalation_id)
    held = any(caller.held for caller in legs.list_parties(work, row.call_id, "caller"))
    for asked in list_asked_transfers(work, row.call_id):
        fire(work, TRANSFER, transfer, asked.id, "clinician-briefed" if held else "clinician-joined")
    heard_at = joining.heard_911_at(row)
    if heard_at > work.at:
        joining.join_later(work, row.call_id, heard_at)
    else:
        joining.join_callers(work, row.call_id, row.accepted_by)


def list_asked_transfers(work: Work, call_id: str) -> list[Row[Any]]:
    """The transfers of a call for which a clinician is still paged."""
    asked = select(transfer).where(transfer.c.call_id == call_id, transfer.c.state == REQUESTED)
    return list(work.connection.execute(asked))
