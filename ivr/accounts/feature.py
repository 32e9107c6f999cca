"""Who works with the pages."""

from __future__ import annotations

from ivr.accounts import tables, views
from ivr.core.feature import Feature

FEATURE = Feature(
    name="accounts",
    pages=(views.staff,),
    tables=(tables.staff_user, tables.staff_session, tables.sign_in_failure),
)
