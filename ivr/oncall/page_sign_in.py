"""Link and PIN: something the clinician has and something they know. Wrong answers all look the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.accounts import throttle
from ivr.accounts.passwords import verify_password
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, transaction
from ivr.oncall import pins
from ivr.oncall.audit_trail import note_page_use
from ivr.oncall.page_sessions import CLINICIANS, READABLE_AFTER_ACCEPT
from ivr.oncall.tables import escalation, page


def find_readable_page(connection: Connection, token: str, at: datetime) -> Row[Any] | None:
    """The page behind a link while it may be read: open, or accepted by its person a short time ago.

    One text is sent for all pages of a ring: once its own page is over, the link is that of another that still rings.
    """
    columns = (page, escalation.c.urgency, escalation.c.state.label("escalation_state"), escalation.c.accepted_by)
    row = connection.execute(select(*columns).join(escalation).where(page.c.token == token)).first()
    if row is None or row.state == "open":
        return row
    mine = row.state == "accepted" and row.accepted_by == row.person_id
    if mine and at - row.ended_at < READABLE_AFTER_ACCEPT:
        return row
    sharing = page.c.leg_id == row.leg_id, page.c.person_id == row.person_id, page.c.state == "open"
    later = select(*columns).join(escalation).where(*sharing).order_by(page.c.made_at, page.c.id)
    return connection.execute(later).first()


def name_account(row: Row[Any] | None, link: str) -> str:
    """What failures are counted for: the person over all their links, or a link that is none of ours."""
    return f"clinician {row.person_id}" if row is not None else f"link {link}"


def check_link_and_pin(
    services: Services, link: str, digits: str, address: str, row: Row[Any] | None, device: str | None
) -> str | None:
    """Look at the PIN of the page ``row`` behind ``link``, and return the token of a new session where it is right.

    Failures count for where they come from and not for the telephone, so that nobody who has a link can keep its
    clinician from accepting by phone. Every try leaves its row.
    """
    secret = services.settings.session_secret
    attempt = throttle.Try.of(secret, name_account(row, link), address, device)
    with transaction(services) as work:
        admitted = throttle.admit_try(work.connection, attempt, work.at)
        hashed = pins.find_usable_hash(work, row.person_id) if admitted and row is not None else None
    # The hash is looked at outside any transaction: it takes long on purpose, also where there is none.
    right = admitted and verify_password(hashed, digits)
    with transaction(services) as work:
        token = _begin_session(work, row, hashed, attempt) if right and row is not None else None
        outcome = "ok" if token else "denied" if admitted else "too-early"
        note_page_use(work, row, address, "oncall.sign-in", outcome)
    return token


def _begin_session(work: Work, row: Row[Any], checked: str | None, attempt: throttle.Try) -> str | None:
    """The token of a new session. None: the PIN was changed since it was checked."""
    if pins.find_usable_hash(work, row.person_id, lock=True) != checked:
        return None
    pins.bind_pin(work, row.person_id)
    throttle.take_back_try(work.connection, attempt)
    return CLINICIANS.begin(work.connection, work.at, page_id=row.id)
