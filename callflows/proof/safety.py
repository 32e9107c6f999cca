"""The rules that hold on every path of a call, and the monitors of those about where a caller ends up.

Each monitor is its rule said exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from callflows.dialogues.questions import PERSON_WORDS
from callflows.dialogues.red_flags import raises
from callflows.proof.events import (
    LANDED,
    Answered,
    Event,
    Monitor,
    changed,
    effect_of,
    fixed,
    hung_up,
    lines_of,
    need,
    prompts_of,
    question,
    taken_over,
    turned_away,
)
from callflows.proof.licence_safety import LicensedWhereThePatientIs
from callflows.proof.spoken_safety import EmergencyFirst, NeverAlone, NothingPrivate, RecordingAfterNotice, WaitsTell
from callflows.proof.true_words import true_words
from callflows.values import URGENCIES, Call, Practice, Question
from callflows.vocabulary import (
    Ask,
    DialEnded,
    DialHouse,
    EnterWaitingRoom,
    Joined,
    LeaveMessage,
    NobodyCame,
    NoteCall,
    OpenPromise,
    Outcome,
    Pressed,
    Spoke,
    StartEscalation,
    Wait,
    WithPerson,
)

TELLS_THE_TIME = frozenset(
    {"promise.made", "promise.in_turn", "promise.message", "clinician.promise", "person.promise", "clinician.no_number"}
)
"""Prompts that say by when a promise is due, or that nobody can be called back."""
IDENTITY = ("identity.birth", "identity.zip", "identity.mrn", "identity.phone_on_file", "patient.known")


@dataclass(frozen=True, slots=True)
class NobodyStranded:
    """A path ends with a person, with a promise whose time was told, or hung up with nothing open."""

    caller_id: bool = fixed(True)
    asked_number: bool = False
    connected: bool = False
    arrived: bool = False
    promised: tuple[str, ...] = ()
    told: bool = True
    gone: bool = False
    symptom: bool = False

    def see(self, event: Event) -> Self:
        """Follow persons, promises and what is left open."""
        effect = effect_of(event)
        if isinstance(effect, OpenPromise):
            return self._promise(effect)
        if isinstance(effect, NoteCall):
            return changed(self, symptom=self.symptom or bool(effect.symptom))
        if isinstance(event, Answered):
            return self._answer(event)
        if isinstance(event, Outcome):
            self._end(event)
        asked = self.asked_number or "promise.anonymous" in prompts_of(event)
        told = self.told or bool(TELLS_THE_TIME & prompts_of(event))
        if isinstance(event, WithPerson):
            return changed(self, connected=True, arrived=False)
        return changed(self, asked_number=asked, told=told)

    def _promise(self, promise: OpenPromise) -> Self:
        need(bool(promise.due), "a promise has no due time")
        need(promise.kind not in self.promised, f"the promise {promise.kind!r} is opened twice")
        reachable = self.caller_id or self.asked_number or self.gone or promise.number or promise.recording
        need(bool(reachable), "a call-back is promised to a caller without a number who was not asked for one")
        return changed(self, promised=(*self.promised, promise.kind), told=False)

    def _answer(self, event: Answered) -> Self:
        if hung_up(event):
            return changed(self, gone=True)
        if "person.again" in prompts_of(event.request) and event.answer in (Pressed("1"), Pressed("0")):
            return changed(self, connected=False)
        connected = self.connected or event.answer == DialEnded(True)
        arrived = isinstance(event.answer, Joined) and isinstance(event.request, Wait)
        return changed(self, connected=connected, arrived=arrived)

    def _end(self, outcome: Outcome) -> None:
        if outcome == LANDED:
            return
        need(self.gone or not self.arrived, "a person came, and the call ends without a word between them")
        if self.promised and not self.connected:
            need(self.told or self.gone, "the call ends before the caller was told when the promise is due")
        safe = self.connected or self.promised or (self.gone and not self.symptom)
        need(bool(safe), f"the call ends ({outcome.how}) without a person or a promise")


@dataclass(frozen=True, slots=True)
class SymptomReachesClinician:
    """A symptom leads to a clinician's search or an urgent promise, and nobody asks who it is first."""

    services: frozenset[str] = fixed(frozenset({"nurse"}))
    red_flags: tuple[str, ...] = fixed()
    symptom: bool = False
    searching: bool = False
    cared_for: bool = False
    taken: bool = False

    def see(self, event: Event) -> Self:
        """Follow the symptom and who is being looked for."""
        if isinstance(event, Outcome):
            need(
                not self.symptom or self.cared_for or event == LANDED, "a symptom ends without a clinician or a promise"
            )
        if isinstance(event, Ask):
            need(
                not (self.symptom and prompts_of(event) & set(IDENTITY)),
                "a caller with a symptom is asked who they are",
            )
        if isinstance(event, WithPerson) and (self.searching or self.taken):
            return changed(self, cared_for=True)
        if isinstance(event, Answered):
            return self._answer(event)
        return self._effect(event)

    def _effect(self, event: Event) -> Self:
        match effect_of(event):
            case NoteCall(symptom=True):
                return changed(self, symptom=True)
            case OpenPromise(urgency=urgency) if urgency != "routine":
                return changed(self, cared_for=True)
            case StartEscalation():
                return changed(self, searching=True)
            case EnterWaitingRoom(service=service):
                return changed(self, searching=service in self.services)
            case _:
                return self

    def _answer(self, event: Answered) -> Self:
        if isinstance(event.answer, NobodyCame) and isinstance(event.request, Wait):
            return changed(self, searching=False)
        taken = self.taken or taken_over(event)
        cared_for = self.cared_for or (taken and event.answer == DialEnded(True))
        return changed(self, symptom=self.symptom or self._tells(event), taken=taken, cared_for=cared_for)

    def _tells(self, event: Answered) -> bool:
        match event.request, event.answer:
            case Ask(), Spoke(words=words):
                return raises(words, self.red_flags)
            case Wait(), Pressed(digits="2"):
                return "wait.keys" in prompts_of(event.request)
            case Ask(), Pressed(digits="1"):
                return "identity.symptom" in prompts_of(event.request)
            case _:
                return False


