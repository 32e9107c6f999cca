"""Enqueue: waiting callers hear their place, again and again (Twilio: Enqueue)."""

from flask import Flask, request
from twilio.twiml.voice_response import VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)
results: list[tuple[str, str]] = []


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.enqueue("support", action="/left", wait_url="/wait")
    return xml(response)


@app.post("/wait")
def wait() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say(f"You are number {request.form['QueuePosition']} in line.")
    response.play("https://music.example/calm.mp3")
    return xml(response)


@app.post("/left")
def left() -> tuple[str, dict[str, str]]:
    results.append((request.form["QueueResult"], request.form["QueueTime"]))
    return xml(VoiceResponse())


def test_a_caller_hears_how_the_line_moves() -> None:
    net = connected(app)
    results.clear()
    first, second = call(net), call(net, "+13125550198")
    assert heard(second) == ["You are number 2 in line."]
    net.advance(3)
    first.hang_up()
    net.advance(3)
    assert heard(second)[-1] == "You are number 1 in line."
    assert results == [("hangup", "3")]
