"""The rule about who is taken for whom: a level is earned by what the records gave, and by nothing before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.dialogues.represented import TO_COME
from callflows.proof.events import Answered, Event, changed, effect_of, need, prompts_of
from callflows.vocabulary import (
    Ask,
    AskMeanwhile,
    AskOrganisationCode,
    CodeChecked,
    ConfirmCallBack,
    Do,
    EnterWaitingRoom,
    Fact,
    Granted,
    Joined,
    Known,
    NobodyCame,
    NoteCall,
    Pressed,
    RingListed,
    StartEscalation,
    Wait,
    WithPerson,
)

IN_VAIN = frozenset({"identity.unmatched", "identity.failed"})


@dataclass(frozen=True, slots=True)
class LevelIsEarned:
    """A call gets a patient and a level only where their record matched, and somebody who speaks for them only where
    they matched too. A match that waits for who is calling earns nothing by itself. Whoever was asked who they are
    beside the patient is never taken for the patient. What raises a call further is judged by ``RaisedByCode``.
    """

    patient: bool = False
    speaker: str = ""

    def see(self, event: Event) -> Self:
        """Follow the answers of the records, and judge what is noted of the call."""
        if isinstance(event, Answered) and isinstance(event.request, Fact) and isinstance(event.answer, Known):
            return self._answer(event.request, event.answer)
        effect = effect_of(event)
        if isinstance(effect, EnterWaitingRoom | StartEscalation) or prompts_of(event) & IN_VAIN:
            # What was found before is not to be built on later, so that nobody need remember it.
            return changed(self, patient=False, speaker="")
        if not isinstance(effect, NoteCall) or effect.identity_level != "L1":
            return self
        need(self.patient, "a call gets a level, and no record matched")
        need(self.speaker != "none", "a call gets a level, and who speaks for the patient did not match")
        speaks = bool(effect.representative)
        need(speaks == (self.speaker == "one"), "a representative is noted who did not match, or not noted who did")
        # Who is known once stays known, whatever else is noted of them.
        return changed(self, patient=False, speaker="")

    def _answer(self, request: Fact, answer: Known) -> Self:
        if request.name == "patient_match":
            return changed(self, patient=answer["found"] == "one", speaker="none" if TO_COME in request.about else "")
        if request.name == "representative_match":
            return changed(self, speaker="one" if answer["found"] == "one" else "none")
        return self


@dataclass(frozen=True, slots=True)
class ProvedByCallBack:
    """A professional is at level P only after a call-back that was answered with the key, and confirmed.

    No words are a key. A listed number is rung only after a code that was right, and never for an emergency: nobody
    hangs up on one. Whoever accepts the page ends each question about it.
    """

    emergent: bool = False
    asked: bool = False
    code: bool = False
    answered: bool = False
    confirmed: bool = False

    def see(self, event: Event) -> Self:
        """Follow the code, the key and the confirmation, and judge the ring and the level."""
        if isinstance(event, Answered):
            return self._answer(event)
        if isinstance(event, Ask) and not isinstance(event, AskMeanwhile):
            need(not self.asked, "a clinician who accepts waits until a question about a proof is over")
        if isinstance(event, Wait | WithPerson):
            return changed(self, asked=False)
        effect = effect_of(event)
        if isinstance(effect, StartEscalation):
            return changed(self, emergent=self.emergent or effect.urgency == "emergent")
        if isinstance(effect, RingListed):
            need(self.code, "a listed number is rung, and no code was right")
            need(not self.emergent, "the line of an emergency ends so that a listed number can be rung")
            return changed(self, code=False)
        if isinstance(effect, ConfirmCallBack):
            need(self.answered, "a call-back is confirmed that nobody answered with a key")
            return changed(self, answered=False)
        if isinstance(effect, NoteCall) and effect.caller_level == "P":
            need(self.confirmed, "a professional is proved without a call-back that was answered with a key")
            return changed(self, confirmed=False)
        return self

    def _answer(self, event: Answered) -> Self:
        request, answer = event.request, event.answer
        if isinstance(answer, Joined | NobodyCame):
            return changed(self, asked=False)  # nobody is rung any more who would wait
        if isinstance(request, AskOrganisationCode):
            return changed(self, asked=answer == CodeChecked("right"), code=answer == CodeChecked("right"))
        if "listed.called" in prompts_of(request):
            return changed(self, answered=answer == Pressed("1"))
        if isinstance(request, Do) and isinstance(request.effect, ConfirmCallBack):
            return changed(self, confirmed=isinstance(answer, Granted) and answer.won)
        return self