@dataclass(frozen=True, slots=True)
class RedFlagsRaise:
    """After a red flag come the 911 words, then an emergent page before any wait; and no urgency ever falls."""

    red_flags: tuple[str, ...] = fixed()
    emergent: frozenset[str] = fixed(frozenset())
    owes_words: bool = False
    owes_page: bool = False
    urgency: str = URGENCIES[0]
    taken: bool = False

    def see(self, event: Event) -> Self:
        """Follow what is owed and the highest urgency noted."""
        if isinstance(event, Answered):
            return self._answer(event)
        if self.owes_words and lines_of(event):
            need(lines_of(event)[0].prompt == "symptom.911", "the words after a red flag are not the 911 words")
            return changed(self, owes_words=False)
        if isinstance(event, Wait | Outcome):
            need(not self.owes_page, "a red flag was heard, and no clinician is paged before the wait")
        return self._effect(event)

    def _effect(self, event: Event) -> Self:
        effect = effect_of(event)
        urgency = getattr(effect, "urgency", None)
        if urgency is None or self.taken:
            return self
        fell = URGENCIES.index(urgency) < URGENCIES.index(self.urgency)
        need(not fell, f"the urgency falls from {self.urgency} to {urgency}")
        if isinstance(effect, StartEscalation | OpenPromise) and self.owes_page:
            need(urgency == "emergent", f"a red flag leads to a page that is only {urgency}")
            return changed(self, owes_page=False, urgency=urgency)
        # A place in the queue may be better than the urgency; only what is noted, paged or promised counts.
        return self if isinstance(effect, EnterWaitingRoom) else changed(self, urgency=urgency)

    def _answer(self, event: Answered) -> Self:
        if taken_over(event):
            return changed(self, owes_words=False, owes_page=False, taken=True)
        if hung_up(event):
            return changed(self, owes_words=False)
        if self._flag(event):
            return changed(self, owes_words=True, owes_page=True)
        return self

    def _flag(self, event: Answered) -> bool:
        if "wait.worse" in prompts_of(event.request):
            return event.answer == Pressed("2")
        asked = question(event)
        if asked is None:
            return False
        if isinstance(event.answer, Spoke) and raises(event.answer.words, self.red_flags):
            return True
        yes = event.answer == Pressed("1") or (
            isinstance(event.answer, Spoke) and raises(event.answer.words, ("yes", "si"))
        )
        return yes and any(line.text in self.emergent for line in asked.lines if line.text)


@dataclass(frozen=True, slots=True)
class ZeroReachesPerson:
    """``0``, or "agent" where speech chooses, is followed by no further question until a person or a promise is near.

    While the language is being chosen ``0`` is no choice: the menu that follows offers it. Where nobody is awake,
    or too many wait, the promise is near: its own questions may be asked.
    """

    red_flags: tuple[str, ...] = fixed()
    wanted: bool = False

    def see(self, event: Event) -> Self:
        """Follow the caller's wish for a person."""
        if isinstance(event, Answered):
            settled = hung_up(event) or taken_over(event) or turned_away(event)
            return changed(self, wanted=not settled and (self.wanted or self._wants(event)))
        need(
            not (self.wanted and isinstance(event, Ask | Outcome)) or event == LANDED,
            "the caller asked for a person in vain",
        )
        near = isinstance(event, Wait | LeaveMessage | DialHouse | WithPerson) or isinstance(
            effect_of(event), OpenPromise
        )
        return changed(self, wanted=self.wanted and not near)

    def _wants(self, event: Answered) -> bool:
        asked = question(event)
        if asked is None or "language.option" in prompts_of(asked):
            return False
        if isinstance(event.answer, Spoke):
            words = event.answer.words
            return bool(asked.hints) and raises(words, PERSON_WORDS) and not raises(words, self.red_flags)
        return event.answer == Pressed("0")


def caller_rules(call: Call) -> tuple[Monitor, ...]:
    """The rules of a conversation with somebody who called us."""
    return (EmergencyFirst(call.practice.languages), *landing_rules(call))


def landing_rules(call: Call) -> tuple[Monitor, ...]:
    """The same for a conversation that is already under way when the flow begins."""
    protocol, clinical = call.practice.protocol, _clinical(call.practice)
    return (
        NobodyStranded(call.caller_id),
        SymptomReachesClinician(clinical, (*protocol.red_flags, *protocol.symptoms)),
        RedFlagsRaise(protocol.red_flags, frozenset(_words_of_emergency(protocol.questions))),
        LicensedWhereThePatientIs(clinical, frozenset(_words_of_screening(protocol.questions))),
        RecordingAfterNotice(),
        ZeroReachesPerson((*protocol.red_flags, *protocol.symptoms)),
        NeverAlone(),
        WaitsTell(),
        NothingPrivate(),
        true_words(call, clinical),
    )


def _clinical(practice: Practice) -> frozenset[str]:
    return frozenset(one.name for one in (*practice.services, practice.clinical_service()) if one.clinical)


def _words_of_screening(questions: tuple[Question, ...]) -> Iterator[str]:
    return (text for question in questions for _, text in question.ask)


def _words_of_emergency(questions: tuple[Question, ...]) -> list[str]:
    urgent = [one for one in questions if one.says_911 or one.raises_to == "emergent"]
    return [words for one in urgent for _, words in one.ask]
