"""Retention, pure: how long a recording must be kept, and whether it may be destroyed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from recordings_vault.errors import BadValue
from recordings_vault.words import check_instant

_RULE = re.compile(r"([1-9][0-9]{0,4})(d|w|mo?|y)")


@dataclass(frozen=True, slots=True)
class Retention:
    """A length of time in calendar months and days."""

    months: int
    days: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a recording may be destroyed, and if not, every reason why."""

    reasons: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return not self.reasons


class Kept(Protocol):
    """The part of a recording's row that decides about its destruction."""

    @property
    def legal_hold(self) -> bool: ...
    @property
    def retention_until(self) -> datetime | None: ...


def parse_retention(rule: str) -> Retention:
    """Read ``90d``, ``6w``, ``18mo`` or ``18m`` (calendar months) or ``7y``."""
    found = _RULE.fullmatch(rule)
    if not found:
        raise BadValue("retention rule: give a whole number and d, w, mo or y, such as 90d or 7y")
    count = int(found[1])
    months = {"m": count, "mo": count, "y": 12 * count}.get(found[2], 0)
    return Retention(months, {"d": count, "w": 7 * count}.get(found[2], 0))


def retention_until(stored_at: datetime, rule: str) -> datetime:
    """First instant (UTC) at which the rule no longer demands the recording.

    A day the month does not have becomes the first of the next month: never earlier than the rule says.
    """
    span, start = parse_retention(rule), check_instant(stored_at, "stored_at").astimezone(UTC)
    try:
        return _months_later(start, span.months) + timedelta(days=span.days)
    except (ValueError, OverflowError):
        raise BadValue("retention rule: it ends beyond the year 9999; give a shorter one") from None


def may_destroy(recording: Kept, at: datetime, *, before_retention: bool = False) -> Ruling:
    """Legal hold always wins; the retention rule wins unless ``before_retention``. No rule forbids nothing."""
    until = recording.retention_until
    reasons = ["it is under legal hold; release it first"] if recording.legal_hold else []
    if until is not None and check_instant(at, "at") < until and not before_retention:
        reasons.append(f"its retention rule runs until {until.isoformat()}")
    return Ruling(tuple(reasons))


def _months_later(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return start.replace(year=year, month=month + 1)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return start.replace(year=year, month=month + 1, day=1)
