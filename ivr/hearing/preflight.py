"""Whether the ear can hear."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.core.preflight import Examined, Finding, risk
from ivr.core.settings import CannotStart


def check_hearing(examined: Examined) -> Iterator[Finding]:
    """The ear loads, and its weights belong to its sentences and its encoder."""
    from ivr.hearing.ear import open_ear  # numpy and the encoder are loaded by those who listen, not by every command

    try:
        open_ear(examined.settings)
    except CannotStart as reason:
        what, _, mend = str(reason).partition("; ")
        yield risk(what, mend)
