"""Reject: an unwanted caller gets a busy tone, unanswered and unbilled (Twilio: Reject)."""

from flask import Flask, request
from twilio.twiml.voice_response import VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

UNWANTED = "+13125550166"
app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    if request.form["From"] == UNWANTED:
        response.reject(reason="busy")
    else:
        response.say("Hello.")
    return xml(response)


def test_the_unwanted_caller_hears_busy() -> None:
    line = call(connected(app), UNWANTED)
    assert (line.state, heard(line, "tone"), line.leg.seconds) == ("busy", ["busy"], 0)


def test_everybody_else_is_welcome() -> None:
    assert heard(call(connected(app))) == ["Hello."]
