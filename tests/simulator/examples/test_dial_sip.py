"""Dial Sip: a desk phone is called with a header, and its reply decides (Twilio: Sip)."""

from flask import Flask, request
from twilio.twiml.voice_response import Dial, VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

DESK = "sip:desk@clinic.example"
app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    dial = Dial(action="/done")
    dial.sip(f"{DESK}?X-Patient=known", username="clinic", password="not used here")
    response.append(dial)
    return xml(response)


@app.post("/done")
def done() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    busy = request.form["DialSipResponseCode"] == "486"
    response.say("The desk is busy." if busy else "Goodbye.")
    return xml(response)


def test_the_desk_sees_the_header() -> None:
    net = connected(app)
    line = call(net)
    net.advance(2)
    desk = net.phone(DESK).answer()
    net.run_due()
    assert (desk.told, line.connected_to) == ({"X-Patient": "known"}, {DESK})


def test_a_busy_desk_is_told_apart_by_its_response_code() -> None:
    net = connected(app)
    net.phone(DESK).behaviour = "busy"
    line = call(net)
    net.advance(2)
    assert heard(line) == ["The desk is busy."]
