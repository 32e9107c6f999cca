"""Whoever calls from abroad is called back there where the practice says so and it is urgent, and never otherwise."""

from __future__ import annotations

import json

import pytest

from callflows.vocabulary import OpenPromise
from ivr.callbacks.promise_opening import open_promise
from ivr.callbacks.tables import promise
from ivr.calls import leg_control, legs
from ivr.calls.addresses import FIELD
from ivr.calls.tables import call, leg
from ivr.core.cipher import name_row
from ivr.core.unit_of_work import transaction
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of
from ivr.jobs.tables import outbox
from tests.calls.office import Office

MEXICO, PREMIUM_THERE, FRANCE = "+525512345678", "+529001234567", "+33142685300"
ROUTINE = OpenPromise("callback", "billing", "next_open + 4h")
URGENT = OpenPromise("urgent-callback", "nurse", "now + 15m", urgency="emergent")
BILLING_OF_NOBODY = ("1", "4", "1", *("01011950", "60601", "") * 3, "2")


@pytest.fixture
def line(any_office: Office) -> Office:
    """An office whose practice calls back in Mexico what is urgent."""
    calls_back_in(any_office, "MX")
    return any_office


def calls_back_in(office: Office, country: str) -> None:
    """From now on the practice calls back in another country."""
    tree = json.loads(office.world.organisation.body)
    tree["practices"]["maple"]["waiting"] = {"call_back_countries": [country]}
    with transaction(office.services) as work:
        revisions.apply(work.connection, organisation_of(tree), work.at, "test")


def promised(office: Office, from_: str, made: OpenPromise) -> str | None:
    """The number on which a promise of that kind is kept that is made to a caller from there."""
    leg_id = office.dialled(from_=from_).leg.id
    with transaction(office.services) as work:
        open_promise(work, legs.lock(work, leg_id), "key", made)
    row = office.rows(promise)[-1]
    if row.number_sealed is None:
        return None
    return office.services.cipher.open("maple", FIELD, name_row(promise, row.id), row.number_sealed)


def test_what_is_urgent_is_called_back_there(line: Office) -> None:
    assert promised(line, MEXICO, URGENT) == MEXICO
    assert line.alerts() == []


def test_what_is_not_urgent_never_is(line: Office) -> None:
    assert promised(line, MEXICO, ROUTINE) is None


@pytest.mark.parametrize("shown", [FRANCE, PREMIUM_THERE])
def test_another_country_or_a_costly_number_there_is_never_rung(line: Office, shown: str) -> None:
    assert promised(line, shown, URGENT) is None
    assert line.one(call).caller_sealed is None


def test_a_practice_that_says_nothing_rings_nobody_abroad(any_office: Office) -> None:
    assert promised(any_office, MEXICO, URGENT) is None


def test_for_what_is_not_urgent_the_caller_is_asked_for_another_number(line: Office) -> None:
    caller = line.dialled(from_=MEXICO)
    for keys in BILLING_OF_NOBODY:
        caller.presses(keys)
    assert "enter the ten digits" in caller.heard.words
    assert line.one(call).caller_hash is not None


@pytest.mark.parametrize(("country", "rung"), [("MX", True), ("FR", False)])
def test_the_country_is_asked_for_again_when_the_phone_is_rung(line: Office, country: str, rung: bool) -> None:
    assert promised(line, MEXICO, URGENT) == MEXICO
    calls_back_in(line, country)
    with transaction(line.services) as work:
        call_id = line.one(call).id
        legs.lock_call(work, call_id)
        leg_id = legs.create_leg(work, call_id, "patient", "called_back", address=MEXICO, ring_seconds=30)
        legs.enqueue_dial(work, leg_id, "urgent")
    item = line.one(outbox, outbox.c.subject == leg_id)
    leg_control.dial_leg(line.services, item)
    assert (line.one(leg, leg.c.id == leg_id).state != "ended") is rung
    assert ("number-refused" in line.alerts()) is not rung
