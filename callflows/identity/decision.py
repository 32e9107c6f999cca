"""Which record is meant, by the evidence of all items together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callflows.identity.evidence import Weigher, weigher
from callflows.identity.values import ITEMS, Decision, Held, Rule, Said

THRESHOLD = 9.0
"""What the log-likelihood ratios of a record must sum to: the patient is some 8 000 times likelier than another."""
MARGIN = 4.0
"""How far every other record must stay below the best one: else neither of the two is chosen."""


@dataclass(frozen=True, slots=True)
class _Standing:
    index: int
    evidence: float
    agreeing: frozenset[str]


def decide(
    said: Mapping[str, Sequence[Said]], records: Sequence[Held], rule: Rule, language: str = "en-US"
) -> Decision:
    """Which of ``records`` the caller has shown to be theirs.

    Every item is weighed against every record, whatever the others have shown, so that neither the answer nor the
    time it takes tells which item failed.
    """
    return choose({item: weigher(item, said.get(item, ()), language) for item in ITEMS}, records, rule)


def choose(weighers: Mapping[str, Weigher], records: Sequence[Held], rule: Rule) -> Decision:
    """The same by what has been read already, a weigher for each of ``ITEMS``."""
    standings = [_standing(index, weighers, record) for index, record in enumerate(records)]
    enough = [each for each in standings if _is_enough(each, rule)]
    if not enough:
        return Decision("none", None)
    best = max(enough, key=lambda each: each.evidence)
    rivals = [each for each in standings if each is not best and each.evidence > best.evidence - MARGIN]
    return Decision("more" if rivals else "one", best.index)


def _standing(index: int, weighers: Mapping[str, Weigher], record: Held) -> _Standing:
    weights = {item: weighers[item](getattr(record, item)) for item in ITEMS}
    agreeing = frozenset(item for item, weight in weights.items() if weight.agrees)
    return _Standing(index, sum(weight.log_ratio for weight in weights.values()), agreeing)


def _is_enough(standing: _Standing, rule: Rule) -> bool:
    agreeing = len(standing.agreeing) >= rule.need and standing.agreeing.issuperset(rule.require)
    return agreeing and standing.evidence >= THRESHOLD
