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
class Standing:
    """How one record stands to what was said: the log-likelihood ratios of all items, and which of them agree."""

    evidence: float
    agreeing: frozenset[str]


def decide(
    said: Mapping[str, Sequence[Said]], records: Sequence[Held], rule: Rule, language: str = "en-US"
) -> Decision:
    """Which of ``records`` the caller has shown to be theirs."""
    weighers = read_said(said, language)
    return choose([find_standing(weighers, record) for record in records], rule)


def read_said(said: Mapping[str, Sequence[Said]], language: str) -> Mapping[str, Weigher]:
    """What was said of each item, read once to be held against many records."""
    return {item: weigher(item, said.get(item, ()), language) for item in ITEMS}


def find_standing(weighers: Mapping[str, Weigher], record: Held) -> Standing:
    """How a record stands to what was said.

    Every item is weighed, whatever the others have shown, so that neither the answer nor the time it takes tells which
    item failed.
    """
    weights = {item: weighers[item](getattr(record, item)) for item in ITEMS}
    agreeing = frozenset(item for item, weight in weights.items() if weight.agrees)
    return Standing(sum(weight.log_ratio for weight in weights.values()), agreeing)


def choose(standings: Sequence[Standing], rule: Rule) -> Decision:
    """Which record is meant, by how each of them stands."""
    enough = [index for index, each in enumerate(standings) if _is_enough(each, rule)]
    if not enough:
        return Decision("none", None)
    best = max(enough, key=lambda index: standings[index].evidence)
    near = standings[best].evidence - MARGIN
    rivals = [index for index, each in enumerate(standings) if index != best and each.evidence > near]
    return Decision("more" if rivals else "one", best)


def _is_enough(standing: Standing, rule: Rule) -> bool:
    agreeing = len(standing.agreeing) >= rule.need and standing.agreeing.issuperset(rule.require)
    return agreeing and standing.evidence >= THRESHOLD
