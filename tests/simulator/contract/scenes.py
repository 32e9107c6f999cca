"""Callers, agents and called phones as the tests of section 3 need them."""

from typing import Any

from phonesim import Line
from tests.simulator.stage import Stage

CALLER, AGENT, DOCTOR, NURSE = "+13125550199", "+13125550171", "+13125550181", "+13125550182"
WAIT = "<Say>you are being connected soon..</Say><Pause length='8'/>"


def dial(stage: Stage, inside: str = DOCTOR, attributes: str = 'action="/after"', rest: str = "") -> Line:
    stage.page("/after", "<Say>and so it ended</Say><Pause length='30'/>")
    line = stage.call(f"<Dial {attributes}>{inside}</Dial>{rest}")
    stage.net.advance(2)
    return line


def wait(stage: Stage, document: str = WAIT, attributes: str = 'waitUrl="/wait"', who: str = CALLER) -> Line:
    stage.page("/wait", document)
    stage.page("/q", "<Say>out of the queue</Say><Pause length='60'/>")
    return stage.call(f'<Enqueue action="/q" {attributes}>triage</Enqueue>', who)


def agent(stage: Stage, noun: str = "<Queue>triage</Queue>", attributes: str = 'action="/done"') -> Line:
    stage.page("/done", "<Say>next please</Say><Pause length='60'/>")
    return stage.call(f"<Dial {attributes}>{noun}</Dial>", AGENT)


def queue(stage: Stage) -> Any:
    return stage.twilio.queues.list()[0]
