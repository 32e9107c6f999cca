"""Learning who is calling, by keypad: date of birth and one more item. It never says which item failed."""

from __future__ import annotations

from callflows.dialogues.illness import need_clear_no
from callflows.dialogues.one_time_code import prove_by_code
from callflows.dialogues.questions import NotUnderstood, Option, ask, digits, menu
from callflows.values import Call, Service
from callflows.vocabulary import Dialogue, Do, Fact, NoteCall, Say

ITEM_DIGITS: dict[str, int | None] = {"zip": 5, "phone_on_file": 10, "mrn": None}
"""Digits of each further item; a record number ends with pound."""

BY_CODE = ("L2", "L3")
"""Levels for which a code is asked for; whatever else L3 needs, a person sees to it."""

KNOWN_OR_NEW = (Option("1", "known"), Option("2", "new"))


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
        yield from prove_by_code(call)
    return found


def identified(call: Call, service: Service) -> Dialogue:
    """Ask who is calling. Returns "matched", "new" or "failed"; raises NotUnderstood."""
    if service.takes_new_patients:
        seen = yield from menu(call, "identity/seen", call.lines("patient.known"), KNOWN_OR_NEW)
        if seen == "new":
            yield Do("identity/new", NoteCall(identity_level="L0"))
            return "new"
    return (yield from match_record(call))


def match_record(call: Call) -> Dialogue:
    """Try to find one record, ``tries`` times. Returns "matched" or "failed"."""
    tries = range(call.practice.identity.tries)
    item = call.practice.identity.items[0]
    for attempt in tries:
        birth = yield from digits(call, f"identity/birth/{attempt}", call.lines("identity.birth"), 8)
        other = yield from digits(call, f"identity/{item}/{attempt}", call.lines(f"identity.{item}"), ITEM_DIGITS[item])
        match = yield Fact(f"identity/match/{attempt}", "patient_match", (("date_of_birth", birth), (item, other)))
        if match["found"] == "one":
            yield Do("identity/known", NoteCall(patient=match["patient"], identity_level="L1"))
            yield Say("identity/matched", call.lines("identity.matched"))
            return "matched"
        yield Say(
            f"identity/sorry/{attempt}", call.lines("identity.unmatched" if attempt < tries[-1] else "identity.failed")
        )
    return "failed"


def need_nobody_ill(call: Call) -> Dialogue:
    """Ask a caller who cannot be matched whether anybody is ill, which needs no record.

    Raises SymptomHeard at all but a clear no.
    """
    answer = yield ask(call, "identity/ill/0", call.lines("identity.symptom"))
    need_clear_no(call, answer)
