"""11.1 E: REST redirect during Dial."""

from tests.simulator.contract.scenes import AGENT
from tests.simulator.stage import BASE, Stage, heard


def test_a_rest_redirect_during_dial_asks_the_action_ignores_it_then_plays_the_new_document(stage: Stage) -> None:
    """E: "T> Dial action DialCallStatus=completed (reply ignored); T> /new. Child gets completed callback."."""
    stage.page("/after", "<Hangup/>")
    stage.page("/new", "<Say>something else</Say><Pause length='20'/>")
    line = stage.call(f'<Dial action="/after"><Number statusCallback="/leg">{AGENT}</Number></Dial>')
    stage.net.advance(3)
    far = stage.net.phone(AGENT).answer()
    stage.net.advance(10)
    stage.twilio.calls(line.call_sid).update(url=f"{BASE}/new")
    stage.net.advance(1)
    assert stage.one("/after")["DialCallStatus"] == "completed"
    assert stage.one("/after")["DialCallDuration"] == "10"
    assert stage.paths().index("/after") < stage.paths().index("/new")
    assert stage.one("/leg")["CallStatus"] == "completed"
    assert far.state == "completed"
    assert heard(line) == ["something else"]
