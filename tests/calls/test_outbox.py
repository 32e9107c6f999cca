from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import update

from ivr.calls import legs
from ivr.calls.tables import leg
from ivr.core.feature import Feature, Features, OutboxHandler
from ivr.core.services import Services
from ivr.core.unit_of_work import transaction
from ivr.jobs import outbox, worker
from ivr.jobs.handlers import OUTBOUND_CALLS, handle_item
from ivr.jobs.leases import LEASE, Leases
from ivr.jobs.tables import outbox as items
from ivr.oncall.tables import page
from ivr.queue.tables import offer
from ivr.twilio.errors import TemporaryFailure
from phonesim import switch_on
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import ANA, DR_LEE, EMERGENCY, NEW_PATIENT, dial, goes_on, run, rung, until_it_rings

CALLS = "/Calls.json"
TEXTS = "/Messages.json"
SHARED = "+13125550155"
"""A telephone of a ward."""


def fail(world: World, fault: str, path: str, times: int | None = 1) -> None:
    """Let REST requests to ``path`` fail from now on."""
    switch_on(world.net, f"{fault} on POST {path}" + (f" {times} times" if times else ""))


def item(world: World, kind: str) -> Any:
    """The first item of a kind."""
    return Office(world).rows(items, items.c.kind == kind)[0]


def placed(world: World, to: str) -> int:
    """How many calls the network was asked to place."""
    return sum(one.to == to for one in world.net.legs.values())


@pytest.mark.parametrize("fault", ["rest-failing=500", "rest-failing=503", "rest-busy", "rest-lost-answer"])
def test_a_call_whose_placing_failed_rings_once(world: World, fault: str) -> None:
    fail(world, fault, CALLS)
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    run(world, 5)
    assert placed(world, ANA) == rung(world, ANA) == 1
    row = item(world, "dial_leg")
    assert (row.state, row.attempts) == ("done", 2)


@pytest.mark.parametrize("fault", ["rest-failing=500", "rest-lost-answer"])
def test_a_text_whose_sending_failed_arrives_once(world: World, fault: str) -> None:
    fail(world, fault, TEXTS)
    goes_on(world, dial(world), EMERGENCY)
    run(world, 20)
    assert len(world.net.phone(DR_LEE).messages) == 1
    assert item(world, "text_page").state == "done"


def test_a_call_that_was_placed_several_times_in_doubt_is_still_one(world: World) -> None:
    fail(world, "rest-lost-answer", CALLS, times=3)
    goes_on(world, dial(world), EMERGENCY)
    until_it_rings(world, DR_LEE)
    run(world, 10)
    assert placed(world, DR_LEE) == rung(world, DR_LEE) == 1


def test_a_second_leg_of_one_errand_is_hung_up_at_once(world: World) -> None:
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    office = Office(world)
    row = office.one(leg, leg.c.role == "agent")
    first = world.net.phone(ANA).answer()
    run(world, 1)
    doubled = {"AccountSid": world.net.account_sid, "CallSid": "CA" + "d" * 32, "From": "", "To": ANA}
    assert office.post(f"/voice/leg/{row.id}/0/document", **doubled).verbs == ["Hangup"]
    assert first.state == "in-progress"


def test_too_many_requests_are_repeated_with_growing_delay(world: World) -> None:
    fail(world, "rest-busy", CALLS, times=None)
    delays = []
    goes_on(world, dial(world), NEW_PATIENT)
    row = item(world, "dial_leg")
    while row.state == "ready":
        delays.append((row.due_at - world.now).total_seconds())
        tried = row.attempts
        assert world.advance(lambda tried=tried: item(world, "dial_leg").attempts > tried, timedelta(minutes=1))
        row = item(world, "dial_leg")
    long = [delay for delay in delays if delay > 2]
    assert long == sorted(long)
    assert max(long) <= 30
    assert len(long) >= 3
    # The offer lapsed meanwhile, so nobody is rung for it any more.
    assert (row.state, rung(world, ANA)) == ("done", 0)


