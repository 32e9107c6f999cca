"""Whether what is sealed opens in its own row only."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.core.preflight import Examined, Finding, risk
from ivr.privacy.cipher import ONLY_BY_ROW


def check_seals(examined: Examined) -> Iterator[Finding]:
    """A sealed value that was put into another row does not open."""
    seals = examined.settings.seals
    if seals != ONLY_BY_ROW and not examined.settings.demo:
        yield risk(
            f"who can write in the database can give a caller another's words or number (SUNLINE_SEALS is {seals})",
            f"set SUNLINE_SEALS={ONLY_BY_ROW} before the first call; where there were calls, follow 'Sealed values' in"
            " docs/runbook.md",
        )
