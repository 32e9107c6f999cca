"""Section 11.1, timeline G: the server is broken and its fallback helps."""

import pytest

from phonesim import Options, switch_off_all
from tests.simulator.stage import BASE, OURS, Page, Stage, heard

CALLER = "+13125550199"


@pytest.mark.parametrize("code", [11200, 11217])
def test_an_error_status_is_helped_by_the_fallback(code: int) -> None:
    """11.1 G: "500 -> T> VoiceFallbackUrl with ErrorCode=11200 (11217 in newer dictionaries)* and ErrorUrl"."""
    stage = Stage(Options(http_error_code=code))
    stage.page("/fallback", "<Say>a person is coming</Say><Pause length='60'/>")
    line = stage.incoming(Page(status=500))
    told = stage.one("/fallback")
    assert (told["ErrorCode"], told["ErrorUrl"], told["CallSid"]) == (str(code), f"{BASE}/voice", line.call_sid)
    assert heard(line) == ["a person is coming"]


@pytest.mark.parametrize("code", [11205, 11200])
def test_a_server_that_hangs_is_helped_after_fifteen_seconds(code: int) -> None:
    """11.1 G: "VoiceUrl hangs 15 s -> same with ErrorCode=11200/11205*"."""
    stage = Stage(Options(timeout_error_code=code), faults=["webhooks-slow=16"])
    stage.page("/fallback", "<Say>a person is coming</Say><Pause length='60'/>")
    line = stage.call("<Hangup/>")
    stage.net.advance(14.9)
    assert stage.at("/fallback") == []
    stage.net.advance(0.1)
    switch_off_all(stage.net)
    stage.net.advance(1)
    told = stage.at("/fallback")[0]
    assert (told["ErrorCode"], told["ErrorUrl"], told["CallSid"]) == (str(code), f"{BASE}/voice", line.call_sid)


def test_a_refused_connection_is_tried_twice_with_the_same_token_then_the_fallback(stage: Stage) -> None:
    """11.1 G: "Connection refused -> two attempts (same idempotency token), then fallback"."""
    stage.page("/fallback", "<Say>a person is coming</Say><Pause length='60'/>")
    tokens = stage.refuse(times=2)
    line = stage.net.phone(CALLER).dial(OURS)
    stage.net.run_due()
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
    assert stage.one("/fallback")["ErrorCode"] == "11205"
    assert heard(line) == ["a person is coming"]
