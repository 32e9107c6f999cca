"""Start and Stop: a call is streamed and written down beside its document (Twilio: Stream, Transcription)."""

import json

from flask import Flask, request
from twilio.twiml.voice_response import Start, Stop, VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml

app = Flask(__name__)
events: list[str] = []
said: list[str] = []


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    start = Start()
    start.stream(name="everything", url="wss://media.example/audio", status_callback="/stream")
    start.transcription(track="inbound_track", status_callback_url="/text")
    response.append(start)
    response.say("Tell us what happened.")
    response.pause(length=8)
    stop = Stop()
    stop.stream(name="everything")
    response.append(stop)
    response.say("Thank you.")
    return xml(response)


@app.post("/stream")
def stream() -> tuple[str, int]:
    events.append(request.form["StreamEvent"])
    return "", 204


@app.post("/text")
def text() -> tuple[str, int]:
    if request.form["TranscriptionEvent"] == "transcription-content":
        said.append(json.loads(request.form["TranscriptionData"])["transcript"])
    return "", 204


def test_the_stream_ends_where_the_document_says_and_the_words_arrive() -> None:
    net = connected(app)
    events.clear()
    said.clear()
    line = call(net)
    net.advance(3)
    line.say("I fell down the stairs")
    net.advance(3)
    assert (said, events) == (["I fell down the stairs"], ["stream-started"])
    net.advance(4)
    assert (events, line.state) == (["stream-started", "stream-stopped"], "in-progress")
