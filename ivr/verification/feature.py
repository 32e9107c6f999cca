"""Proving in a talk who is calling, up to level L3."""

from __future__ import annotations

from ivr.core.feature import Feature, NavigationItem
from ivr.verification import forgetting, tables, verification_page
from ivr.verification.preflight import check_accounts_of_agents

FEATURE = Feature(
    name="verification",
    pages=(verification_page.blueprint,),
    navigation=(NavigationItem("My call", "verification.show_own", permission="own-call", order=25),),
    permissions={
        "own-call": frozenset({"agent"}),
        "prove-caller": frozenset({"supervisor", "agent"}),
    },
    memory=forgetting.MEMORY,
    checks=(check_accounts_of_agents,),
    tables=(tables.identity_check,),
)
