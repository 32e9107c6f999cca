"""The rules that hold on every path of a call, and the monitors of those about where a caller ends up.

Each monitor is its rule said exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from callflows.dialogues.dial_in import DIALLED_IN
from callflows.proof.dial_in_safety import DialledInByPin
from callflows.proof.events import (
    LANDED,
    Answered,
    Event,
    Monitor,
    changed,
    effect_of,
    fixed,
    hung_up,
    need,
    prompts_of,
    question,
    taken_over,
    turned_away,
)
from callflows.proof.identity_safety import LevelIsEarned, ProvedByCallBack
from callflows.proof.kept_safety import AlarmsRaised, ChosenLanguage, KeptForClinician, RefusalKept, TrueTime
from callflows.proof.licence_safety import LicensedWhereThePatientIs
from callflows.proof.screening_safety import HelpLinesConnect, ScreenedAsSigned, screens_of
from callflows.proof.spoken_safety import (
    EmergencyFirst,
    NeverAlone,
    NothingPrivate,
    RaisedByCode,
    RecordingAfterNotice,
    WaitsTell,
)
from callflows.proof.symptom_safety import RedFlagsRaise, SymptomReachesClinician
from callflows.proof.true_words import true_words
from callflows.values import Call, Practice, Question
from callflows.vocabulary import (
    Ask,
    AskMeanwhile,
    CutShort,
    DialEnded,
    DialHelpLine,
    DialHouse,
    EnterWaitingRoom,
    Joined,
    Known,
    LeaveMessage,
    NoteCall,
    OpenPromise,
    Outcome,
    Pressed,
    Spoke,
    StartEscalation,
    Wait,
    WaitOnHold,
    WithPerson,
)
from callflows.vocabulary.hearing import CALM, EMERGENT, FLAGGED, GRAVE, PERSON, UNJUDGED

TELLS_THE_TIME = frozenset(
    {
        *("promise.made", "promise.in_turn", "promise.window", "promise.message", "hold.promised"),
        *("clinician.promise", "person.promise", "clinician.no_number", "listed.hanging_up"),
    }
)
"""Prompts that say by when a promise is due, or that nobody can be called back."""

EMERGENCIES = (UNJUDGED, EMERGENT, GRAVE, FLAGGED)
NOT_TALKED = Known((("talked", "no"),))


@dataclass(frozen=True, slots=True)
class NobodyStranded:
    """A path ends with a person, with a promise whose time was told, or hung up with nothing open.

    Whoever talked to a person and then tells of a symptom, or is looked for again, needs another one; and to be asked
    for a number anew. Whoever was cut off before both had talked was with nobody. ``opened_before``: a promise stands
    from the line before this one, and so does the care; whoever tells of an emergency on this one is kept on it.
    """

    caller_id: bool = fixed(True)
    abroad: bool = fixed(False)
    opened_before: bool = fixed(False)
    asked_number: bool = False
    connected: bool = False
    arrived: bool = False
    promised: tuple[str, ...] = ()
    told: bool = True
    gone: bool = False
    symptom: bool = False
    alarmed: bool = False

    def see(self, event: Event) -> Self:
        """Follow persons, promises and what is left open."""
        effect = effect_of(event)
        if isinstance(effect, OpenPromise):
            return self._promise(effect)
        if isinstance(effect, NoteCall):
            symptom = bool(effect.symptom)
            return changed(self._starts_again() if symptom else self, symptom=self.symptom or symptom)
        if isinstance(effect, EnterWaitingRoom | StartEscalation):
            return self._starts_again()
        if isinstance(event, Answered):
            return self._answer(event)
        if isinstance(event, Outcome):
            self._end(event)
        asked = self.asked_number or "promise.anonymous" in prompts_of(event)
        told = self.told or bool(TELLS_THE_TIME & prompts_of(event))
        if isinstance(event, WithPerson):
            return changed(self, connected=True, arrived=False)
        return changed(self, asked_number=asked, told=told)

    def _starts_again(self) -> Self:
        return changed(self, connected=False, asked_number=False)

    def _promise(self, promise: OpenPromise) -> Self:
        need(bool(promise.due), "a promise has no due time")
        need(promise.kind not in self.promised, f"the promise {promise.kind!r} is opened twice")
        given = self.caller_id or bool(promise.number) or (self.abroad and promise.kind == "urgent-callback")
        reachable = given or self.asked_number or self.gone or promise.recording
        need(bool(reachable), "a call-back is promised to a caller without a number who was not asked for one")
        need(given or promise.kind != "callback", "a call-back is promised to a hidden number, and none was given")
        return changed(self, promised=(*self.promised, promise.kind), told=False)

    def _answer(self, event: Answered) -> Self:
        if hung_up(event):
            return changed(self, gone=True)
        if "person.again" in prompts_of(event.request) and event.answer in (Pressed("1"), Pressed("0")):
            return changed(self, connected=False)
        helped = isinstance(event.request, DialHelpLine)
        connected = self.connected or (event.answer == DialEnded(True) and not helped)
        if isinstance(event.answer, CutShort) or event.answer == NOT_TALKED:
            connected = False
        met = isinstance(event.request, Wait | AskMeanwhile | DialHelpLine | DialHouse)
        held = isinstance(event.request, WaitOnHold)
        arrived = self.arrived or (isinstance(event.answer, Joined) and met and not held)
        told = isinstance(event.answer, Spoke) and event.answer.danger in EMERGENCIES
        return changed(
            self, connected=connected, arrived=arrived, alarmed=self.opened_before and (self.alarmed or told)
        )

    def _end(self, outcome: Outcome) -> None:
        if outcome == LANDED or outcome.how == DIALLED_IN:
            return
        need(self.gone or not self.arrived, "a person came, and the call ends without a word between them")
        if self.promised and not self.connected:
            need(self.told or self.gone, "the call ends before the caller was told when the promise is due")
        kept_before = self.opened_before and (self.gone or not self.alarmed)
        open_or_kept = self.connected or self.promised or kept_before
        safe = open_or_kept or (self.gone and not self.symptom)
        need(bool(safe), f"the call ends ({outcome.how}) without a person or a promise")


@dataclass(frozen=True, slots=True)
class ZeroReachesPerson:
    """``0``, or the wish for a person, is followed by no further question until a person or a promise is near.

    While the language is being chosen ``0`` is no choice: the menu that follows offers it. Where nobody is awake,
    or too many wait, the promise is near: its own questions may be asked. So may what is asked while somebody is rung.
    """

    wanted: bool = False

    def see(self, event: Event) -> Self:
        """Follow the caller's wish for a person."""
        if isinstance(event, Answered):
            settled = hung_up(event) or taken_over(event) or turned_away(event)
            return changed(self, wanted=not settled and (self.wanted or self._wants(event)))
        asked = isinstance(event, Ask) and not isinstance(event, AskMeanwhile)
        in_vain = self.wanted and (asked or isinstance(event, Outcome)) and event != LANDED
        need(not in_vain, "the caller asked for a person in vain")
        near = isinstance(event, Wait | AskMeanwhile | LeaveMessage | DialHouse | WithPerson) or isinstance(
            effect_of(event), OpenPromise
        )
        return changed(self, wanted=self.wanted and not near)

    def _wants(self, event: Answered) -> bool:
        asked = question(event)
        if asked is None or "language.option" in prompts_of(asked):
            return False
        if isinstance(event.answer, Spoke):
            return (event.answer.wish, event.answer.danger, event.answer.reply) == (PERSON, CALM, "")
        return event.answer == Pressed("0")


