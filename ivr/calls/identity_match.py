"""Who is calling: the record that matches what the caller gave, read where the log of the leg has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from callflows.authority import may_speak_alone
from callflows.dialogues.questions import TRIES, keys_asked
from callflows.dialogues.represented import FOR_THEMSELVES, TO_COME
from callflows.identity import ITEMS, Rule, Said
from callflows.prompts.dates import say_date
from callflows.vocabulary import Answer, Pressed
from ivr.calls import log
from ivr.calls.audit_trail import note_identification
from ivr.calls.configuration import call_row, line_zone, pinned
from ivr.calls.events import alert_once, record
from ivr.calls.identity_answers import dates_said, is_denied, is_understood, said_of
from ivr.calls.identity_throttle import Judged, judge, note
from ivr.core.unit_of_work import Work
from ivr.patients.lookup import Match, match_answers
from ivr.patients.representatives.lookup import read_represented
from routing.zones import to_local

READ_BACK = "{}/right".format
"""The key of the question whether an answer was read back as it was meant."""


def spoken_item(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether an answer can be read as the item that was asked for, and a date in words to read back.

    ``about`` names the keys under which it may be kept: the last of them that was answered counts.
    """
    keys = about["answer"].split()
    answers = log.answers_to(work, leg, keys)
    answer = next((answers[key] for key in reversed(keys) if key in answers), None)
    item, language = about["item"], about["language"]
    if answer is None or not is_understood(item, answer, language, work.at.date()):
        return {"understood": "no", "spoken": ""}
    if item != "date_of_birth" or isinstance(answer, Pressed):
        return {"understood": "yes", "spoken": ""}
    return {
        "understood": "yes",
        "spoken": say_date(date.fromisoformat(dates_said(answer, language, work.at.date())[0]), language),
    }


def patient_match(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether exactly one record matches everything the caller gave. Never says which item failed.

    ``about`` names the questions of each item, ``more`` the item that was asked because the others did not decide.
    Where ``about`` has that the caller's own items are to come, a match is no success yet: else every guess at who
    speaks for a patient would be forgiven by the patient's own items. Where it has that callers speak for themselves,
    the record of somebody too young for that is no match.
    """
    row = call_row(work, leg.call_id)
    known = pinned(work, leg.call_id).practice(row.practice_id).identity.L1
    said = answers_given(work, leg, about)
    rule = Rule(known.need, known.require)
    match = match_answers(
        work.connection, work.services.cipher, row.practice_id, said, rule, about.get("language", row.language)
    )
    match = _without_children(work, row, match) if FOR_THEMSELVES in about.items() else match
    # Looked up first: a refused guess must cost the same time and get the same words as a wrong one.
    more = about.get("more", "")
    enough_before = sum(1 for item in said if item != more) >= known.need
    nearest = match.patient_id or next(iter(match.nearest), None)
    judged = judge(work, row, nearest, goes_on=bool(more) and enough_before)
    # What did not match is one failure an attempt, as soon as enough was given for a match.
    is_guess = len(said) >= known.need and not (more and enough_before)
    found = "none" if judged.refusal else match.kind
    decides = found != "one" or TO_COME not in about.items()
    _note_try(work, leg, row, match, judged, counts=(is_guess or found == "one") and decides, decides=decides)
    return {"found": found, "patient": (match.patient_id or "") if found == "one" else ""}


def _without_children(work: Work, row: Row[Any], match: Match) -> Match:
    """The match, which is none where the patient is too young to be the one who calls. It is a failed try at them."""
    if match.kind != "one" or match.patient_id is None:
        return match
    patient = read_represented(work.connection, work.services.cipher, row.practice_id, match.patient_id, "")
    today = to_local(work.at, line_zone(work, row)).date()
    return match if may_speak_alone(patient, today) else replace(match, kind="none", too_young=True)


def _note_try(
    work: Work, leg: Row[Any], row: Row[Any], match: Match, judged: Judged, *, counts: bool, decides: bool
) -> None:
    """Note a try in the audit trail, and among the tries that are limited where it ``counts``.

    A match that does not decide leaves the call at its level.
    """
    matched = match.kind == "one" and not judged.refusal
    if counts:
        count_try(work, row, match.kind, judged, matched=matched)
    if match.set_aside and not judged.refusal:
        alert_once(work, row.id, "record-set-aside", patient=match.patient_id or "", why=match.set_aside)
    # Of several records that are equally near it cannot be told whose was tried.
    patient = match.patient_id or (match.nearest[0] if len(match.nearest) == 1 else None)
    note_identification(
        work,
        leg,
        "locked" if judged.refusal else match.set_aside or ("too-young" if match.too_young else match.kind),
        patient,
        level="L1" if matched and decides else row.identity_level,
        telephone=judged.guess.telephone,
        refused_by=judged.refusal or "",
    )


def count_try(work: Work, row: Row[Any], found: str, judged: Judged, *, matched: bool) -> None:
    """Count a try among those that are limited, unless it was refused, and tell of it among the events of the call."""
    telephone = judged.guess.telephone
    if judged.refusal:
        record(work, "identity-tried", row.id, found="none", refused=judged.refusal, telephone=telephone)
        return
    record(work, "identity-tried", row.id, found=found, telephone=telephone)
    note(work, row, judged, matched=matched)


def answers_given(work: Work, leg: Row[Any], about: Mapping[str, str]) -> dict[str, list[Said]]:
    """Every answer that can be read, by item; ``about`` names the questions of each."""
    asked = {item: about[item].split() for item in ITEMS if item in about}
    tries = [f"{question}/{turn}" for questions in asked.values() for question in questions for turn in TRIES]
    keys = [key for each in (*tries, *map(READ_BACK, tries)) for key in keys_asked(each)]
    answers = log.answers_to(work, leg, keys)
    language, today = about.get("language", "en-US"), work.at.date()
    given = {
        item: [said_of(item, _last(answers, question), language, today) for question in questions]
        for item, questions in asked.items()
    }
    return {item: [one for one in said if one] for item, said in given.items() if any(said)}


def _last(answers: Mapping[str, Answer], question: str) -> Answer | None:
    """The answer to the last try of a question, which is the one that counts, unless it was read back and denied."""
    last = next((key for turn in reversed(TRIES) if (key := f"{question}/{turn}") in answers), None)
    if last is None or is_denied(_latest(answers, READ_BACK(last))):
        return None
    return _latest(answers, last)


def _latest(answers: Mapping[str, Answer], key: str) -> Answer | None:
    """The answer to a question that star repeats: the one that was given last."""
    return next((answers[each] for each in reversed(keys_asked(key)) if each in answers), None)
