"""Finding the faults that are made on purpose: how many the rules and ``sunline check`` find, and in how long."""

from __future__ import annotations

from time import perf_counter

from bench.rig.seeded_faults import Fault, find, read_faults, sample
from bench.rows import Baseline, Row, at_least, reported

FEW = 5


def measure(quick: bool = False) -> list[Row]:
    """Seeded faults found by the rule that each names, of all there are; the time for all, and for the slowest."""
    faults = sample(read_faults(), FEW) if quick else read_faults()
    seconds: list[float] = []
    found = sum(_is_found(fault, seconds) for fault in faults)
    return [
        at_least("seeded faults found, each by its rule", found, "faults", Baseline("seeded", len(faults)), 1.0),
        reported("looking for all of them", sum(seconds), "s"),
        reported("looking for the slowest", max(seconds), "s"),
    ]


def _is_found(fault: Fault, seconds: list[float]) -> bool:
    start = perf_counter()
    said = find(fault)
    seconds.append(perf_counter() - start)
    return fault.says in said
