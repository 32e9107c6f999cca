"""Several pages to one person: one ring, nobody lost, and nobody rung who is on the telephone with us."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from sqlalchemy import Row

from callflows.vocabulary import AcceptPage, Granted
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.calls.tables import leg
from ivr.core.unit_of_work import in_transaction
from ivr.core.urls import Urls
from ivr.jobs.handlers import handle_item
from ivr.jobs.tables import outbox
from ivr.oncall import escalations, rings
from ivr.oncall.tables import escalation, page
from rehearsals.provisioning import PIN
from rehearsals.world import PUBLIC_URL
from tests.calls.office import CALLER, MAPLE, Office, Party
from tests.calls.worlds import any_office, any_world, furnished_postgres
from tests.races.threads import at_once

__all__ = ["any_office", "any_world", "furnished_postgres"]

NEIGHBOUR = "+13125550194"
FIRST, SECOND, THIRD = "dr-lee", "dr-okafor", "dr-patel"
"""Whom the fast ladder of the practice pages in that night, in turn."""
OURS = ("pass_on_page", "page_freed")
_sids = count(1)


def red_flag(office: Office, from_: str = CALLER) -> str:
    """Somebody calls with a red flag and waits; the call."""
    caller = office.dialled(from_=from_)
    caller.plays("11")
    caller.says("my chest hurts")
    return str(caller.leg.call_id)


def carry_out(office: Office) -> None:
    """Do what pages were told to do by other calls, twice, as a worker may that dies before it notes that."""
    done: set[int] = set()
    while todo := [row for row in office.rows(outbox, outbox.c.kind.in_(OURS)) if row.id not in done]:
        for item in todo:
            handle_item(office.services, item)
            handle_item(office.services, item)
            done.add(item.id)


def rung(office: Office, person: str) -> list[Row]:
    """Their legs, in the order in which they were rung."""
    theirs = office.rows(leg, leg.c.role == "clinician", leg.c.person_id == person)
    return sorted(theirs, key=lambda row: (row.created_at, row.state != "ended"))


def pages_of(office: Office, call_id: str) -> list[tuple[str, str]]:
    return sorted((row.person_id, row.state) for row in office.rows(page, page.c.call_id == call_id))


def accepting(office: Office, leg_id: str) -> Callable[[], bool]:
    def accept() -> bool:
        def act(work: object) -> object:
            row = legs.lock(work, leg_id)  # type: ignore[arg-type]
            return office.services.features.effects[AcceptPage](work, row, "accept", AcceptPage())  # type: ignore[arg-type]

        answer = in_transaction(office.services, act)
        assert isinstance(answer, Granted)
        return answer.won

    return accept


def ending(office: Office, leg_id: str, how: str = "failed") -> Callable[[], bool]:
    def end() -> bool:
        in_transaction(office.services, lambda work: legs.note_status(work, leg_id, how, None))
        return True

    return end


def have_talked(office: Office, call_id: str) -> None:
    """A clinician has had contact with the caller, so that what becomes of the line calls nobody again."""
    (row,) = office.rows(leg, leg.c.call_id == call_id, leg.c.role == "clinician")
    in_transaction(office.services, lambda work: record(work, "talked", call_id, leg=row.id, role="clinician"))


def wanted_by(office: Office, row: Row) -> list[str]:
    """The calls that whoever is on a leg may take, first to last."""
    listed = in_transaction(office.services, lambda work: rings.list_wanted(work, row))
    return [one.place.call for one in listed]


@pytest.fixture
def nobody_lost(any_office: Office) -> Iterator[None]:
    """At the end each call that is paging has an open page, on a leg that lives or may yet be rung."""
    yield
    carry_out(any_office)
    living = {row.continues or row.id for row in any_office.rows(leg, leg.c.state != "ended")}
    for row in any_office.rows(escalation, escalation.c.state == "paging"):
        still_open = any_office.rows(page, page.c.escalation_id == row.id, page.c.state == "open")
        assert [one for one in still_open if one.leg_id in living] or row.step == len(row.steps) - 1


@pytest.mark.usefixtures("nobody_lost")
def test_twenty_red_flags_from_one_number_delay_another_caller_by_one_dial(any_office: Office) -> None:
    flood = [red_flag(any_office) for _ in range(20)]
    any_office.passes(1)
    other = red_flag(any_office, NEIGHBOUR)
    (first,) = rung(any_office, FIRST)
    assert {row.leg_id for row in any_office.rows(page, page.c.state == "open")} == {first.id}
    assert wanted_by(any_office, first)[0] in flood
    assert wanted_by(any_office, first)[1] == other

    assert accepting(any_office, first.id)()
    carry_out(any_office)
    (second,) = rung(any_office, SECOND)
    assert wanted_by(any_office, second)[0] == other
    assert len(wanted_by(any_office, second)) == 20
    assert len(any_office.rows(outbox, outbox.c.kind == "dial_leg")) == 2
    states = [row.state for row in any_office.rows(escalation)]
    assert (states.count("accepted"), states.count("paging")) == (1, 20)


@pytest.mark.usefixtures("nobody_lost")
def test_a_person_who_talks_is_not_rung_and_the_next_is_at_once(any_office: Office) -> None:
    red_flag(any_office)
    assert accepting(any_office, rung(any_office, FIRST)[0].id)()
    other = red_flag(any_office, NEIGHBOUR)
    assert pages_of(any_office, other) == [(SECOND, "open")]
    assert len(rung(any_office, FIRST)) == 1
    passed = any_office.one(event, event.c.kind == "passed-over")
    assert (passed.call_id, passed.data["person"]) == (other, FIRST)

    ending(any_office, rung(any_office, FIRST)[0].id, "completed")()
    carry_out(any_office)
    assert pages_of(any_office, other) == [(FIRST, "open"), (SECOND, "open")]
    assert len(rung(any_office, FIRST)) == 2


@pytest.mark.usefixtures("nobody_lost")
def test_a_ring_that_fails_is_passed_on_for_every_page_once(any_office: Office) -> None:
    calls = [red_flag(any_office) for _ in range(3)]
    ending(any_office, rung(any_office, FIRST)[0].id)()
    carry_out(any_office)
    for call_id in calls:
        assert pages_of(any_office, call_id) == [(FIRST, "lapsed"), (SECOND, "open")]
    assert (len(rung(any_office, FIRST)), len(rung(any_office, SECOND))) == (1, 1)


def test_a_page_that_is_over_leaves_the_ring_to_the_others(any_office: Office) -> None:
    first, other = red_flag(any_office), red_flag(any_office, NEIGHBOUR)
    ring = rung(any_office, FIRST)[0].id
    for call_id, hung_up in ((first, 0), (other, 1)):
        (mine,) = any_office.rows(escalation, escalation.c.call_id == call_id)

        def cancel(work: object, escalation_id: str = mine.id, of_call: str = call_id) -> None:
            legs.lock_call(work, of_call)  # type: ignore[arg-type]
            escalations.cancel_other_pages(work, escalation_id)  # type: ignore[arg-type]

        in_transaction(any_office.services, cancel)
        assert len(any_office.rows(outbox, outbox.c.kind == "end_leg", outbox.c.subject == ring)) == hung_up


@pytest.mark.usefixtures("nobody_lost")
def test_calls_that_page_one_person_at_the_same_instant_are_one_ring(any_office: Office) -> None:
    callers = [any_office.dialled(from_=number) for number in (CALLER, NEIGHBOUR, CALLER)]
    for caller in callers:
        caller.plays("11")
    at_once(*[lambda caller=caller: caller.says("my chest hurts") for caller in callers])  # type: ignore[misc]
    (ring,) = rung(any_office, FIRST)
    assert [row.leg_id for row in any_office.rows(page)] == [ring.id] * 3


@pytest.mark.usefixtures("nobody_lost")
@pytest.mark.parametrize("end", ["accepted", "failed"])
def test_a_page_that_comes_as_the_ring_is_settled_is_not_left_with_it(any_office: Office, end: str) -> None:
    red_flag(any_office)
    ring = rung(any_office, FIRST)[0].id
    caller = any_office.dialled(from_=NEIGHBOUR)
    caller.plays("11")
    settle = accepting(any_office, ring) if end == "accepted" else ending(any_office, ring)
    at_once(settle, lambda: bool(caller.says("my chest hurts")))
    carry_out(any_office)
    (still_open,) = any_office.rows(page, page.c.call_id == caller.leg.call_id, page.c.state == "open")
    assert still_open.leg_id != ring
    assert still_open.person_id == SECOND or (end == "failed" and still_open.person_id == FIRST)


@pytest.mark.usefixtures("nobody_lost")
def test_two_clinicians_who_take_two_calls_at_once_have_one_each(any_office: Office) -> None:
    first, other = red_flag(any_office), red_flag(any_office, NEIGHBOUR)
    assert accepting(any_office, rung(any_office, FIRST)[0].id)()
    carry_out(any_office)
    have_talked(any_office, first)
    ending(any_office, rung(any_office, FIRST)[0].id, "completed")()
    carry_out(any_office)
    again, second = rung(any_office, FIRST)[-1], rung(any_office, SECOND)[0]
    assert sorted(at_once(accepting(any_office, again.id), accepting(any_office, second.id))) == [False, True]
    assert [row.state for row in any_office.rows(escalation, escalation.c.call_id == first)] == ["accepted"]
    taken = any_office.one(escalation, escalation.c.call_id == other)
    assert (taken.state, taken.accepted_by in (FIRST, SECOND)) == ("accepted", True)


def on_the_telephone(office: Office, leg_id: str) -> Party:
    """A clinician who has answered the ring, as far as the question for the PIN."""
    clinician = Party(office, f"CAf{next(_sids):031x}", MAPLE, "+13125550181")
    clinician.asks(Urls(PUBLIC_URL).document(leg_id, 0))
    return clinician


@pytest.fixture
def taken(any_office: Office) -> tuple[Party, Row, Row]:
    """A clinician whose ring was for a dropped call first, and who goes on with the redial; both legs."""
    caller = any_office.dialled()
    caller.plays("11")
    caller.says("my chest hurts")
    caller.send("/voice/status", CallStatus="completed", SequenceNumber="0")
    any_office.passes(1)
    other = red_flag(any_office)
    (ring,) = rung(any_office, FIRST)
    clinician = on_the_telephone(any_office, ring.id)
    clinician.presses(PIN)
    before, after = any_office.rows(leg, leg.c.id == ring.id)[0], clinician.leg
    assert after.call_id == other
    return clinician, before, after


def test_the_telephone_call_goes_on_in_the_call_that_comes_first(
    any_office: Office, taken: tuple[Party, Row, Row]
) -> None:
    clinician, before, after = taken
    assert clinician.heard.verbs == ["Redirect"]
    assert (before.state, before.twilio_sid, after.continues) == ("ended", None, before.id)
    clinician.asks(Urls(PUBLIC_URL).document(after.id, after.step))
    assert "2 calls wait for you" in clinician.heard.words
    assert "Enter your PIN" not in clinician.heard.words
    clinician.presses("1")
    states = {row.call_id: row.state for row in any_office.rows(escalation)}
    assert states == {before.call_id: "paging", after.call_id: "accepted"}


def test_what_is_asked_and_told_at_the_leg_before_is_for_the_leg_that_has_the_telephone(
    any_office: Office, taken: tuple[Party, Row, Row]
) -> None:
    clinician, before, after = taken
    urls = Urls(PUBLIC_URL)
    for address in (urls.answer(before.id, before.step), urls.document(before.id, before.step)):
        again = clinician.send(address, Digits=PIN)
        assert (again.status, again.verbs) == (200, ["Redirect"])
        assert f"/leg/{after.id}/" in "".join(again.root.itertext())
    assert (
        Party(any_office, f"CAf{next(_sids):031x}", MAPLE, "+13125550181")
        .send(urls.answer(before.id, before.step), Digits=PIN)
        .status
        == 403
    )

    clinician.send(urls.leg_status(before.id), CallStatus="completed", SequenceNumber="9")
    assert any_office.one(leg, leg.c.id == after.id).state == "ended"
    carry_out(any_office)
    for call_id in (before.call_id, after.call_id):
        assert pages_of(any_office, call_id) == [(FIRST, "lapsed"), (SECOND, "open")]
