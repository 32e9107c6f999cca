"""A conversation told from its log: what was asked and said, what came back, and when.

The flow is played once more over its answers. Where it cannot be, because it has changed since or no longer ships, what
is left of the log is told without what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from callflows.engine.renamed import is_key_of
from callflows.engine.replay import Run
from callflows.prompts import Line
from callflows.vocabulary import Answer, Flow, Request, Wait


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of a log. ``answer`` is None where it cannot be read."""

    at: datetime
    key: str
    answer: Answer | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request with its answer, which came ``at``. ``request`` is None where it is not known what was asked."""

    at: datetime
    key: str
    request: Request | None = field(repr=False)
    answer: Answer | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """Words that were begun to be said ``at``; those of a wait are said again and again."""

    at: datetime
    lines: tuple[Line, ...] = field(repr=False)
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Retold:
    """One conversation from its first words. ``whole``: it is known of every answer what had been asked.

    ``pending`` is what is being asked now; None also at the end.
    """

    exchanges: tuple[Exchange, ...] = ()
    said: tuple[Said, ...] = ()
    pending: Request | None = field(default=None, repr=False)
    whole: bool = True


def retell(flow: Flow | None, began_at: datetime, log: Sequence[Logged]) -> Retold:
    """What happened in a conversation that began at ``began_at``; ``flow`` is None where it no longer ships."""
    if flow is None:
        return Retold(tuple(_without_request(log)), whole=not log)
    run, exchanges, said = Run(flow), list[Exchange](), list[Said]()
    at, plays = began_at, _plays(run.start)
    for row in log:
        if not plays or run.request is None or not is_key_of(run.request.key, row.key) or row.answer is None:
            plays = False
            break
        said += _asked(run.request, at)
        exchanges.append(Exchange(row.at, row.key, run.request, row.answer))
        plays, at = _plays(partial(run.answer, row.answer)), row.at
    pending, left = run.request if plays else None, log[len(exchanges) :]
    instants = (began_at, *(row.at for row in log))
    # Of one instant, what was said comes before what was asked then.
    said = [*(Said(instants[step], say.lines) for step, say in run.spoken), *said, *_asked(pending, at)]
    in_order = tuple(sorted(said, key=lambda one: one.at))
    return Retold((*exchanges, *_without_request(left)), in_order, pending, whole=not left)


def _plays(move: Callable[[], object]) -> bool:
    """Whether the flow went on. Whatever it fails with, what it asked for until then is known."""
    try:
        move()
    except Exception:
        return False
    return True


def _asked(request: Request | None, at: datetime) -> list[Said]:
    if isinstance(request, Wait):
        return [Said(at, (*request.comfort, *request.between), waiting=True)]
    lines: tuple[Line, ...] = getattr(request, "lines", ())
    return [Said(at, lines)] if lines else []


def _without_request(log: Sequence[Logged]) -> list[Exchange]:
    return [Exchange(row.at, row.key, None, row.answer) for row in log]
