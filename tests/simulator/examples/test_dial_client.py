"""Dial Client: a browser is called and told who calls (Twilio: Client)."""

from flask import Flask, request
from twilio.twiml.voice_response import Client, Dial, VoiceResponse

from tests.simulator.examples.exchange import CALLER, call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)
progress: list[str] = []


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    dial = Dial()
    client = Client(status_callback="/progress", status_callback_event="ringing answered completed")
    client.identity("ana")
    client.parameter(name="reason", value="refill")
    dial.append(client)
    response.append(dial)
    response.say("Ana is not there.")
    return xml(response)


@app.post("/progress")
def note() -> tuple[str, int]:
    progress.append(request.form["CallStatus"])
    return "", 204


def test_the_browser_rings_with_its_parameters_and_talks() -> None:
    net = connected(app)
    progress.clear()
    line = call(net)
    net.advance(2)
    browser = net.phone("client:ana").answer()
    net.run_due()
    assert browser.told == {"reason": "refill"}
    assert browser.connected_to == {CALLER}
    browser.hang_up()
    net.run_due()
    assert progress == ["ringing", "in-progress", "completed"]
    assert heard(line) == ["Ana is not there."]
