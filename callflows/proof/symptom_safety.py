"""The rules about an illness: it is heard whenever it is told, goes before all else, and never falls in urgency.

They judge by the marks of what was said and by what was asked, not by the code that chose what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from callflows.proof.events import (
    LANDED,
    TELLS_911,
    Answered,
    Event,
    changed,
    effect_of,
    fixed,
    hung_up,
    is_clear_no,
    is_yes_or_doubt,
    lines_of,
    need,
    prompts_of,
    taken_over,
    tells_911,
)
from callflows.values import URGENCIES, more_urgent
from callflows.vocabulary import (
    Answer,
    Ask,
    AskMeanwhile,
    DialEnded,
    EnterWaitingRoom,
    Fact,
    Known,
    NobodyCame,
    NoteCall,
    OpenPromise,
    Outcome,
    Pressed,
    Request,
    Silence,
    Spoke,
    StartEscalation,
    Wait,
    WaitBroke,
    WaitOnHold,
    WithPerson,
)
from callflows.vocabulary.hearing import EMERGENT, FLAGGED, GRAVE, ILL, PERSON, SUSPECT, UNJUDGED

IDENTITY = (
    *("identity.name", "identity.birth", "identity.zip", "identity.mrn", "identity.phone_on_file"),
    *("identity.read_back", "identity.whom", "caller.name", "caller.birth", "patient.known"),
)


@dataclass(frozen=True, slots=True)
class SymptomReachesClinician:
    """A symptom leads to a clinician's search or an urgent promise, and nobody asks who it is first.

    Whoever chooses one of the clinical ``services``, by one of the ``keys`` of the menu or in words, has a symptom.
    Words that only sound like an illness (``doubtful``) are one until the caller has clearly said no. So is a star at
    the question whether anybody is ill (``unheard``), unless it is asked at once again. Whoever leaves the question for
    a number, because theirs does not show, cannot be called back.
    """

    services: frozenset[str] = fixed(frozenset({"nurse"}))
    keys: frozenset[str] = fixed(frozenset())
    symptom: bool = False
    doubtful: bool = False
    searching: bool = False
    cared_for: bool = False
    taken: bool = False
    without_number: bool = False
    unheard: bool = False

    def see(self, event: Event) -> Self:
        """Follow the symptom and who is being looked for, which makes no difference to whoever is cared for."""
        seen = self._see(event)
        return changed(seen, searching=False, taken=False, without_number=False) if seen.cared_for else seen

    def _see(self, event: Event) -> Self:
        if self.unheard:
            asked_again = isinstance(event, Ask) and REPEATED_ON_STAR in prompts_of(event)
            return changed(self, unheard=False, symptom=not asked_again).see(event)
        ill = self.symptom or self.doubtful
        if isinstance(event, Outcome):
            ended = self.cared_for or self.without_number or event == LANDED
            need(not ill or ended, "a symptom ends without a clinician or a promise")
        if isinstance(event, Ask):
            need(not (ill and prompts_of(event) & set(IDENTITY)), "a caller with a symptom is asked who they are")
        if isinstance(event, WithPerson) and (self.searching or self.taken):
            return changed(self, cared_for=True)
        if isinstance(event, Answered):
            return self._answer(event)
        return self._effect(event)

    def _effect(self, event: Event) -> Self:
        match effect_of(event):
            case NoteCall(symptom=True):
                return changed(self, symptom=True, doubtful=False)
            case OpenPromise(urgency=urgency) if urgency != "routine":
                return changed(self, cared_for=True)
            case StartEscalation():
                return changed(self, searching=True)
            case EnterWaitingRoom(service=service):
                return changed(self, searching=service in self.services)
            case _:
                return self

    def _answer(self, event: Answered) -> Self:
        if isinstance(event.answer, NobodyCame | WaitBroke) and isinstance(event.request, Wait | AskMeanwhile):
            return changed(self, searching=False)
        if "errand.ask" in prompts_of(event.request):
            doubtful = self.doubtful and not is_clear_no(event.answer)
        else:
            doubtful = self.doubtful or (isinstance(event.answer, Spoke) and event.answer.danger == ILL)
        left = hung_up(event) or taken_over(event)
        without_number = self.without_number or (left and bool(prompts_of(event.request) & ASKS_NUMBER))
        taken = self.taken or taken_over(event)
        cared_for = self.cared_for or (taken and event.answer == DialEnded(True))
        unheard = event.answer == Pressed("*") and REPEATED_ON_STAR in prompts_of(event.request)
        symptom = self.symptom or (not unheard and self._tells(event))
        return changed(
            self,
            unheard=unheard and not symptom,
            symptom=symptom,
            doubtful=doubtful and not symptom,
            taken=taken,
            cared_for=cared_for,
            without_number=without_number,
        )

    def _tells(self, event: Answered) -> bool:
        answer, prompts = event.answer, prompts_of(event.request)
        if isinstance(answer, Spoke) and answer.danger in (UNJUDGED, SUSPECT, EMERGENT, GRAVE, FLAGGED):
            return True
        if (isinstance(answer, Spoke) and answer.wish in self.services) or self._is_key_of_care(event):
            return True
        if "wait.keys" in prompts:
            return answer == Pressed("2")
        if prompts & NEEDS_A_CLEAR_NO and _is_unclear(event):
            return True
        return bool(prompts & ASKS_IF_ILL) and is_yes_or_doubt(answer)

    def _is_key_of_care(self, event: Answered) -> bool:
        pressed = event.answer.digits if isinstance(event.answer, Pressed) else ""
        return pressed in self.keys and "menu.option" in prompts_of(event.request)


ASKS_NUMBER = frozenset({"promise.anonymous", "promise.digits", "promise.unfit", "promise.confirm"})
ASKS_IF_ILL = frozenset({"identity.symptom", "errand.ask", "reason.ill", "message.ill", "danger.ask"})
"""Prompts to which a yes, or a doubt, says that somebody is ill."""
REPEATED_ON_STAR = "identity.symptom"
NEEDS_A_CLEAR_NO = frozenset({"reason.ill", REPEATED_ON_STAR})
"""Prompts to which whoever does not clearly say no, ask for a person or choose is taken for ill."""


def _is_unclear(event: Answered) -> bool:
    """Whether an answer to one key or words is none that means anything there."""
    answer = event.answer
    if isinstance(answer, Spoke):
        return not (answer.wish or is_clear_no(answer))
    return answer == Silence() or (isinstance(answer, Pressed) and answer.digits not in ("0", "2"))


@dataclass(frozen=True, slots=True)
class RedFlagsRaise:
    """After a red flag come the 911 words, then an emergent page before any wait; and no urgency ever falls.

    What sounds like an emergency to the ear alone is one on the way to a clinician. Elsewhere it is taken for one, or
    the next words are the question whether it is, with 911 before it; all but a clear no there calls for the page. So
    is what only may be one, where patients ``tell`` of themselves and are not being screened yet. Each wait, but the
    last one for the house and a hold without keys, listens for what would raise the urgency.

    ``emergent`` are the words of the questions that are signed with the 911 words, ``quiet`` those of emergencies that
    are signed without: after these, and after phrases signed so, a page comes and the words do not.
    """

    emergent: frozenset[str] = fixed(frozenset())
    quiet: frozenset[str] = fixed(frozenset())
    tell: bool = fixed(True)
    spares_words: bool = False
    owes_words: bool = False
    owes_question: bool = False
    owes_page: bool = False
    urgency: str = URGENCIES[0]
    ill: bool = False
    taken: bool = False

    def see(self, event: Event) -> Self:
        """Follow what is owed and the highest urgency noted."""
        if isinstance(event, Answered):
            return self._answer(event)
        if self.spares_words and lines_of(event):
            need(lines_of(event)[0].prompt not in TELLS_911, "the 911 words are said where they were signed away")
            return changed(self, spares_words=False).see(event)
        if self.owes_words and lines_of(event):
            need(tells_911(event), "the words after a red flag are not the 911 words")
            return changed(self, owes_words=False)
        if self.owes_question and lines_of(event):
            asked = isinstance(event, Ask) and [line.prompt for line in event.lines] == ["danger.911", "danger.ask"]
            raised = not asked and tells_911(event)
            need(asked or raised, "what sounds like an emergency is neither asked about nor raised at once")
            return changed(self, owes_question=False, owes_page=raised)
        if isinstance(event, Wait | AskMeanwhile | WithPerson | Outcome):
            need(not self.owes_page, "a red flag was heard, and no clinician is paged before the wait")
        held = isinstance(event, WaitOnHold)
        if isinstance(event, Wait) and not ("wait.house" in prompts_of(event) or (held and not event.keys)):
            need(self._news(held) <= set(event.alarms), "a wait does not listen for what would raise the urgency")
        return self._effect(event)

    def _news(self, held: bool) -> set[str]:
        """The dangers that words may tell of from now on; none once all is done that could be."""
        if self.urgency == URGENCIES[-1]:
            return set()
        return {EMERGENT, FLAGGED} if self.ill or held else {ILL, SUSPECT, EMERGENT, FLAGGED}

    def _effect(self, event: Event) -> Self:
        effect = effect_of(event)
        if isinstance(effect, NoteCall) and effect.symptom:
            return changed(self._raised(effect.urgency), ill=True)
        urgency = getattr(effect, "urgency", None)
        if self.taken and isinstance(effect, StartEscalation):
            return changed(self, urgency=more_urgent(self.urgency, effect.urgency))
        if urgency is None or self.taken:
            return self
        self._need_no_fall(urgency)
        if isinstance(effect, StartEscalation | OpenPromise) and self.owes_page:
            need(urgency == "emergent", f"a red flag leads to a page that is only {urgency}")
            return changed(self, owes_page=False, urgency=urgency)
        # A place in the queue may be better than the urgency; only what is noted, paged or promised counts.
        return self if isinstance(effect, EnterWaitingRoom) else changed(self, urgency=urgency)

    def _raised(self, urgency: str | None) -> Self:
        if urgency is None or self.taken:
            return self
        self._need_no_fall(urgency)
        return changed(self, urgency=urgency)

    def _need_no_fall(self, urgency: str) -> None:
        fell = URGENCIES.index(urgency) < URGENCIES.index(self.urgency)
        need(not fell, f"the urgency falls from {self.urgency} to {urgency}")

    def _answer(self, event: Answered) -> Self:
        if isinstance(event.request, Fact) and event.request.name == "call_urgency" and isinstance(event.answer, Known):
            return changed(self, urgency=more_urgent(self.urgency, event.answer["urgency"]))
        if taken_over(event):
            settled = changed(self, owes_words=False, owes_question=False, owes_page=False, taken=True)
            return changed(settled, spares_words=False)
        if hung_up(event):
            reachable = not prompts_of(event.request) & ASKS_NUMBER
            owes_page = self.owes_page and reachable
            return changed(self, owes_words=False, spares_words=False, owes_question=False, owes_page=owes_page)
        if self.urgency == URGENCIES[-1] or self.taken or (self.owes_page and not self.owes_words):
            return self  # no news: the words were said, and the page is on its way or owed
        if self._flag(event):
            return changed(self, owes_words=True, owes_question=False, owes_page=True)
        if self._is_quiet(event):
            return changed(self, spares_words=True, owes_question=False, owes_page=True)
        if "danger.ask" in prompts_of(event.request):
            return changed(self, owes_page=not is_clear_no(event.answer))
        asked_about = (UNJUDGED, EMERGENT, SUSPECT) if self.tell else (UNJUDGED, EMERGENT)
        if not self.ill and isinstance(event.answer, Spoke) and event.answer.danger in asked_about:
            return changed(self, owes_question=True)
        return self

    def _flag(self, event: Answered) -> bool:
        answer, request = event.answer, event.request
        flags = (UNJUDGED, EMERGENT, FLAGGED) if self.ill else (FLAGGED,)
        if isinstance(answer, Spoke) and answer.danger in flags:
            return True
        if "wait.worse" in prompts_of(request):
            return answer == Pressed("2")
        return self._is_asked(request, self.emergent) and self._raises(request.key, answer)

    def _is_quiet(self, event: Answered) -> bool:
        answer, request = event.answer, event.request
        if isinstance(answer, Spoke) and answer.danger == GRAVE:
            return True
        return self._is_asked(request, self.quiet) and self._raises(request.key, answer)

    @staticmethod
    def _is_asked(request: Request, words: frozenset[str]) -> bool:
        return isinstance(request, Ask) and any(line.text in words for line in request.lines if line.text)

    @staticmethod
    def _raises(key: str, answer: Answer) -> bool:
        """Whether an answer to a question of emergency raises: all but a clear no, once it was asked twice."""
        if is_yes_or_doubt(answer) or answer in (Silence(), Pressed("0")):
            return True
        if isinstance(answer, Spoke) and (answer.danger == GRAVE or answer.wish == PERSON):
            return True
        return key.rpartition("/")[2] == "1" and not is_clear_no(answer)
