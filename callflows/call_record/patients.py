"""Who a call is about, by the answers: how old, and whether pregnant; and the questions that are signed for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from callflows.call_record.material import Material, Protocol, ScreeningQuestion
from callflows.dialogues.questions import SearchEnded, SymptomHeard, WantsPerson, chosen, reply_of
from callflows.dialogues.screening import AGE_OPTIONS, TRIES
from callflows.engine.retelling import Exchange
from callflows.values import ADULT, CHILD, INFANT, NEWBORN, PREGNANCY, Call, Practice
from callflows.vocabulary import Interrupted, Silence
from callflows.vocabulary.hearing import DOUBT, NO, PERSON

ABOUT, AGE, PREGNANT = "patient/", "patient/age/", "patient/pregnant/"
"""How the keys of the questions about the patient begin; the try follows."""
SCREENING = "triage/"
"""How the keys of screening questions begin; the question's own name and the try follow."""
AGES_IN_WORDS = {
    NEWBORN: "under three months",
    INFANT: "under one year",
    CHILD: "under twelve years",
    ADULT: "twelve or older",
}
ALARM, UNCLEAR = "alarm", "unclear"
"""Replies beside YES, NO, DOUBT and PERSON: words of an emergency, and what was not understood."""
NOT_TOLD = "not told, taken for an emergency"
_IN_CARE = Call(Practice("")).in_care()
"""A call whose symptom is known, as that of every question about the patient is."""


@dataclass(frozen=True, slots=True)
class Patient:
    """``age`` is one of AGES and ``group`` one of GROUPS, each empty while it is not known."""

    age: str = ""
    group: str = ""


def is_about_patient(asked: Exchange) -> bool:
    """Whether it was asked who the call is about."""
    return asked.key.startswith(ABOUT)


def find_patient(known: Material) -> Patient:
    """Who the call is about, by the last that was told of it."""
    told = [patient for _, patient in _follow(known)]
    return told[-1] if told else Patient()


def describe_patient(known: Material) -> str:
    """Age and pregnancy in words; empty where the age was not told."""
    patient = find_patient(known)
    asked = [_describe_pregnancy(one) for one in known.exchanges if one.key.startswith(PREGNANT)]
    age = AGES_IN_WORDS.get(patient.age, "")
    return f"{age}; pregnancy: {asked[-1]}" if patient.age == ADULT and asked else age


def describe_who(asked: Exchange) -> str:
    """What an answer to a question about the patient was taken for."""
    reply = _reply(asked)
    if reply == PERSON:
        return "wants a person: a clinician is called at once"
    if reply == ALARM:
        return "an emergency"
    if asked.answer is None:
        return "cannot be read"
    if isinstance(asked.answer, Interrupted):
        return f"{asked.answer.how.replace('-', ' ')}: not answered"
    if asked.key.startswith(PREGNANT):
        return _describe_pregnancy(asked)
    return AGES_IN_WORDS.get(reply) or _describe_failure(asked)


def screen_of(known: Material, patient: Patient) -> Protocol | None:
    """The set of questions that a patient is screened by; None where none is known to be."""
    return next((one for one in known.protocols if one.group in ("", patient.group)), None)


def question_of(known: Material, asked: Exchange) -> ScreeningQuestion | None:
    """The question of a protocol that was asked, from the set that was in use then.

    Where it cannot be told who the call was about, by its words, as sets may share names.
    """
    if not asked.key.startswith(SCREENING):
        return None
    key, screen = asked.key.removeprefix(SCREENING).rpartition("/")[0], _screen_at(known, asked)
    protocols = known.protocols if screen is None else (screen,)
    named = [one for protocol in protocols for one in protocol.questions if one.key == key]
    said = {line.text for line in getattr(asked.request, "lines", ())}
    return next((one for one in named if said & set(one.words)), named[0] if named else None)


