"""What is to be done with a call that Twilio has and no leg of ours. Pure: it compares what is known, and decides.

``docs/decisions/the-account-is-compared.md`` says why.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from ivr.twilio.rest_api import CallState, NumberState

PATIENCE = timedelta(minutes=1)
"""How old a call to us is whose first webhook will not come any more: Twilio asks again, and then the fallback."""
CLOCK_SLACK = timedelta(seconds=5)

Incoming = Literal["ours-not", "wait", "missed", "at-fallback", "take-over"]
Outgoing = Literal["ours-not", "wait", "adopt", "hang-up"]


@dataclass(frozen=True, slots=True)
class RungLeg:
    """A leg that Twilio was asked to ring. ``until`` is when it was asked last; None while it may yet be asked."""

    leg_id: str
    call_id: str
    to: str = field(repr=False)
    since: datetime
    until: datetime | None
    claimed: bool
    ended: bool


def judge_incoming(call: CallState, at: datetime, number: NumberState | None, parents: Collection[str]) -> Incoming:
    """What a call to one of our numbers is that never reached us.

    ``number`` is what it was made to, where that sends its calls to us; ``parents`` are the calls that a living call
    was made for. A call that began before its number was pointed at us is somebody else's.
    """
    began = call.began_at
    if number is None or began is None or (number.date_updated is not None and began < number.date_updated):
        return "ours-not"
    if at - began < PATIENCE or not (call.ended or call.status == "in-progress"):
        return "wait"
    if call.ended:
        return "missed"
    return "at-fallback" if call.sid in parents else "take-over"


def judge_outgoing(call: CallState, rung: Iterable[RungLeg]) -> tuple[Outgoing, RungLeg | None]:
    """What a living call is that none of our legs has, and the leg that it was made for.

    It is ours only where a leg was to be rung at that number then: another program may share the account. While Twilio
    may be asked once more for such a leg, whoever asks looks for the call first, and takes it.
    """
    legs = [leg for leg in rung if _may_be_made_for(call, leg)]
    nameless = [leg for leg in legs if not leg.claimed]
    if not legs:
        return "ours-not", None
    if any(leg.until is None for leg in nameless):
        return "wait", None
    living = [leg for leg in nameless if not leg.ended]
    if len(living) > 1:
        return "wait", None  # whose it is, Twilio tells at the address of its leg
    return ("adopt", living[0]) if living else ("hang-up", (nameless or legs)[-1])


def _may_be_made_for(call: CallState, leg: RungLeg) -> bool:
    if call.to != leg.to or call.date_created is None:
        return False
    ends = leg.until + CLOCK_SLACK if leg.until is not None else None
    return leg.since - CLOCK_SLACK <= call.date_created and (ends is None or call.date_created <= ends)


def point_at(numbers: Sequence[NumberState], voice_url: str) -> Mapping[str, NumberState]:
    """The numbers that send their calls to ``voice_url``, whose fragment (how often Twilio asks) does not count."""
    wanted = voice_url.split("#")[0]
    return {one.number: one for one in numbers if (one.voice_url or "").split("#")[0] == wanted}
