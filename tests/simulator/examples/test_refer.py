"""Refer: a desk phone is sent elsewhere, and comes back when nobody answers there (Twilio: Refer)."""

from flask import Flask, request
from twilio.twiml.voice_response import Refer, VoiceResponse

from phonesim import Network
from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

DESK = "sip:desk@clinic.example"
app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    refer = Refer(action="/referred")
    refer.sip("sip:specialist@hospital.example?X-Reason=second-opinion")
    response.append(refer)
    return xml(response)


@app.post("/referred")
def referred() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    moved = request.form.get("ReferCallStatus") == "in-progress"
    response.say("You are connected." if moved else "The specialist is busy.")
    return xml(response)


def transferred(net: Network) -> list[str]:
    line = call(net, DESK)
    net.advance(2)
    return heard(line)


def test_a_transfer_that_works() -> None:
    assert transferred(connected(app)) == ["You are connected."]


def test_a_transfer_to_somebody_busy() -> None:
    net = connected(app)
    net.phone(DESK).refer_codes = (202, 486)
    assert transferred(net) == ["The specialist is busy."]