def test_a_red_flag_page_goes_before_offers_and_one_call_leaves_a_second(world: World) -> None:
    lines = [dial(world, from_=f"+1312555020{number}") for number in range(3)]
    for line in lines:
        goes_on(world, line, NEW_PATIENT[:2])
    emergency = goes_on(world, dial(world), EMERGENCY[:2])
    for line in lines:
        line.press("2")
    emergency.say(EMERGENCY[2])
    run(world, 60)
    placed_at = [entry for entry in world.net.trace if entry.kind == "dial" and entry.who == "+13125550100"]
    assert DR_LEE in [entry.detail["to"] for entry in placed_at[:2]]
    times = [entry.at for entry in placed_at]
    gaps = [(after - before).total_seconds() for before, after in pairwise(times)]
    assert len(placed_at) >= 4
    assert min(gaps) >= 1


def test_pages_leave_the_lane_before_offers_that_were_there_earlier(office: Office) -> None:
    for _ in range(3):
        office.dialled().plays("122")
    emergency = office.dialled()
    emergency.plays("11")
    match = [row for row in office.rows(items) if row.kind == "match"]
    for row in match:
        handle_item(office.services, row)
    emergency.says(EMERGENCY[2])
    waiting = [row for row in office.rows(items) if row.kind == "dial_leg"]
    assert len(waiting) == 4
    clinician = office.one(leg, leg.c.role == "clinician")
    order = []
    for _ in waiting:
        order += [one.subject for one in worker.lease_items(office.services) if one.kind == "dial_leg"]
        office.world.clock.advance(timedelta(seconds=1))
    assert order[0] == clinician.id
    assert sorted(order) == sorted(row.subject for row in waiting)


def crash(world: World, kinds: Iterable[str]) -> None:
    """Workers that carry out what is due and die before they can say so."""
    for one in worker.lease_items(world.services):
        if one.kind in kinds:
            handle_item(world.services, one)
        else:
            worker.carry_out_item(world.services, one)


@pytest.mark.parametrize("kind", ["dial_leg", "text_page"])
def test_a_worker_that_dies_before_it_has_settled_doubles_nothing(world: World, kind: str) -> None:
    line = goes_on(world, dial(world), EMERGENCY[:2])
    line.say(EMERGENCY[2])
    world.net.advance(5)
    world.clock.move_to(world.net.now)
    crash(world, [kind])
    assert item(world, kind).state == "leased"
    run(world, 90)
    assert placed(world, DR_LEE) == rung(world, DR_LEE) == 1
    assert len(world.net.phone(DR_LEE).messages) == 1
    assert item(world, kind).state == "done"


class Died(BaseException):
    """A worker that is killed."""


def test_a_worker_that_dies_while_placing_a_call_rings_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    twilio, create = world.services.twilio, type(world.services.twilio).create_call

    def placed_and_died(self: Any, **wish: Any) -> str:
        create(self, **wish)
        raise Died

    monkeypatch.setattr(type(twilio), "create_call", placed_and_died)
    line = goes_on(world, dial(world), EMERGENCY[:2])
    line.say(EMERGENCY[2])
    world.net.advance(5)
    world.clock.move_to(world.net.now)
    with pytest.raises(Died):
        worker.drain_outbox(world.services)
    monkeypatch.undo()
    until_it_rings(world, DR_LEE)
    run(world, 70)
    assert placed(world, DR_LEE) == rung(world, DR_LEE) == 1
    assert Office(world).one(page).state == "open"


@pytest.mark.parametrize("kind", ["redirect", "end"])
def test_a_party_that_is_gone_already_is_noted_as_gone(world: World, kind: str) -> None:
    switch_on(world.net, "callbacks-lost=1")
    line = dial(world)
    run(world, 30)
    line.hang_up()
    world.net.run_due()
    office = Office(world)
    row = office.one(leg, leg.c.role == "caller")
    with transaction(world.services) as work:
        if kind == "redirect":
            legs.enqueue_redirect(work, row.id, row.step)
        else:
            legs.enqueue_hang_up(work, row.id)
    run(world, 5)
    row = office.one(leg, leg.c.role == "caller")
    assert (row.state, row.ended_how) == ("ended", "completed")
    assert {one.state for one in office.rows(items)} == {"done"}


@pytest.mark.parametrize("version", ["this", "the one before"])
def test_an_effect_that_fails_for_good_is_on_the_supervisors_list(world: World, version: str) -> None:
    fail(world, "rest-failing=500", TEXTS, times=None)
    goes_on(world, dial(world), EMERGENCY)
    if version == "the one before":
        with world.services.database.write() as connection:
            connection.execute(update(items).values(call_id=None))
    run(world, 300)
    assert item(world, "text_page").state == "failed"
    assert "effect-failed" in Office(world).alerts()


