"""Hangup: the call ends where the document says so (Twilio: Hangup)."""

from flask import Flask
from twilio.twiml.voice_response import VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say("Goodbye.")
    response.hangup()
    response.say("Nobody hears this.")
    return xml(response)


def test_nothing_is_heard_after_goodbye() -> None:
    net = connected(app)
    line = call(net)
    net.advance(10)
    assert (heard(line), line.state) == (["Goodbye."], "completed")
