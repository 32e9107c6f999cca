"""11.1 B: screening answered by a voicemail box."""

import pytest

from tests.simulator.contract.scenes import AGENT
from tests.simulator.stage import Stage


@pytest.mark.parametrize(("ending", "bridged"), [("<Hangup/>", "false"), ("", "true")])
def test_screening_answered_by_a_voicemail_box_is_bridged_unless_it_ends_with_hangup(
    stage: Stage, ending: str, bridged: str
) -> None:
    """B.2: "document reaches Hangup; child ends; DialBridged=false"; B.3: "parties are bridged to the recorder"."""
    stage.phone(AGENT, "voicemail")
    stage.page("/screen", f'<Gather numDigits="1" action="/accept" timeout="5"><Say>press one</Say></Gather>{ending}')
    stage.page("/after", "<Hangup/>")
    line = stage.call(f'<Dial action="/after" timeout="30"><Number url="/screen">{AGENT}</Number></Dial>')
    stage.net.advance(28)
    assert stage.one("/screen")["ParentCallSid"] == line.call_sid
    assert (line.connected_to == {AGENT}) is (bridged == "true")
    stage.net.advance(120)
    assert stage.one("/after")["DialBridged"] == bridged
