"""In which state a clinician's card of a call is, and what may be done there."""

from __future__ import annotations

from dataclasses import dataclass

RINGING, ACCEPTED, TALKING, CALLED_BACK, DROPPED, TO_WRITE, TO_REACH, CONSULTED, DONE, TAKEN, OVER = STATES = (
    *("ringing", "accepted", "talking", "called-back", "dropped", "to-write", "to-reach", "consulted"),
    *("done", "taken", "over"),
)
WORDS = {
    RINGING: "You are being paged",
    ACCEPTED: "You have accepted: answer your telephone",
    TALKING: "You are talking with the caller",
    CALLED_BACK: "The patient is being called",
    DROPPED: "The line has dropped",
    TO_WRITE: "You have talked: write the outcome",
    TO_REACH: "Nobody has talked with the patient yet",
    CONSULTED: "Nothing is open of yours in this call",
    DONE: "Done",
    TAKEN: "Somebody else has taken this call",
    OVER: "This page is over",
}
NEED_ITEM = ("done", "pass")
"""What can only be done with a call that is an open item."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What is known: the ``page`` by its lifecycle, and whether it is this clinician's still.

    ``others``: another clinician accepted. ``done``: contact and an outcome. ``contact``: two people heard each other.
    ``on_telephone``: the clinician is rung for this call or on the telephone for it; ``joined``: in its talk.
    ``caller``: on the line; ``patient``: rung back by us, or in the talk again. ``item``: the call is or becomes an
    open item; a clinician who was only asked for advice has none.
    """

    page: str
    others: bool = False
    done: bool = False
    contact: bool = False
    on_telephone: bool = False
    joined: bool = False
    caller: bool = False
    patient: bool = False
    item: bool = True


def decide_state(facts: CardFacts) -> str:
    """Decide the state of a card."""
    if facts.page == "open":
        return RINGING
    if facts.page != "accepted":
        return TAKEN if facts.others else OVER
    if facts.done:
        return DONE
    return _on_the_way(facts)


def _on_the_way(facts: CardFacts) -> str:
    if facts.on_telephone:
        if facts.patient:
            return CALLED_BACK
        if not facts.caller:
            return _left(facts) if facts.contact else DROPPED
        return TALKING if facts.joined else ACCEPTED
    return _left(facts)


def _left(facts: CardFacts) -> str:
    """What is left to do of a call that is over."""
    if not facts.item:
        return CONSULTED
    return TO_WRITE if facts.contact else TO_REACH


def list_actions(state: str, *, has_number: bool, item: bool = True) -> tuple[str, ...]:
    """What may be done on a card, in the order in which it is offered: the first is the largest button.

    ``item``: the call is or becomes an open item.
    """
    return tuple(one for one in _list_actions(state, has_number=has_number) if item or one not in NEED_ITEM)


def _list_actions(state: str, *, has_number: bool) -> tuple[str, ...]:
    if state == RINGING:
        return ("accept", "ring", "pass", "note", "more")
    if state in (TAKEN, OVER):
        return ()
    if state == DONE:
        return ("note",)
    calls = ("call",) if has_number and state in (TO_REACH, TO_WRITE, CONSULTED) else ()
    passes = ("pass",) if state in (TO_REACH, DROPPED, ACCEPTED) else ()
    first = ("done", *calls) if state == TO_WRITE else (*calls, "done")
    return (*first, "note", "more", *passes)
