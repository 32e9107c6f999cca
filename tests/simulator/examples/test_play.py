"""Play: a tune from a file, then an extension sent as keys (Twilio: Play)."""

import io
import wave

from flask import Flask, Response
from twilio.twiml.voice_response import VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml

app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.play("/tune.wav", loop=2)
    response.play("", digits="ww3")
    return xml(response)


@app.get("/tune.wav")
def tune() -> Response:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(2 * 8000 * 4))
    return Response(file.getvalue(), mimetype="audio/x-wav")


def test_the_caller_hears_the_tune_twice_and_then_the_key() -> None:
    net = connected(app)
    line = call(net)
    net.advance(20)
    played = [sound for sound in line.heard if sound.kind == "play"]
    assert [(sound.until - sound.at).total_seconds() for sound in played] == [4, 4, 1.25]
    assert played[-1].text == "digits:ww3"
