"""Pause: ten seconds of silence between two sentences (Twilio: Pause)."""

from flask import Flask
from twilio.twiml.voice_response import VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say("Take a deep breath.")
    response.pause(length=10)
    response.say("How do you feel now?")
    return xml(response)


def test_the_second_sentence_comes_ten_seconds_after_the_first() -> None:
    net = connected(app)
    line = call(net)
    net.advance(11)
    assert heard(line) == ["Take a deep breath."]
    net.advance(2)
    assert heard(line) == ["Take a deep breath.", "How do you feel now?"]
