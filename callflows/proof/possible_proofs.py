"""What may come back where callers prove who they are: of codes, and of the listed numbers of professionals."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from callflows.values import URGENCIES
from callflows.vocabulary import (
    Answer,
    Ask,
    AskCode,
    AskDialIn,
    AskOrganisationCode,
    AwaitCode,
    CodeChecked,
    ConfirmCallBack,
    Granted,
    PinChecked,
    Pressed,
    RingListed,
)

CODES_ASKED = (AskCode, AwaitCode, AskOrganisationCode, AskDialIn)
_CAME: Mapping[type[Ask], tuple[str, ...]] = {
    AskCode: ("right", "wrong", "over", "unsent", "checking"),
    AwaitCode: ("right", "wrong", "over", "unsent", "unchecked"),
    AskOrganisationCode: ("right", "wrong"),
}


def list_given_codes(request: Ask) -> tuple[Answer, ...]:
    """What may come of a question for a code; what was keyed does not reach the flow, but for single keys."""
    came: tuple[Answer, ...] = (PinChecked(True), PinChecked(False))
    if type(request) in _CAME:
        came = tuple(map(CodeChecked, _CAME[type(request)]))
    return (*came, *(Pressed(key) for key in "012*"))


OF_A_LISTED_NUMBER = (RingListed, ConfirmCallBack)
GRANTED_OR_NOT: tuple[Answer, ...] = (Granted(True), Granted(False))
"""What may come of having it rung, and of its answer: the code may be withdrawn at any time."""


def list_proofs() -> tuple[dict[str, str], ...]:
    """Each way in which a professional may have proved for which organisation they call."""
    named = ("code", "rings", "unanswered", "reached")
    return ({"proof": "none", "organisation": ""}, *({"proof": one, "organisation": "Lakeside"} for one in named))


FACTS_OF_PROOF: Mapping[str, Callable[[], tuple[dict[str, str], ...]]] = {
    "call_urgency": lambda: tuple({"urgency": urgency} for urgency in URGENCIES),
    "listed_number": lambda: ({"number": "+13125550177"},),
    "caller_proof": list_proofs,
}
