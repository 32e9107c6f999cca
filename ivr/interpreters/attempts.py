"""Ringing interpreters in turn until one joins, again when one leaves early, and letting them go with the caller."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from callflows.dialogues.talking import NO_INTERPRETER
from callflows.lifecycles.tables import INTERPRETING, REQUESTED
from callflows.values import more_urgent
from callflows.vocabulary import PersonLeft, WithPerson
from ivr.calls import legs, talks
from ivr.calls.configuration import call_row, newest
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work
from ivr.interpreters.tables import interpreting
from ivr.jobs.timers import cancel_timer, set_timer
from ivr.oncall.tables import escalation, transfer
from routing.interpreters import turns

RING_SECONDS = 30
JOINS_WITHIN = timedelta(seconds=90)
"""From the first ring to the key: a company answers at once and then looks for an interpreter of its own."""
TOLD_AFTER = timedelta(seconds=3)
"""How long it takes until those who are to hear that none came are in the talk, or in it again."""


def start_interpreting(work: Work, call_id: str, language: str) -> None:
    """Ring whoever interprets the language, unless somebody does so for this call or is rung already."""
    if find_active(work, call_id) is not None:
        return
    asked = {
        "id": work.services.ids(),
        "call_id": call_id,
        "language": language,
        "state": INTERPRETING.begins,
        "turns": turns(newest(work).interpreters.values(), language),
        "turn": -1,
        "replaced": False,
        "asked_at": work.at,
    }
    work.connection.execute(insert(interpreting).values(asked))
    record(work, "interpreter-asked", call_id, interpreting=str(asked["id"]), language=language)
    _ring_next(work, str(asked["id"]))


def bring_interpreter_again(work: Work, escalation_id: str) -> None:
    """Ring interpreters anew for a caller who waited for a clinician when the one before was let go."""
    call_id = work.connection.execute(select(escalation.c.call_id).where(escalation.c.id == escalation_id)).scalar_one()
    before = select(interpreting.c.language).where(interpreting.c.call_id == call_id, interpreting.c.state == "over")
    language = work.connection.execute(before).scalars().first()
    if language is not None and legs.list_parties(work, call_id, "caller"):
        start_interpreting(work, call_id, language)


def find_active(work: Work, call_id: str) -> Row[Any] | None:
    """What is asked of interpreters for a call and not over: one is rung, or has joined."""
    going_on = select(interpreting).where(
        interpreting.c.call_id == call_id, interpreting.c.state.in_(("ringing", "joined"))
    )
    return work.connection.execute(going_on).first()


def get(work: Work, asked_id: str) -> Row[Any]:
    """What was asked of interpreters."""
    return work.connection.execute(select(interpreting).where(interpreting.c.id == asked_id)).one()


def fire_for_leg(work: Work, leg: Row[Any], event: str, **stamps: Any) -> bool:
    """Fire an event for a leg; whether it moved. A leg that another one took the place of changes nothing."""
    current = get(work, leg.subject_id).leg_id == leg.id
    return current and fire(work, INTERPRETING, interpreting, leg.subject_id, event, **stamps)


def restart_join_time(work: Work, asked_id: str) -> None:
    """Let the time for joining run from now, because the phone rings."""
    call_id = get(work, asked_id).call_id
    set_timer(work, "interpreter_over", asked_id, work.at + JOINS_WITHIN, call_id=call_id)


def miss_interpreter(work: Work, asked_id: str) -> None:
    """Give up on the interpreter who did not press the key in time."""
    legs.lock_call(work, get(work, asked_id).call_id)
    fire(work, INTERPRETING, interpreting, asked_id, "miss")


def note_leg_gone(work: Work, leg: Row[Any]) -> None:
    """Note the end of an interpreter's leg: nobody accepted, or an interpreter left before the talk was over."""
    if not fire_for_leg(work, leg, "miss"):
        fire_for_leg(work, leg, "lose")


def end_interpreting(work: Work, call_id: str) -> None:
    """End what was asked of interpreters: there is no talk to interpret any more."""
    asked = find_active(work, call_id)
    if asked is not None:
        fire(work, INTERPRETING, interpreting, asked.id, "end")


def digits_to_send(work: Work, leg: Row[Any]) -> str:
    """What the company of the interpreter wants keyed, as they are configured now."""
    found = newest(work).interpreters.get(leg.person_id)
    return found.keys if found else ""


