"""The rule that nothing is said that is not so.

:data:`CLAIMS` has, for each prompt that claims something, the condition under which it is true. It is judged by what
came back from the world and what was done in it (:class:`Known`), not by the code that chose the words, and at the
moment at which they are heard: when the flow next waits for somebody. What a prompt says we are about to do
(:data:`INTENDED`) may come a question later, but before the caller waits. A key that a prompt offers
(:data:`KEYS` of ``offered_keys.py``) must have its effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from callflows.proof.events import Answered, Event, changed, effect_of, hung_up, need, prompts_of, taken_over
from callflows.proof.known_world import Known, after_answer, after_effect, forget
from callflows.proof.offered_keys import KEYS
from callflows.values import Call, Offer
from callflows.vocabulary import (
    Ask,
    AskCode,
    AskPin,
    AwaitCode,
    DialHelpLine,
    DialHouse,
    Effect,
    LeaveMessage,
    Outcome,
    Pressed,
    Request,
    Wait,
    WaitOnHold,
    WithPerson,
)

HEARD = (Ask, AskPin, LeaveMessage, Wait, WithPerson, DialHouse, DialHelpLine, Outcome)
"""What a flow comes to when its words are heard: it waits for somebody, or ends."""
COMPANY = (Wait, WithPerson, DialHouse, DialHelpLine, Outcome)
"""By when what was said to be about to happen must be under way."""


Claim = Callable[[Known], bool]


def _news(*wanted: str) -> Claim:
    return lambda known: known.news[: len(wanted)] == wanted


def _promise(*kinds: str) -> Claim:
    return lambda known: known.promised in kinds and known.reachable


def _in_vain(*why: str) -> Claim:
    return lambda known: known.vain in why


def _was_cut_short_of(known: Known, *roles: str) -> bool:
    """Whether a line broke before both had talked: that of one of these roles, where any is named."""
    cut = known.news[:1] == ("left",) and known.news[2:] == ("cut short",)
    return cut and (not roles or known.news[1] in roles)


def _is_matched(wanted: bool) -> Claim:
    """Whether the records were just asked, and gave that answer."""
    asked = ("patient_match", "representative_match")
    return lambda known: known.news[:1] in ((asked[0],), (asked[1],)) and (known.news[1] == "one") is wanted


CLAIMS: Mapping[str, Claim] = {
    # what a caller hears
    "greeting.kept": _news("kept_place", "yes"),
    "sorry.silence": _news("silence"),
    "sorry.unclear": _news("heard"),
    "identity.read_back": lambda known: known.item == "yes",
    "identity.matched": _is_matched(True),
    "identity.unmatched": _is_matched(False),
    "identity.failed": _is_matched(False),
    "code.sent": lambda known: known.code == "sent" and known.comes is AskCode,
    "code.right": _news("code", "right"),
    "code.wrong": _news("code", "wrong"),
    "code.failed": _news("code", "wrong"),
    "code.over": _news("code", "over"),
    "code.unsent": lambda known: known.code == "unsent" or known.news == ("code", "unsent"),
    "code.checking": lambda known: known.comes is AwaitCode,
    "code.unchecked": lambda known: known.news in (("code", "unchecked"), ("silence",), ("heard",)),
    "closed": lambda known: known.office == "no",
    "symptom.911": lambda known: known.clinician_coming,
    "symptom.clinician": lambda known: known.paging,
    "wait.comfort": lambda known: bool(known.search) and known.comes is Wait,
    "wait.keys": lambda known: known.search == "agent" and known.comes is Wait,
    "wait.clinician": lambda known: known.clinician_coming and known.comes is Wait,
    "wait.still.2": lambda known: known.search == "agent" and known.comes is Wait,
    "wait.in_line": lambda known: known.search == "agent" and known.comes is Wait,
    "wait.nurse.1": lambda known: known.search == "clinician" and known.comes is Wait,
    "wait.nurse.3": lambda known: known.search == "clinician" and known.comes is Wait,
    "wait.clinician.1": lambda known: known.paging and known.comes is Wait,
    "wait.clinician.3": lambda known: known.paging and known.comes is Wait,
    "help.clinician": lambda known: known.news[:1] == ("joined",) and known.comes is WithPerson,
    "help.crisis": lambda known: known.paging,
    "help.poison": lambda known: known.paging,
    "help.connecting": lambda known: known.comes is DialHelpLine,
    "help.back": _news("cut"),
    "help.failed": _news("cut"),
    "where.address": lambda known: known.paging,
    "where.number": lambda known: known.paging and known.urgent_number,
    "wait.house.1": lambda known: known.house_coming,
    "wait.house": lambda known: known.house_coming,
    # No clinician accepted. Whether one answered and passed it on is not known here, so that no words may tell.
    "clinician.none": _in_vain("nobody", "broke"),
    "clinician.promise": lambda known: _promise("urgent-callback")(known) and _has_clinicians(known),
    "person.promise": _promise("urgent-callback"),
    "clinician.no_number": lambda known: bool(known.promised) and not known.reachable,
    "promise.number": lambda known: known.caller_id,
    "promise.anonymous": lambda known: not known.caller_id,
    "promise.confirm": lambda known: known.number == "yes",
    "promise.unfit": lambda known: known.number == "no",
    "promise.in_turn": _promise("callback in turn"),
    "promise.made": _promise("callback"),
    "promise.window": lambda known: _promise("callback")(known) or known.news[:2] == ("granted", "yes"),
    "promise.message": lambda known: known.promised == "message",
    "message.thanks": lambda known: known.message == "left",
    "message.none": lambda known: known.message == "none",
    "person.none": _in_vain("nobody"),
    "person.full": _in_vain("full"),
    "person.broke": _in_vain("broke"),
    "person.left": lambda known: known.news[:1] == ("left",) and (len(known.news) == 2 or known.paging),
    "person.kept": lambda known: known.paging and known.comes is Wait,
    "person.cut": lambda known: (
        (bool(known.news) and known.news[:1] != ("left",) and known.comes in (Ask, Wait)) or _was_cut_short_of(known)
    ),
    "person.clinician_cut": _news("nobody", "clinician-lost"),
    "interpreter.coming": lambda known: known.news in (("interpreter", "yes"), ("joined", "interpreter")),
    "interpreter.none": _news("no-interpreter"),
    "goodbye": lambda known: isinstance(known.told, Call) and not known.accepted and known.comes is Outcome,
    "hold.call_back": lambda known: known.comes is WaitOnHold,
    "hold.promised": _promise("urgent-callback"),
    # what somebody hears whom we rang
    "farewell": lambda known: known.comes is Outcome,
    "called_back": lambda known: isinstance(known.told, Call) and known.told.asked_back,
    "called_back.cut": _news("not-reached"),
    "called_back.again": lambda known: known.news[:1] == ("not-reached",) and known.news[2] == "again",
    "called_back.joining": lambda known: known.accepted and known.comes is WithPerson,
    "offer.urgent": lambda known: known.offered.urgency != "routine",
    "offer.callback": lambda known: known.offered.is_callback,
    "offer.waited": lambda known: isinstance(known.told, Offer) and not known.offered.is_callback,
    "offer.missed": lambda known: known.offered.missed > 0,
    "offer.whisper_interpreted": lambda known: known.offered.interpreter,
    "offer.elsewhere": lambda known: bool(known.offered.patient_state),
    "offer.speaks_for": lambda known: bool(known.offered.relation),
    "offer.joining": lambda known: known.accepted and known.comes is WithPerson,
    "offer.interpreter_coming": lambda known: known.accepted and known.message == "interpreter-asked",
    "offer.gone": _news("granted", "no"),
    "offer.ended": lambda known: known.news[:2] in (("left", "caller"), ("left", "patient")),
    "offer.alone": _news("left"),
    "offer.no_interpreter": _news("no-interpreter"),
    "offer.no_clinician": _news("nobody", "ladder-exhausted"),
    "offer.clinician_cut": _news("nobody", "clinician-lost"),
    "offer.not_reached": lambda known: known.news[:2] == ("not-reached", "rung"),
    "offer.no_number": lambda known: known.news[:2] == ("not-reached", "not rung"),
    "dial_in.wrong": _news("pin", "wrong"),
    "offer.later": _news("not-reached", "rung", "later"),
    "offer.again": lambda known: known.news[:1] == ("not-reached",) and known.news[2] == "again",
    "offer.last_try": lambda known: known.news[:1] == ("not-reached",) and known.news[2] == "given-up",
    "step_out": lambda known: known.held,
    "step_out.alone": lambda known: known.held,
    "step_out.call_off": lambda known: known.held and known.consult == "ringing",
    "step_out.here": lambda known: known.held and known.consult == "here",
    "step_out.calling": lambda known: known.news == ("consult",) and not known.held,
    "step_out.calling_alone": lambda known: known.news == ("consult",) and known.held,
    "step_out.called_off": lambda known: known.consult == "called-off" and not known.held,
    "step_out.code_sent": lambda known: known.code == "sent",
    "step_out.code_right": lambda known: known.code == "right" or known.news == ("code", "right"),
    "step_out.code_wrong": _news("code", "wrong"),
    "step_out.code_over": _news("code", "over"),
    "step_out.code_unsent": lambda known: known.code == "unsent" or known.news == ("code", "unsent"),
    "step_out.checking": lambda known: known.comes is AwaitCode,
    "step_out.code_unchecked": lambda known: known.news in (("code", "unchecked"), ("silence",), ("heard",)),
    "step_out.code_none": lambda known: bool(known.news) and known.news[0] != "code",
    "step_out.codes": lambda known: known.held,
    "step_out.code": lambda known: known.comes is AskCode,
    "house.gone": _news("granted", "no"),
    "drill.confirmed": _news("granted", "yes"),
    "drill.unconfirmed": lambda known: known.news in (("silence",), ("heard",)),
    "drill.gone": _news("granted", "no"),
    "interpreter.joining": lambda known: known.accepted and known.comes is WithPerson,
    "interpreter.gone": _news("granted", "no"),
    "interpreter.ended": lambda known: known.accepted and known.comes is Outcome,
    "listed.code": lambda known: known.paging,
    "listed.wrong": _news("code", "wrong"),
    "listed.failed": _news("code", "wrong"),
    "listed.right": _news("code", "right"),
    "listed.not_now": _news("granted", "no"),
    "listed.hanging_up": lambda known: (
        known.news[:2] == ("granted", "yes") and known.paging and _promise("urgent-callback")(known)
    ),
    "listed.reached": lambda known: known.proof == "reached",
    "page.proof_none": lambda known: known.proof == "none",
    "page.proof_code": lambda known: known.proof == "code",
    "page.proof_rings": lambda known: known.proof == "rings",
    "page.proof_unanswered": lambda known: known.proof == "unanswered",
    "page.proof_reached": lambda known: known.proof == "reached",
    "page.pin_wrong": _news("pin", "wrong"),
    "page.pin_failed": _news("pin", "wrong"),
    "page.elsewhere": lambda known: known.where == "elsewhere",
    "page.unlicensed": lambda known: known.where == "unlicensed",
    "page.unasked": lambda known: known.where == "unasked",
    "page.where_unknown": lambda known: known.where == "unknown",
    "page.dropped": lambda known: (
        _news("granted", "yes", "gone", "number")(known)
        or (_was_cut_short_of(known, "caller", "patient", "") and known.reachable)
    ),
    "page.handed_on": lambda known: known.paging and known.comes is Outcome,
    "page.again": lambda known: known.news[:1] == ("not-reached",) and known.news[2] == "again",
    "page.no_number": _news("granted", "yes", "gone", "no number"),
    "page.unreached": lambda known: known.accepted and not known.reachable,
    "page.held_until": lambda known: known.accepted and known.reachable,
    "page.held": lambda known: known.accepted,
    "page.gone": _news("granted", "no"),
    "page.taken": lambda known: known.accepted and known.comes is WithPerson,
    "page.calls": lambda known: known.calls in ("several", "same"),
    "page.same": lambda known: known.calls == "same",
    "page.next": lambda known: known.calls == "another" and known.comes is Outcome,
}
"""By prompt: whether what it claims is so."""

INTENDED: Mapping[str, Claim] = {
    "symptom.nurse": lambda known: known.search == "clinician",
    "clinician.none": lambda known: known.house_coming,
    "apology": lambda known: known.house_coming,
}
"""By prompt: whether what it says is about to happen is under way."""

CLAIMING, INTENDING = frozenset(CLAIMS), frozenset(INTENDED)


@dataclass(frozen=True, slots=True)
class TrueWords:
    """Every claim is so when it is heard, what is announced happens, and a key that is offered works."""

    known: Known
    said: frozenset[str] = frozenset()
    owed: frozenset[str] = frozenset()
    due: type[Effect] | None = None

    def see(self, event: Event) -> Self:
        """Follow the world, and judge what was said whenever it is heard."""
        if isinstance(event, Answered):
            return self._answer(event)
        said = self.said | prompts_of(event)
        if isinstance(event, HEARD):
            return self._heard(event, said)
        effect = effect_of(event)
        due = None if self.due and isinstance(effect, self.due) else self.due
        return changed(self, said=said, due=due, known=after_effect(self.known, effect))

    def _heard(self, event: Request | Outcome, said: frozenset[str]) -> Self:
        """Judge all that was ``said`` before ``event``, which waits for somebody or ends, and in it."""
        need(self.due is None, f"a key was offered that does not do what it says: no {self.due and self.due.__name__}")
        claimed, owed = said & CLAIMING, self.owed | (said & INTENDING)
        known = changed(self.known, comes=type(event)) if claimed or owed else self.known
        for prompt in claimed:
            need(CLAIMS[prompt](known), f"it is said and is not so: {prompt}")
        if isinstance(event, COMPANY):
            for prompt in owed:
                need(INTENDED[prompt](known), f"it is announced and does not happen: {prompt}")
            owed = frozenset()
        return changed(self, said=frozenset(), owed=owed, known=forget(self.known, event, said))

    def _answer(self, event: Answered) -> Self:
        if hung_up(event) or taken_over(event):
            return changed(self, said=frozenset(), owed=frozenset(), due=None)
        due = self.due
        if isinstance(event.answer, Pressed):
            offered = [KEYS[prompt] for prompt in prompts_of(event.request) & KEYS.keys()]
            due = next((keys[event.answer.digits] for keys in offered if event.answer.digits in keys), due)
        return changed(self, due=due, known=after_answer(self.known, event))


def _has_clinicians(known: Known) -> bool:
    return isinstance(known.told, Call) and known.told.clinicians


def true_words(told: Any, clinical: frozenset[str] = frozenset()) -> TrueWords:
    """The rule for a leg whose flow is told ``told``."""
    return TrueWords(Known(told, clinical))
