"""Link and PIN: something the clinician has and something they know. Wrong answers all look the same."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.accounts import throttle
from ivr.accounts.passwords import verify_password
from ivr.core.services import Services
from ivr.core.unit_of_work import transaction
from ivr.oncall import pins
from ivr.oncall.tables import escalation, page

SIGNED_IN_FOR = timedelta(minutes=10)
READABLE_AFTER_ACCEPT = timedelta(hours=4)
"""Whoever accepted may read the summary again for as long as their call can last."""
_KEY = "oncall"


def find_readable_page(connection: Connection, token: str, at: datetime) -> Row[Any] | None:
    """The page behind a link while it may be read: open, or accepted by its person a short time ago."""
    columns = (page, escalation.c.urgency, escalation.c.state.label("escalation_state"), escalation.c.accepted_by)
    row = connection.execute(select(*columns).join(escalation).where(page.c.token == token)).first()
    if row is None or row.state == "open":
        return row
    mine = row.state == "accepted" and row.accepted_by == row.person_id
    return row if mine and at - row.ended_at < READABLE_AFTER_ACCEPT else None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a try: ``page`` where the link is good, ``right`` where the PIN is too.

    A try that came too early, after too many wrong ones, was not ``admitted`` and nothing was looked at.
    """

    admitted: bool
    page: Row[Any] | None
    right: bool


def check_link_and_pin(services: Services, token: str, digits: str, address: str) -> Checked:
    """Look at link and PIN. Failures count for the person, the link and the address."""
    attempt = throttle.Try.of(services.settings.session_secret, f"page {token}", address)
    with transaction(services) as work:
        admitted = throttle.admit_try(work.connection, attempt, work.at)
        row = find_readable_page(work.connection, token, work.at) if admitted else None
        correct = pins.check_pin(work, row.person_id, digits) if row else False
        if correct:
            throttle.take_back_try(work.connection, attempt)
    if row is None and admitted:
        verify_password(None, digits)  # an unknown link takes as long as a wrong PIN
    return Checked(admitted, row, correct)


def remember_sign_in(session: MutableMapping[str, Any], page_id: str, at: datetime) -> None:
    """Keep the sign-in for ten minutes from ``at``."""
    session[_KEY] = {"page": page_id, "until": (at + SIGNED_IN_FOR).isoformat()}


def is_signed_in(session: MutableMapping[str, Any], page_id: str, at: datetime) -> bool:
    """Whether the browser has signed in to this page and used it in the last ten minutes."""
    kept = session.get(_KEY, {})
    return kept.get("page") == page_id and at < datetime.fromisoformat(kept["until"])


def forget_sign_in(session: MutableMapping[str, Any]) -> None:
    """Sign out."""
    session.pop(_KEY, None)
