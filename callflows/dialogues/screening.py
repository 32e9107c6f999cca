"""Screening: who it is about, then every question that was signed for such patients, until one finds an emergency.

Who it is about is asked first, because what is harmless in one patient is an emergency in another: a set is never put
to a patient for whom it was not signed. Whoever cannot be placed, and whoever belongs to a group without a set, is
taken for an emergency.
"""

from __future__ import annotations

from callflows.dialogues.questions import Option, SymptomHeard, WantsPerson, again, ask, chosen, reply_of
from callflows.prompts import Line, own_words
from callflows.values import ADULT, AGES, CHILD, PREGNANCY, Call, Question, more_urgent
from callflows.vocabulary import Answer, Ask, Dialogue, Silence
from callflows.vocabulary.hearing import GRAVE, NO

WARNED = "warned"
"""An emergency for which the 911 words were said already, or are not to be said."""

TRIES = range(2)
AGE_OPTIONS = tuple(Option(str(key), age) for key, age in enumerate(AGES, start=1))
SILENCE = 5
"""Seconds of silence at the questions about the patient: whoever cannot speak is not kept from being paged for."""


def screen(call: Call) -> Dialogue:
    """Learn who it is about and ask what was signed for them. Returns the urgency, at least urgent.

    Raises SymptomHeard at an emergency, and as soon as it is not known by which set to screen.
    """
    questions = yield from questions_for_patient(call)
    return (yield from triage(call, questions))


def questions_for_patient(call: Call) -> Dialogue:
    """The questions for the patient of this call. Raises SymptomHeard where it has none."""
    if not call.practice.protocols:
        return call.practice.protocol.questions
    age = yield from patient_age(call)
    group = CHILD
    if age == ADULT:
        group = yield from adult_group(call)
    protocol = call.practice.screen_of(group)
    if protocol is None:
        raise SymptomHeard
    return protocol.questions_for(age)


def patient_age(call: Call) -> Dialogue:
    """One of AGES. Raises SymptomHeard at silence, and where it was not understood twice."""
    preface: tuple[Line, ...] = ()
    for attempt in TRIES:
        lines = (*preface, *call.lines("patient.age"))
        answer = yield ask(call, f"patient/age/{attempt}", lines, AGE_OPTIONS, timeout=SILENCE)
        age = chosen(call, answer, AGE_OPTIONS)
        if age:
            return age
        if answer == Silence():
            break
        preface = again(call, answer)
    raise SymptomHeard


def adult_group(call: Call) -> Dialogue:
    """ADULT at a clear no to pregnancy and the year after it, else PREGNANCY. Raises SymptomHeard at silence."""
    if call.practice.screen_of(PREGNANCY) is None:
        return ADULT
    preface: tuple[Line, ...] = ()
    for attempt in TRIES:
        lines = (*preface, *call.lines("patient.pregnant", "symptom.yes_no"))
        answer = yield ask(call, f"patient/pregnant/{attempt}", lines, timeout=SILENCE)
        reply = reply_of(call, answer)
        if answer == Silence():
            raise SymptomHeard
        if reply:
            break
        preface = again(call, answer)
    return ADULT if reply == NO else PREGNANCY


def triage(call: Call, questions: tuple[Question, ...]) -> Dialogue:
    """Ask the questions in their order, highest acuity first, all of them unless one finds an emergency.

    Returns the highest urgency that an answer raised to. At an emergency SymptomHeard is raised, with the 911 words
    owed where the question was signed with them.
    """
    urgency = "urgent"
    for question in questions:
        raised = yield from is_question_raised(call, question)
        if raised:
            urgency = more_urgent(urgency, question.raises_to)
            if urgency == "emergent" and question.says_911:
                raise SymptomHeard(help_line=question.help_line)
            if urgency == "emergent":
                raise SymptomHeard("", WARNED, question.help_line)
    return urgency


def is_question_raised(call: Call, question: Question) -> Dialogue:
    """Ask one question; all but a clear no raises. What could not be understood is asked once more, silence never.

    Whoever asks for a person, or tells of something else, has not said no to an emergency. Raises as ``judge`` does.
    """
    try:
        answer = yield asked(call, question, 0)
        if answer != Silence() and not reply_of(call, answer):
            answer = yield asked(call, question, 1, again(call, answer))
        return is_raised(call, answer)
    except SymptomHeard as heard:
        if heard.danger != GRAVE or not question.says_911:
            raise
        return True
    except WantsPerson:
        if question.raises_to != "emergent":
            raise
        return True


def asked(call: Call, question: Question, attempt: int, preface: tuple[Line, ...] = ()) -> Ask:
    """The question, in the protocol's own words and the caller's language where it has them, and how to answer."""
    words = dict(question.ask)
    language = call.language if call.language in words else question.ask[0][0]
    lines = (*preface, own_words(words[language], language), *call.lines("symptom.yes_no"))
    return ask(call, f"triage/{question.key}/{attempt}", lines)


def is_raised(call: Call, answer: Answer) -> bool:
    """Whether an answer to a question about danger is anything but a clear no. Raises as ``judge`` does."""
    return reply_of(call, answer) != NO
