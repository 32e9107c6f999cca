"""What a network sends in place of a number is nobody's telephone: never rung, never one person."""

from __future__ import annotations

import pytest
from sqlalchemy import or_

from ivr.calls.event_tables import event
from ivr.calls.identity_tables import identity_try
from ivr.calls.tables import call
from ivr.core.telephone_numbers import parse_ringable, read_shown_number
from ivr.core.withheld_numbers import PLACEHOLDERS, WORDS, is_placeholder
from ivr.queue.tables import waiting
from tests.calls.office import Office, Party

pytestmark = pytest.mark.sqlite_first

MADE_UP = ("+10000000000", "+11111111111", "+15555555555", "+12125550", "+1999999999999", "+12120550199", "0000000000")
"""Fillers that no list has, of digits that nobody can have."""
TYPING = ("266696687", "7378742833", "8656696", "266-696-687", "+266 696 687", "1266696687")
EVERY = (*PLACEHOLDERS, *WORDS, *(word.upper() for word in WORDS), *MADE_UP, *TYPING)
NEW_PATIENT = ("1", "2", "2")


@pytest.mark.parametrize("shown", EVERY)
def test_it_is_no_number_that_shows_nor_one_that_is_rung(shown: str) -> None:
    assert read_shown_number(shown) is None
    assert parse_ringable(shown, "caller") is None


@pytest.mark.parametrize(("_word", "source"), PLACEHOLDERS.values())
def test_each_is_listed_with_where_it_is_published(_word: str, source: str) -> None:
    assert any(known in source for known in ("Twilio", "RFC"))


@pytest.mark.parametrize(
    "real", ["+13125550199", "+17875550123", "+442071838750", "+639171234567", "+881621234567", "+525512345678"]
)
def test_telephones_show(real: str) -> None:
    assert not is_placeholder(real)
    assert read_shown_number(real) == real


def calls_in(office: Office, shown: str, *keys: str) -> Party:
    caller = office.dialled(from_=shown)
    for key in keys:
        caller.presses(key)
    return caller


@pytest.mark.parametrize("shown", [*PLACEHOLDERS, *WORDS, "+10000000000"])
def test_two_who_call_from_it_are_never_one(any_office: Office, shown: str) -> None:
    first = calls_in(any_office, shown, *NEW_PATIENT)
    first.asks("/voice/status", CallStatus="completed")
    any_office.passes(5)
    second = calls_in(any_office, shown, *NEW_PATIENT)
    kept = or_(call.c.caller_hash.is_not(None), call.c.caller_sealed.is_not(None))
    assert any_office.rows(call, kept) == []
    assert any_office.rows(event, event.c.kind == "place-resumed") == []
    since = {row.call_id: row.since for row in any_office.rows(waiting)}
    assert since[second.leg.call_id] > since[first.leg.call_id]


def test_two_who_hide_their_number_are_two_sources_of_tries(any_office: Office) -> None:
    for _ in range(2):
        calls_in(any_office, "+17378742833", "1", "2", "1", "02291988", "60601")
    first, second = any_office.rows(identity_try)
    assert first.telephone == second.telephone == "hidden"
    assert first.source != second.source
