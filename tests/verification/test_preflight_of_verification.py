"""Where callers are to come to L3 and no agent has an account, that is told before patients call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from ivr.accounts import accounts_store
from ivr.accounts.tables import account
from ivr.core.preflight import Examined
from ivr.directory.revisions import load
from ivr.verification.preflight import check_accounts_of_agents
from tests.calls.office import Office
from tests.web.line import PASSWORD

pytestmark = pytest.mark.sqlite_first


def told(office: Office) -> list[str]:
    with office.services.database.read() as connection:
        examined = Examined(office.services.settings, connection, load(connection), office.world.now)
        assert list(check_accounts_of_agents(replace(examined, organisation=None))) == []
        return [finding.what for finding in check_accounts_of_agents(examined)]


def test_an_account_under_the_name_of_an_agent_is_enough_and_no_other_is(known: Office) -> None:
    missing = ["maple can bring callers to L3, and no agent has an account to do it with"]
    assert told(known) == missing
    services, at = known.services, known.world.now
    with services.database.write() as connection:
        accounts_store.add_account(connection, services.cipher, "rosa", "supervisor", PASSWORD, at)
        accounts_store.add_account(connection, services.cipher, "nobody-of-ours", "agent", PASSWORD, at)
        accounts_store.add_account(connection, services.cipher, "grace", "compliance", PASSWORD, at)
    assert told(known) == missing
    with services.database.write() as connection:
        accounts_store.add_account(connection, services.cipher, "ana", "agent", PASSWORD, at)
    assert told(known) == []
    with services.database.write() as connection:
        connection.execute(update(account).where(account.c.name == "ana").values(disabled_at=at))
    assert told(known) == missing
