"""What a waiting caller is told besides the comfort: place in line and an honest estimate."""

from __future__ import annotations

from callflows.prompts import Line, line
from callflows.vocabulary import Wait
from ivr.calls.conversation import Position
from ivr.core.unit_of_work import Work
from ivr.queue import index
from ivr.queue.entries import entry
from ivr.queue.estimates import estimate_wait
from routing.estimate import Band


def announce_position(work: Work, position: Position) -> tuple[Line, ...]:
    """The caller's place in line and the wait that is left, where the wait announces them and they are known."""
    request = position.request
    if not isinstance(request, Wait) or not request.position:
        return ()
    place = index.position(work.services, work.connection, position.call_id)
    if place is None:
        return ()
    row = entry(work, position.call_id)
    band = estimate_wait(work, row) if row else None
    first = (line("wait.position", request.language, position=str(place)),)
    return (*first, _wait(band, request.language)) if band else first


def _wait(band: Band, language: str) -> Line:
    if band.low:
        return line("wait.between", language, low=str(band.low), high=str(band.high))
    return line("wait.under", language, high=str(band.high))
