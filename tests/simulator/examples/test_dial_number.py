"""Dial Number: whoever answers first and presses a key gets the call (Twilio: Dial, Number)."""

from flask import Flask, request
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from phonesim import Line, Network
from tests.simulator.examples.exchange import CALLER, COLLEAGUE, call, connected, xml
from tests.simulator.stage import heard

SECOND = "+13125550182"
app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    dial = Dial(action="/done", timeout=15)
    dial.number(COLLEAGUE, url="/screen")
    dial.number(SECOND, url="/screen")
    response.append(dial)
    return xml(response)


@app.post("/screen")
def screen() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    gather = Gather(action="/accepted", num_digits=1)
    gather.say("A caller from the website. Press any key to take the call.")
    response.append(gather)
    response.hangup()
    return xml(response)


@app.post("/accepted")
def accepted() -> tuple[str, dict[str, str]]:
    return xml(VoiceResponse())


@app.post("/done")
def done() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say("Goodbye." if request.form["DialBridged"] == "true" else "Nobody is free. Please call again.")
    return xml(response)


def ringing() -> tuple[Network, Line]:
    net = connected(app)
    line = call(net)
    net.advance(2)
    return net, line


def test_the_first_who_takes_the_call_talks_to_the_caller() -> None:
    net, line = ringing()
    far = net.phone(SECOND).answer()
    net.advance(1)
    assert not net.phone(COLLEAGUE).ringing
    far.press("5")
    net.run_due()
    assert (line.connected_to, far.connected_to) == ({SECOND}, {CALLER})
    far.hang_up()
    net.run_due()
    assert heard(line) == ["Goodbye."]


def test_a_mailbox_never_gets_the_caller() -> None:
    net, line = ringing()
    net.phone(COLLEAGUE).answer()
    net.advance(30)
    assert heard(line) == ["Nobody is free. Please call again."]
