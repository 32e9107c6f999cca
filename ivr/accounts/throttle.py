"""Failed sign-ins are counted, and each further try has to wait longer.

They are counted by where they come from, so that nobody can shut out somebody else whose name they know
(``docs/decisions/failures-count-by-source.md``). A try is counted before the secret is looked at and taken back when
it was right, by one transaction at a time, so that a thousand tries at once count as a thousand (OWASP ASVS 6.3.1).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import Connection, case, delete, select, update

from ivr.accounts.tables import sign_in_failure
from ivr.core.database import take_turn, upsert

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


SOURCE = Limit(free=5, longest=timedelta(minutes=15))
"""One account from one network, or from a browser in which it was signed in before."""
ADDRESS = Limit(free=20, longest=timedelta(minutes=1))
"""Any account from one network: many people may share one, so it is limited later and less."""
EVERYWHERE = Limit(free=100, longest=timedelta(minutes=1))
"""One account from every network together. A browser in which it was signed in before is not held up by it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What failures are counted for, as a keyed hash. ``starts_anew``: one right try forgets its failures."""

    key: str
    limit: Limit
    starts_anew: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """One try to sign in."""

    subjects: tuple[Subject, ...]

    @classmethod
    def of(cls, secret: str, account: str, address: str, device: str | None = None) -> Try:
        """Return a try to get into ``account`` from ``address``; ``device`` names a browser that the account knows."""
        if device is not None:
            return cls((Subject(_keyed(secret, "device", f"{device} {account}"), SOURCE, starts_anew=True),))
        network = find_network(address)
        return cls(
            (
                Subject(_keyed(secret, "source", f"{network} {account}"), SOURCE, starts_anew=True),
                Subject(_keyed(secret, "address", network), ADDRESS),
                Subject(_keyed(secret, "account", account), EVERYWHERE),
            )
        )


def find_network(address: str) -> str:
    """Return what one client can choose its address from: all of a /64 of IPv6 (RFC 6177) is one household's."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else address


def admit_try(connection: Connection, attempt: Try, at: datetime) -> bool:
    """Count a try. False: it came too early, and nothing was counted."""
    _take_turn(connection)
    connection.execute(delete(sign_in_failure).where(sign_in_failure.c.last_at < at - FORGET_AFTER))
    if any(_too_early(connection, subject, at) for subject in attempt.subjects):
        return False
    for subject in attempt.subjects:
        _count(connection, subject, at)
    return True


def take_back_try(connection: Connection, attempt: Try) -> None:
    """Forget a try that was right: its source starts anew, what it shares with others has one failure less."""
    _take_turn(connection)
    failures = sign_in_failure.c.failures
    less = case((failures > 0, failures - 1), else_=0)
    for subject in attempt.subjects:
        counted = sign_in_failure.c.subject == subject.key
        if subject.starts_anew:
            connection.execute(delete(sign_in_failure).where(counted))
        else:
            connection.execute(update(sign_in_failure).where(counted).values(failures=less))


def _take_turn(connection: Connection) -> None:
    # A row that is not there yet cannot be locked, so the first tries of a subject would all be let through at once.
    take_turn(connection, "sign-in failures")


def _too_early(connection: Connection, subject: Subject, at: datetime) -> bool:
    row = connection.execute(select(sign_in_failure).where(sign_in_failure.c.subject == subject.key)).first()
    return row is not None and at < row.last_at + subject.limit.wait(row.failures)


def _count(connection: Connection, subject: Subject, at: datetime) -> None:
    first = upsert(connection, sign_in_failure).values(subject=subject.key, failures=1, last_at=at)
    again = {"failures": sign_in_failure.c.failures + 1, "last_at": at}
    connection.execute(first.on_conflict_do_update(index_elements=["subject"], set_=again))


def _keyed(secret: str, kind: str, value: str) -> str:
    return hmac.new(secret.encode(), f"sign-in {kind} {value}".encode("utf-8", "replace"), sha256).hexdigest()
