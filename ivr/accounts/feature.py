"""Who works with the pages."""

from __future__ import annotations

from ivr.accounts import sign_in_page, tables, viewer_zone
from ivr.accounts.preflight import check_accounts
from ivr.core.feature import Feature

FEATURE = Feature(
    name="accounts",
    pages=(sign_in_page.blueprint, viewer_zone.blueprint),
    checks=(check_accounts,),
    tables=(tables.account, tables.account_session, tables.sign_in_failure),
)
