"""What a likeness says, as natural logarithms of likelihood ratios: a few numbers, some fitted and some set by hand.

Those of ``FITTED`` are logarithms of (share of answers for the right profile) over (share of answers for another),
counted in bins of single answers of the EVI dialogues, smoothed and made to rise; between knots they are interpolated.
``of_repeats`` is what made the sum of all items cost least, as evidence. ``python -m bench.rig.fit_identity`` fits
them again; docs/decisions/spoken-identity.md says more.

No data was at hand for ZIPs, telephones and record numbers: theirs are set by hand, below what an equal likeness of a
postcode says, because others have numbers that share all but one digit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callflows.identity.birth_dates import Nearness

Knots = tuple[tuple[float, float], ...]
"""Likenesses, rising, with what each says."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The numbers that were fitted."""

    of_names: Knots
    of_codes: Knots
    of_dates: Mapping[Nearness, float]
    of_repeats: float
    """How much of its own weight each further answer to one question adds to the best: one caller's are alike."""


FITTED = Calibration(
    of_names=((0.3, -3.3), (0.5, -1.4), (0.7, 1.0), (0.85, 2.8), (1.0, 4.9)),
    of_codes=((0.3, -2.8), (0.5, -0.6), (0.7, 2.5), (0.85, 6.5), (1.0, 6.8)),
    of_dates={
        Nearness.FAR: -4.2,
        Nearness.ONE_PART: -2.0,
        Nearness.LIKE: 1.4,
        Nearness.NEAR: 3.7,
        Nearness.TWO_PARTS: 4.6,
        Nearness.EXACT: 8.5,
    },
    of_repeats=0.05,
)
"""Fitted on every dialogue, and rounded."""

KNOTS_OF_WHOLE_CODES: Knots = ((0.4, -4.0), (0.7, -1.5), (0.8, 0.0), (0.95, 0.5))
EXACT_ZIP, EXACT_MRN, EXACT_PHONE, LOCAL_PHONE = 3.5, 7.0, 7.0, 3.5
"""A ZIP says least, because patients of one practice live near one another."""
LEAST, MOST = -6.0, 12.0
"""What one item can say at all: a caller may have taken up another's data, and data may be wrong on file."""


def at_knots(likeness: float, knots: Knots) -> float:
    """What a likeness says, on a straight line between its neighbours among the knots."""
    after = bisect_right(knots, (likeness, LEAST - 1))
    if after == 0 or after == len(knots):
        return knots[max(0, after - 1)][1]
    (low, first), (high, last) = knots[after - 1], knots[after]
    return first + (last - first) * (likeness - low) / (high - low)


def together(values: Sequence[float], of_repeats: float) -> float:
    """What several answers to one question say: the best one, and a part of what each other one says.

    Answers of one caller are alike, so that their weights do not simply add up. No answer says nothing.
    """
    if not values:
        return 0.0
    best = max(values)
    return bounded(best + of_repeats * (sum(values) - best))


def bounded(value: float) -> float:
    return min(MOST, max(LEAST, value))
