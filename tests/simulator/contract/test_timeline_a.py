"""11.1 A: inbound, menu, agent no answer, voicemail. Steps may interleave in any order."""

from tests.simulator.contract.scenes import AGENT
from tests.simulator.stage import FOUR_EVENTS, Stage

DIAL = (
    f'<Dial timeout="20" action="/after"><Number url="/screen" statusCallback="/leg" '
    f'statusCallbackEvent="{FOUR_EVENTS}">{AGENT}</Number></Dial>'
)


def test_a_menu_an_agent_who_does_not_answer_and_a_voicemail(stage: Stage) -> None:
    """A.1-6: prompt, silence, redirect, key, Dial with no answer after 20 + 5 s, Record, caller hangs up."""
    menu = '<Gather numDigits="1" action="/menu"><Say>press two for a person</Say></Gather>'
    stage.page("/menu", lambda seen: menu if "retry" in seen.params else DIAL)
    stage.page("/after", '<Say>leave a message</Say><Record action="/vm" recordingStatusCallback="/rec"/>')
    line = stage.call(f"{menu}<Redirect>/menu?retry=1</Redirect>")
    assert stage.one("/voice")["CallStatus"] == "ringing"
    stage.net.advance(7)
    (retry,) = stage.at("/menu")
    assert (retry["CallStatus"], "Digits" in retry.params) == ("in-progress", False)
    line.press("2")
    stage.net.run_due()
    assert stage.at("/menu")[1]["Digits"] == "2"
    stage.net.advance(27)
    legs = [(seen["CallStatus"], seen["SequenceNumber"]) for seen in stage.at("/leg")]
    assert legs == [("initiated", "0"), ("ringing", "1"), ("no-answer", "2")]
    assert (stage.at("/leg")[2].at - stage.at("/leg")[1].at).total_seconds() == 25
    after = stage.one("/after")
    assert (after["DialCallStatus"], after["DialBridged"]) == ("no-answer", "false")
    assert after["DialCallSid"] == stage.at("/leg")[0]["CallSid"]
    stage.net.advance(5)
    line.hang_up()
    stage.net.advance(5)
    assert (stage.one("/vm")["Digits"], stage.one("/vm")["CallStatus"]) == ("hangup", "completed")
    assert stage.one("/status")["CallStatus"] == "completed"
    assert stage.one("/rec")["RecordingStatus"] == "completed"
