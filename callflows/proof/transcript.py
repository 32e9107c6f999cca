"""A path as a nurse manager would read it."""

from __future__ import annotations

from dataclasses import fields

from callflows.engine.replay import Run
from callflows.proof.events import Answered, Event, lines_of
from callflows.proof.graph import Report, Violation
from callflows.proof.path import Overheard, Path
from callflows.vocabulary import (
    Answer,
    Ask,
    Do,
    Fact,
    Interrupted,
    Joined,
    Known,
    Outcome,
    Pressed,
    Request,
    Silence,
    Spoke,
)


def told(report: Report) -> str:
    """The first path on which a rule does not hold, line by line; empty when every rule holds."""
    violation = report.violation
    if violation is None:
        return ""
    return "\n".join([*(_line(event) for event in events_of(report, violation)), f"NOT SAFE: {violation.rule}"])


def events_of(report: Report, violation: Violation) -> tuple[Event, ...]:
    """All that happened on the path, from the start."""
    tape = Overheard(report.subject.play(report.subject.told))
    path = Path(Run(tape), tape)
    try:
        path.start()
        for entry in violation.log:
            path.answer(entry.answer)
    except Exception:
        # The violation may be the flow's own failure; what happened up to it has been written down.
        return tuple(path.events)
    return tuple(path.events)


def _line(event: Event) -> str:
    if isinstance(event, Outcome):
        return f"  the end: {event.how}"
    if isinstance(event, Answered):
        return f"    <- {describe(event.answer)}"
    words = " ".join(line.spoken() for line in lines_of(event))
    return f"  [{event.key}] {_asks(event)}{f': {words}' if words else ''}"


def _asks(request: Request) -> str:
    if isinstance(request, Do):
        return f"do {request.effect}"
    if isinstance(request, Fact):
        return f"look up {request.name}"
    return "ask" if isinstance(request, Ask) else type(request).__name__


def describe(answer: Answer) -> str:
    """An answer in a few words."""
    match answer:
        case Pressed(digits=digits):
            return f"presses {digits}"
        case Spoke(words=words):
            return f"says {words!r}"
        case Silence():
            return "says nothing"
        case Interrupted(how=how):
            return how.replace("-", " ")
        case Joined(person=person, role=role, interpreter=interpreter):
            return f"Joined {person} {role}{' with an interpreter' if interpreter else ''}"
        case Known(value=value):
            return ", ".join(f"{name} {text}" for name, text in value)
        case _:
            held = [str(getattr(answer, part.name)) for part in fields(answer)]
            return " ".join([type(answer).__name__, *held])
