"""The rules that what a caller chose is kept, that a promise says its true time, and that alarms are raised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.proof.events import Answered, Event, changed, effect_of, fixed, hung_up, lines_of, need, prompts_of
from callflows.proof.possible import TAKEOVER
from callflows.vocabulary import (
    Answer,
    Ask,
    AskMeanwhile,
    EnterWaitingRoom,
    Fact,
    Joined,
    Known,
    LeaveMessage,
    NobodyCame,
    NoteCall,
    OpenPromise,
    Outcome,
    Pressed,
    RaiseAlert,
    RefuseRecording,
    Spoke,
    StartEscalation,
    StartRecording,
    Wait,
    WaitBroke,
    WaitOnHold,
)
from callflows.vocabulary.hearing import CALM

FOR_EVERYBODY = frozenset({"emergency", "language.option"})
"""Prompts that are said in every language, before one is chosen."""


@dataclass(frozen=True, slots=True)
class KeptForClinician:
    """Whoever is left while a clinician is asked for waits for that clinician next, and is put in line for nobody.

    They are asked nothing first. Where their line is over, they are called back.
    """

    asked: bool = False

    def see(self, event: Event) -> Self:
        """Follow whether one is asked for, and look at what comes next."""
        if isinstance(event, Answered):
            fact = event.answer if isinstance(event.request, Fact) and event.request.name == "asked_clinician" else None
            return changed(self, asked=True) if isinstance(fact, Known) and fact["urgency"] else self
        if not self.asked:
            return self
        effect = effect_of(event)
        need(not isinstance(effect, EnterWaitingRoom), "somebody else is looked for than the clinician asked for")
        need(not isinstance(event, Ask), "whoever is left while a clinician is asked for is asked something first")
        need(not isinstance(event, Outcome), "whoever is left while a clinician is asked for is let go")
        return changed(self, asked=not isinstance(event, Wait) and not isinstance(effect, OpenPromise))


@dataclass(frozen=True, slots=True)
class ChosenLanguage:
    """Whatever is said, asked and looked for is in the caller's language: the one chosen, and until then the first.

    ``elsewhere`` are the words of a protocol that has none in some language of the practice.
    """

    elsewhere: frozenset[str] = fixed(frozenset())
    language: str = "en-US"

    def see(self, event: Event) -> Self:
        """Follow the choice, and look at the language of each line, question, wait, note and search."""
        if isinstance(event, Answered):
            return self._answer(event)
        for line in lines_of(event):
            fits = line.language == self.language or line.prompt in FOR_EVERYBODY or line.text in self.elsewhere
            need(fits, "something is said in another language than the caller's")
        effect = effect_of(event)
        part = effect if isinstance(effect, NoteCall | EnterWaitingRoom) else event
        language = part.language if isinstance(part, NoteCall | EnterWaitingRoom | Ask | Wait) else None
        need(language in (None, self.language), "another language than the caller's is listened for or looked for")
        return self

    def _answer(self, event: Answered) -> Self:
        offered = [line for line in lines_of(event.request) if line.prompt == "language.option"]
        chosen = next(
            (line.language for line in offered if _picks(event.answer, dict(line.values), line.language)), None
        )
        return changed(self, language=chosen or self.language)


def _picks(answer: Answer, values: dict[str, str], language: str) -> bool:
    if isinstance(answer, Spoke):
        return answer.wish == language
    return answer == Pressed(values["key"])


@dataclass(frozen=True, slots=True)
class RefusalKept:
    """A refusal of recording is written down before anything is recorded, asked or waited for; nothing undoes it.

    (Once it is written down no recording starts, whatever a flow asks for.)
    """

    owed: bool = False
    recorded: bool = False

    def see(self, event: Event) -> Self:
        """Follow the choice and the effects."""
        if isinstance(event, Answered):
            return changed(self, owed=self.owed or _refuses(event))
        effect = effect_of(event)
        if isinstance(effect, RefuseRecording):
            need(not self.recorded, "a refusal of recording comes after the recording has begun")
            return changed(self, owed=False)
        heard = isinstance(event, Ask | Wait | LeaveMessage | Outcome)
        need(not (self.owed and (heard or isinstance(effect, StartRecording))), "a refusal of recording is not kept")
        return changed(self, recorded=self.recorded or isinstance(effect, StartRecording))


def _refuses(event: Answered) -> bool:
    answer = event.answer
    if isinstance(answer, Spoke):
        return (answer.wish, answer.danger) == ("unrecorded", CALM)
    return answer == Pressed("9") and "notice.opt_out" in prompts_of(event.request)


@dataclass(frozen=True, slots=True)
class TrueTime:
    """A promise says the time at which it is due: looked up after it was opened, and told as it was found."""

    due: str = ""

    def see(self, event: Event) -> Self:
        """Follow the time, and look at each line that tells one."""
        if isinstance(effect_of(event), OpenPromise):
            return changed(self, due="")
        if isinstance(event, Answered):
            found = isinstance(event.request, Fact) and event.request.name == "promise_due"
            return changed(self, due=event.answer["spoken"]) if found and isinstance(event.answer, Known) else self
        told = [dict(line.values)["time"] for line in lines_of(event) if "time" in dict(line.values)]
        need(all(time == self.due != "" for time in told), "a promise says a time that is not when it is due")
        return changed(self, due="") if told else self


@dataclass(frozen=True, slots=True)
class AlarmsRaised:
    """The supervisors are told when no clinician came to somebody ill, and, where one is ``owed``, at the start."""

    owed: bool = False
    paging: bool = False

    def see(self, event: Event) -> Self:
        """Follow the page and the alarms."""
        match effect_of(event):
            case RaiseAlert():
                return changed(self, owed=False)
            case StartEscalation():
                return changed(self, paging=True)
        if isinstance(event, Answered):
            return self._answer(event)
        need(not (self.owed and isinstance(event, Ask | Wait | Outcome)), "no alarm is raised where nobody could come")
        return self

    def _answer(self, event: Answered) -> Self:
        if hung_up(event) or event.answer == TAKEOVER:
            return changed(self, owed=False, paging=False)
        waits = isinstance(event.request, Wait | AskMeanwhile) and not isinstance(event.request, WaitOnHold)
        if not (self.paging and waits):
            return self
        nobody = isinstance(event.answer, NobodyCame | WaitBroke)
        return changed(self, owed=nobody, paging=not (nobody or isinstance(event.answer, Joined)))
