"""The two calls of the demo."""

from __future__ import annotations

from datetime import timedelta

from ivr.calls.talks import TALKED_AFTER
from ivr.directory.organisation import Organisation
from ivr.oncall.pin_rules import DEMO_PIN
from ivr.rotas.live import read_live_rotas
from rehearsals.demo.installation import Demo
from rehearsals.demo.stage import Stage
from routing import rota

CALLER = "+13125550199"
SECOND_CALLER = "+13125550198"
PRACTICE = "+13125550100"
PATIENTS = {"Pat Ellis": CALLER, "Sam Rivera": SECOND_CALLER}
"""Who they are on the page of the phones; Sunline does not know."""
TALK = TALKED_AFTER + timedelta(seconds=5)


def can_be_played(organisation: Organisation) -> bool:
    """Whether a configuration has the practice, the number and the agent of these calls."""
    has_practice = "maple" in organisation.practices and PRACTICE in organisation.numbers
    return has_practice and "ana" in organisation.agents


def answered_in_manila(stage: Stage, demo: Demo) -> None:
    """01:00 in Chicago: a new patient wants an appointment, and it is afternoon in Manila."""
    agent = demo.organisation.agent("ana").contact
    stage.dials(CALLER, PRACTICE)
    stage.hears(CALLER, "For English")
    stage.sim.press(CALLER, "1")
    stage.hears(CALLER, "For a person")
    stage.sim.say(CALLER, "I would like to make an appointment")
    stage.hears(CALLER, "new to us")
    stage.sim.press(CALLER, "2")
    stage.rings(agent)
    stage.sim.answer(agent)
    stage.hears(agent, "To take the call")
    stage.sim.press(agent, "1")
    stage.joined(CALLER, agent)
    stage.sim.say(agent, "Good morning, this is Ana at Maple Family Medicine. How can I help?")
    stage.sim.say(CALLER, "Good morning. I would like to see a doctor next week.")
    talk(stage, demo)
    stage.sim.hang_up(CALLER)
    stage.over(agent)


def second_clinician(stage: Stage, demo: Demo) -> None:
    """A red flag at night: 911 words at once, the first clinician does not answer, the second does."""
    first, second = (demo.organisation.person(name).voice for name in on_call(demo))
    stage.sim.behave(first, "ignore")
    stage.dials(SECOND_CALLER, PRACTICE)
    stage.hears(SECOND_CALLER, "For English")
    stage.sim.press(SECOND_CALLER, "1")
    stage.hears(SECOND_CALLER, "For a nurse")
    stage.sim.press(SECOND_CALLER, "1")
    stage.hears(SECOND_CALLER, "what is wrong")
    stage.sim.say(SECOND_CALLER, "my chest feels tight and my arm hurts")
    stage.hears(SECOND_CALLER, "hang up and dial 911")
    stage.rings(first)
    stage.hears(SECOND_CALLER, "still with you")
    with stage.hurrying():
        stage.rings(second)
    stage.sim.answer(second)
    stage.hears(second, "Enter your PIN")
    stage.sim.press(second, f"{DEMO_PIN}#")
    stage.hears(second, "To accept")
    stage.sim.press(second, "1")
    stage.joined(SECOND_CALLER, second)
    stage.sim.say(second, "This is the clinician on call. I have read what you told us. Are you alone?")
    talk(stage, demo)
    stage.sim.hang_up(SECOND_CALLER)
    stage.over(second)
    stage.sim.behave(first, "manual")


def talk(stage: Stage, demo: Demo) -> None:
    """Let those who are connected talk: whoever hangs up sooner counts as cut off."""
    enough = demo.services.clock.now() + TALK
    with stage.hurrying():
        stage.until("the talk to last for a while", lambda: demo.services.clock.now() >= enough)


def on_call(demo: Demo) -> tuple[str, str]:
    """Who is on call for the practice now, and who is next."""
    at = demo.services.clock.now()
    whose = read_live_rotas(demo.services.database, demo.organisation, at).on_call_for("maple").rota
    first = rota.on_call(whose, at)
    return first, rota.next_on_call(whose, at) or first
