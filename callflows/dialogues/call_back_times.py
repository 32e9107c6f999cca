"""Somebody who is called back, or will be, chooses when."""

from __future__ import annotations

from callflows.dialogues.questions import Option, ask, chosen
from callflows.values import Call
from callflows.vocabulary import Dialogue, Known

KEYS = ("1", "2", "3")
"""The keys of the times that are offered, as many as there are."""


def choose_time(call: Call, key: str, times: Known) -> Dialogue:
    """Offer the ``times`` that the fact ``call_back_windows`` has, once. Returns the chosen one, as it is stored.

    It is "" where there is none to offer, or none was chosen: then they hear when they are called otherwise. Raises as
    ``judge`` does.
    """
    options = tuple(Option(one, f"time-{one}") for one in KEYS if times.get(one))
    if not options:
        return ""
    told = tuple(call.line("times.option", when=times[one.key], key=one.key) for one in options)
    answer = yield ask(call, key, (*call.lines("times.lead"), *told), timeout=10)
    picked = chosen(call, answer, options)
    return times[f"{picked.removeprefix('time-')}/span"] if picked else ""
