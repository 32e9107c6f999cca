"""The steps of an escalation: who is paged in which order, and for how long, as it is stamped onto the escalation."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from callflows.values import URGENCIES, more_urgent
from ivr.calls.configuration import NO_PRACTICE, call_row, newest_for, on_call_of
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.core.unit_of_work import Work
from ivr.directory.on_call import OnCall
from ivr.directory.organisation import Organisation
from ivr.oncall import returning
from ivr.oncall.climbed import Lost, find_lost, find_newest, sum_up
from ivr.oncall.tables import page
from ivr.patients.own_doctor import find_own_doctor
from ivr.rotas.reachability import is_unreached
from routing.ladder import EscalationStep, escalation_steps
from routing.paging import MOST_LOST, order_onwards, order_remaining
from routing.rota import on_duty
from routing.whereabouts import state_to_ask_for

WITH_NEXT = "with_next"
"""Of a step as it is stamped: the next one is paged at once with it."""
_OWN = "own"
"""The same: its person is paged before the others as the patient's own doctor only."""
RUNG_AGAIN_AFTER = timedelta(seconds=70)
"""So long after a ring that was not taken the same telephone is rung for the same call again: it was busy, or off, or
was put down, and hardly is otherwise a second later. A minute, and what two rings may differ in the outbound lane.
"""
_RUNG = (
    select(page.c.person_id, func.max(page.c.made_at).label("at"))
    .where(page.c.call_id == bindparam("of_call"), page.c.state.in_(("lapsed", "declined")))
    .where(page.c.made_at.between(bindparam("since"), bindparam("now")))
    .group_by(page.c.person_id)
)
_UNKNOWN_DOCTOR = select(event.c.id).where(
    event.c.call_id == bindparam("of_call"), event.c.kind == "own-doctor-unknown"
)
_CUT_SHORT = select(page.c.person_id).where(page.c.escalation_id == bindparam("of_ladder"), page.c.state == "cancelled")
_RAISED = select(func.max(event.c.at)).where(event.c.call_id == bindparam("of_call"), event.c.kind == "urgency-raised")


def plan_steps(work: Work, call_id: str, urgency: str, *, consult: bool) -> tuple[list[dict[str, Any]], int]:
    """The steps, and the last that is behind us. Whoever has called again goes on where the page for them has come to:
    the person who is rung for it now is so for this call too. Where whoever accepted was lost just now, they are tried
    once more, at once with whoever is next, and whoever was asked in vain comes after all others.
    """
    steps = list_steps(work, call_id, urgency)
    before = None if consult else returning.find_running(work, call_row(work, call_id))
    lost = find_lost(work, _list_story(work, call_id, before), urgency)
    if lost is not None:
        return _go_on_after(steps, lost), -1
    if before is None or not 0 <= before.step < len(before.steps):
        return steps, -1
    beside = before.step > 0 and before.steps[before.step - 1].get(WITH_NEXT, False)
    begun = before.step - (2 if beside else 1)
    if more_urgent(before.urgency, urgency) == before.urgency:
        return list(before.steps), begun
    return go_on_with(before.steps[: before.step + 1], steps), begun


def is_anybody_left(work: Work, call_id: str, urgency: str) -> bool:
    """Whether whoever accepted a call was lost just now, and the ladder, which goes on from there, has somebody yet."""
    lost = find_lost(work, _list_story(work, call_id, None), urgency)
    return lost is not None and _go_on_after(list_steps(work, call_id, urgency), lost)[0]["person"] is not None


def _list_story(work: Work, call_id: str, before: Row[Any] | None) -> list[str]:
    """A call, those that it goes on with, and the one ``before`` that it may go on with yet."""
    found, look_at = [call_id], [call_id, *([before.call_id] if before is not None else [])]
    while look_at:
        earlier = look_at.pop()
        found += [earlier] if earlier not in found else []
        look_at += [one.data["of"] for one in returning.list_continued(work, earlier) if one.data["of"] not in found]
    return found


def _go_on_after(steps: list[dict[str, Any]], lost: Lost) -> list[dict[str, Any]]:
    """The steps of a ladder whose person was ``lost`` after they had accepted: they once more with whoever is next."""
    rest = [steps[place] for place in order_onwards([step["person"] for step in steps], lost.climbed)]
    if lost.climbed.lost[lost.person] >= MOST_LOST or lost.person in lost.climbed.done:
        return rest
    theirs = next((step for step in steps if step["person"] == lost.person), lost.step)
    return [{**theirs, WITH_NEXT: True}, *(step for step in rest if step["person"] != lost.person)]


def plan_steps_behind(work: Work, call_id: str, urgency: str, person: str) -> list[dict[str, Any]]:
    """The steps where ``person`` has handed the call on: first those who were asked and whose page only ended because
    ``person`` accepted, then who stands behind. They themselves are asked no more, however often the ladder names them.
    All others, where they stand nowhere.
    """
    steps = list_steps(work, call_id, urgency)
    begun = next((at for at, step in enumerate(steps) if step["person"] == person), -1)
    cut_short = _list_cut_short(work, call_id) - {person}
    theirs = {step["person"]: step for step in reversed(steps) if step["person"] in cut_short}
    behind = [step for step in steps[begun + 1 :] if step["person"] not in {person, *theirs}]
    return [*sorted(theirs.values(), key=steps.index), *behind]


