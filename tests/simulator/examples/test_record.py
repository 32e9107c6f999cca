"""Record: a message of at most twenty seconds, ended by star, written down for us (Twilio: Record)."""

from flask import Flask, request
from twilio.twiml.voice_response import VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)
written: list[str] = []


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say("Leave a message after the tone, and press star.")
    response.record(action="/recorded", max_length=20, finish_on_key="*", transcribe=True, transcribe_callback="/text")
    response.say("There was no message.")
    return xml(response)


@app.post("/recorded")
def recorded() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say(f"Thank you for {request.form['RecordingDuration']} seconds.")
    response.hangup()
    return xml(response)


@app.post("/text")
def text() -> tuple[str, int]:
    written.append(request.form["TranscriptionText"])
    return "", 204


def test_a_message_is_thanked_for_and_written_down() -> None:
    net = connected(app)
    written.clear()
    line = call(net)
    net.advance(4)
    line.say("please call me back about my results")
    net.advance(4)
    line.press("*")
    net.run_due()
    assert [sound.kind for sound in line.heard] == ["ring", "say", "beep", "say"]
    assert heard(line)[-1] == "Thank you for 4 seconds."
    net.advance(20)
    assert written == ["please call me back about my results"]
    assert len(net.recordings) == 1
