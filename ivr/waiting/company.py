"""What a waiting caller is told besides the comfort: place in line and an honest estimate."""

from __future__ import annotations

from callflows.prompts import Line, line
from callflows.vocabulary import Wait
from ivr.calls.conversation import Position
from ivr.waiting import index
from ivr.work import Work


def company(work: Work, position: Position) -> tuple[Line, ...]:
    """The caller's place in line, where the wait announces one."""
    request = position.request
    if not isinstance(request, Wait) or not request.position:
        return ()
    place = index.position(work.services, work.connection, position.call_id)
    return () if place is None else (line("wait.position", request.language, position=str(place)),)
