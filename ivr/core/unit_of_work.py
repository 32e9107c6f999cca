"""One transaction of ours: everything decided in it happens together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from ivr.core.database import is_passing
from ivr.core.services import Services

Result = TypeVar("Result")

MOST_TRIES = 5
"""One, one more where others were in the way, and one more for each call that must be locked before others: those who
ask for the same thing at once learn of each other one by one."""


@dataclass(frozen=True, slots=True)
class Work:
    """A transaction and the one instant it decides by. It writes, unless it is for ``reading``.

    ``item_kinds`` are the kinds of the outbox items that were written down in it. ``last_acts`` are done at its end, in
    it: what makes other transactions wait until the commit. ``touched`` are the calls of which something was changed
    that decides who is responsible for them.
    """

    services: Services
    connection: Connection
    at: datetime
    item_kinds: list[str] = field(default_factory=list)
    last_acts: list[Callable[[], object]] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)


@contextmanager
def transaction(services: Services) -> Iterator[Work]:
    """Open a transaction; on commit, wake whoever carries out outbox items, if there are any."""
    at = services.clock.now()
    with services.database.write(brief=can_begin_again()) as connection:
        work = Work(services, connection, at)
        if calls := calls_locked_first():
            services.features.lock_calls(work, calls)
        yield work
        for call_id in sorted(work.touched):
            services.features.settle_call(work, call_id)
        for act in work.last_acts:
            act()
    if work.item_kinds:
        services.wake()


@contextmanager
def reading(services: Services) -> Iterator[Work]:
    """Look, at one instant, and keep nobody from writing meanwhile. Nothing that is done in it is kept."""
    at = services.clock.now()
    with services.database.read() as connection:
        yield Work(services, connection, at)


class BeginAgain(Exception):
    """A transaction has to lock ``calls`` before all others, which it learned too late. Nothing of it is kept."""

    def __init__(self, calls: Collection[str]) -> None:
        super().__init__("a transaction begins again, with other calls locked first")
        self.calls = frozenset(calls)


@dataclass(frozen=True, slots=True)
class _Try:
    number: int
    calls: frozenset[str]


_NEVER_AGAIN = _Try(MOST_TRIES, frozenset())
_trying: ContextVar[_Try] = ContextVar("_trying", default=_NEVER_AGAIN)


def begin_again(act: Callable[[], Result]) -> Result:
    """Do ``act``, which does all that it does in transactions that may be repeated; again where one cannot go on.

    That is where others were in its way in the database (a deadlock, a lock that was not to be had in time), and where
    it learned too late what to lock first. The last try meets what it meets. Around another one it changes nothing.
    """
    if _trying.get() is not _NEVER_AGAIN:
        return act()
    calls: frozenset[str] = frozenset()
    for number in range(1, MOST_TRIES):
        try:
            return _try(act, _Try(number, calls))
        except Exception as problem:
            if not _is_repeatable(problem):
                raise
            calls |= problem.calls if isinstance(problem, BeginAgain) else frozenset()
    return _try(act, _Try(MOST_TRIES, calls))


def in_transaction(services: Services, act: Callable[[Work], Result]) -> Result:
    """Do ``act`` in a transaction, and in a new one where that one cannot go on."""

    def once() -> Result:
        with transaction(services) as work:
            return act(work)

    return begin_again(once)


def can_begin_again() -> bool:
    """Whether whoever opened this transaction begins it again on BeginAgain and where others were in its way."""
    return _trying.get().number < MOST_TRIES


def begins_again(problem: Exception) -> bool:
    """Whether this transaction begins again because of ``problem``, which nobody may land on before."""
    return can_begin_again() and _is_repeatable(problem)


def calls_locked_first() -> frozenset[str]:
    """The calls that this transaction locked when it began, because an earlier try learned of them too late."""
    return _trying.get().calls


def _try(act: Callable[[], Result], one: _Try) -> Result:
    token = _trying.set(one)
    try:
        return act()
    finally:
        _trying.reset(token)


def _is_repeatable(problem: Exception) -> bool:
    return isinstance(problem, BeginAgain) or is_passing(problem)
