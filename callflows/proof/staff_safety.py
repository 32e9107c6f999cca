"""The rules of legs that ring somebody: an agent, a clinician, or a patient who is called back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.conversations.drill_call import REACHED
from callflows.proof.events import Answered, Event, Monitor, changed, effect_of, fixed, lines_of, need, prompts_of
from callflows.proof.kept_safety import KeptForClinician
from callflows.proof.possible import CLAIMS, SECRET
from callflows.proof.ring_safety import IllnessHeeded
from callflows.proof.spoken_safety import NothingPrivate, RaisedByCode
from callflows.vocabulary import (
    Answer,
    Ask,
    AskInterpreter,
    ConfirmReachable,
    CutShort,
    DialEnded,
    DialHouse,
    Do,
    Fact,
    Granted,
    HoldCaller,
    Joined,
    MovePromise,
    OpenPromise,
    Outcome,
    PinChecked,
    Pressed,
    ReportCutShort,
    ReportReached,
    Request,
    ResumeEscalation,
    Say,
    Spoke,
    StartEscalation,
    WithPerson,
)
from callflows.vocabulary.hearing import CALM


@dataclass(frozen=True, slots=True)
class PinFirst:
    """Nothing about a patient before the PIN was right; afterwards it is marked private."""

    right: bool = False

    def see(self, event: Event) -> Self:
        """Follow the PIN."""
        if isinstance(event, Answered) and event.answer == PinChecked(True):
            return changed(self, right=True)
        need(self.right or not isinstance(event, Fact), "something about a patient is looked up before the PIN")
        for line in lines_of(event):
            told = SECRET in line.text or any(SECRET in value for _, value in line.values)
            need(line.private or not told, "something about a patient is spoken without being marked private")
            need(self.right or not line.private, "something private is spoken before the PIN")
        return self


@dataclass(frozen=True, slots=True)
class AcceptedFirst:
    """Nobody is connected who did not press 1 and was then granted the call."""

    pressed: bool = False
    granted: bool = False

    def see(self, event: Event) -> Self:
        """Follow the key and the grant."""
        if isinstance(event, WithPerson):
            need(self.granted, "somebody is connected who has not accepted")
        if isinstance(effect_of(event), CLAIMS):
            need(self.pressed, "a call is accepted without a key")
        if isinstance(effect_of(event), AskInterpreter):
            need(self.granted, "an interpreter is rung for somebody who has not accepted")
        if not isinstance(event, Answered):
            return self
        won = isinstance(event.answer, Granted) and event.answer.won
        return changed(self, pressed=self.pressed or event.answer == Pressed("1"), granted=self.granted or won)


@dataclass(frozen=True, slots=True)
class ThereFirst:
    """A called-back patient is connected only after pressing 1 or telling of an illness.

    The waiting person hears of it either way.
    """

    there: bool = False
    reported: bool | None = None
    later: bool = False

    def see(self, event: Event) -> Self:
        """Follow the keys and the report. Who chose another time is reported by that."""
        effect = effect_of(event)
        if isinstance(event, Answered):
            return self._answer(event)
        if isinstance(effect, MovePromise):
            need(self.later, "a call-back is moved that nobody asked to move")
        if isinstance(effect, ReportReached):
            need(effect.reached == self.there, "the report on the patient is not what happened")
            return changed(self, reported=effect.reached)
        if isinstance(event, WithPerson):
            need(self.reported is True, "a patient is connected who pressed nothing")
        need(not isinstance(event, Outcome) or self.reported is not None, "nobody is told whether the patient came")
        return self

    def _answer(self, event: Answered) -> Self:
        if "called_back.later" in prompts_of(event.request) and event.answer == Pressed("2"):
            return changed(self, later=True)
        if isinstance(effect_of(event.request), MovePromise):
            return changed(self, reported=False) if event.answer == Granted(True) else self
        chooses = "times.lead" in prompts_of(event.request) and isinstance(event.answer, Pressed)
        return changed(self, there=True, later=False) if _is_somebody(event.answer) and not chooses else self


@dataclass(frozen=True, slots=True)
class CutOffBeginsAnew:
    """A patient who was cut off before both had talked is reported, and hears what follows instead of a goodbye.

    Whoever is kept for a clinician who is paged since, or was promised one, is not reported: the page goes on.
    """

    cut: bool = False
    reported: bool = False
    kept: bool = False

    def see(self, event: Event) -> Self:
        """Follow the cut, the report, and whether the patient is kept."""
        if isinstance(event, Answered):
            met = isinstance(event.answer, Joined) or (
                isinstance(event.request, DialHouse) and event.answer == DialEnded(True)
            )
            return changed(self, cut=(self.cut and not met) or isinstance(event.answer, CutShort))
        if isinstance(effect_of(event), ReportCutShort):
            return changed(self, reported=True)
        if isinstance(effect_of(event), StartEscalation | ResumeEscalation):
            return changed(self, kept=self.kept or self.cut)
        if isinstance(effect_of(event), OpenPromise):
            return changed(self, kept=True)
        lost = self.cut and not self.kept
        need(not (lost and "farewell" in prompts_of(event)), "a patient who was cut off hears goodbye")
        need(not (lost and isinstance(event, Outcome)) or self.reported, "a patient is cut off, and it stays so")
        return self


def _is_somebody(answer: Answer) -> bool:
    return answer == Pressed("1") or (isinstance(answer, Spoke) and answer.danger != CALM)


@dataclass(frozen=True, slots=True)
class HeldComesBack:
    """A caller who was put on hold is taken off it again."""

    held: bool = False

    def see(self, event: Event) -> Self:
        """Follow the hold."""
        effect = effect_of(event)
        if isinstance(effect, HoldCaller):
            return changed(self, held=effect.hold)
        need(not (self.held and isinstance(event, Outcome)), "the caller is left on hold")
        return self


@dataclass(frozen=True, slots=True)
class InterpreterAsked:
    """An agent is told of an interpreter before deciding exactly where one is rung before the talk begins."""

    wanted: bool = fixed(False)
    asked: bool = False

    def see(self, event: Event) -> Self:
        """Follow what is told and the effect."""
        if "offer.accept" in prompts_of(event):
            told = "offer.whisper_interpreted" in prompts_of(event)
            need(told == self.wanted, "an agent is not told rightly whether they need an interpreter")
        if isinstance(event, WithPerson):
            need(self.asked == self.wanted, "a talk begins for which no interpreter is rung, or one who is not needed")
        return changed(self, asked=self.asked or isinstance(effect_of(event), AskInterpreter))


@dataclass(frozen=True, slots=True)
class NothingTold:
    """An interpreter is told who asks and for which language; nothing is looked up, and nothing else is spoken."""

    def see(self, event: Event) -> Self:
        """Each line must be one of those for interpreters, with nothing else filled in."""
        need(not isinstance(event, Fact), "something is looked up for an interpreter")
        for line in lines_of(event):
            need(line.prompt.startswith("interpreter."), "an interpreter hears what is not meant for interpreters")
            filled = {name for name, _ in line.values}
            need(filled <= {"operator", "spoken_language"}, "an interpreter hears more than who asks and for what")
        return self


@dataclass(frozen=True, slots=True)
class OnlyTested:
    """A test tells which practice tests and nothing else; nothing is looked up or done but to write down that whoever
    pressed 1 can be reached, and nobody is connected with anybody.
    """

    pressed: bool = False
    granted: bool = False

    def see(self, event: Event) -> Self:
        """Follow the key, and hold each request and line against what a test is made of."""
        need(not isinstance(event, Fact), "something is looked up for a test")
        need(not isinstance(event, Request) or isinstance(event, TEST), "a test does more than ask and tell")
        effect = effect_of(event)
        need(effect is None or isinstance(effect, ConfirmReachable), "a test has an effect on something else")
        need(effect is None or self.pressed, "somebody counts as reached who has not pressed 1")
        for line in lines_of(event):
            need(line.prompt == "farewell" or line.prompt.startswith("drill."), "a test says what is none of it")
            need({name for name, _ in line.values} <= {"practice"}, "a test says more than whose line is tested")
        if isinstance(event, Outcome):
            need((event.how == REACHED) == self.granted, "a test does not end as it went")
        if not isinstance(event, Answered):
            return self
        won = isinstance(event.answer, Granted) and event.answer.won
        return changed(self, pressed=event.answer == Pressed("1"), granted=self.granted or won)


TEST = (Ask, Do, Say)
"""What the conversation of a test is made of."""
AGENT_RULES: tuple[Monitor, ...] = (AcceptedFirst(), HeldComesBack(), NothingPrivate(), RaisedByCode())
CLINICIAN_RULES: tuple[Monitor, ...] = (PinFirst(), AcceptedFirst())
ADMITTED_RULES: tuple[Monitor, ...] = (PinFirst(right=True), AcceptedFirst())
"""Of a clinician who gave the PIN earlier in the same telephone call."""
HOUSE_RULES: tuple[Monitor, ...] = (AcceptedFirst(), NothingPrivate())
RETURNED_RULES: tuple[Monitor, ...] = (PinFirst(right=True), AcceptedFirst(pressed=True))
"""The same of one who accepted the call of the same patient earlier in it."""
DRILL_RULES: tuple[Monitor, ...] = (OnlyTested(),)
INTERPRETER_RULES: tuple[Monitor, ...] = (AcceptedFirst(), NothingTold())
PATIENT_RULES: tuple[Monitor, ...] = (
    *(ThereFirst(), IllnessHeeded(), CutOffBeginsAnew(), KeptForClinician(), NothingPrivate()),
)
