"""The rules about what a caller hears, and when: each monitor is its rule said exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.proof.events import (
    Answered,
    Event,
    changed,
    effect_of,
    fixed,
    lines_of,
    need,
)
from callflows.proof.possible import SECRET
from callflows.vocabulary import (
    AskCode,
    AwaitCode,
    CodeChecked,
    Do,
    Effect,
    EnterWaitingRoom,
    Fact,
    Joined,
    LeaveWaitingRoom,
    NobodyCame,
    NoteCall,
    Say,
    SendCode,
    StartEscalation,
    StartRecording,
    Wait,
    WaitOnHold,
)

_NOT_THEM = "somebody who speaks for a patient, or is being connected"


@dataclass(frozen=True, slots=True)
class EmergencyFirst:
    """The first words, before anything is looked up, are the emergency words in every language."""

    languages: tuple[str, ...] = fixed()
    heard: bool = False

    def see(self, event: Event) -> Self:
        """The first event must be those words."""
        if self.heard:
            return self
        need(isinstance(event, Say), "something comes before the emergency words")
        first = {(line.prompt, line.language) for line in lines_of(event)[: len(self.languages)]}
        wanted = {("emergency", language) for language in self.languages}
        tell = all("911" in line.spoken() for line in lines_of(event)[: len(self.languages)])
        need(first == wanted and tell, "the first words are not the emergency words in every language")
        return changed(self, heard=True)


@dataclass(frozen=True, slots=True)
class RecordingAfterNotice:
    """Nothing is recorded before the notice was played in the caller's language and something came back after it."""

    language: str = ""
    noticed: frozenset[str] = frozenset()
    answered: bool = False

    def see(self, event: Event) -> Self:
        """Follow the notice and the caller's language."""
        heard = {line.language for line in lines_of(event) if line.prompt == "notice"}
        if heard:
            return changed(self, noticed=self.noticed | heard, answered=False)
        effect = effect_of(event)
        if isinstance(effect, NoteCall) and effect.language:
            return changed(self, language=effect.language)
        if isinstance(effect, StartRecording):
            need(self.language in self.noticed, "a recording starts before the notice in the caller's language")
            need(self.answered, "a recording starts before anything came back after the notice")
        if isinstance(event, Answered) and not isinstance(event.request, Fact | Do):
            return changed(self, answered=bool(self.noticed))
        return self


@dataclass(frozen=True, slots=True)
class NeverAlone:
    """Whoever waits hears something, is held by somebody or looked for, and there is one search at a time."""

    searching: bool = False
    paging: bool = False
    gone: bool = False

    def see(self, event: Event) -> Self:
        """Follow the searches as the offers' and pages' lifecycles do."""
        if isinstance(event, Wait):
            need(bool(event.comfort), "a caller waits in silence")
            held = isinstance(event, WaitOnHold)
            need(held or self.searching or self.paging, "a caller waits, and nobody is being looked for")
        match effect_of(event):
            case EnterWaitingRoom():
                need(not self.searching, "a second search begins before the first has ended")
                return changed(self, searching=True)
            case LeaveWaitingRoom():
                return changed(self, searching=False)
            case StartEscalation():
                return changed(self, paging=True)
        return self._answer(event) if isinstance(event, Answered) else self

    def _answer(self, event: Answered) -> Self:
        if isinstance(event.answer, Joined):
            return changed(self, searching=False, paging=False)
        if event.answer == NobodyCame("ladder-exhausted"):
            return changed(self, paging=False)
        return self


@dataclass(frozen=True, slots=True)
class WaitsTell:
    """Each key of a wait is told with it; and whoever is ill hears in every document of a wait when to dial 911."""

    ill: bool = False

    def see(self, event: Event) -> Self:
        """Follow the symptom, and look at each wait."""
        if isinstance(event, Wait):
            told = " ".join(line.spoken() for line in event.comfort)
            need(all(f" {key}." in told for key in event.keys), "a key may be pressed in a wait that does not tell it")
            need(not self.ill or ("911" in told and self._warns(event)), "whoever is ill waits without the 911 words")
        effect = effect_of(event)
        ill = isinstance(effect, StartEscalation) or (isinstance(effect, NoteCall) and bool(effect.symptom))
        return changed(self, ill=self.ill or ill)

    @staticmethod
    def _warns(wait: Wait) -> bool:
        answered = " ".join(line.spoken() for line in wait.otherwise)
        return all("911" in line.spoken() for line in wait.between) and (not wait.otherwise or "911" in answered)


@dataclass(frozen=True, slots=True)
class NothingPrivate:
    """Nothing about a patient is spoken on this leg below level L1, and never unmarked.

    Nor is it to anybody for whom a person is looked for: how far they were known need not be told apart for longer.
    """

    is_known: bool = False

    def see(self, event: Event) -> Self:
        """Follow the identity level."""
        for line in lines_of(event):
            told = SECRET in line.text or any(SECRET in value for _, value in line.values)
            need(line.private or not told, "something about a patient is spoken without being marked private")
            need(not line.private or self.is_known, "something private is spoken below its identity level")
        effect = effect_of(event)
        level = effect.identity_level if isinstance(effect, NoteCall) else None
        is_known = self.is_known or (level or "L0") != "L0"
        return changed(self, is_known=is_known and not isinstance(effect, EnterWaitingRoom | StartEscalation))


@dataclass(frozen=True, slots=True)
class RaisedByCode:
    """A call is raised above L1 by nothing but a code that was right, each time anew; and to no more than L2.

    Nobody who speaks for a patient is sent a code or raised by one: the number on file is the patient's, and proves
    nothing of the caller. Nor is anybody for whom a person is looked for: who it is was asked before, and the two need
    not be told apart for longer.
    """

    was_right: bool = False
    no_more: bool = False

    def see(self, event: Event) -> Self:
        """Follow what came of codes, who speaks, and each level that is noted."""
        if isinstance(event, Answered):
            right = isinstance(event.request, AskCode | AwaitCode) and event.answer == CodeChecked("right")
            return changed(self, was_right=self.was_right or right)
        effect = effect_of(event)
        need(not (self.no_more and isinstance(effect, SendCode)), f"a code is sent to {_NOT_THEM}")
        if not isinstance(effect, NoteCall) or effect.identity_level in (None, "L0", "L1"):
            return changed(self, no_more=self.no_more or _ends_codes(effect))
        need(not self.no_more, f"a code raises {_NOT_THEM}")
        need(effect.identity_level == "L2", "a call is raised to a level that no conversation brings anybody to")
        need(self.was_right, "a call is raised to L2 without a code that was right")
        return changed(self, was_right=False)


def _ends_codes(effect: Effect | None) -> bool:
    return isinstance(effect, EnterWaitingRoom | StartEscalation) or (
        isinstance(effect, NoteCall) and bool(effect.representative)
    )
