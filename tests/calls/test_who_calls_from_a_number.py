"""A number is not a person: what one caller was promised, or left behind, is not another's of the same telephone."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from callflows.vocabulary import AcceptOffer, EnterWaitingRoom, OpenPromise, Pressed
from ivr.callbacks.promise_opening import open_promise
from ivr.callbacks.tables import promise
from ivr.calls import legs, log
from ivr.calls.configuration import call_row, newest
from ivr.calls.event_tables import event
from ivr.calls.identity_match import patient_match
from ivr.calls.identity_tables import identity_try
from ivr.calls.tables import call
from ivr.core.unit_of_work import in_transaction, transaction
from ivr.queue.entries import dequeue, enter_queue, entry
from ivr.queue.offers import accept_offer, make_offer
from ivr.queue.routing_request import last_agent
from ivr.queue.tables import offer, waiting
from routing.identity_tries import NUMBER
from routing.same_person import find_replaced, is_same_person, may_take_up
from tests.calls.office import CALLER, Office, Party
from tests.races.threads import at_once

ANNA, BERT = "anna", "bert"
CALL_BACK = OpenPromise("callback", "billing", "next_open + 4h")
people = st.none() | st.sampled_from([ANNA, BERT])


# Who is who


@given(people, people)
def test_two_unmatched_callers_are_never_one(one: str | None, other: str | None) -> None:
    assert is_same_person(one, other) == (one == other and one is not None)
    assert may_take_up(one, other) == (one is None or one == other)


@given(people, st.dictionaries(st.sampled_from("abcde"), people), st.booleans())
def test_a_promise_is_replaced_by_the_same_known_person_or_by_asking(
    caller: str | None, open_ones: dict[str, str | None], asked_before: bool
) -> None:
    replaced = find_replaced(caller, open_ones, asked_before=asked_before)
    persons = [open_ones[name] for name in replaced]
    assert all(person is None or person == caller for person in persons)
    assert persons.count(None) <= asked_before
    assert {name for name, person in open_ones.items() if caller and person == caller} <= replaced


# Promises


def calls(office: Office, person: str | None, from_: str = CALLER) -> str:
    """The leg of a caller who was found to be a certain patient, or to be nobody known."""
    leg = office.dialled(from_=from_).leg
    with transaction(office.services) as work:
        work.connection.execute(update(call).where(call.c.id == leg.call_id).values(patient_id=person))
    return str(leg.id)


def is_promised(office: Office, leg_id: str, made: OpenPromise = CALL_BACK) -> bool:
    """The caller confirms a call-back, as their conversation does: the call locked, in a transaction of its own."""
    in_transaction(office.services, lambda work: open_promise(work, legs.lock(work, leg_id), "promise", made))
    return True


def states(office: Office) -> list[str]:
    return sorted(row.state for row in office.rows(promise))


@pytest.mark.parametrize(
    ("first", "second"), [(ANNA, BERT), (None, None), (None, ANNA), (ANNA, None)], ids=lambda who: who or "unmatched"
)
def test_two_people_of_one_number_are_promised_a_call_back_each(
    any_office: Office, first: str | None, second: str | None
) -> None:
    for person in (first, second):
        is_promised(any_office, calls(any_office, person))
    assert states(any_office) == ["open", "open"]


def test_the_same_known_person_is_promised_one(any_office: Office) -> None:
    for _ in range(3):
        is_promised(any_office, calls(any_office, ANNA))
    assert states(any_office) == ["open", "replaced", "replaced"]


def test_the_same_known_person_is_promised_one_for_each_thing(office: Office) -> None:
    for service in ("billing", "scheduling"):
        is_promised(office, calls(office, ANNA), OpenPromise("callback", service, "next_open + 4h"))
    assert states(office) == ["open", "open"]


def test_an_unmatched_caller_who_asked_before_says_so_and_is_promised_one(office: Office) -> None:
    again = OpenPromise("callback", "billing", "next_open + 4h", asked_before=True)
    is_promised(office, calls(office, ANNA))
    for _ in range(2):
        is_promised(office, calls(office, None), again)
    rows = {row.id: row for row in office.rows(promise)}
    kept = [row for row in rows.values() if row.state == "open"]
    patients = {office.one(call, call.c.id == row.call_id).patient_id for row in kept}
    assert (states(office), patients) == (["open", "open", "replaced"], {ANNA, None})


def test_of_several_unmatched_callers_none_is_taken_for_whoever_asks_again(office: Office) -> None:
    for asked_before in (False, False, True):
        made = OpenPromise("callback", "billing", "next_open + 4h", asked_before=asked_before)
        is_promised(office, calls(office, None), made)
    assert states(office) == ["open"] * 3


def test_one_person_who_confirms_twice_at_once_is_promised_one(any_office: Office) -> None:
    legs_of = [calls(any_office, ANNA) for _ in range(4)]
    at_once(*[partial(is_promised, any_office, leg_id) for leg_id in legs_of])
    assert states(any_office) == ["open", "replaced", "replaced", "replaced"]


def test_people_of_one_number_who_confirm_at_once_are_promised_one_each(any_office: Office) -> None:
    legs_of = [calls(any_office, person) for person in (ANNA, BERT, None, None)]
    at_once(*[partial(is_promised, any_office, leg_id) for leg_id in legs_of])
    assert states(any_office) == ["open"] * 4


# Places in line


def waits(office: Office, person: str | None) -> Party:
    """A caller who was matched, or not, and waits in line."""
    caller = office.dialled()
    is_known_as(office, caller, person)
    caller.plays("122")
    assert office.one(waiting, waiting.c.call_id == caller.leg.call_id).state == "searching"
    return caller


def is_known_as(office: Office, caller: Party, person: str | None) -> None:
    with transaction(office.services) as work:
        work.connection.execute(update(call).where(call.c.id == caller.leg.call_id).values(patient_id=person))


def drops(caller: Party) -> None:
    caller.send("/voice/status", CallStatus="completed", SequenceNumber="0")


def resumed(office: Office, caller: Party) -> list[str]:
    """The calls whose places the caller has taken."""
    found = office.rows(event, event.c.kind == "place-resumed", event.c.call_id == caller.leg.call_id)
    return [row.data["of"] for row in found]


@pytest.mark.parametrize("second", [BERT, None], ids=["somebody else", "an unmatched caller"])
def test_the_place_of_a_known_person_is_nobody_elses(office: Office, second: str | None) -> None:
    first = waits(office, ANNA)
    drops(first)
    office.passes(60)
    assert resumed(office, waits(office, second)) == []
    office.passes(60)
    assert resumed(office, waits(office, ANNA)) == [first.leg.call_id]


def test_a_kept_place_of_a_known_person_is_not_spoken_of_to_whoever_calls_next(office: Office) -> None:
    drops(waits(office, ANNA))
    assert "Welcome back" not in office.dialled().presses("1").words
    drops(waits(office, None))
    assert "Welcome back" in office.dialled().presses("1").words


def test_whoever_called_while_the_other_waited_is_somebody_else(office: Office) -> None:
    first, second = waits(office, None), office.dialled()
    drops(first)
    second.plays("122")
    assert resumed(office, second) == []
    assert resumed(office, waits(office, None)) == [first.leg.call_id]


def test_a_known_person_has_their_place_though_the_old_line_was_not_over_yet(office: Office) -> None:
    first, second = waits(office, ANNA), office.dialled()
    is_known_as(office, second, ANNA)
    drops(first)
    second.plays("122")
    assert resumed(office, second) == [first.leg.call_id]


def test_a_known_person_takes_their_own_place_before_an_older_one_of_an_unmatched_caller(office: Office) -> None:
    unmatched = waits(office, None)
    office.passes(60)
    own = waits(office, ANNA)
    drops(unmatched)
    drops(own)
    assert resumed(office, waits(office, ANNA)) == [own.leg.call_id]


def test_nobody_takes_a_second_place_when_they_wait_again_in_the_same_call(office: Office) -> None:
    drops(waits(office, None))
    drops(waits(office, None))
    back = waits(office, None)
    with transaction(office.services) as work:
        row = legs.lock(work, back.leg.id)
        dequeue(work, row.call_id)
        enter_queue(work, row, "again", EnterWaitingRoom("scheduling", "en-US", "routine"))
    assert len(resumed(office, back)) == 1


def test_two_who_come_back_at_once_have_a_place_each(any_office: Office) -> None:
    first, second = waits(any_office, None), waits(any_office, None)
    drops(first)
    drops(second)
    back = [any_office.dialled() for _ in range(2)]
    for caller in back:
        caller.plays("12")
    at_once(*[lambda caller=caller: caller.presses("2") for caller in back])
    taken = [resumed(any_office, caller) for caller in back]
    assert sorted(taken) == sorted([[first.leg.call_id], [second.leg.call_id]])


# The agent who knows the caller


@pytest.mark.parametrize(
    ("earlier", "now", "knows"),
    [(ANNA, ANNA, True), (ANNA, BERT, False), (ANNA, None, False), (None, None, True), (None, ANNA, True)],
)
def test_an_agent_knows_the_person_and_not_the_telephone(
    office: Office, earlier: str | None, now: str | None, knows: bool
) -> None:
    served = waits(office, earlier)
    with transaction(office.services) as work:
        legs.lock_call(work, served.leg.call_id)
        row = entry(work, served.leg.call_id)
        assert row is not None
        make_offer(work, row, newest(work).agents["thandi"])
    leg_id = office.one(offer).leg_id
    with transaction(office.services) as work:
        accept_offer(work, legs.lock(work, leg_id), "accept", AcceptOffer())
    office.passes(60)
    later = waits(office, now)
    with transaction(office.services) as work:
        about = call_row(work, later.leg.call_id)
        assert last_agent(work.connection, about, timedelta(days=1)) == ("thandi" if knows else None)


# Guessing at records is counted by telephone, whoever guesses


def guesses(office: Office, leg_id: str) -> bool:
    """A caller gave what fits no record, and their conversation asks: the call locked, in a transaction of its own."""
    given = {"identity/birth/0": "02291988", "identity/zip/0": "60601"}
    with transaction(office.services) as work:
        leg = legs.lock(work, leg_id)
        for question, keys in given.items():
            log.append(work, leg, log.next_step(work, leg_id), f"{question}/0", Pressed(keys))
        asked = {"date_of_birth": "identity/birth/0", "zip": "identity/zip/0"}
        return patient_match(work, leg, asked)["found"] == "none"


def test_calls_that_guess_at_once_see_the_guesses_of_each_other(any_office: Office) -> None:
    legs_of = [calls(any_office, None) for _ in range(NUMBER.first + 4)]
    assert all(at_once(*[partial(guesses, any_office, leg_id) for leg_id in legs_of]))
    assert len(any_office.rows(identity_try)) == NUMBER.first
