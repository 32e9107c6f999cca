"""Link and PIN: something the clinician has and something they know. Wrong answers all look the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
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
from ivr.oncall.tables import PAGE_IS_OPEN, care_item, escalation, page

_COLUMNS = (page, escalation.c.urgency, escalation.c.state.label("escalation_state"), escalation.c.accepted_by)


def find_readable_page(connection: Connection, token: str, at: datetime) -> Row[Any] | None:
    """The page behind a link while it may be read: open, or accepted by its person a short time ago or not done yet.

    It is never the page of another call: what is done by a link is done to the call that was read there.
    """
    row = find_page(connection, token)
    return row if row is not None and (row.state == "open" or _is_theirs(connection, row, at)) else None


def find_ringing_beside(connection: Connection, token: str, at: datetime) -> Row[Any] | None:
    """Another page that the ring of a page which is over still rings for, the oldest first; to lead there and no more.

    One text is sent for all pages of a ring. Pages that rang no telephone share nothing.
    """
    row = find_page(connection, token)
    if row is None or row.leg_id is None or find_readable_page(connection, token, at) is not None:
        return None
    sharing = page.c.leg_id == row.leg_id, page.c.person_id == row.person_id, PAGE_IS_OPEN
    later = select(*_COLUMNS).join(escalation).where(*sharing).order_by(page.c.made_at, page.c.id)
    return connection.execute(later).first()


def find_page(connection: Connection, token: str) -> Row[Any] | None:
    """The page behind a link, whatever became of it."""
    return connection.execute(select(*_COLUMNS).join(escalation).where(page.c.token == token)).first()


def _is_theirs(connection: Connection, row: Row[Any], at: datetime) -> bool:
    if row.state != "accepted":
        return False
    if row.accepted_by == row.person_id and at - row.ended_at < READABLE_AFTER_ACCEPT:
        return True
    to_do = select(care_item.c.id).where(care_item.c.page_id == row.id, care_item.c.state != "done")
    return connection.execute(to_do).first() is not None


def name_account(row: Row[Any] | None, link: str) -> str:
    """What failures are counted for: the person over all their links, or a link that is none of ours."""
    return f"clinician {row.person_id}" if row is not None else f"link {link}"


def check_link_and_pin(
    services: Services, link: str, digits: str, address: str, row: Row[Any] | None, device: str | None
) -> str | None:
    """Look at the PIN of the page ``row`` behind ``link``, and return the token of a new session where it is right."""
    account, person_id = name_account(row, link), row.person_id if row is not None else None

    def begin(work: Work) -> str | None:
        return CLINICIANS.begin(work.connection, work.at, page_id=row.id) if row is not None else None

    def note(work: Work, outcome: str) -> None:
        note_page_use(work, row, address, "oncall.sign-in", outcome)

    return check_pin(services, Asked(account, person_id, digits, address, device), begin, note)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants to sign in. ``person_id`` is None where nobody is behind what was given."""

    account: str
    person_id: str | None
    digits: str = field(repr=False)
    address: str
    device: str | None


def check_pin(
    services: Services, asked: Asked, begin: Callable[[Work], str | None], note: Callable[[Work, str], None]
) -> str | None:
    """Look at a PIN, and return the token that ``begin`` gives where it is right.

    Failures count for where they come from and not for the telephone, so that nobody who has a link can keep its
    clinician from accepting by phone. Every try leaves its row, by ``note``.
    """
    attempt = throttle.Try.of(services.settings.session_secret, asked.account, asked.address, asked.device)
    person_id = asked.person_id
    with transaction(services) as work:
        admitted = throttle.admit_try(work.connection, attempt, work.at)
        hashed = pins.find_usable_hash(work, person_id) if admitted and person_id is not None else None
    # The hash is looked at outside any transaction: it takes long on purpose, also where there is none.
    right = admitted and verify_password(hashed, asked.digits)
    with transaction(services) as work:
        token = None
        if right and person_id is not None and _is_as_checked(work, person_id, hashed, attempt):
            token = begin(work)
        note(work, "ok" if token else "denied" if admitted else "too-early")
    return token


def _is_as_checked(work: Work, person_id: str, checked: str | None, attempt: throttle.Try) -> bool:
    """Whether the PIN was not changed since it was checked; the try is taken back then."""
    if pins.find_usable_hash(work, person_id, lock=True) != checked:
        return False
    pins.bind_pin(work, person_id)
    throttle.take_back_try(work.connection, attempt)
    return True
