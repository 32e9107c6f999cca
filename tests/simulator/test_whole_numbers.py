"""Whole numbers, wherever one is written: in plain digits and within reason, or told as wrong. None stops anything."""

from __future__ import annotations

import pytest
from twilio.base.exceptions import TwilioRestException

from phonesim.web.cache import Cache
from phonesim.web.messages import Response
from tests.simulator.stage import BASE, OURS, START, Stage

ODD = ["\u0663\u0660", "\u00b2", "\uff11\uff10", "9" * 30, "9" * 5000, "-1", "1.5", "1e3"]
"""Of other scripts, a power, wide; more than time holds, more than is ever read; and no whole numbers."""
DOCUMENTS = {
    "Say loop": ('<Say loop="{}">x</Say>', 13510),
    "Play loop": ('<Play loop="{}" digits="1"/>', 13410),
    "Pause length": ('<Pause length="{}"/>', 13910),
    "Gather timeout": ('<Gather timeout="{}"><Say>x</Say></Gather>', 13313),
    "Gather numDigits": ('<Gather numDigits="{}"><Say>x</Say></Gather>', 13314),
    "Gather speechTimeout": ('<Gather input="speech" speechTimeout="{}"/>', 13327),
    "Gather maxSpeechTime": ('<Gather input="speech" maxSpeechTime="{}"/>', 13328),
    "Record timeout": ('<Record timeout="{}" maxLength="1" action="/end"/>', 13611),
    "Record maxLength": ('<Record maxLength="{}" action="/end"/>', 13612),
    "Dial timeout": ('<Dial timeout="{}">+13125550181</Dial>', 13212),
    "Dial timeLimit": ('<Dial timeLimit="{}">+13125550181</Dial>', 13216),
}


@pytest.mark.parametrize("number", ODD, ids=[one[:9].encode("ascii", "backslashreplace").decode() for one in ODD])
@pytest.mark.parametrize(("document", "code"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_number_that_is_none_is_a_warning_and_the_call_goes_on(
    stage: Stage, document: str, code: int, number: str
) -> None:
    """1.4: "13xxx attribute warnings likewise"."""
    stage.phone("+13125550181", "answer", 1)
    stage.page("/end", "<Say>goodbye</Say>")
    stage.call(document.replace("{}", number))
    stage.net.advance(30)
    assert code in stage.codes()


@pytest.mark.parametrize("document", [document for document, _ in DOCUMENTS.values()], ids=DOCUMENTS)
@pytest.mark.parametrize("number", ["999999999", "0000000000000000005"])
def test_a_great_number_is_waited_for(stage: Stage, document: str, number: str) -> None:
    stage.call(document.replace("{}", number))
    stage.net.advance(30)


@pytest.mark.parametrize("number", ODD)
def test_a_break_of_no_time_is_a_warning_or_short(stage: Stage, number: str) -> None:
    stage.call(f'<Say><break time="{number}s"/>x</Say>')
    stage.net.advance(30)
    assert [one.text for one in stage.net.phone("+13125550199").history[0].heard if one.kind == "say"] == ["x"]


@pytest.mark.parametrize("number", ODD)
@pytest.mark.parametrize("key", ["rc", "rt", "ct", "tt"])
def test_an_override_that_is_no_number_keeps_its_default(stage: Stage, key: str, number: str) -> None:
    stage.page("/next", "<Say>x</Say>")
    stage.call(f"<Redirect>/next#{key}={number}</Redirect>")
    stage.net.advance(5)
    assert stage.one("/next")


@pytest.mark.parametrize("number", ODD)
@pytest.mark.parametrize("name", ["timeout", "time_limit"])
def test_rest_refuses_a_number_that_is_none(stage: Stage, name: str, number: str) -> None:
    with pytest.raises(TwilioRestException) as refused:
        stage.twilio.calls.create(to="+13125550181", from_=OURS, url=f"{BASE}/x", **{name: number})
    assert refused.value.code == 20001


@pytest.mark.parametrize("number", ODD)
def test_an_answer_may_be_kept_for_longer_than_anybody_waits(number: str) -> None:
    Cache().keep(f"{BASE}/x", Response(200, [("cache-control", f"max-age={number}")], b"x"), START)


@pytest.mark.parametrize(
    "written", ["+1312555018\uff11", "+\u0661\u0663\u0661\u0662\u0665\u0665\u0665\u0660\u0661\u0668\u0661"]
)
def test_a_telephone_number_has_plain_digits(stage: Stage, written: str) -> None:
    stage.call(f"<Dial>{written}</Dial><Say>next</Say>")
    stage.net.advance(5)
    assert stage.codes() == [13223]
