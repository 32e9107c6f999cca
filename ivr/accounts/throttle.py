"""Failed sign-ins are counted per account and per address, and each further try has to wait longer.

A try is counted before the password is looked at and taken back when it was right, so that a thousand tries at
once count as a thousand (OWASP ASVS 6.3.1).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from operator import itemgetter

from sqlalchemy import Connection, case, delete, select, update

from ivr.accounts.tables import sign_in_failure
from ivr.core.database import upsert

FORGET_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures cost nothing; then the wait doubles from one second up to ``longest``."""

    free: int
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        """Return how long after the last failure the next try is let through."""
        over = failures - self.free
        return min(timedelta(seconds=2 ** min(over, 20)), self.longest) if over >= 0 else timedelta()


ACCOUNT = Limit(free=5, longest=timedelta(minutes=15))
ADDRESS = Limit(free=20, longest=timedelta(minutes=1))
"""Many people may share an address, so it is limited later and less."""


@dataclass(frozen=True, slots=True)
class Try:
    """One try to sign in; each subject is a keyed hash with its limit."""

    subjects: tuple[tuple[str, Limit], ...]

    @classmethod
    def of(cls, secret: str, account: str, address: str) -> Try:
        """Return a try to get into ``account`` from ``address``."""
        subjects = ((_subject(secret, "account", account), ACCOUNT), (_subject(secret, "address", address), ADDRESS))
        return cls(tuple(sorted(subjects, key=itemgetter(0))))  # the order in which they are locked


def admit_try(connection: Connection, attempt: Try, at: datetime) -> bool:
    """Count a try. False: it came too early, and nothing was counted."""
    if any(_is_too_early(connection, subject, limit, at) for subject, limit in attempt.subjects):
        return False
    for subject, _limit in attempt.subjects:
        _count(connection, subject, at)
    _forget_old(connection, at)
    return True


def take_back_try(connection: Connection, attempt: Try) -> None:
    """Forget a try that was right: the account starts anew, the address has one failure less."""
    failures = sign_in_failure.c.failures
    less = case((failures > 0, failures - 1), else_=0)
    for subject, limit in attempt.subjects:
        mine = sign_in_failure.c.subject == subject
        forget = delete(sign_in_failure).where(mine)
        connection.execute(forget if limit is ACCOUNT else update(sign_in_failure).where(mine).values(failures=less))


def _forget_old(connection: Connection, at: datetime) -> None:
    # Last, and passing over what another try holds: two that wait for each other's would wait for ever.
    old = select(sign_in_failure.c.subject).where(sign_in_failure.c.last_at < at - FORGET_AFTER)
    forgotten = sign_in_failure.c.subject.in_(old.with_for_update(skip_locked=True).correlate(None))
    connection.execute(delete(sign_in_failure).where(forgotten))


def _is_too_early(connection: Connection, subject: str, limit: Limit, at: datetime) -> bool:
    first = upsert(connection, sign_in_failure).values(subject=subject, failures=0, last_at=at)
    connection.execute(first.on_conflict_do_nothing(index_elements=["subject"]))
    known = select(sign_in_failure).where(sign_in_failure.c.subject == subject).with_for_update()
    row = connection.execute(known).one()
    return bool(at < row.last_at + limit.wait(row.failures))


def _count(connection: Connection, subject: str, at: datetime) -> None:
    is_old = sign_in_failure.c.last_at < at - FORGET_AFTER
    again = {"failures": case((is_old, 0), else_=sign_in_failure.c.failures) + 1, "last_at": at}
    connection.execute(update(sign_in_failure).where(sign_in_failure.c.subject == subject).values(again))


def _subject(secret: str, kind: str, value: str) -> str:
    return hmac.new(secret.encode(), f"sign-in {kind} {value}".encode("utf-8", "replace"), sha256).hexdigest()
