"""Somebody who calls about somebody else: whose record it is and who is calling are two questions.

Both are asked whatever the first has shown, with the same items, and answered with the same words, so that nobody
learns which of the two failed, or that a record, a representative or a service is there.
"""

from __future__ import annotations

from callflows.dialogues.identity_items import CALLER, give_item, give_items, question_keys
from callflows.dialogues.questions import Option, choice
from callflows.values import Call, Service
from callflows.vocabulary import Dialogue, Do, Fact, NoteCall, Say
from callflows.vocabulary.hearing import NO, YES
from callflows.vocabulary.requests import WHOM

OTHER, SELF = "other", "self"
WHOSE = (Option("2", OTHER, NO), Option("1", SELF, YES))
"""Words of somebody else go first: "I am her mother, it is not for me"."""
ITEMS_OF_CALLER = ("name", "date_of_birth")
TO_COME = ("caller", "to come")
"""Among what a match of the patient is about: who is calling is asked next, and decides what comes of the try."""
FOR_THEMSELVES = ("caller", "self")
"""The same where the caller has said that it is about themselves: a record of somebody too young for that is none."""


def is_about_another(call: Call) -> Dialogue:
    """Whether the caller speaks for somebody else, where the practice asks. Raises NotUnderstood after three tries."""
    if not call.practice.identity.representatives:
        return False
    whom = yield from choice(call, "identity/whom", call.lines("identity.whom"), WHOSE, item=WHOM)
    return whom == OTHER


def match_represented(call: Call, service: Service) -> Dialogue:
    """Try to find the patient and who speaks for them, ``tries`` times. Returns "represented" or "failed"."""
    tries = range(call.practice.identity.tries)
    for attempt in tries:
        patient = yield from find_patient(call, attempt)
        yield from give_items(call, ITEMS_OF_CALLER, attempt, CALLER)
        speaks = yield Fact(f"caller/match/{attempt}", "representative_match", claim(call, service, patient, attempt))
        if speaks["found"] == "one":
            yield Do("caller/known", known(patient, speaks["representative"], speaks["relation"]))
            yield Say("caller/matched", call.lines("identity.matched"))
            return "represented"
        yield Say(
            f"caller/sorry/{attempt}", call.lines("identity.unmatched" if attempt < tries[-1] else "identity.failed")
        )
    return "failed"


def find_patient(call: Call, attempt: int) -> Dialogue:
    """Ask for the patient's items. Returns the patient, or "".

    The item that others are only asked for where the first do not decide is asked of everybody here.
    """
    rule = call.practice.identity
    more = rule.one_more(attempt)
    yield from give_items(call, rule.asked_at_once(), attempt)
    if more:
        yield from give_item(call, more, attempt, needed=False)
    asked = (*question_keys(rule.in_order(), attempt), ("language", call.language), TO_COME)
    match = yield Fact(f"identity/match/{attempt}", "patient_match", asked)
    return match["patient"]


def claim(call: Call, service: Service, patient: str, attempt: int) -> tuple[tuple[str, str], ...]:
    """For whom the caller says to speak, about what, and where the log has who they are."""
    asked = question_keys(ITEMS_OF_CALLER, attempt, CALLER)
    return (("patient", patient), ("service", service.name), *asked, ("language", call.language))


def known(patient: str, representative: str, relation: str) -> NoteCall:
    """Two identities, each at its level."""
    return NoteCall(
        patient=patient, identity_level="L1", representative=representative, relation=relation, caller_level="L1"
    )
