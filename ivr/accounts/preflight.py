"""Whether somebody can open the pages."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from ivr.accounts.tables import account
from ivr.core.preflight import Examined, Finding, advice


def check_accounts(examined: Examined) -> Iterator[Finding]:
    """Somebody can open the pages."""
    active = select(func.count()).select_from(account).where(account.c.disabled_at.is_(None))
    if not examined.connection.execute(active).scalar():
        yield advice("nobody can sign in to the pages", "run: sunline accounts add NAME --role supervisor")
