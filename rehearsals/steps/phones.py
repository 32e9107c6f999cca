"""Phones that ring, are answered or not, and are put down."""

from __future__ import annotations

from datetime import timedelta

from phonesim.phone import take_message
from rehearsals import reading
from rehearsals.cast import CALLER
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import PATIENCE, Stage, seconds
from rehearsals.steps.kinds import step

TO_THE_PHONE = timedelta(seconds=3)
LONGEST_RING = timedelta(minutes=10)


@step("page goes to", reading.person, within=reading.duration)
def page_goes_to(stage: Stage, asked: Step) -> None:
    """A clinician's phone rings."""
    if asked.value not in stage.cast.clinicians:
        raise Unmet(f"{asked.value} to be paged", f"{asked.value} is no clinician")
    stage.claim_ring(asked.value, asked.options.get("within"))


@step("call is offered to", reading.person, within=reading.duration)
def call_is_offered_to(stage: Stage, asked: Step) -> None:
    """An agent's phone rings."""
    if asked.value not in stage.cast.agents:
        raise Unmet(f"{asked.value} to be offered the call", f"{asked.value} is no agent")
    stage.claim_ring(asked.value, asked.options.get("within"))


@step("{who}'s phone rings", within=reading.duration)
def phone_rings(stage: Stage, asked: Step) -> None:
    """Anybody's phone rings: the patient's at a call-back, an interpreter's, the house's as a last resort."""
    stage.claim_ring(asked.who, asked.options.get("within"))


@step("nobody else answers")
def nobody_else_answers(stage: Stage, _asked: Step) -> None:
    """From now on phones may ring that are not mentioned; they are not answered."""
    stage.others_may_ring = True


@step("{who} answers", acts=True)
def answers(stage: Stage, asked: Step) -> None:
    """Somebody picks up, after a moment."""
    _ringing(stage, asked.who)
    if not stage.at_once:
        stage.until(lambda: not stage.phone(asked.who).ringing, TO_THE_PHONE)
        _ringing(stage, asked.who)
    stage.phone(asked.who).answer()
    stage.settle()


@step("{who} does not answer")
def does_not_answer(stage: Stage, asked: Step) -> None:
    """The phone rings until somebody gives up."""
    _ringing(stage, asked.who)
    if not stage.until(lambda: not stage.phone(asked.who).ringing, LONGEST_RING):
        raise Unmet(f"the call to {asked.who} to be given up", f"it still rings after {seconds(LONGEST_RING)}")


@step("{who}'s phone stops ringing", within=reading.duration)
def phone_stops_ringing(stage: Stage, asked: Step) -> None:
    """We give the call up."""
    within = asked.options.get("within", PATIENCE)
    if not stage.until(lambda: not stage.phone(asked.who).ringing, within):
        raise Unmet(f"{asked.who}'s phone to stop ringing within {seconds(within)}", "it still rings")


@step("{who} declines", acts=True)
def declines(stage: Stage, asked: Step) -> None:
    """The ringing call is refused on the phone."""
    _ringing(stage, asked.who)
    stage.phone(asked.who).decline()
    stage.settle()


@step("{who}'s voicemail answers")
def voicemail_answers(stage: Stage, asked: Step) -> None:
    """A machine picks up, speaks its greeting, records, and presses no key."""
    _ringing(stage, asked.who)
    patience = timedelta(seconds=stage.net.options.voicemail_answers_after)
    stage.until(lambda: not stage.phone(asked.who).ringing, patience)
    _ringing(stage, asked.who)
    take_message(stage.phone(asked.who).answer().leg)
    stage.world.settle()


@step("{who} hangs up", acts=True)
def hangs_up(stage: Stage, asked: Step) -> None:
    """The phone is put down."""
    stage.line(asked.who).hang_up()
    stage.settle()


@step("{who}'s line breaks", acts=True)
def line_breaks(stage: Stage, asked: Step) -> None:
    """The connection is lost, in a tunnel or by a flat battery: nobody puts the phone down."""
    stage.line(asked.who).lose()
    stage.settle()


@step("{who}'s phone is", reading.phone_state, acts=True)
def phone_is(stage: Stage, asked: Step) -> None:
    """From now on the phone is engaged, switched off or out of reach, and does not ring; or free again, and rings."""
    stage.phone(asked.who).behaviour = reading.PHONE_STATES[asked.value]


@step("{who} is called in vain", within=reading.duration)
def called_in_vain(stage: Stage, asked: Step) -> None:
    """A call of ours to a phone that is engaged, switched off or out of reach comes to its end without a ring."""
    within = asked.options.get("within", PATIENCE)
    if not stage.until(lambda: stage.claim_vain_call(asked.who), within):
        raise Unmet(f"{asked.who} to be called in vain within {seconds(within)}", stage.how_called(asked.who))


@step("{who}'s call ends", within=reading.duration)
def call_ends(stage: Stage, asked: Step) -> None:
    """We hang up on them."""
    within = asked.options.get("within", PATIENCE)
    if not stage.until(lambda: stage.phone(asked.who).line is None, within):
        raise Unmet(f"{asked.who}'s call to end within {seconds(within)}", "it goes on")


@step("{who} calls again", acts=True)
def calls_again(stage: Stage, asked: Step) -> None:
    """The caller dials the same number once more."""
    if asked.who != CALLER:
        raise Unmet("the caller to call again", f"{asked.who} has not called")
    stage.call_comes_in()


@step("{who} phones", reading.number, acts=True, from_=reading.number)
def phones(stage: Stage, asked: Step) -> None:
    """Another party calls a number of ours."""
    stage.dial(asked.who, asked.value)


def _ringing(stage: Stage, who: str) -> None:
    if not stage.phone(who).ringing:
        raise Unmet(f"{who}'s phone to be ringing", "it does not ring")
