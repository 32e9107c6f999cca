"""When a promise falls due: rules such as ``next_open + 2h``, ``now + 30m`` or ``next_open``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from routing.errors import RoutingError
from routing.hours import Calendar, next_open

_RULE = re.compile(r"(now|next_open)(?:\s*\+\s*(\S+))?")
_LENGTH = re.compile(r"(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?")
_LONGEST = timedelta(days=36600)


SOONEST, LATEST = timedelta(minutes=15), timedelta(minutes=45)
"""How soon, and how late at most, an attempt follows one in vain while there is time left."""
SHARES = 5
"""Into how many parts the time that is left is divided: one passes until the next attempt."""
RAREST = timedelta(days=1)
HOPELESS_AFTER = timedelta(days=7)
"""So long after it was due nobody tries any more to keep what is not urgent."""


class DueRuleError(RoutingError):
    """A rule that cannot be read, or that never falls due."""


@dataclass(frozen=True, slots=True)
class DueRule:
    """A starting point and the time after it, which runs by the clock through closed hours too."""

    base: Literal["now", "next_open"]
    after: timedelta = timedelta()


def parse_rule(rule: str) -> DueRule:
    """Read a rule; lengths are hours, minutes and seconds, such as ``2h``, ``1h30m`` or ``90s``."""
    found = _RULE.fullmatch(rule.strip())
    if found is None:
        raise DueRuleError(f'{rule!r} is not a due rule; write "next_open", "next_open + 2h" or "now + 30m"')
    base: Literal["now", "next_open"] = "now" if found[1] == "now" else "next_open"
    return DueRule(base, parse_length(found[2]) if found[2] else timedelta())


def parse_length(text: str) -> timedelta:
    """Read a length of time such as ``40s``, ``5m``, ``2h`` or ``1h30m``."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise DueRuleError(f"{text!r} is not a length of time; write hours, minutes and seconds, such as 1h30m")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if length > _LONGEST:
        raise DueRuleError(f"{text!r} is over a hundred years; write a time that comes, such as 24h")
    return length


def due(rule: str, calendar: Calendar, at: datetime) -> datetime:
    """The instant by which a promise made at ``at`` must be kept."""
    parsed = parse_rule(rule)
    if parsed.base == "now":
        return at + parsed.after
    opening = next_open(calendar, at)
    if opening is None:
        raise DueRuleError(f'"{rule}" never falls due: the calendar has no opening within a year; add opening hours')
    return opening + parsed.after


def next_attempt(at: datetime, due_at: datetime) -> datetime:
    """When a call-back that was in vain ``at`` is tried again.

    Attempts are spread over the time that is left, because whoever does not hear the telephone now may in an hour.
    After it was due they go on, ever more rarely: each as long after the last as it is overdue, once a day at least.
    """
    if at < due_at:
        return at + min(max((due_at - at) / SHARES, SOONEST), LATEST)
    return at + min(max(at - due_at, LATEST), RAREST)


def is_hopeless(at: datetime, due_at: datetime) -> bool:
    """Whether what is not urgent has been overdue for so long that it is given up."""
    return at - due_at >= HOPELESS_AFTER


def nth_wait(waits: Sequence[timedelta], number: int) -> timedelta:
    """How long to wait after try ``number``, counted from one; the last goes on for all that follow."""
    return waits[min(max(number, 1), len(waits)) - 1]
