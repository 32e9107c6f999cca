"""How long the ear takes for an answer, alone and as a part of the webhook that brings it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import count

from bench.rig.calls import REASON, WEBHOOKS, Callers, Play
from bench.rig.installation import PUBLIC_URL, installed
from bench.rig.load import run
from bench.rig.server import gunicorn
from bench.rows import Baseline, Row, at_most, middle, percentile, reported, within
from ivr.hearing.ear import Ear, ear_at
from ivr.hearing.places import RELEASED

SHARE = Baseline("the share of a webhook", 50.0)
"""Milliseconds: a caller does not notice them: the phone network itself takes several times as long."""
LONGEST_MS = 1500
MOST_BEYOND_A_KEY_MS = 20
"""What a spoken answer's webhook may take longer than that of a key, at the median."""
SAID = "hi good morning could you please move my appointment to some day next week"
SECONDS = 20.0
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
    longest_row = within("hearing 10 kB of words, worst", worst, "ms", LONGEST_MS)
    return [*rows, longest_row, _start(), *_webhooks(0.1 if quick else SECONDS)]


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


def _webhooks(seconds: float) -> list[Row]:
    """The webhook of the same answer, said and keyed in turn on one connection."""
    with installed("SQLite") as at, gunicorn("wsgi:app", at.environment, at.folder) as server:
        callers = Callers(at.environment["TWILIO_ACCOUNT_SID"], at.environment["TWILIO_AUTH_TOKEN"], PUBLIC_URL)
        took = run(server.port, _keyed_and_said(callers), connections=1, seconds=seconds).latencies
    keyed, said = (middle(took[first :: 2 * WEBHOOKS]) * 1000 for first in (REASON, REASON + WEBHOOKS))
    beyond = max(0.0, said - keyed)
    return [
        reported("the webhook of an answer of 14 words, p50", said, "ms", Baseline("of a key", keyed)),
        within("the same, beyond that of a key", beyond, "ms", MOST_BEYOND_A_KEY_MS),
    ]


def _keyed_and_said(callers: Callers) -> Iterator[Play]:
    return (callers.call(number, SAID if number % 2 == 0 else "") for number in count(1))
