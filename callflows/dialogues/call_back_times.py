"""Somebody who is called back, or will be, chooses when."""

from __future__ import annotations

from callflows.dialogues.questions import Option, menu
from callflows.values import Call
from callflows.vocabulary import Dialogue, Known

KEYS = ("1", "2", "3")
"""The keys of the times that are offered, as many as there are."""


def choose_time(call: Call, key: str, times: Known) -> Dialogue:
    """Offer the ``times`` that the fact ``call_back_windows`` has. Returns the one that was chosen, as it is stored.

    It is "" where there is none to offer. Raises as ``menu`` does.
    """
    options = tuple(Option(one, f"time-{one}") for one in KEYS if times.get(one))
    if not options:
        return ""
    told = tuple(call.line("times.option", when=times[one.key], key=one.key) for one in options)
    chosen = yield from menu(call, key, (*call.lines("times.lead"), *told), options)
    return times[f"{chosen.removeprefix('time-')}/span"]
