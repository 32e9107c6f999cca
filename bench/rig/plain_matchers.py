"""What is held against our matching: a plain exact matcher, and a plain fuzzy one with one Levenshtein ratio."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from rapidfuzz.distance import Levenshtein

from bench.rig.evi import Dialogue
from bench.rig.identity_trials import ITEMS_SAID, Scorer
from callflows.identity import Held
from callflows.identity.words import letters_and_digits

Ratio = Callable[[str, str], float]


def exact(items: Sequence[str] = ITEMS_SAID, attempts: slice = slice(None)) -> Scorer:
    """How many items some alternative of some attempt is equal to, without case, spaces and marks."""
    return _scorer(items, attempts, lambda said, held: float(said == held))


def fuzzy(items: Sequence[str] = ITEMS_SAID, attempts: slice = slice(None)) -> Scorer:
    """The sum over items of the best Levenshtein ratio of any alternative of any attempt."""
    return _scorer(items, attempts, Levenshtein.normalized_similarity)


def _scorer(items: Sequence[str], attempts: slice, ratio: Ratio) -> Scorer:
    def score(dialogue: Dialogue) -> Callable[[Held], float]:
        said = {item: _texts(dialogue, item, attempts) for item in items}
        return lambda held: sum(_best(said[item], forms_held(item, getattr(held, item)), ratio) for item in items)

    return score


def _texts(dialogue: Dialogue, item: str, attempts: slice) -> list[str]:
    heard = {letters_and_digits(each) for answer in dialogue.said[item][attempts] for each in answer}
    return sorted(heard - {""})


def _best(said: Sequence[str], forms: Sequence[str], ratio: Ratio) -> float:
    return max((ratio(each, form) for each in said for form in forms), default=0.0)


def forms_held(item: str, held: str) -> tuple[str, ...]:
    """The ways in which a plain matcher would write what is on file; three for dates."""
    if item != "date_of_birth":
        return (letters_and_digits(held),)
    born = date.fromisoformat(held)
    suffix = "th" if born.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(born.day % 10, "th")
    written = (f"{born.day}{suffix} of {born:%B} {born.year}", f"{born.day} {born:%B} {born.year}", f"{born:%d%m%Y}")
    return tuple(letters_and_digits(each) for each in written)
