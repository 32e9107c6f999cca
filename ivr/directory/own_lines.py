"""The numbers that lead back to us: ringing one would have the line talk with itself."""

from __future__ import annotations

from ivr.directory.organisation import Organisation


def own_lines(organisation: Organisation) -> frozenset[str]:
    """Those that are dialled to reach us, and the one that whoever we ring sees and may give as theirs."""
    outbound = organisation.operator.outbound_number
    return frozenset({*organisation.numbers, *((outbound,) if outbound else ())})
