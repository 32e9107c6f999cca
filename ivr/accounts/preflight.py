"""Whether somebody can open the pages."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from ivr.accounts.tables import account
from ivr.core.preflight import Examined, Finding, advice
from ivr.privacy.cipher import ONLY_BY_ROW, is_sealed_hash


def check_accounts(examined: Examined) -> Iterator[Finding]:
    """Somebody can open the pages."""
    active = select(account.c.password_hash).where(account.c.disabled_at.is_(None))
    hashes = examined.connection.scalars(active).all()
    if examined.settings.seals == ONLY_BY_ROW:
        hashes = [one for one in hashes if is_sealed_hash(one)]
    if not hashes:
        yield advice("nobody can sign in to the pages", "run: sunline accounts add NAME --role supervisor")
