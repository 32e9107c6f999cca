"""What the page says: of what came of an act, of what stands in the way, and of what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from callflows.dialogues.one_time_code import OVER, RIGHT, UNSENT, WRONG
from callflows.identity import by_person
from ivr.verification.proving import SENT
from ivr.verification.reading import Found

HINDRANCES: Mapping[str, str] = MappingProxyType(
    {
        by_person.NO_TALK: "Only who talks with the caller can prove them, and only while they talk.",
        by_person.NOBODY_MATCHED: "No record was matched with this caller, so that nobody can be proved in this call.",
        by_person.SPEAKS_FOR: "The caller speaks for the patient. The number on file is the patient's and proves "
        "nothing of who is calling.",
        by_person.SEEN_BEFORE: "This call has moved on since you opened the page. Look at it again.",
        by_person.NO_LIST: "This practice has no checklist, and brings callers to L2 at most.",
        by_person.PROVED_ALREADY: "The caller is known to this level already.",
        by_person.FOR_SUPERVISOR: "The caller was not proved before. Only a supervisor can decide anew.",
        by_person.BY_TELEPHONE: "Codes of this practice are sent and given by telephone: press star on yours, then 4 "
        "to have one texted, and 5 to enter what the caller reads out.",
        by_person.NEEDS_CODE: "The checklist counts after a code was given.",
        by_person.INCOMPLETE: "Every item must be ticked. If one does not hold, the caller is not proved.",
        by_person.NO_REASON: "Choose why the caller is not proved.",
    }
)
CAME: Mapping[str, str] = MappingProxyType(
    {
        SENT: "A code is on its way to the number on file. Ask the caller to read it out.",
        UNSENT.how: "No code can be sent or given in this call.",
        RIGHT.how: "The code is right: identity level L2.",
        WRONG.how: "That is not the code.",
        OVER.how: "That code is good no more. Send another one.",
        by_person.PROVED: "Proved: identity level L3 for this call.",
        by_person.NOT_PROVED: "Not proved: written down. No list raises this caller now.",
    }
)
NO_CODE_TYPED = "Type the six digits that the caller reads out."


def tell_outcome(outcome: str) -> str:
    """What came of an act."""
    return CAME.get(outcome) or f"Nothing was done. {HINDRANCES[outcome]}"


def tell_missing(found: Found) -> str:
    """What is missing for what the service asks; empty where nothing is."""
    return ", then ".join(step for level, step in _STEPS if found.standing.level < level <= found.asked)


_STEPS = (("L1", "a record that fits"), ("L2", "a code from the number on file"), ("L3", "the checklist"))