def _list_cut_short(work: Work, call_id: str) -> set[str]:
    """Those whose page by the newest ladder of a call ended because somebody else accepted."""
    newest = find_newest(work, call_id)
    if newest is None or newest.state != "accepted":
        return set()
    return set(work.connection.execute(_CUT_SHORT, {"of_ladder": newest.id}).scalars())


def plan_steps_again(work: Work, before: Row[Any], person: str) -> list[dict[str, Any]]:
    """The steps by which an escalation that ended in vain is climbed again because ``person``, whom it had passed over,
    is free: they first, then whoever else was passed over, then whoever was asked in vain, and nobody who passed it on.
    """
    steps = list_steps(work, before.call_id, before.urgency)
    order = order_onwards([step["person"] for step in steps], sum_up(work, before))
    theirs = [step for step in (*steps, *before.steps) if step["person"] == person][:1]
    return [*theirs, *(steps[place] for place in order if steps[place]["person"] != person)]


def go_on_with(climbed: list[dict[str, Any]], ladder: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps that have been climbed, and those of a more urgent ladder that follow now: the first of them at once
    with a patient's own doctor, who was paged last and before the others, unless the ladder has them first by itself.
    """
    order = order_remaining([step["person"] for step in climbed], [step["person"] for step in ladder])
    now = climbed[-1] if climbed else {"person": None}
    if not now.get(_OWN) or ladder[0]["person"] in (None, now["person"]):
        return [*climbed, *(ladder[place] for place in order)]
    alone = [_without_next(step) if after["person"] == now["person"] else step for step, after in pairwise(ladder)]
    following = [*alone, ladder[-1]]
    return [*climbed[:-1], {**now, WITH_NEXT: True}, *(following[place] for place in order)]


def _without_next(step: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name != WITH_NEXT}


def list_steps(work: Work, call_id: str, urgency: str) -> list[dict[str, Any]]:
    """The whole ladder for a call of this urgency, of the rotas of now. It is empty where no practice is known."""
    return [_stamp(step) for step in _ladder(work, call_id, urgency)]


def note_unknown_doctor(work: Work, call_id: str) -> None:
    """Tell in the timeline of a call, once, that the own doctor of its patient is nobody whom we know."""
    about = call_row(work, call_id)
    if about.practice_id == NO_PRACTICE or work.connection.execute(_UNKNOWN_DOCTOR, {"of_call": call_id}).first():
        return
    organisation = newest_for(work, about)
    person, is_named = _read_own_doctor(work, organisation, on_call_of(work, organisation, about), about)
    if is_named and not person:
        record(work, "own-doctor-unknown", call_id)


def find_rung_lately(work: Work, call_id: str) -> dict[str, datetime]:
    """Who was rung for a call only just now and did not take it, and from when they may be rung again.

    Nobody was where it has got worse since: that is another reason.
    """
    raised = work.connection.execute(_RAISED, {"of_call": call_id}).scalar()
    since = max(filter(None, (work.at - RUNG_AGAIN_AFTER, raised)))
    rung = work.connection.execute(_RUNG, {"of_call": call_id, "since": since, "now": work.at})
    return {row.person_id: row.at + RUNG_AGAIN_AFTER for row in rung if row.at > work.at - RUNG_AGAIN_AFTER}


def _ladder(work: Work, call_id: str, urgency: str) -> tuple[EscalationStep, ...]:
    about = call_row(work, call_id)
    if about.practice_id == NO_PRACTICE:
        return ()
    organisation = newest_for(work, about)
    duty = on_call_of(work, organisation, about)
    return escalation_steps(
        duty.ladder(urgency),
        duty.rota,
        (duty.director,),
        work.at,
        licences={person.id: person.licences for person in organisation.people.values()},
        state=state_to_ask_for(
            about.patient_state, organisation.location(about.practice_id, about.location_id).state, licensed=False
        ),
        kinds=duty.licences,
        unreached=is_unreached(work.connection, duty.rota, work.at),
        own=_find_own_doctor(work, organisation, duty, about),
        beside=urgency == URGENCIES[-1],
    )


def _find_own_doctor(work: Work, organisation: Organisation, duty: OnCall, about: Row[Any]) -> str:
    """The own doctor of the patient who was matched, where they are paged before the others; else ""."""
    person, _is_named = _read_own_doctor(work, organisation, duty, about)
    return person if duty.own_doctor == "first" or person in on_duty(duty.rota, work.at) else ""


def _read_own_doctor(work: Work, organisation: Organisation, duty: OnCall, about: Row[Any]) -> tuple[str, bool]:
    """Who is the own doctor of the patient who was matched, "" where nobody whom we know; and whether the record names
    one. Nobody is asked for where the practice never pages them before the others.
    """
    if duty.own_doctor == "never":
        return "", False
    where = work.connection, work.services.cipher, about.practice_id
    return find_own_doctor(*where, about.patient_id, organisation.names_of_people)


def _stamp(step: EscalationStep) -> dict[str, Any]:
    stamped = {"person": step.person, "by": list(step.by), "seconds": int(step.wait / timedelta(seconds=1))}
    marks = {WITH_NEXT: step.with_next, _OWN: step.own}
    return stamped | {name: True for name, holds in marks.items() if holds}
