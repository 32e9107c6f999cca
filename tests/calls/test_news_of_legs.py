from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import transaction
from ivr.jobs.tables import timer
from phonesim import switch_off, switch_on
from rehearsals.world import ACCOUNT
from tests.calls.office import MAPLE, Office

IN_ORDER = ("initiated", "ringing", "in-progress", "completed")
ORDERS = list(permutations(enumerate(IN_ORDER)))
SID = "CA" + "e" * 32


def rung(office: Office, sid: str | None = SID) -> str:
    """A leg to a patient that we have begun to ring."""
    caller = office.dialled()
    with transaction(office.services) as work:
        about = work.connection.execute(call.select().where(call.c.id == caller.leg.call_id)).one()
        return legs.create_leg(work, about.id, "patient", "called_back", address="", twilio_sid=sid)


def news(office: Office, leg_id: str, status: str, sequence: int, sid: str = SID) -> None:
    """One status callback."""
    fields = {"AccountSid": ACCOUNT, "CallSid": sid, "CallStatus": status, "SequenceNumber": str(sequence), "To": MAPLE}
    assert office.post(f"/voice/leg/{leg_id}/status", **fields).status == 204


def test_four_pieces_of_news_in_any_order_end_in_the_same_state(office: Office) -> None:
    ends = set()
    for number, order in enumerate(ORDERS):
        sid = f"CA{number + 0xABC000:032x}"
        leg_id = rung(office, sid)
        for sequence, status in order:
            news(office, leg_id, status, sequence, sid)
        row = office.one(leg, leg.c.id == leg_id)
        ends.add((row.state, row.ended_how, row.ended_at))
    assert len(ORDERS) == 24
    assert ends == {("ended", "completed", office.world.now)}


def test_a_leg_never_moves_backwards(office: Office) -> None:
    leg_id = rung(office)
    seen = []
    for sequence, status in (
        (0, "initiated"),
        (2, "in-progress"),
        (1, "ringing"),
        (0, "initiated"),
        (2, "in-progress"),
    ):
        news(office, leg_id, status, sequence)
        seen.append(office.one(leg, leg.c.id == leg_id).state)
    assert seen == ["dialling", "in-progress", "in-progress", "in-progress", "in-progress"]


def test_an_end_is_final_and_counts_once(any_office: Office) -> None:
    leg_id = rung(any_office)
    news(any_office, leg_id, "completed", 3)
    before = any_office.contents()
    for status in ("completed", "in-progress", "busy", "failed", "ringing"):
        for sequence in (0, 3, 9):
            news(any_office, leg_id, status, sequence)
    assert any_office.contents() == before
    assert len(any_office.rows(event, event.c.kind == "patient-left")) == 1


def test_an_end_that_comes_with_an_older_number_still_counts(office: Office) -> None:
    leg_id = rung(office)
    news(office, leg_id, "in-progress", 7)
    news(office, leg_id, "completed", 3)
    assert office.one(leg, leg.c.id == leg_id).state == "ended"


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_each_way_of_not_being_reached_ends_the_leg(office: Office, status: str) -> None:
    leg_id = rung(office)
    news(office, leg_id, status, 1)
    row = office.one(leg, leg.c.id == leg_id)
    assert (row.state, row.ended_how, row.answered_at) == ("ended", status, None)


@pytest.mark.parametrize("status", ["queued", "surprise"])
def test_news_that_means_nothing_changes_nothing(office: Office, status: str) -> None:
    leg_id = rung(office)
    before = office.contents()
    news(office, leg_id, status, 5)
    assert office.contents() == before


def test_news_that_tells_no_status_changes_nothing_and_supervisors_hear_of_it(office: Office) -> None:
    """Twilio signed it, and never sends a status without a name: something between us reads or writes it otherwise."""
    leg_id = rung(office)
    before = office.contents()
    news(office, leg_id, "", 5)
    assert office.contents() | {"event": before["event"]} == before
    assert office.alerts() == ["webhook-read-in-part"]


def test_news_of_another_leg_at_this_address_changes_nothing(office: Office) -> None:
    leg_id = rung(office)
    before = office.contents()
    news(office, leg_id, "completed", 5, sid="CA" + "f" * 32)
    assert office.contents() == before


def test_a_leg_whose_end_is_never_told_is_asked_about_and_closed(office: Office) -> None:
    world = office.world
    switch_on(world.net, "callbacks-lost=1")
    line = world.net.phone("+13125550199").dial(MAPLE)
    world.settle()
    line.hang_up()
    world.advance_to(world.start + legs.LATE_AFTER - timedelta(seconds=1))
    assert office.one(leg).state == "in-progress"
    world.advance_to(world.start + timedelta(minutes=1))
    assert office.one(leg).state == "ended"
    assert office.one(call).ended_at == world.start + legs.LATE_AFTER


def test_a_leg_is_asked_about_again_when_asking_failed_for_long(office: Office) -> None:
    world = office.world
    switch_on(world.net, "callbacks-lost=1")
    switch_on(world.net, "rest-failing=503")
    line = world.net.phone("+13125550199").dial(MAPLE)
    world.settle()
    line.hang_up()
    world.advance_to(world.start + timedelta(minutes=35))
    assert office.one(leg).state == "in-progress"
    assert office.alerts() == []
    switch_off(world.net, "rest-failing")
    world.advance_to(world.now + timedelta(seconds=30))
    assert office.one(leg).state == "ended"


def test_a_leg_that_still_talks_goes_on_being_asked_about(office: Office) -> None:
    world = office.world
    switch_on(world.net, "callbacks-lost=1")
    world.net.phone("+13125550199").dial(MAPLE)
    world.advance_to(world.start + timedelta(minutes=12))
    row = office.one(leg, leg.c.role == "caller")
    assert row.state == "in-progress"
    assert office.one(timer, timer.c.kind == "check_leg", timer.c.subject == row.id).state == "waiting"
