"""How long the ear takes for an answer, against what a webhook may spend on it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from bench.rows import Baseline, Row, at_most, percentile, reported, within
from ivr.hearing.ear import Ear, ear_at
from ivr.hearing.places import RELEASED

SHARE = Baseline("the share of a webhook", 50.0)
"""Milliseconds: a caller does not notice them: the phone network itself takes several times as long."""
LONGEST_MS = 1500
ANSWERS = {
    "3 words": "my chest hurts",
    "12 words": "hi i would like to move my appointment with the doctor please",
    "40 words": " ".join(["so i called the pharmacy and they told me to call you about it"] * 3),
}


def measure(quick: bool = False) -> list[Row]:
    """Milliseconds for answers of several lengths, of which only the shortest are heard whole and no more."""
    ear, times = ear_at(RELEASED), 20 if quick else 400
    rows = [_row(ear, name, said, times) for name, said in ANSWERS.items()]
    longest = "i went to the store and bought some bread " * 240
    worst = max(_milliseconds(ear, longest, 1 if quick else 5))
    return [*rows, within("hearing 10 kB of words, worst", worst, "ms", LONGEST_MS), _start()]


def _row(ear: Ear, name: str, said: str, times: int) -> Row:
    found = _milliseconds(ear, said, times)
    return at_most(f"hearing an answer of {name}, p95", percentile(found, 0.95), "ms", SHARE, 1.0)


def _milliseconds(ear: Ear, said: str, times: int) -> Sequence[float]:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        ear.hear(said)
        found.append((time.perf_counter() - start) * 1000)
    return found


def _start() -> Row:
    """What a process takes until it can hear, once."""
    start = time.perf_counter()
    ear_at.__wrapped__(RELEASED)
    return reported("reading the weights when a process starts", (time.perf_counter() - start) * 1000, "ms")
