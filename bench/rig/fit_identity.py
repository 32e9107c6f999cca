"""``python -m bench.rig.fit_identity``: fit the numbers of ``callflows.identity.weights`` on the EVI dialogues."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import exp, log

from bench.rig.evi import LANGUAGE, Dialogue, Evi, read_evi
from bench.rig.identity_trials import cost_of_evidence, weighing
from callflows.identity import Held
from callflows.identity.birth_dates import Nearness, compare_dates, read_date
from callflows.identity.codes import compare_code, read_code
from callflows.identity.name_evidence import likeliest
from callflows.identity.names import compare_names, hold_name, read_name
from callflows.identity.weights import Calibration, Knots

KNOTS = (0.3, 0.5, 0.7, 0.85, 1.0)
START: Knots = ((0.3, -3.0), (1.0, 4.0))
"""By which the reading of a name is chosen while its knots are fitted."""
OTHERS, OTHERS_OF_REPEATS = 10, 2
"""Random profiles that each dialogue is held against."""
LEAST, MOST = -5.0, 8.5
"""What no single answer may pass: a caller may know another's date of birth, and records are wrong in places."""
REPEATS = (0.0, 0.05, 0.1, 0.2, 0.3)
SPOKEN_FOR_ANOTHER = 0.01
"""The share of dialogues whose caller spoke for another profile than the one they were given."""


@dataclass(slots=True)
class _Likenesses:
    names: list[float] = field(default_factory=list)
    codes: list[float] = field(default_factory=list)
    dates: list[Nearness] = field(default_factory=list)


def fit(evi: Evi, dialogues: Sequence[Dialogue]) -> Calibration:
    """The numbers that these dialogues give; the same ones in every run."""
    chance = random.Random(2)
    own, others = _Likenesses(), _Likenesses()
    for dialogue in dialogues:
        _compare(dialogue, [evi.profiles[dialogue.profile]], own)
        _compare(dialogue, chance.sample(evi.profiles, OTHERS), others)
    nearness = list(Nearness)
    found = Calibration(
        of_names=tuple(zip(KNOTS, _ratios(_binned(own.names), _binned(others.names), range(len(KNOTS))), strict=True)),
        of_codes=tuple(zip(KNOTS, _ratios(_binned(own.codes), _binned(others.codes), range(len(KNOTS))), strict=True)),
        of_dates=dict(zip(nearness, _ratios(Counter(own.dates), Counter(others.dates), nearness), strict=True)),
        of_repeats=0.0,
    )

    return min((replace(found, of_repeats=each) for each in REPEATS), key=lambda each: _cost(evi, dialogues, each))


def _compare(dialogue: Dialogue, profiles: Iterable[Held], into: _Likenesses) -> None:
    names = [read_name(answer, LANGUAGE) for answer in dialogue.said["name"]]
    codes = [read_code(answer, LANGUAGE) for answer in dialogue.said["zip"]]
    dates = [read_date(answer, LANGUAGE) for answer in dialogue.said["date_of_birth"]]
    for held in profiles:
        name = hold_name(held.name)
        assert name is not None
        pairs = [likeliest(compare_names(answer, name), START) for answer in names]
        into.names += [one for pair in pairs if pair is not None for one in pair if one is not None]
        into.codes += [one for one in (compare_code(answer, held.zip) for answer in codes) if one is not None]
        into.dates += [one for one in (compare_dates(each, held.date_of_birth) for each in dates) if one is not None]


def _binned(likenesses: Iterable[float]) -> Counter[int]:
    return Counter(min(range(len(KNOTS)), key=lambda place: abs(KNOTS[place] - one)) for one in likenesses)


def _ratios(own: Counter[int], others: Counter[int], bins: Iterable[int]) -> list[float]:
    """The logarithms of share over share, smoothed by half an answer in each bin, made to rise and kept in bounds."""
    places = list(bins)
    whole = [sum(counter.values()) + len(places) / 2 for counter in (own, others)]
    found = [log((own[place] + 0.5) / whole[0]) - log((others[place] + 0.5) / whole[1]) for place in places]
    weights = [float(own[place] + others[place] + 1) for place in places]
    return [min(MOST, max(LEAST, each)) for each in _rising(found, weights)]


def _rising(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest values that never fall: neighbours that do are drawn together."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        blocks.append((value, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, of_one, ones), (other, of_other, others) = blocks[-2:]
            blocks[-2:] = [((one * of_one + other * of_other) / (of_one + of_other), of_one + of_other, ones + others)]
    return [value for value, _, count in blocks for _ in range(count)]


def _cost(evi: Evi, dialogues: Sequence[Dialogue], by: Calibration) -> float:
    chance, scorer = random.Random(3), weighing(by=by)
    own, others = [], []
    for dialogue in dialogues:
        score = scorer(dialogue)
        own.append(_with_doubt(score(evi.profiles[dialogue.profile])))
        others += [score(held) for held in chance.sample(evi.profiles, OTHERS_OF_REPEATS)]
    return cost_of_evidence(own, others)


def _with_doubt(score: float) -> float:
    """A score of a dialogue that may be another's: one that speaks against it loudly must not rule the fit."""
    return log((1 - SPOKEN_FOR_ANOTHER) * exp(score) + SPOKEN_FOR_ANOTHER)


def main() -> None:
    """Print what every dialogue together gives."""
    evi = read_evi()
    found = fit(evi, evi.dialogues)
    print("of_names", [(knot, round(value, 1)) for knot, value in found.of_names])
    print("of_codes", [(knot, round(value, 1)) for knot, value in found.of_codes])
    print("of_dates", {near.name: round(value, 1) for near, value in found.of_dates.items()})
    print("of_repeats", found.of_repeats)


if __name__ == "__main__":
    main()