@dataclass(frozen=True, slots=True)
class ListensAlways:
    """Every question listens for speech: what is said at any of them may be a symptom."""

    def see(self, event: Event) -> Self:
        """Look at each question."""
        need(not isinstance(event, Ask) or event.speech, "a question does not listen for speech")
        return self


def caller_rules(call: Call, *, tell: bool = True, alarm: bool = False) -> tuple[Monitor, ...]:
    """The rules of a conversation with somebody who called us; ``tell``: patients, of themselves."""
    first = EmergencyFirst(call.practice.languages)
    screened = (ScreenedAsSigned(screens_of(call.practice), _clinical(call.practice)),) if tell else ()
    rules = landing_rules(call, call.practice.languages[0], tell=tell, alarm=alarm, symptom=False)
    return (first, *screened, *rules)


def landing_rules(
    call: Call, language: str, *, tell: bool = False, alarm: bool = True, symptom: bool = True
) -> tuple[Monitor, ...]:
    """The same for a conversation that is under way in ``language``.

    It owes an ``alarm`` from the start, and what was said before is not known: it may have been a ``symptom``.
    """
    clinical = _clinical(call.practice)
    questions = tuple(one for screen in call.practice.screens() for one in screen.questions)
    return (
        NobodyStranded(call.caller_id, call.abroad, symptom=symptom),
        SymptomReachesClinician(clinical, frozenset(key for key, one in call.practice.menu if one.clinical)),
        RedFlagsRaise(_words_of_emergency(questions, True), _words_of_emergency(questions, False), tell),
        LicensedWhereThePatientIs(clinical, _words_of(questions)),
        HelpLinesConnect(),
        RecordingAfterNotice(),
        RefusalKept(),
        KeptForClinician(),
        ZeroReachesPerson(),
        ListensAlways(),
        NeverAlone(),
        WaitsTell(),
        ChosenLanguage(frozenset(_words_of_one_language(call.practice)), language),
        DialledInByPin(),
        NothingPrivate(),
        RaisedByCode(),
        LevelIsEarned(),
        ProvedByCallBack(),
        TrueTime(),
        AlarmsRaised(alarm),
        true_words(call, clinical),
    )


def listed_rules(call: Call) -> tuple[Monitor, ...]:
    """The same for the line on which the listed number of an organisation is rung: a page runs for it."""
    clinical = _clinical(call.practice)
    return (
        NobodyStranded(call.caller_id, call.abroad, opened_before=True),
        RedFlagsRaise(tell=False, urgency="urgent", ill=True),
        RecordingAfterNotice(),
        ListensAlways(),
        NeverAlone(),
        WaitsTell(ill=True),
        ChosenLanguage(language=call.language),
        NothingPrivate(),
        ProvedByCallBack(),
        KeptForClinician(),
        TrueTime(),
        AlarmsRaised(),
        true_words(call, clinical),
    )


def _clinical(practice: Practice) -> frozenset[str]:
    return frozenset(one.name for one in (*practice.services, practice.clinical_service()) if one.clinical)


def _words_of(questions: tuple[Question, ...]) -> frozenset[str]:
    return frozenset(text for question in questions for _, text in question.ask)


def _words_of_one_language(practice: Practice) -> Iterator[str]:
    """The first words of each question that has none in some language of the practice."""
    questions = (one for screen in practice.screens() for one in screen.questions)
    return (one.ask[0][1] for one in questions if not set(practice.languages) <= set(dict(one.ask)))


def _words_of_emergency(questions: tuple[Question, ...], says_911: bool) -> frozenset[str]:
    return _words_of(tuple(one for one in questions if one.raises_to == "emergent" and one.says_911 == says_911))
