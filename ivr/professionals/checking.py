"""Checking the code of an organisation that was keyed or said. The digits themselves are written nowhere."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, insert

from callflows.dialogues.listed import DIGITS, RIGHT, WRONG
from callflows.vocabulary import Answer, Ask, AskMeanwhile
from callflows.vocabulary.requests import ORGANISATION_CODE
from ivr.calls import legs
from ivr.calls.configuration import newest
from ivr.calls.events import record
from ivr.calls.identity_throttle import judge_organisation, note
from ivr.codes.reading import read_code, without_code
from ivr.core.unit_of_work import Work
from ivr.professionals import codes
from ivr.professionals.audit_trail import note_caller
from ivr.professionals.listing import listed_of
from ivr.professionals.tables import listed_caller
from routing.identity_tries import Guess

PROVING = (("backline", AskMeanwhile.__name__), ("listed_number", Ask.__name__))
"""On which line which questions are beside the one for the code."""
MOST_READINGS = 2
"""So many readings of what was said are held against codes: each takes a slow hash."""


def check_organisation_code(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What came of the code that was given. Single keys, words and silence come back as they are, words without a code
    that they may hold.

    A refused try sounds as a wrong one, and takes as long.
    """
    about = legs.lock_call(work, leg.call_id)
    read = read_code(given, about.language, DIGITS, ORGANISATION_CODE)
    if not read:
        return without_code(given, about.language)
    whole = [digits for digits in read if len(digits) == DIGITS][:MOST_READINGS]
    if not whole:
        note_caller(work, leg, "professional.code", "incomplete")
        return WRONG
    return _judge(work, about, leg, whole)


def keep_codes_out(work: Work, leg: Row[Any], given: Answer) -> Answer:
    """What was said at another question about the proof, without a code that it may hold.

    The matter is asked for before, and keeps its numbers: they may be the result that is reported.
    """
    asked = (leg.flow, leg.pending_kind) in PROVING
    return without_code(given, legs.lock_call(work, leg.call_id).language) if asked else given


def _judge(work: Work, about: Row[Any], leg: Row[Any], whole: list[str]) -> Answer:
    near = [(codes.find_near(work, about.practice_id, digits), digits) for digits in whole]
    right = [row for row, digits in near if codes.is_right(work, row, digits)]
    nearest = next((row for row in (*right, *(row for row, _ in near)) if row is not None), None)
    judged = judge_organisation(work, about, _guess(work, about, nearest))
    is_listed = nearest is not None and nearest.listed_id in listed_of(newest(work), about.practice_id)
    is_right = bool(right) and is_listed
    if judged.refusal is None:
        note(work, about, judged, matched=is_right)
    accepted = right[0] if is_right and judged.refusal is None else None
    outcome = "refused" if judged.refusal else "right" if accepted is not None else "wrong"
    record(work, "organisation-code-tried", about.id, leg=leg.id, found=outcome, refused=judged.refusal or "")
    note_caller(work, leg, "professional.code", outcome, nearest.listed_id if nearest is not None else None)
    if accepted is None:
        return WRONG
    _note_right(work, about, accepted)
    return RIGHT


def _guess(work: Work, about: Row[Any], near: Row[Any] | None) -> Guess:
    """The try as it is judged. Behind a listed number there are many people, whose mistakes keep no other one out."""
    hashes = {
        name: work.services.cipher.lookup_hash(about.practice_id, "phone", one.number)
        for name, one in listed_of(newest(work), about.practice_id).items()
    }
    subject = None if near is None else _subject(work, about, near.listed_id)
    if about.caller_hash is None:
        return Guess(subject, "hidden")
    is_listed = about.caller_hash in hashes.values()
    own = near is not None and hashes.get(near.listed_id) == about.caller_hash
    return Guess(subject, "on-file" if is_listed else "unknown", own, is_listed)


def _subject(work: Work, about: Row[Any], listed_id: str) -> str:
    return work.services.cipher.lookup_hash(about.practice_id, "guessed-at", f"organisation:{listed_id}")


def _note_right(work: Work, about: Row[Any], code: Row[Any]) -> None:
    """Note for which organisation whoever calls gave the code, which is asked for no more then."""
    work.connection.execute(
        insert(listed_caller).values(
            call_id=about.id,
            practice_id=about.practice_id,
            listed_id=code.listed_id,
            code_id=code.id,
            code_at=work.at,
        )
    )
