"""Learning who is calling, in words or by keys. It never says which item failed."""

from __future__ import annotations

from callflows.dialogues.identity_items import give_item, give_items, question_keys
from callflows.dialogues.illness import need_clear_no
from callflows.dialogues.one_time_code import prove_by_code
from callflows.dialogues.questions import NotUnderstood, Option, ask, choice, repeatable
from callflows.dialogues.represented import FOR_THEMSELVES, is_about_another, match_represented
from callflows.values import Call, Service
from callflows.vocabulary import Dialogue, Do, Fact, NoteCall, Say
from callflows.vocabulary.hearing import NO, YES
from callflows.vocabulary.requests import SEEN

BY_CODE = ("L2", "L3")
"""Levels for which a code is asked for; whatever else L3 needs, a person sees to it."""

KNOWN_OR_NEW = (Option("1", "known", YES), Option("2", "new", NO))


def verify(call: Call, service: Service) -> Dialogue:
    """Bring the caller to the identity level of the service, as near as they come.

    Returns "matched", "new", "failed" or "not-needed".
    """
    if service.level == "L0":
        return "not-needed"
    try:
        found = yield from identified(call, service)
    except NotUnderstood:
        return "failed"
    if found == "matched" and service.level in BY_CODE:
        # Not for whoever speaks for a patient: the number on file is the patient's, and proves nothing of the caller.
        yield from prove_by_code(call)
    return "matched" if found == "represented" else found


def identified(call: Call, service: Service) -> Dialogue:
    """Ask who is calling. Returns "matched", "represented", "new" or "failed"; raises NotUnderstood."""
    if service.takes_new_patients:
        seen = yield from choice(call, "identity/seen", call.lines("patient.known"), KNOWN_OR_NEW, item=SEEN)
        if seen == "new":
            yield Do("identity/new", NoteCall(identity_level="L0"))
            return "new"
    another = yield from is_about_another(call)
    if another:
        return (yield from match_represented(call, service))
    return (yield from match_record(call))


def match_record(call: Call) -> Dialogue:
    """Try to find one record, ``tries`` times. Returns "matched" or "failed"."""
    tries = range(call.practice.identity.tries)
    for attempt in tries:
        match = yield from try_items(call, attempt)
        if match["found"] == "one":
            yield Do("identity/known", NoteCall(patient=match["patient"], identity_level="L1"))
            yield Say("identity/matched", call.lines("identity.matched"))
            return "matched"
        yield Say(
            f"identity/sorry/{attempt}", call.lines("identity.unmatched" if attempt < tries[-1] else "identity.failed")
        )
    return "failed"


def try_items(call: Call, attempt: int) -> Dialogue:
    """Ask for as many items as are needed, and for one more where these do not decide. Returns the last match.

    One more is asked whether several records are near or none is: whoever guesses must not learn which.
    """
    yield from give_items(call, call.practice.identity.asked_at_once(), attempt)
    match = yield Fact(f"identity/match/{attempt}", "patient_match", given(call, attempt))
    more = call.practice.identity.one_more(attempt)
    if match["found"] == "one" or not more:
        return match
    yield from give_item(call, more, attempt, needed=False)
    return (yield Fact(f"identity/match/{attempt}/more", "patient_match", (*given(call, attempt), ("more", more))))


def given(call: Call, attempt: int) -> tuple[tuple[str, str], ...]:
    """Where the log has what was given in all attempts so far: for each item the keys of its questions.

    Where others may speak for a patient, also that this is about the caller: elsewhere a parent calls as the patient.
    """
    rule = call.practice.identity
    whose = (FOR_THEMSELVES,) if rule.representatives else ()
    return (*question_keys(rule.in_order(), attempt), ("language", call.language), *whose)


def need_nobody_ill(call: Call) -> Dialogue:
    """Ask a caller who cannot be matched whether anybody is ill, which needs no record.

    Raises SymptomHeard at all but a clear no.
    """
    answer = yield from repeatable(ask(call, "identity/ill/0", call.lines("identity.symptom")))
    need_clear_no(call, answer)
