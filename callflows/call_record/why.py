"""Why something is not in the record: in words, and by what happened in the call."""

from __future__ import annotations

from callflows.call_record.material import Material
from callflows.values import URGENCIES
from callflows.vocabulary import Interrupted

BACKLINE = "backline-"
"""How the service of a professional's call begins."""
FORGOTTEN = "no longer kept: what was said and keyed is forgotten once the retention of call logs is over"


def level_of(known: Material) -> str:
    """The highest urgency of the call."""
    return max((known.about.urgency, *(one.urgency for one in known.raises)), key=URGENCIES.index)


def is_over(known: Material) -> bool:
    """Whether the caller's line has ended."""
    return known.about.ended_at is not None


def is_professional(known: Material) -> bool:
    """Whether a hospital, a laboratory or a pharmacy called."""
    return (known.about.service or "").startswith(BACKLINE)


def is_screened(known: Material) -> bool:
    """Whether the questions of a protocol are for this call: somebody is ill, and no professional calls about them."""
    return known.about.symptom and not is_professional(known)


def why_not_asked(known: Material, *, in_emergency: bool = False) -> str:
    """Why a question about the illness was not asked, or not any more; ``in_emergency``: it is asked in one too."""
    if known.about.forgotten:
        return FORGOTTEN
    if is_professional(known):
        return "not asked: a professional called"
    if not known.about.symptom:
        return "not asked: nobody told of an illness"
    if any(one.landed for one in known.conversations):
        return "not asked: our software failed, and the caller was brought to a person"
    if level_of(known) == "emergent" and not in_emergency:
        return "not asked: an emergency was found first"
    ways = {one.answer.how for one in known.exchanges if isinstance(one.answer, Interrupted)}
    if "taken-over" in ways:
        return "not asked: a supervisor took the call over first"
    if not is_over(known):
        return "not asked so far: the call goes on"
    if "hung-up" in ways:
        return "not asked: the caller hung up first"
    return "not asked: somebody was looked for first"
