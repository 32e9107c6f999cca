"""Dialogues held against profiles: each against its own, and against others of several kinds who might pass for it."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log2, sqrt

from bench.rig.evi import LANGUAGE, Dialogue, Evi
from callflows.identity import Held
from callflows.identity.evidence import weigher
from callflows.identity.weights import FITTED, Calibration

ITEMS_SAID = ("name", "date_of_birth", "zip")
RANDOM, SURNAME, DATE, AREA = "random others", "the same surname", "near dates of birth", "the same postcode area"
KINDS = (RANDOM, SURNAME, DATE, AREA)
FALSE_ACCEPTANCE = 0.001
Z = 1.96


@dataclass(frozen=True, slots=True)
class Scores:
    """What a matcher gave dialogues against their own profiles, and against others by kind."""

    own: tuple[float, ...]
    others: Mapping[str, tuple[float, ...]]


Scorer = Callable[[Dialogue], Callable[[Held], float]]


def weighing(items: Sequence[str] = ITEMS_SAID, attempts: slice = slice(None), by: Calibration = FITTED) -> Scorer:
    """Our own: the sum of what each item says, of some attempts only where that is asked."""

    def score(dialogue: Dialogue) -> Callable[[Held], float]:
        weighers = {item: weigher(item, dialogue.said[item][attempts], LANGUAGE, by) for item in items}
        return lambda held: sum(weighers[item](getattr(held, item)).log_ratio for item in items)

    return score


class Impostors:
    """For each dialogue, profiles of others: the same in every run, so many of each kind at most."""

    def __init__(self, evi: Evi, random_others: int, near_others: int) -> None:
        self._evi, self._random, self._near = evi, random_others, near_others
        self._by: dict[str, dict[str, list[int]]] = {kind: defaultdict(list) for kind in KINDS[1:]}
        for place, held in enumerate(evi.profiles):
            for kind in KINDS[1:]:
                for key in _keys(kind, held):
                    self._by[kind][key].append(place)

    def of(self, dialogue: Dialogue, kind: str) -> list[Held]:
        chance = random.Random(f"{dialogue.speaker} {dialogue.profile} {kind}")
        own = self._evi.profiles[dialogue.profile]
        if kind == RANDOM:
            found = chance.sample(range(len(self._evi.profiles)), self._random)
        else:
            near = {place for key in _keys(kind, own) for place in self._by[kind][key]} - {dialogue.profile}
            found = chance.sample(sorted(near), min(self._near, len(near)))
        return [self._evi.profiles[place] for place in found if place != dialogue.profile]


def _keys(kind: str, held: Held) -> Iterator[str]:
    """What somebody of a kind shares. Dates are near that share all but one digit, or the day and the month."""
    if kind == SURNAME:
        yield held.name.split()[-1]
    elif kind == AREA:
        yield held.zip.split()[0]
    else:
        yield held.date_of_birth[4:]
        yield from (held.date_of_birth[:place] + "?" + held.date_of_birth[place + 1 :] for place in range(10))


def scored(evi: Evi, dialogues: Sequence[Dialogue], impostors: Impostors, scorer: Scorer) -> Scores:
    """Every dialogue against its own profile and all its impostors."""
    own, others = [], {kind: [] for kind in KINDS}  # type: tuple[list[float], dict[str, list[float]]]
    for dialogue in dialogues:
        score = scorer(dialogue)
        own.append(score(evi.profiles[dialogue.profile]))
        for kind in KINDS:
            others[kind] += [score(held) for held in impostors.of(dialogue, kind)]
    return Scores(tuple(own), {kind: tuple(found) for kind, found in others.items()})


def together(one: Scores, other: Scores) -> Scores:
    """The scores of both halves."""
    return Scores(one.own + other.own, {kind: one.others[kind] + other.others[kind] for kind in KINDS})


def false_rejections(own: Sequence[float], others: Sequence[float], share: float = FALSE_ACCEPTANCE) -> int:
    """How many of their own are rejected where at most ``share`` of the others are accepted."""
    threshold = sorted(others, reverse=True)[int(share * len(others))]
    return sum(score <= threshold for score in own)


def equal_errors(own: Sequence[float], others: Sequence[float]) -> float:
    """The share at which as many of their own are rejected as others are accepted."""
    errors = []
    for threshold in sorted({*own, *sorted(others)[-len(others) // 5 :]}):
        rejected = sum(score <= threshold for score in own) / len(own)
        accepted = sum(score > threshold for score in others) / len(others)
        errors.append((abs(rejected - accepted), (rejected + accepted) / 2))
        if rejected > accepted:
            break
    return min(errors)[1]


def cost_of_evidence(own: Sequence[float], others: Sequence[float]) -> float:
    """Cllr, in bits: 1 says nothing, and more than 1 misleads (Brümmer and du Preez, 2006)."""
    right = sum(log2(1 + exp(min(50.0, -score))) for score in own) / len(own)
    wrong = sum(log2(1 + exp(min(50.0, score))) for score in others) / len(others)
    return (right + wrong) / 2


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share, spread = count / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), middle + half


def halves(dialogues: Sequence[Dialogue]) -> tuple[list[Dialogue], list[Dialogue]]:
    """The dialogues of two sets of speakers, who have none in common."""
    speakers = sorted({dialogue.speaker for dialogue in dialogues})
    random.Random(1).shuffle(speakers)
    first = frozenset(speakers[::2])
    return [one for one in dialogues if one.speaker in first], [one for one in dialogues if one.speaker not in first]
