"""Who works with the pages."""

from __future__ import annotations

from sqlalchemy import literal

from ivr.accounts import sign_in_page, tables, viewer_zone
from ivr.accounts.accounts_store import PASSWORD
from ivr.accounts.preflight import check_accounts
from ivr.accounts.tables import account
from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature
from ivr.privacy.keys import OPERATOR_KEYS

FEATURE = Feature(
    name="accounts",
    pages=(sign_in_page.blueprint, viewer_zone.blueprint),
    checks=(check_accounts,),
    sealed=(SealedColumn(account.c.password_hash, PASSWORD, (account.c.id,), literal(OPERATOR_KEYS), hashes=True),),
    tables=(tables.account, tables.account_session, tables.sign_in_failure),
)
