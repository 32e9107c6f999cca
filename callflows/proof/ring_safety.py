"""The rule that what a patient tells at the ring of a call-back is heeded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.proof.events import Answered, Event, changed, effect_of, need, prompts_of
from callflows.proof.safety import EMERGENCIES
from callflows.vocabulary import NoteCall, Outcome, ResumeEscalation, Spoke, StartEscalation, Wait, WithPerson
from callflows.vocabulary.hearing import CALM, GRAVE

AT_THE_RING = frozenset({"called_back", "called_back.unasked", "times.lead"})
"""The questions to a patient who came to the phone, before they are with anybody."""


@dataclass(frozen=True, slots=True)
class IllnessHeeded:
    """An illness that a patient tells of at the ring is noted before they are with anybody, wait, or are let go.

    Of an emergency the 911 words are said, unless they were signed away, and it is paged for.
    """

    told: str = CALM
    noted: bool = False
    warned: bool = False
    paged: bool = False

    def see(self, event: Event) -> Self:
        """Follow what is told, and what is done with it."""
        if isinstance(event, Answered):
            at_the_ring = prompts_of(event.request) & AT_THE_RING
            told = event.answer.danger if isinstance(event.answer, Spoke) and at_the_ring else CALM
            return changed(self, told=told) if told != CALM else self
        if self.told == CALM:
            return self
        effect = effect_of(event)
        if isinstance(effect, NoteCall) and effect.symptom:
            return changed(self, noted=True)
        if isinstance(effect, StartEscalation | ResumeEscalation) and effect.urgency == "emergent":
            return changed(self, paged=True)
        if isinstance(event, WithPerson | Wait | Outcome):
            emergency = self.told in EMERGENCIES
            need(self.noted, "an illness that was told at the ring is noted nowhere")
            need(self.paged or not emergency, "an emergency that was told at the ring is not paged for")
            need(self.warned or not emergency or self.told == GRAVE, "the 911 words are not said at the ring")
            return changed(self, told=CALM, noted=False, warned=False, paged=False)
        return changed(self, warned=self.warned or "symptom.911" in prompts_of(event))
