"""Dial Application: another application takes over the conversation, and gives a value back (Twilio: Application)."""

from flask import Flask, request
from twilio.twiml.voice_response import Application, Dial, Gather, Hangup, VoiceResponse

from tests.simulator.examples.exchange import call, connected, rest, xml
from tests.simulator.stage import BASE, heard

app = Flask(__name__)
app.config["survey"] = ""


@app.post("/answer")
def answer() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    dial = Dial(action="/done")
    application = Application()
    application.application_sid(app.config["survey"])
    application.parameter(name="visit", value="17")
    dial.append(application)
    response.append(dial)
    return xml(response)


@app.post("/done")
def done() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    response.say(f"You gave us {request.form['ReturnParam_stars']} stars.")
    return xml(response)


@app.post("/survey")
def survey() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    gather = Gather(action="/stars", num_digits=1)
    gather.say(f"How was visit {request.form['Param_visit']}?")
    response.append(gather)
    return xml(response)


@app.post("/stars")
def stars() -> tuple[str, dict[str, str]]:
    response = VoiceResponse()
    hangup = Hangup()
    hangup.parameter(name="stars", value=request.form["Digits"])
    response.append(hangup)
    return xml(response)


def test_the_survey_asks_and_its_answer_comes_back() -> None:
    net = connected(app)
    app.config["survey"] = rest(net).applications.create(voice_url=f"{BASE}/survey").sid
    line = call(net)
    net.advance(3)
    assert heard(line) == ["How was visit 17?"]
    line.press("4")
    net.run_due()
    assert heard(line)[-1] == "You gave us 4 stars."
