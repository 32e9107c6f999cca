"""Dial Queue: an agent takes the caller who waits longest, who is told first (Twilio: Queue)."""

from flask import Flask, request
from twilio.twiml.voice_response import Dial, VoiceResponse

from tests.simulator.examples.exchange import CALLER, COLLEAGUE, call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    if request.form["From"] == COLLEAGUE:
        dial = Dial()
        dial.queue("support", url="/about")
        response.append(dial)
    else:
        response.enqueue("support")
    return xml(response)


@app.post("/about")
def about() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say(f"Thank you for waiting {request.form['QueueTime']} seconds.")
    return xml(response)


def test_the_agent_gets_the_first_caller_after_a_word_to_him() -> None:
    net = connected(app)
    first, second = call(net, CALLER), call(net, "+13125550198")
    net.advance(30)
    agent = call(net, COLLEAGUE)
    assert heard(first) == ["Thank you for waiting 30 seconds."]
    net.advance(4)
    assert (agent.connected_to, second.connected_to) == ({CALLER}, set())
    assert second.heard[-1].kind == "music"
