"""Gather: an account number on the keypad, or the name of a department by voice (Twilio: Gather)."""

from flask import Flask, request
from twilio.twiml.voice_response import Gather, VoiceResponse

from phonesim import Line, Network
from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    gather = Gather(input="dtmf speech", action="/entered", hints="billing, appointments", speech_timeout="2")
    gather.say("Enter your account number and press pound, or say the department.")
    response.append(gather)
    response.say("We heard nothing. Goodbye.")
    return xml(response)


@app.post("/entered")
def entered() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    spoken = request.form.get("SpeechResult")
    response.say(f"You said {spoken}." if spoken else f"Your account is {request.form['Digits']}.")
    return xml(response)


def ready() -> tuple[Network, Line]:
    net = connected(app)
    line = call(net)
    net.advance(1)
    return net, line


def test_an_account_number_is_read_back() -> None:
    net, line = ready()
    line.press("4711#")
    net.advance(1)
    assert heard(line)[-1] == "Your account is 4711."


def test_a_department_is_understood_by_its_hint() -> None:
    net, line = ready()
    line.say("building", 0.6, alternatives=[("billing", 0.55)])
    net.advance(5)
    assert heard(line)[-1] == "You said billing."


def test_silence_says_goodbye() -> None:
    net, line = ready()
    net.advance(20)
    assert heard(line)[-1] == "We heard nothing. Goodbye."
    assert line.state == "completed"
