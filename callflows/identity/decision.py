"""Which record is meant, by the evidence of all items together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from callflows.identity.evidence import weigh
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
    standings = [_standing(index, said, record, language) for index, record in enumerate(records)]
    standings.sort(key=lambda each: (-each.evidence, each.index))
    if not standings:
        return Decision("none", None)
    best = standings[0]
    enough = [each for each in standings if _is_enough(each, rule)]
    near = [each for each in standings[1:] if each.evidence > best.evidence - MARGIN]
    if best in enough:
        return Decision("more" if near else "one", best.index)
    return Decision("none", None)


def _standing(index: int, said: Mapping[str, Sequence[Said]], record: Held, language: str) -> _Standing:
    weights = {item: weigh(item, said.get(item, ()), getattr(record, item), language) for item in ITEMS}
    agreeing = frozenset(item for item, weight in weights.items() if weight.agrees)
    return _Standing(index, sum(weight.log_ratio for weight in weights.values()), agreeing)


def _is_enough(standing: _Standing, rule: Rule) -> bool:
    agreeing = len(standing.agreeing) >= rule.need and standing.agreeing.issuperset(rule.require)
    return agreeing and standing.evidence >= THRESHOLD
