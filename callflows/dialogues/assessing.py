"""What is wrong, and how urgent it is, before anybody is looked for."""

from __future__ import annotations

from callflows.dialogues.emergency_911 import danger_words
from callflows.dialogues.questions import SymptomHeard, WantsPerson, ask, judge
from callflows.dialogues.screening import WARNED, is_raised, screen
from callflows.values import Call
from callflows.vocabulary import Dialogue, Do, NoteCall, Spoke
from callflows.vocabulary.hearing import EMERGENT, FLAGGED, GRAVE, PERSON, SUSPECT


def assess(call: Call, words: str, danger: str, help_line: str) -> Dialogue:
    """Listen and screen. Returns the urgency, or "" where the caller wants a person.

    Raises SymptomHeard as soon as there is an emergency.
    """
    try:
        yield from take_complaint(call, words)
        if danger in (FLAGGED, GRAVE):
            raise SymptomHeard("", danger, help_line)
        if danger == PERSON:
            return ""
        if danger in (SUSPECT, EMERGENT):
            endangered = yield from is_in_danger(call)
            if endangered:
                raise SymptomHeard("", WARNED, help_line)
        return (yield from screen(call))
    except WantsPerson:
        return ""


def take_complaint(call: Call, words: str) -> Dialogue:
    """Note what is wrong, and ask for it where no ``words`` told. Raises SymptomHeard at words of an emergency."""
    if words:
        yield Do("symptom/complaint", NoteCall(complaint=words))
        return
    answer = yield ask(call, "symptom/words/0", call.lines("symptom.words"))
    yield Do("symptom/complaint", NoteCall(complaint=answer.words if isinstance(answer, Spoke) else ""))
    judge(call, answer)


def is_in_danger(call: Call) -> Dialogue:
    """Say the 911 words and ask in the same breath whether somebody is in danger: all but a clear no says so."""
    answer = yield ask(call, "danger", (*danger_words(call), *call.lines("danger.ask")))
    try:
        return is_raised(call, answer)
    except WantsPerson:
        return True
