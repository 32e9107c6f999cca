"""Numbers as people write them: where Twilio takes them, and on the phones."""

from __future__ import annotations

import pytest

from phonesim.numbers import number_of
from tests.simulator.stage import OURS, Stage

DOCTOR = "+13125550181"
WRITTEN = ["(312) 555-0181", "312-555-0181", "312.555.0181", "3125550181", "1-312-555-0181", "+1 (312) 555-0181"]


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("dial", ["<Dial>{}</Dial>", "<Dial><Number>\n  {}\n</Number></Dial>"])
def test_a_dial_takes_a_number_as_people_write_it(stage: Stage, dial: str, written: str) -> None:
    """Number: "Twilio will also accept unformatted US numbers, e.g., (415) 555-1212 or 415-555-1212"."""
    stage.call(dial.format(written))
    stage.net.advance(2)
    assert stage.net.phone(DOCTOR).ringing
    assert stage.codes() == []


@pytest.mark.parametrize("written", ["555", "911", "555-0181", "0312 555 0181", "nobody", "+", "3125550181 ext 4", ""])
def test_what_is_no_number_is_still_refused(stage: Stage, written: str) -> None:
    """6.6: 13223 number format."""
    stage.page("/after", "<Hangup/>")
    stage.call(f'<Dial action="/after"><Number>{written}</Number></Dial>')
    assert stage.one("/after")["DialCallStatus"] == "failed"
    assert stage.codes() == [13223]


def test_a_caller_id_is_shown_whole_however_it_is_written(stage: Stage) -> None:
    stage.call(f'<Dial callerId="(312) 555-0100">{DOCTOR}</Dial>')
    stage.net.advance(2)
    assert [leg.from_ for leg in stage.net.phone(DOCTOR).waiting()] == [OURS]


@pytest.mark.parametrize("written", WRITTEN)
def test_rest_calls_a_number_as_people_write_it(stage: Stage, written: str) -> None:
    call = stage.twilio.calls.create(to=written, from_="312-555-0100", twiml="<Response/>")
    assert (call.to, call._from) == (DOCTOR, OURS)


def test_rest_invites_a_number_as_people_write_it(stage: Stage) -> None:
    stage.member("+13125550199")
    stage.net.advance(1)
    stage.conference().participants.create(to="312-555-0181", from_="312-555-0100")
    stage.net.advance(3)
    assert stage.net.phone(DOCTOR).ringing


def test_a_person_dials_and_texts_as_people_do(stage: Stage) -> None:
    stage.page("/voice", "<Say>hello</Say>")
    caller = stage.net.phone("+13125550199")
    assert caller.dial("(312) 555-0100").leg.to == OURS
    caller.text("312 555 0100", "hello")
    assert [one.to for one in stage.twilio.messages.list()] == [OURS]


@pytest.mark.parametrize("address", ["client:ana", "sip:front-desk@sip.example", "AP" + "0" * 32, "anonymous"])
def test_other_addresses_are_no_numbers(address: str) -> None:
    assert number_of(address) is None
