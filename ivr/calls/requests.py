"""Facts and effects: what a flow may ask of the shell. Each feature gives those that it knows.

A fact is read and an effect is written inside the transaction that also stores the answer.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from callflows.vocabulary import Answer, Do, Done, Fact, Known
from ivr.core.unit_of_work import Work


def view_for(work: Work, leg: Row[Any]) -> Any:
    """What the leg's flow is told: the same at every replay."""
    return work.services.features.roles[leg.role].view(work, leg)


def carry_out(work: Work, leg: Row[Any], request: Fact | Do) -> Answer:
    """Read the fact or write the effect; its answer."""
    features = work.services.features
    if isinstance(request, Fact):
        known = features.facts[request.name](work, leg, dict(request.about))
        return Known(tuple(sorted(known.items())))
    return features.effects[type(request.effect)](work, leg, request.key, request.effect) or Done()
