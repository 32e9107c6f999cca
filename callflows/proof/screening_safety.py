"""The rules about screening: the set that was signed for the patient, whole and in its order, and help lines that work.

They judge by what was answered and what is asked, not by the code that chose the questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.proof.events import (
    Answered,
    Event,
    changed,
    effect_of,
    fixed,
    is_clear_no,
    lines_of,
    need,
    prompts_of,
    taken_over,
)
from callflows.values import ADULT, AGES, CHILD, PREGNANCY, URGENCIES, Practice, Protocol, Question
from callflows.vocabulary import (
    Answer,
    Ask,
    AskOrganisationCode,
    DialHelpLine,
    Do,
    EnterWaitingRoom,
    NoteCall,
    Outcome,
    PauseRecording,
    Pressed,
    Request,
    ResumeEscalation,
    ResumeRecording,
    Spoke,
    StartEscalation,
)
from callflows.vocabulary.hearing import PERSON, YES

EVERYBODY = ""
"""The group of those who are screened alike, because one protocol was signed for all."""
OVER = "over"
"""In place of a patient: a clinician, a nurse or the house is looked for, and nothing is screened any more."""
WHOLE = "whole"
"""In place of a patient: their whole set was asked, and whose it was need not be told apart for longer."""
TAKEN = "taken over"
"""In place of a patient: a supervisor ended the screening, however far it had come, and nothing begins it anew."""


def screens_of(practice: Practice) -> tuple[tuple[str, Protocol], ...]:
    """Each group of patients with its protocol."""
    return practice.protocols or ((EVERYBODY, practice.protocol),)


def patient_told(answer: Answer) -> str:
    """The age that an answer to how old the patient is tells, or ""."""
    if isinstance(answer, Pressed):
        return dict(zip("1234", AGES, strict=True)).get(answer.digits, "")
    return answer.wish if isinstance(answer, Spoke) and answer.wish in AGES else ""


@dataclass(frozen=True, slots=True)
class ScreenedAsSigned:
    """Each patient is asked all the questions that were signed for them, in their order, and none of another set.

    Nobody is screened before it is known who it is about, and no nurse or urgent page comes before the last question.
    Whoever asks for a person instead of answering may go to a clinician at once. Where a supervisor takes over, no more
    is asked, and no page but an emergent one follows. ``licensed`` is clinical work.
    """

    screens: tuple[tuple[str, Protocol], ...] = fixed()
    licensed: frozenset[str] = fixed(frozenset())
    patient: str = ""
    asked: int = 0
    wants_person: bool = False

    def see(self, event: Event) -> Self:
        """Follow who it is about, and how much was asked about them."""
        if self.patient == OVER:
            return self
        if taken_over(event):
            return changed(self, patient=TAKEN, asked=0, wants_person=False)
        if isinstance(event, Answered):
            return self._answer(event)
        if isinstance(event, Ask):
            return self._ask(event)
        match effect_of(event):
            case EnterWaitingRoom(pool=pool, service=service) if not pool and service in self.licensed:
                need(self._is_whole(), "a nurse is looked for before the whole set was asked")
                return self._end()
            case ResumeEscalation():
                return self._end()
            case StartEscalation(urgency=urgency):
                through = urgency == URGENCIES[-1] or self.wants_person or self._is_whole()
                need(through, "a page that is not emergent begins before the whole set was asked")
                return self._end()
            case NoteCall(urgency=urgency) if urgency == URGENCIES[-1]:
                return self._end()
        return self

    def _end(self) -> Self:
        return changed(self, patient=OVER, asked=0, wants_person=False)

    def _answer(self, event: Answered) -> Self:
        if not isinstance(event.request, Ask) or self.patient == TAKEN:
            return self
        wants = event.answer == Pressed("0") or (isinstance(event.answer, Spoke) and event.answer.wish == PERSON)
        patient, prompts = self.patient, prompts_of(event.request)
        if "patient.age" in prompts:
            patient = patient_told(event.answer)
        if "patient.pregnant" in prompts and self.patient in (ADULT, PREGNANCY, WHOLE):
            patient = PREGNANCY if not is_clear_no(event.answer) else WHOLE if self.patient == WHOLE else ADULT
        return changed(self, patient=patient, wants_person=wants)

    def _ask(self, ask: Ask) -> Self:
        words = {line.text for line in lines_of(ask) if line.text}
        if not any(words & _words_of(one) for _, protocol in self.screens for one in protocol.questions):
            return changed(self, patient=WHOLE, asked=0) if self.asked and self._is_whole() else self
        need(self.patient != WHOLE, "a screening question follows the last one of the set")
        need(self.patient != TAKEN, "a screening question is asked of somebody whom a supervisor has taken over")
        signed = self._signed()
        need(bool(signed), "a question is asked about a patient for whom no set, or no set known, was signed")
        if self.asked and words & _words_of(signed[self.asked - 1]):
            return self
        right = self.asked < len(signed) and bool(words & _words_of(signed[self.asked]))
        need(right, "a screening question is skipped, out of order, or of another set than the patient's")
        ranks = [URGENCIES.index(one.raises_to) for one in signed[: self.asked + 1]]
        need(ranks[-1] == min(ranks), "a screening question follows a less urgent one")
        return changed(self, asked=self.asked + 1)

    def _signed(self) -> tuple[Question, ...]:
        """What was signed to be asked about this patient; nothing as long as it is not known who it is about."""
        sets = dict(self.screens)
        if EVERYBODY in sets:
            return sets[EVERYBODY].questions
        group = self.patient if self.patient in (ADULT, PREGNANCY) else CHILD if self.patient else ""
        age = ADULT if group == PREGNANCY else self.patient
        questions = sets[group].questions if group in sets else ()
        return tuple(one for one in questions if not one.ages or age in one.ages)

    def _is_whole(self) -> bool:
        known = bool(self.patient) or EVERYBODY in dict(self.screens)
        return self.patient == WHOLE or (known and self.patient != TAKEN and self.asked == len(self._signed()))


def _words_of(question: Question) -> set[str]:
    return {text for _, text in question.ask}


@dataclass(frozen=True, slots=True)
class HelpLinesConnect:
    """The key, or a yes, with which a help line is offered leads to its dial, and only while somebody is paged.

    Nothing is recorded of it, nor of a question for the code of an organisation; whatever follows is recorded again.
    """

    wanted: bool = False
    paging: bool = False
    paused: bool = False

    def see(self, event: Event) -> Self:
        """Follow the offer and the page."""
        if isinstance(event, Answered):
            offered = isinstance(event.request, Request) and prompts_of(event.request) & {"help.crisis", "help.poison"}
            return changed(self, wanted=bool(offered) and _takes_up(event))
        need(not self.wanted or isinstance(event, DialHelpLine | Do), "a help line was wanted, and nobody dials it")
        if isinstance(event, DialHelpLine):
            need(self.paging, "a caller is on a help line, and nobody is paged")
            need(self.paused, "a help line is recorded, which was not told of it")
        elif isinstance(event, AskOrganisationCode):
            need(self.paused, "a code is recorded")
        elif not isinstance(event, Do | Outcome):
            need(not self.paused, "what follows a help line or a code is not recorded")
        effect = effect_of(event)
        paused = isinstance(effect, PauseRecording) or (self.paused and not isinstance(effect, ResumeRecording))
        paging = self.paging or isinstance(effect, StartEscalation)
        return changed(self, wanted=self.wanted and isinstance(event, Do), paging=paging, paused=paused)


def _takes_up(event: Answered) -> bool:
    if isinstance(event.request, Ask) and isinstance(event.answer, Spoke):
        return event.answer.reply == YES and event.answer.wish != PERSON
    return event.answer == Pressed("8")
