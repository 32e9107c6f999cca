"""Say: a greeting in two languages, the second one repeated (Twilio: Say)."""

from flask import Flask
from twilio.twiml.voice_response import Say, VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    greeting = Say("Good morning.", voice="Polly.Joanna")
    greeting.break_(time="2s")
    greeting.emphasis("Welcome!", level="strong")
    response.append(greeting)
    response.say("Bienvenue.", language="fr-FR", loop=2)
    return xml(response)


def test_the_caller_hears_both_languages_and_is_hung_up() -> None:
    net = connected(app)
    line = call(net)
    net.advance(10)
    assert heard(line) == ["Good morning. Welcome!", "Bienvenue.", "Bienvenue."]
    assert [sound.language for sound in line.heard if sound.kind == "say"] == ["en-US", "fr-FR", "fr-FR"]
    first = next(sound for sound in line.heard if sound.kind == "say")
    assert (first.until - first.at).total_seconds() > 3
    assert line.state == "completed"
