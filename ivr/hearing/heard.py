"""What the ear heard in an answer, and the one class that follows from it.

A caller is asked more because of it and never less, but where a number, a day, a name or a code was asked for and is
all that was said: there it may be set aside (``ivr/hearing/plain_answers.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ivr.hearing import thresholds
from ivr.hearing.classifier import Scores
from ivr.hearing.meters import Alarm


class Class(Enum):
    """What an answer is, the most urgent first. The words are kept with calls and never change."""

    EMERGENT = "emergent"
    """Ask whether it is an emergency now: silence, an unclear answer and yes all raise."""
    CLINICAL = "clinical"
    """A nurse should hear it."""
    OFFICE = "office"
    """A wish to the office: see ``service`` and ``sureness``."""
    EVERYDAY = "everyday"
    """Nothing of the clinic, or too little to tell."""
    NOTHING = "nothing"
    """No words."""


class Sureness(Enum):
    """How sure the service is."""

    SURE = "sure"
    """Say it back and go on."""
    BEST_TWO = "best-two"
    """Offer ``service`` and ``second``."""
    UNSURE = "unsure"
    """Read the menu."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard, in numbers that compare alike on every machine.

    ``emergent`` and ``ill`` are the likelihoods of an emergency, and of illness or worse, in the whole answer;
    ``emergent_stretch`` and ``ill_stretch`` the highest in any stretch of it. ``group`` is the likeliest red flag where
    an emergency is likeliest, so that it can be asked about. A reading of a meter past its limits counts as likelihood
    1. ``office`` and ``everyday`` are the likelihoods of any wish to the office and of anything else; ``service`` and
    ``second`` are the likeliest wishes, and ``service_score`` the likelihood of the first, if it is a wish. Without
    words every likelihood is 0.
    """

    emergent: float = 0.0
    emergent_stretch: float = 0.0
    group: str = ""
    ill: float = 0.0
    ill_stretch: float = 0.0
    office: float = 0.0
    service: str = ""
    service_score: float = 0.0
    second: str = ""
    everyday: float = 0.0


NOTHING = Heard()


def heard_in(stretches: Sequence[Scores], alarm: Alarm | None = None) -> Heard:
    """What one answer holds: its scores, the whole first and then its stretches, and what its meters lead to."""
    if not stretches:
        return NOTHING
    whole, worst = stretches[0], max(stretches, key=lambda scores: scores.emergent)
    ranked = sorted(whole.services, key=lambda name: whole.services[name], reverse=True)
    return Heard(
        emergent=1.0 if alarm and alarm.group else whole.emergent,
        emergent_stretch=worst.emergent,
        group=(alarm.group if alarm else "") or max(worst.groups, key=lambda name: worst.groups[name], default=""),
        ill=1.0 if alarm and alarm.group else max(whole.ill, thresholds.NURSE if alarm else 0.0),
        ill_stretch=max(scores.ill for scores in stretches),
        office=whole.office,
        service=ranked[0],
        service_score=whole.services[ranked[0]],
        second=ranked[1],
        everyday=whole.everyday,
    )


def most_urgent(alternatives: Sequence[Heard]) -> Heard:
    """What counts of several ways to write down the same answer, the likeliest first: the most urgent one."""
    return max(alternatives, key=_urgency, default=NOTHING)


def judge(heard: Heard) -> Class:
    """The one class that follows from what was heard."""
    if heard == NOTHING:
        return Class.NOTHING
    if _ask(heard):
        return Class.EMERGENT
    if heard.ill >= thresholds.NURSE or heard.ill_stretch >= thresholds.NURSE_IN_A_STRETCH:
        return Class.CLINICAL
    return Class.EVERYDAY if heard.everyday > heard.office else Class.OFFICE


def decided_by(heard: Heard) -> str:
    """The likelihoods that :func:`judge` decided by, each with where it begins to count, in words for people."""
    if heard.emergent >= thresholds.ASK:
        return f"an emergency is {heard.emergent:.2f} likely in all of it; asked from {thresholds.ASK:.2f} on"
    if heard.emergent_stretch >= thresholds.ASK_IN_A_STRETCH:
        from_here = thresholds.ASK_IN_A_STRETCH
        return f"an emergency is {heard.emergent_stretch:.2f} likely in a stretch of it; asked from {from_here:.2f} on"
    ill = f"illness or worse is {heard.ill:.2f} likely in all of it, {heard.ill_stretch:.2f} in a stretch"
    if _ask(heard):
        return f"{ill}, and an emergency is possible"
    begins = f"to a nurse from {thresholds.NURSE:.2f} and {thresholds.NURSE_IN_A_STRETCH:.2f} on"
    return f"{ill}; {begins}. Office {heard.office:.2f}, everyday {heard.everyday:.2f}"


def is_grave(heard: Heard) -> bool:
    """Whether an answer sounds so much like an emergency that nothing is asked first where care has begun."""
    return heard.emergent >= thresholds.GRAVE or heard.emergent_stretch >= thresholds.GRAVE_IN_A_STRETCH


def sureness(heard: Heard) -> Sureness:
    """How sure the service of an office wish is."""
    if heard.service_score >= thresholds.SURE:
        return Sureness.SURE
    return Sureness.BEST_TWO if heard.service_score >= thresholds.UNSURE else Sureness.UNSURE


def _ask(heard: Heard) -> bool:
    if heard.emergent >= thresholds.ASK or heard.emergent_stretch >= thresholds.ASK_IN_A_STRETCH:
        return True
    whole = heard.ill >= thresholds.SURELY_ILL and heard.emergent >= thresholds.POSSIBLE
    stretch = heard.ill_stretch >= thresholds.SURELY_ILL_IN_A_STRETCH
    return whole or (stretch and heard.emergent_stretch >= thresholds.POSSIBLE)


def _urgency(heard: Heard) -> tuple[int, float]:
    """Greater for what is more urgent; equal for what differs in its service only, of which the first counts."""
    rank = {Class.EMERGENT: 3, Class.CLINICAL: 2, Class.NOTHING: 0}.get(judge(heard), 1)
    return rank, max(heard.emergent, heard.emergent_stretch) if rank > 1 else 0.0
