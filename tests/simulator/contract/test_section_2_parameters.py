"""Request parameters, call states and status callbacks (Twilio: TwiML, Call resource)."""

from email.utils import parsedate_to_datetime

import pytest

from phonesim import Options
from phonesim.errors import PhonesimError
from tests.simulator.stage import ACCOUNT, BASE, FOUR_EVENTS, OURS, START, Stage, heard

CALLER = "+13125550199"


def test_the_first_request_of_an_inbound_call_says_ringing(stage: Stage) -> None:
    line = stage.call("<Hangup/>")
    seen = stage.one("/voice")
    wanted = {
        "CallSid": line.call_sid, "AccountSid": ACCOUNT, "From": CALLER, "To": OURS, "Caller": CALLER, "Called": OURS,
        "CallStatus": "ringing", "ApiVersion": "2010-04-01", "Direction": "inbound",
        "StirVerstat": "TN-Validation-Passed-A",
    }  # fmt: skip
    assert {name: seen[name] for name in wanted} == wanted
    assert "CallerName" not in seen.params


@pytest.mark.parametrize(("numeric", "shown"), [(True, "+266696687"), (False, "anonymous")])
def test_a_withheld_caller_id_arrives_as_a_placeholder(numeric: bool, shown: str) -> None:
    stage = Stage(Options(numeric_placeholders=numeric))
    stage.call("<Hangup/>", from_="anonymous", stir=None)
    seen = stage.one("/voice")
    assert (seen["From"], seen["Caller"]) == (shown, shown)
    assert "StirVerstat" not in seen.params


def test_the_caller_name_is_sent_only_when_the_number_looks_it_up(stage: Stage) -> None:
    stage.net.add_number(OURS, f"{BASE}/voice", caller_name=True)
    stage.call("<Hangup/>", caller_name="LAKE CLINIC")
    assert stage.one("/voice")["CallerName"] == "LAKE CLINIC"


def test_forwarded_from_is_passed_on_when_the_carrier_gives_it(stage: Stage) -> None:
    stage.call("<Hangup/>", forwarded_from="+13125550111")
    assert stage.one("/voice")["ForwardedFrom"] == "+13125550111"


def test_a_number_without_voice_url_fails_at_once_without_a_word(stage: Stage) -> None:
    stage.net.add_number("+13125550105")
    line = stage.net.phone(CALLER).dial("+13125550105")
    stage.net.run_due()
    assert line.state == "failed"
    assert stage.paths() == []


def test_a_number_nobody_added_cannot_be_dialled(stage: Stage) -> None:
    with pytest.raises(PhonesimError, match="add_number"):
        stage.net.phone(CALLER).dial("+13125550999")


def test_the_number_is_told_once_when_an_inbound_call_has_ended(stage: Stage) -> None:
    line = stage.call("<Pause length='60'/>")
    stage.net.advance(61)
    assert line.state == "completed"
    seen = stage.one("/status")
    assert seen["CallStatus"] == "completed"
    assert seen["CallDuration"] == "0"


def test_the_duration_counts_from_the_answer(stage: Stage) -> None:
    line = stage.call("<Say>hello</Say><Pause length='59'/>")
    stage.net.advance(75)
    assert stage.one("/status")["CallDuration"] == "60"
    assert line.state == "completed"


def test_an_api_call_fetches_its_document_when_it_connects(stage: Stage) -> None:
    stage.phone("+13125550181", "answer", 4)
    stage.call_out("+13125550181", "<Hangup/>")
    stage.net.advance(4.9)
    assert stage.at("/out") == []
    stage.net.advance(0.1)
    seen = stage.one("/out")
    assert (seen["CallStatus"], seen["Direction"]) == ("in-progress", "outbound-api")


def test_status_callbacks_carry_a_sequence_number_per_leg_from_zero(stage: Stage) -> None:
    stage.phone("+13125550181", "answer")
    hook = {"status_callback": f"{BASE}/progress", "status_callback_event": FOUR_EVENTS.split()}
    stage.call_out("+13125550181", "<Say>hi</Say>", **hook)
    stage.net.advance(30)
    progress = stage.at("/progress")
    assert [(seen["CallStatus"], seen["SequenceNumber"]) for seen in progress] == [
        ("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3"),
    ]  # fmt: skip
    assert all(seen["CallbackSource"] == "call-progress-events" for seen in progress)
    assert parsedate_to_datetime(progress[0]["Timestamp"]) == START
    assert progress[1]["StirStatus"] == "A"
    assert (progress[3]["CallDuration"], progress[3]["Duration"], progress[3]["SipResponseCode"]) == ("1", "1", "200")


def test_without_named_events_only_completed_is_delivered(stage: Stage) -> None:
    stage.phone("+13125550181", "busy")
    stage.call_out("+13125550181", status_callback=f"{BASE}/progress")
    stage.net.advance(30)
    assert stage.one("/progress")["CallStatus"] == "busy"


@pytest.mark.parametrize(
    ("behaviour", "status", "sip"),
    [
        ("busy", "busy", "486"),
        ("decline", "busy", "603"),
        ("ignore", "no-answer", "487"),
        ("unreachable", "failed", "404"),
        ("switched-off", "no-answer", "480"),
    ],
)
def test_each_way_of_not_answering_has_its_terminal_status(stage: Stage, behaviour: str, status: str, sip: str) -> None:
    stage.phone("+13125550181", behaviour)
    stage.call_out("+13125550181", status_callback=f"{BASE}/progress")
    stage.net.advance(80)
    seen = stage.one("/progress")
    assert (seen["CallStatus"], seen["SipResponseCode"]) == (status, sip)
    assert "Duration" not in seen.params
    assert stage.at("/out") == []


def test_a_call_cancelled_while_queued_fires_no_status_callback(stage: Stage) -> None:
    stage.call_out("+13125550180")
    sid = stage.call_out("+13125550181", status_callback=f"{BASE}/progress")
    stage.twilio.calls(sid).update(status="canceled")
    stage.net.advance(10)
    assert stage.twilio.calls(sid).fetch().status == "canceled"
    assert stage.at("/progress") == []
    assert not stage.net.phone("+13125550181").ringing


def test_a_call_cancelled_while_ringing_is_reported(stage: Stage) -> None:
    sid = stage.call_out("+13125550181", status_callback=f"{BASE}/progress")
    stage.net.advance(5)
    assert stage.net.phone("+13125550181").ringing
    stage.twilio.calls(sid).update(status="canceled")
    stage.net.run_due()
    assert stage.one("/progress")["CallStatus"] == "canceled"
    assert not stage.net.phone("+13125550181").ringing


def test_rest_created_calls_leave_one_a_second(stage: Stage) -> None:
    for number in ("+13125550181", "+13125550182", "+13125550183"):
        stage.call_out(number)
    queued = [call.queue_time for call in reversed(stage.twilio.calls.list())]
    stage.net.advance(30)
    rings = [(trace.at - START).total_seconds() for trace in stage.net.trace if trace.kind == "ring"]
    assert rings == [1, 2, 3]
    assert queued == ["0", "1000", "2000"]


def test_a_browser_is_rung_like_a_phone(stage: Stage) -> None:
    stage.phone("client:ana", "answer")
    line = stage.call('<Dial callerId="client:line"><Client>ana</Client></Dial>')
    stage.net.advance(10)
    assert line.connected_to == {"client:ana"}
    assert heard(line, "ring") == ["", ""]