def test_an_agent_who_cannot_be_rung_is_passed_over(world: World) -> None:
    fail(world, "rest-failing=500", CALLS, times=world.services.features.outbox[OUTBOUND_CALLS].tries)
    goes_on(world, dial(world), NEW_PATIENT)
    run(world, 200)
    offers = Office(world).rows(offer)
    assert offers[0].state == "lapsed" or len(offers) > 1
    assert rung(world, ANA) + sum(rung(world, one) for one in ("client:thandi", "client:mateus", "client:benjie")) >= 1


def test_an_item_whose_worker_vanished_is_eligible_again_only_after_its_lease(office: Office) -> None:
    office.dialled().plays("122")
    taken = [one.id for one in worker.lease_items(office.services)]
    assert taken
    office.world.clock.advance(LEASE)
    assert worker.lease_items(office.services) == []
    office.world.clock.advance(timedelta(seconds=1))
    assert [one.id for one in worker.lease_items(office.services)] == taken


def test_a_slow_worker_keeps_its_items_and_one_that_lost_them_begins_none(any_office: Office) -> None:
    done = []

    def slow(services: Services, one: Any) -> None:
        done.append(one.subject)
        if one.subject == "slow":
            for _ in range(5):
                any_office.world.clock.advance(LEASE * 0.8)
                mine.renew()
                assert worker.lease_items(services) == []
        if one.subject == "stopped":
            any_office.world.clock.advance(LEASE * 2)  # as of a process that was stopped and goes on

    give(any_office.services, slow=slow)
    with transaction(any_office.services) as work:
        for subject in ("slow", "stopped", "next"):
            outbox.put_item(work, "slow", subject, call_id=None)
    with pytest.MonkeyPatch.context() as patch:

        def noting(services: Services, leased: Any) -> Leases:
            nonlocal mine
            mine = Leases(services, leased)
            return mine

        mine = Leases(any_office.services, ())
        patch.setattr("ivr.jobs.leases.Leases", noting)
        worker.drain_outbox(any_office.services)
    assert done == ["slow", "stopped"]
    assert [row.state for row in any_office.rows(items)] == ["done", "done", "leased"]
    assert [one.subject for one in worker.lease_items(any_office.services)] == ["next"]


def test_what_came_of_a_try_does_not_end_the_try_of_another_worker(any_office: Office) -> None:
    def fails(_services: object, _item: object) -> None:
        raise TemporaryFailure("503")

    give(any_office.services, fails=fails)
    with transaction(any_office.services) as work:
        outbox.put_item(work, "fails", "", call_id=None)
    (first,) = worker.lease_items(any_office.services)
    any_office.world.clock.advance(LEASE * 2)
    (second,) = worker.lease_items(any_office.services)
    worker.carry_out_item(any_office.services, first)
    assert (any_office.one(items).state, any_office.one(items).leased_until) == ("leased", second.leased_until)
    worker.carry_out_item(any_office.services, second)
    assert any_office.one(items).state == "ready"


def give(services: Services, **handlers: Callable[[Services, Any], None]) -> None:
    """Let a feature of the test carry out kinds of its own."""
    mine = Feature(name="of this test", outbox={kind: OutboxHandler(one) for kind, one in handlers.items()})
    services.features = Features((*services.features.all, mine))


def test_an_item_of_a_kind_that_only_another_release_knows_is_left_to_it(office: Office) -> None:
    done: list[str] = []
    services, before = office.services, office.services.features
    with transaction(services) as work:
        for number in range(worker.BATCH):  # as many as would fill a batch
            outbox.put_item(work, "of_the_next_release", str(number), call_id=None, urgency="emergent")
        outbox.put_item(work, "mine", "two", call_id=None)
    give(services, mine=lambda _, item: done.append(item.subject))
    worker.drain_outbox(services)
    left = office.rows(items, items.c.kind == "of_the_next_release")
    assert (done, {(row.state, row.attempts) for row in left}) == (["two"], {("ready", 0)})
    assert worker.find_next_due_item(services) is None
    services.features = before
    give(services, of_the_next_release=lambda _, item: done.append(item.subject))
    worker.drain_outbox(services)
    assert done == ["two", *map(str, range(worker.BATCH))]


