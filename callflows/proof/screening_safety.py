"""The rule about screening: every question of the protocol is asked, in its order, unless something goes before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.proof.events import (
    Answered,
    Event,
    changed,
    effect_of,
    fixed,
    hung_up,
    lines_of,
    need,
    prompts_of,
    taken_over,
)
from callflows.vocabulary import Ask, EnterWaitingRoom, NoteCall, Pressed, Spoke, StartEscalation
from callflows.vocabulary.hearing import PERSON


@dataclass(frozen=True, slots=True)
class ScreenedInOrder:
    """No question of the protocol is skipped or out of order before a nurse or a clinician is looked for.

    ``questions`` are the words of each question in every language, ``clinical`` the services that clinicians give.
    It is ``begun`` once the symptom is noted; ``asked`` counts the questions so far. An emergency, the wish for a
    person, a hang-up and a takeover end it: all then count as asked, so that few states differ.
    """

    questions: tuple[frozenset[str], ...] = fixed()
    clinical: frozenset[str] = fixed(frozenset({"nurse"}))
    begun: bool = False
    asked: int = 0

    def see(self, event: Event) -> Self:
        """Follow the questions, and look at what they lead to."""
        if isinstance(event, Ask):
            return self._ask(event)
        if isinstance(event, Answered):
            screening = self.begun or "errand.ask" in prompts_of(event.request)
            return self._over() if screening and _leaves(event) else self
        match effect_of(event):
            case NoteCall(urgency="emergent") | StartEscalation(urgency="emergent"):
                return self._over()
            case NoteCall(symptom=True):
                return changed(self, begun=True)
            case EnterWaitingRoom(pool=pool) if pool:
                return self._over()
            case EnterWaitingRoom(service=service) if service not in self.clinical:
                return self
            case EnterWaitingRoom() | StartEscalation():
                need(self.asked == len(self.questions), "care is looked for before every screening question was asked")
        return self

    def _ask(self, ask: Ask) -> Self:
        texts = {line.text for line in lines_of(ask) if line.text}
        number = next((one for one, words in enumerate(self.questions) if words & texts), None)
        if number is None:
            return self
        # What was not understood is asked once more.
        need(number in (self.asked - 1, self.asked), "a screening question is skipped or out of order")
        return changed(self, asked=number + 1)

    def _over(self) -> Self:
        return changed(self, asked=len(self.questions))


def _leaves(event: Answered) -> bool:
    """Whether the caller leaves the screening with ``event``."""
    answer = event.answer
    # Whoever says yes or no in the same breath has answered.
    person = isinstance(answer, Spoke) and (answer.wish, answer.reply) == (PERSON, "")
    return person or answer == Pressed("0") or hung_up(event) or taken_over(event)
