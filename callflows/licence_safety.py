"""The rule about where the patient is: known before licensed work is looked for, and never in the way of care."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.events import Event, changed, effect_of, fixed, lines_of, need, prompts_of
from callflows.vocabulary import Ask, EnterWaitingRoom, NoteCall, OpenPromise

ASKS_WHERE = frozenset({"symptom.here", "symptom.zip", "symptom.zip_again", "symptom.there"})


@dataclass(frozen=True, slots=True)
class LicensedWhereThePatientIs:
    """Nobody is put in line for licensed work before the patient's state is known; it is asked after all screening.

    ``licensed`` are the services of that kind, ``screen`` the words of the protocol's questions.
    """

    licensed: frozenset[str] = fixed(frozenset())
    screen: frozenset[str] = fixed(frozenset())
    known: bool = False
    heard: bool = False
    asked: bool = False
    emergent: bool = False

    def see(self, event: Event) -> Self:
        """Follow what is asked, what is noted, and whom the caller is put in line for."""
        if isinstance(event, Ask):
            return self._ask(event)
        match effect_of(event):
            case NoteCall() as note:
                return self._note(note)
            case EnterWaitingRoom(service=service, pool="") | OpenPromise(kind="callback", service=service):
                need(self.known or service not in self.licensed, "licensed work, and where the patient is is not known")
        return self

    def _ask(self, ask: Ask) -> Self:
        if prompts_of(ask) & ASKS_WHERE:
            need(self.heard, "a caller is asked where the patient is before what is wrong")
            need(not self.emergent, "an emergency is asked where the patient is")
            return changed(self, asked=True)
        screens = any(line.text in self.screen for line in lines_of(ask))
        need(not (screens and self.asked), "a screening question waits for where the patient is")
        return self

    def _note(self, note: NoteCall) -> Self:
        return changed(
            self,
            known=self.known if note.patient_state is None else bool(note.patient_state),
            heard=self.heard or note.complaint is not None,
            emergent=self.emergent or note.urgency == "emergent",
        )