def interpreter_joined(work: Work, asked_id: str) -> None:
    """Note that an interpreter has joined. Their own flow brings them into the call's conference."""
    row = get(work, asked_id)
    cancel_timer(work, "interpreter_over", asked_id)
    waited = int((work.at - row.asked_at).total_seconds())
    record(work, "interpreter-joined", row.call_id, interpreter=_current_turn(row), leg=row.leg_id, seconds=waited)


def hang_up_interpreter(work: Work, asked_id: str) -> None:
    """Stop the ringing, or end the leg that pressed nothing; a key that is pressed now comes too late."""
    row = get(work, asked_id)
    cancel_timer(work, "interpreter_over", asked_id)
    record(work, "interpreter-missed", row.call_id, interpreter=_current_turn(row), leg=row.leg_id)
    legs.enqueue_hang_up(work, row.leg_id)
    work.connection.execute(_update(asked_id).values(leg_id=None))


def next_interpreter(work: Work, asked_id: str) -> None:
    """Ring the next in turn."""
    _ring_next(work, asked_id)


def replace_interpreter(work: Work, asked_id: str) -> None:
    """Ring everybody once more when an interpreter left early; the second time, tell that none could be had."""
    row = get(work, asked_id)
    record(work, "interpreter-lost", row.call_id, interpreter=_current_turn(row), leg=row.leg_id)
    again = {} if row.replaced else {"turn": -1, "replaced": True}
    work.connection.execute(_update(asked_id).values(leg_id=None, **again))
    if row.replaced:
        _give_up_soon(work, asked_id)
    else:
        _ring_next(work, asked_id)


def give_up_interpreting(work: Work, asked_id: str) -> None:
    """Give up when none could be had. That waits until everybody is in the talk, so that all of them hear it."""
    row = get(work, asked_id)
    legs.lock_call(work, row.call_id)
    if talks.is_anybody_out(work, row.call_id) or _is_clinician_asked(work, row.call_id):
        _give_up_soon(work, asked_id)
    else:
        fire(work, INTERPRETING, interpreting, asked_id, "exhaust")


def tell_no_interpreter(work: Work, asked_id: str) -> None:
    """Tell everybody in the talk, in their own language, that no interpreter could be had."""
    row = get(work, asked_id)
    record(work, "no-interpreter", row.call_id, language=row.language)
    for party in legs.list_parties(work, row.call_id):
        answer_and_redirect(work, party.id, NO_INTERPRETER, WithPerson)


def let_interpreter_go(work: Work, asked_id: str) -> None:
    """Tell the interpreter who has joined that the talk is over, or stop ringing the one who has not."""
    cancel_timer(work, "interpreter_over", asked_id)
    cancel_timer(work, "no_interpreter", asked_id)
    leg_id = get(work, asked_id).leg_id
    if leg_id is not None and not answer_and_redirect(work, leg_id, PersonLeft("caller"), WithPerson):
        legs.enqueue_hang_up(work, leg_id)


def _ring_next(work: Work, asked_id: str) -> None:
    row, known = get(work, asked_id), newest(work).interpreters
    later = range(row.turn + 1, len(row.turns))
    turn = next((number for number in later if row.turns[number] in known), None)
    if turn is None:
        _give_up_soon(work, asked_id)
        return
    found = known[row.turns[turn]]
    leg_id = legs.create_leg(
        work,
        row.call_id,
        "interpreter",
        "interpreter_call",
        person_id=found.id,
        subject_id=asked_id,
        address=found.number,
        ring_seconds=RING_SECONDS,
    )
    work.connection.execute(_update(asked_id).values(turn=turn, leg_id=leg_id))
    legs.enqueue_dial(work, leg_id, more_urgent(call_row(work, row.call_id).urgency, "urgent"))
    lapses_at = work.at + timedelta(seconds=2 * RING_SECONDS)
    set_timer(work, "interpreter_over", asked_id, lapses_at, call_id=row.call_id)
    record(work, "interpreter-rung", row.call_id, interpreter=found.id, leg=leg_id)


def _give_up_soon(work: Work, asked_id: str) -> None:
    set_timer(work, "no_interpreter", asked_id, work.at + TOLD_AFTER, call_id=get(work, asked_id).call_id)


def _is_clinician_asked(work: Work, call_id: str) -> bool:
    """Whether the agent waits for a clinician: to hear of the one, they must not miss the news of the other."""
    asked = select(transfer.c.id).where(transfer.c.call_id == call_id, transfer.c.state == REQUESTED)
    return work.connection.execute(asked).first() is not None


def _current_turn(row: Row[Any]) -> str:
    return str(row.turns[row.turn])


def _update(asked_id: str) -> Any:
    return update(interpreting).where(interpreting.c.id == asked_id)