def protocols_used(known: Material) -> tuple[Protocol, ...]:
    """The sets of which something was asked, and the one that is for the patient."""
    used = [_set_asked(known, one) for one in known.exchanges if one.key.startswith(SCREENING)]
    return tuple(dict.fromkeys(one for one in (*used, screen_of(known, find_patient(known))) if one is not None))


def list_not_asked(known: Material) -> Iterator[tuple[ScreeningQuestion, bool]]:
    """The questions of the sets in use that were not asked, each with whether it is for patients of this age."""
    asked, age = [question_of(known, one) for one in known.exchanges], find_patient(known).age
    for protocol in protocols_used(known):
        for one in protocol.questions:
            if one not in asked:
                yield one, not one.ages or not age or age in one.ages


def why_no_screen(known: Material) -> str:
    """Why no set was chosen, where the answers about the patient are the reason; else empty."""
    asked = [one for one in known.exchanges if is_about_patient(one)]
    if not asked:
        return ""
    if _reply(asked[-1]) == PERSON:
        return "not asked: the caller wanted a person first"
    if find_patient(known).group:
        return "not asked: nothing is signed for such a patient, which is taken for an emergency"
    if describe_who(asked[-1]) == NOT_TOLD:
        return "not asked: who the patient is was not told, which is taken for an emergency"
    return ""


def _follow(known: Material) -> Iterator[tuple[Exchange, Patient]]:
    """Each exchange, with what was known of the patient after it."""
    patient, asks_pregnancy = Patient(), any(one.group == PREGNANCY for one in known.protocols)
    for one in known.exchanges:
        if one.key.startswith(AGE):
            age = _reply(one)
            age = age if age in AGES_IN_WORDS else ""
            patient = Patient(age, _group_of(age, asks_pregnancy))
        elif one.key.startswith(PREGNANT):
            patient = replace(patient, group=_group_by_pregnancy(one))
        yield one, patient


def _group_of(age: str, asks_pregnancy: bool) -> str:
    if age == ADULT:
        return "" if asks_pregnancy else ADULT
    return CHILD if age else ""


def _group_by_pregnancy(asked: Exchange) -> str:
    reply = _reply(asked)
    if reply in (PERSON, ALARM) or asked.answer is None or isinstance(asked.answer, Silence | Interrupted):
        return ""
    if reply == UNCLEAR:
        return PREGNANCY if _is_last_try(asked) else ""
    return ADULT if reply == NO else PREGNANCY


def _screen_at(known: Material, asked: Exchange) -> Protocol | None:
    return next((screen_of(known, patient) for one, patient in _follow(known) if one is asked), None)


def _set_asked(known: Material, asked: Exchange) -> Protocol | None:
    question = question_of(known, asked)
    holders = (one for one in known.protocols if question in one.questions)
    return _screen_at(known, asked) or next(holders, None)


def _describe_pregnancy(asked: Exchange) -> str:
    group, reply = _group_by_pregnancy(asked), _reply(asked)
    if group == ADULT:
        return "not pregnant, and no birth in the past year"
    if group == PREGNANCY:
        surely = reply not in (UNCLEAR, DOUBT)
        return "pregnant, or gave birth in the past year" if surely else "perhaps pregnant, taken for yes"
    return _describe_failure(asked)


def _describe_failure(asked: Exchange) -> str:
    """How a question about the patient was left open."""
    if isinstance(asked.answer, Silence) or _is_last_try(asked):
        return NOT_TOLD
    return "not understood: asked once more"


def _is_last_try(asked: Exchange) -> bool:
    return asked.key.endswith(f"/{TRIES[-1]}")


def _reply(asked: Exchange) -> str:
    """An age, YES, NO, DOUBT, PERSON, ALARM or UNCLEAR."""
    if asked.answer is None:
        return UNCLEAR
    try:
        if asked.key.startswith(AGE):
            return chosen(_IN_CARE, asked.answer, AGE_OPTIONS) or UNCLEAR
        return reply_of(_IN_CARE, asked.answer) or UNCLEAR
    except WantsPerson:
        return PERSON
    except (SymptomHeard, SearchEnded):
        return ALARM