def test_one_broken_effect_does_not_stop_the_others(office: Office) -> None:
    done = []

    def breaks(_services: object, _item: object) -> None:
        raise ZeroDivisionError

    def works(_services: object, one: Any) -> None:
        done.append(one.subject)

    give(office.services, breaks=breaks, works=works)
    with transaction(office.services) as work:
        for number in range(3):
            outbox.put_item(work, "breaks", str(number), call_id=None, urgency="emergent")
            outbox.put_item(work, "works", str(number), call_id=None)
    worker.drain_outbox(office.services)
    assert done == ["0", "1", "2"]
    broken = office.rows(items, items.c.kind == "breaks")
    assert [(row.state, row.last_error) for row in broken] == [("ready", "ZeroDivisionError")] * 3


def test_the_network_decides_how_long_to_wait_when_it_says_so(office: Office) -> None:
    def waits(_services: object, _item: object) -> None:
        raise TemporaryFailure("429", retry_after=42)

    give(office.services, waits=waits)
    with transaction(office.services) as work:
        outbox.put_item(work, "waits", "", call_id=None)
    worker.drain_outbox(office.services)
    assert office.one(items).due_at == office.world.now + timedelta(seconds=42)


def test_the_same_key_adds_nothing_for_ever_and_a_nonce_only_at_the_same_instant(office: Office) -> None:
    for seconds in (0, 0, 1):
        office.world.clock.advance(timedelta(seconds=seconds))
        with transaction(office.services) as work:
            outbox.put_item(work, "keyed", "it", call_id=None, key="one")
            outbox.put_item(work, "again", "it", call_id=None, key="one", nonce=True)
    assert [len(office.rows(items, items.c.kind == kind)) for kind in ("keyed", "again")] == [1, 2]


def two_legs_to_one_number(office: Office) -> list[str]:
    """Two patients behind one number are to be rung; their items are leased, as by two workers."""
    found = []
    for _ in range(2):
        call_id = office.dialled().leg.call_id
        with transaction(office.services) as work:
            leg_id = legs.create_leg(work, call_id, "patient", "called_back", address=SHARED, ring_seconds=25)
            legs.enqueue_dial(work, leg_id, "urgent")
            found.append(leg_id)
        office.passes(2)
    return found


def leased(office: Office) -> Any:
    """The next call to be placed, in the hands of a worker."""
    office.world.clock.advance(timedelta(seconds=2))
    (taken,) = [one for one in worker.lease_items(office.services) if one.kind == OUTBOUND_CALLS]
    return taken


def test_a_call_whose_answer_was_lost_is_not_taken_by_another_leg_to_the_same_number(world: World) -> None:
    office = Office(world)
    first, second = two_legs_to_one_number(office)
    fail(world, "rest-failing=500", CALLS)
    worker.carry_out_item(office.services, leased(office))
    placing = leased(office)
    assert placing.subject == second
    fail(world, "rest-lost-answer", CALLS)
    with pytest.raises(TemporaryFailure):
        handle_item(office.services, placing)
    again = leased(office)
    assert again.subject == first
    with pytest.raises(TemporaryFailure, match="cannot be told"):
        handle_item(office.services, again)

    # The network has told of the call at the address of its leg by now, so that each leg gets a call of its own.
    office.passes(1)
    for _ in range(3):
        run(world, 80)
    assert placed(world, SHARED) == rung(world, SHARED) == 2


def test_a_call_belongs_to_the_leg_at_whose_address_it_is_told_of(office: Office) -> None:
    mistaken, right = two_legs_to_one_number(office)
    with transaction(office.services) as work:
        legs.lock(work, mistaken)
        legs.set_columns(work, mistaken, twilio_sid="CA" + "e" * 32)
        legs.note_status(work, mistaken, "initiated", None)
    about = {"AccountSid": office.world.net.account_sid, "CallSid": "CA" + "e" * 32, "From": "", "To": SHARED}
    assert office.post(f"/voice/leg/{right}/0/document", **about).verbs != ["Hangup"]
    assert office.one(leg, leg.c.id == right).twilio_sid == "CA" + "e" * 32
    while worker.drain_outbox(office.services):
        pass
    gone = office.one(leg, leg.c.id == mistaken)
    assert (gone.state, gone.twilio_sid) == ("ended", None)
