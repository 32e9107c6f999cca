"""How much what was said of a name speaks for a record: the given name and the family name, each with its rarity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from callflows.identity.names import HeldName, NameAnswer, Pair, compare_names, hold_name, read_name
from callflows.identity.rarity import rarity_of_family, rarity_of_given
from callflows.identity.values import Said, Weight
from callflows.identity.weights import Calibration, Knots, at_knots, bounded, together

LIKE_FROM = 0.7
"""The likeness from which a name's rarity begins to count; it counts whole where the names are the same."""
AGREES_FROM = 1.0
"""What each of both names must say for the item to agree."""


def name_weigher(said: Sequence[Said], language: str, by: Calibration) -> Callable[[str], Weight]:
    """Read names once, to be held against many records."""
    answers = [read_name(answer, language) for answer in said]

    def weigh_name(held: str) -> Weight:
        name = hold_name(held)
        return _weigh(answers, name, by) if name is not None else Weight(0.0, False)

    return weigh_name


def _weigh(answers: Sequence[NameAnswer], held: HeldName, by: Calibration) -> Weight:
    """Each of both names has the evidence of every answer; a caller may spell the one and say the other."""
    pairs = [
        pair for pair in (likeliest(compare_names(answer, held), by.of_names) for answer in answers) if pair is not None
    ]
    given = _slot([given for given, _ in pairs if given is not None], rarity_of_given(held.given), by)
    family = _slot([family for _, family in pairs if family is not None], _rarity(held), by)
    agrees = given >= AGREES_FROM and (family >= AGREES_FROM or not held.families)
    return Weight(bounded(given + family), agrees)


def likeliest(pairs: Iterable[Pair], knots: Knots) -> Pair | None:
    """The reading of one answer that says most for a record; None where nothing of a name was said."""
    return max(pairs, key=lambda pair: _said_by(pair, knots), default=None)


def _said_by(pair: Pair, knots: Knots) -> float:
    return sum(at_knots(likeness, knots) for likeness in pair if likeness is not None)


def _slot(likenesses: Sequence[float], rarity: float, by: Calibration) -> float:
    values = [at_knots(each, by.of_names) + rarity * _counts(each) for each in likenesses]
    return together(values, by.of_repeats)


def _counts(likeness: float) -> float:
    return max(0.0, (likeness - LIKE_FROM) / (1 - LIKE_FROM))


def _rarity(held: HeldName) -> float:
    """Of a double surname the most frequent part counts: it may be all that was said."""
    return min((rarity_of_family(family) for family in held.families), default=0.0)
