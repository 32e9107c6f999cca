"""Whether every listed organisation can prove for whom it calls."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.core.preflight import Examined, Finding, advice
from ivr.professionals.codes import list_codes
from ivr.professionals.listing import list_listed


def check_codes(examined: Examined) -> Iterator[Finding]:
    """Every listed organisation has a code, and no other one has."""
    if examined.organisation is None:
        return
    coded = {(one.practice_id, one.listed_id) for one in list_codes(examined.connection)}
    listed = {(practice, name) for practice, name, _ in list_listed(examined.organisation)}
    for practice, name in sorted(listed - coded):
        what = f"{name} is listed by {practice} and has no code: its people reach the clinician unproved"
        yield advice(what, f"run: sunline codes make {practice} {name}")
    for practice, name in sorted(coded - listed):
        what = f"{name} has a code at {practice} and is not listed there: it is good for nothing"
        yield advice(what, f"run: sunline codes withdraw {practice} {name}")
