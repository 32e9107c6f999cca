"""Redirect: the call goes on with another document, and what follows is never reached (Twilio: Redirect)."""

from flask import Flask, request
from twilio.twiml.voice_response import VoiceResponse

from tests.simulator.examples.exchange import call, connected, xml
from tests.simulator.stage import heard

app = Flask(__name__)


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say("One moment.")
    response.redirect("/menus/evening?from=answer", method="GET")
    response.say("Nobody hears this.")
    return xml(response)


@app.get("/menus/evening")
def evening() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say("The office is closed.")
    if request.args["from"] == "answer":
        response.redirect("?from=itself", method="GET")
    return xml(response)


def test_the_caller_hears_the_second_document_twice() -> None:
    net = connected(app)
    line = call(net)
    net.advance(10)
    assert heard(line) == ["One moment.", "The office is closed.", "The office is closed."]
