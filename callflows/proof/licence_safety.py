"""The rule about where the patient is: known before licensed work is looked for, and never in the way of care."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

from callflows.proof.events import Event, changed, effect_of, fixed, lines_of, need, prompts_of
from callflows.vocabulary import (
    Ask,
    AskMeanwhile,
    EnterWaitingRoom,
    NoteCall,
    OpenPromise,
    ResumeEscalation,
    StartEscalation,
)

ASKS_WHERE = frozenset(
    {"symptom.here", "symptom.zip", "symptom.zip_again", "symptom.there", "where.address", "where.number"}
)

Stage = Literal["", "heard", "asked", "known", "searched", "due", "paged"]
"""How far a call is: nothing told yet, what is wrong, being asked where, known where, a nurse is looked for; then an
emergency for which nobody is paged yet, and being paged for.
"""


@dataclass(frozen=True, slots=True)
class LicensedWhereThePatientIs:
    """Nobody is put in line for licensed work before the patient's state is known; it is asked after all screening.

    A page needs no place: nothing about it is asked before the page begins, unless a nurse is to be chosen by it.
    ``licensed`` are the services of that kind, ``screen`` the words of the protocols' questions.
    """

    licensed: frozenset[str] = fixed(frozenset())
    screen: frozenset[str] = fixed(frozenset())
    stage: Stage = ""

    def see(self, event: Event) -> Self:
        """Follow what is asked, what is noted, and whom the caller is put in line for."""
        if isinstance(event, Ask):
            return self._ask(event)
        match effect_of(event):
            case NoteCall() as note:
                return changed(self, stage=self._noted(note))
            case ResumeEscalation():
                return changed(self, stage="paged")
            case StartEscalation():
                need(self.stage != "known", "a page waits for where the patient is, and no nurse is chosen by it")
                return changed(self, stage="paged")
            case EnterWaitingRoom(pool=pool) if pool:
                return changed(self, stage="due")
            case EnterWaitingRoom(service=service) | OpenPromise(kind="callback", service=service):
                licensed = service in self.licensed
                need(self.stage == "known" or not licensed, "licensed work, and where the patient is is not known")
                return changed(self, stage="searched") if licensed else self
        return self

    def _ask(self, ask: Ask) -> Self:
        if prompts_of(ask) & ASKS_WHERE:
            need(self.stage != "", "a caller is asked where the patient is before what is wrong")
            paged = self.stage == "paged" and isinstance(ask, AskMeanwhile)
            before = self.stage in ("heard", "asked")
            need(paged or before, "a caller for whom a clinician is due is asked where the patient is")
            return self if paged else changed(self, stage="asked")
        screens = any(line.text in self.screen for line in lines_of(ask))
        need(not screens or self.stage in ("", "heard"), "a screening question waits for where the patient is")
        return self

    def _noted(self, note: NoteCall) -> Stage:
        if self.stage == "paged":
            return "paged"
        if note.urgency == "emergent":
            return "due"
        if note.patient_state is not None:
            return "known" if note.patient_state else "asked"
        return "heard" if note.complaint is not None and not self.stage else self.stage
