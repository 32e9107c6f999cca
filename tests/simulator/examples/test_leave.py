"""Leave: a key takes the caller out of the line and to a mailbox (Twilio: Leave)."""

from flask import Flask
from twilio.twiml.voice_response import Gather, VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.enqueue("support", wait_url="/wait")
    response.say("Please leave a message instead.")
    return xml(response)


@app.post("/wait")
def wait() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    gather = Gather(action="/pressed", num_digits=1)
    gather.say("Press any key to stop waiting.")
    response.append(gather)
    return xml(response)


@app.post("/pressed")
def pressed() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.leave()
    return xml(response)


def test_who_presses_a_key_goes_on_after_the_queue() -> None:
    net = connected(app)
    line = call(net)
    net.advance(10)
    line.press("7")
    net.run_due()
    assert heard(line)[-1] == "Please leave a message instead."
    assert net.find_queue("support").waiting == []
