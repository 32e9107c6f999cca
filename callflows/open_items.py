"""What a clinician who accepted a call still has to do: accepted is not done.

An item is open from the accept until there was contact and an outcome is written. Without contact it is begun again
after a while, and when its clinician's shift ends, when it is also handed over to whoever follows. It stays with the
one who has it until the other takes it, so that it is never nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

BEGINS_AGAIN_AFTER = timedelta(minutes=30)
"""How long an accepted call may be without contact before the ladder is climbed for it again."""
NOT_TAKEN_AFTER = timedelta(minutes=30)
"""How long an item that was handed over may wait to be taken before supervisors are told."""
LOOKED_AT_EVERY = timedelta(hours=1)
"""An open item is looked at at least so often."""

OUTCOMES = (
    *("advised", "prescribed", "sent-to-emergency", "to-be-seen", "referred", "cared-for-elsewhere", "no-care-needed"),
)
"""What became of a call, as its clinician says."""
FOLLOW_UPS = ("none", "call-tomorrow", "appointment", "office-calls", "with-emergency-room")
"""What is still to be done for the patient, by the office or the clinician."""
WAYS = ("talked", "cared-for-elsewhere")
"""How the patient was reached, where we did not hear it ourselves."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of an item.

    ``contact`` and ``outcome`` tell whether there was contact since it was opened, and whether an outcome is written.
    ``busy``: its clinician is on the telephone for it, or rung for it. ``paging``: somebody is paged for the call.
    ``on_duty``: the clinician is still on call for it; ``follower`` is who is responsible for such calls now, "" where
    nobody is. ``begun_again_at`` is when it was begun again last.
    """

    person: str
    opened_at: datetime
    contact: bool = False
    outcome: bool = False
    busy: bool = False
    paging: bool = False
    on_duty: bool = True
    follower: str = ""
    offered_to: str = ""
    offered_at: datetime | None = None
    begun_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """What is due for an item: ``close`` it, ``offer`` it to somebody, ``begin_again``, ``alert`` supervisors."""

    close: bool = False
    offer: str = ""
    begin_again: bool = False
    alert: bool = False


def decide(item: Item, at: datetime) -> Due:
    """Decide what is due. Nothing closes an item but contact and an outcome."""
    if item.contact and item.outcome:
        return Due(close=True)
    offer = _offer(item)
    return Due(offer=offer, begin_again=_begins_again(item, at, handed=bool(offer)), alert=_is_left(item, at))


def _offer(item: Item) -> str:
    """To whom it is handed over: to whoever follows, once the clinician is off duty and off the telephone."""
    if item.on_duty or item.busy or item.follower in ("", item.person, item.offered_to):
        return ""
    return item.follower


def _begins_again(item: Item, at: datetime, *, handed: bool) -> bool:
    if item.contact or item.busy or item.paging:
        return False
    since = max(filter(None, (item.opened_at, item.begun_again_at)))
    return handed or at - since >= BEGINS_AGAIN_AFTER


def _is_left(item: Item, at: datetime) -> bool:
    return bool(item.offered_to) and item.offered_at is not None and at - item.offered_at >= NOT_TAKEN_AFTER


def look_again_at(item: Item, shift_ends_at: datetime, at: datetime) -> datetime:
    """When it is to be decided anew, whatever is told before: something may be due then, and nothing is sooner."""
    since = max(filter(None, (item.opened_at, item.begun_again_at)))
    left = [item.offered_at + NOT_TAKEN_AFTER] if item.offered_at is not None else []
    sooner = [one for one in (since + BEGINS_AGAIN_AFTER, shift_ends_at, *left) if one > at]
    return min((*sooner, at + LOOKED_AT_EVERY))
