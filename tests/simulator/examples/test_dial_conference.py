"""Dial Conference: guests wait with music until the moderator comes, and leave when she leaves (Twilio: Conference)."""

from flask import Flask, request
from twilio.twiml.voice_response import Dial, VoiceResponse

from tests.simulator.examples.exchange import CALLER, COLLEAGUE, call, connected, xml

GUEST = "+13125550198"
app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    moderator = request.form["From"] == COLLEAGUE
    response = VoiceResponse()
    dial = Dial()
    dial.conference("Room 12", start_conference_on_enter=moderator, end_conference_on_exit=moderator)
    response.append(dial)
    response.say("The meeting is over.")
    return xml(response)


def test_the_moderator_starts_and_ends_the_conference() -> None:
    net = connected(app)
    first, second = call(net, CALLER), call(net, GUEST)
    assert (first.connected_to, first.heard[-1].kind) == (set(), "music")
    moderator = call(net, COLLEAGUE)
    assert moderator.connected_to == {CALLER, GUEST}
    assert first.connected_to == {GUEST, COLLEAGUE}
    moderator.hang_up()
    net.advance(3)
    assert second.heard[-1].text == "The meeting is over."
    assert (first.state, second.state) == ("completed", "completed")
