"""Whether anybody can tick the checklist of a practice that has one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from ivr.accounts.tables import account
from ivr.core.preflight import Examined, Finding, advice
from ivr.verification.talk_now import AGENT


def check_accounts_of_agents(examined: Examined) -> Iterator[Finding]:
    """Where a practice brings callers to L3, an agent has an account under their own name."""
    organisation = examined.organisation
    if organisation is None:
        return
    proving = sorted(name for name, practice in organisation.practices.items() if practice.identity.L3 is not None)
    if not proving:
        return
    able = account.c.disabled_at.is_(None), account.c.role == AGENT, account.c.name.in_(sorted(organisation.agents))
    if examined.connection.execute(select(account.c.id).where(*able).limit(1)).first() is None:
        what = f"{' and '.join(proving)} can bring callers to L3, and no agent has an account to do it with"
        mend = "name it as the configuration names the agent: sunline accounts add AGENT --role agent"
        yield advice(what, mend)
