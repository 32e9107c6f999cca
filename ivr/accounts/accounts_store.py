"""Accounts of the pages: each person has one, which may be disabled but is never deleted."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from ivr.accounts import passwords
from ivr.accounts.roles import ROLES
from ivr.accounts.tables import account, account_session
from ivr.core.cipher import Cipher, name_row
from routing.zones import known_zone

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
DEMO_NAME = "supervisor"
PASSWORD = "password"
"""The field that stored hashes are sealed for."""


class AccountError(ValueError):
    """An account cannot be made or changed as asked; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. ``zone``: the time zone that they chose to read times in."""

    id: str
    name: str
    role: str
    zone: str | None = None


def add_account(connection: Connection, cipher: Cipher, name: str, role: str, password: str, at: datetime) -> str:
    """Make an account and return its id. Raises AccountError, UnfitPassword."""
    if not _NAME.fullmatch(name):
        raise AccountError(f"{name!r} is not a name; give 2 to 40 small letters, digits, dots and dashes")
    if role not in ROLES:
        raise AccountError(f"{role!r} is not a role; give one of {', '.join(ROLES)}")
    if find_account(connection, name) is not None:
        raise AccountError(f"there is an account {name!r} already; every person has their own")
    passwords.check_password(password, name)
    user_id = secrets.token_hex(12)
    row = {"id": user_id, "name": name, "role": role, "password_hash": _stored(cipher, user_id, password)}
    connection.execute(insert(account).values(row | {"created_at": at}))
    return user_id


def set_password(connection: Connection, cipher: Cipher, name: str, password: str) -> None:
    """Replace a password; whoever is signed in to the account is signed out, and a disabled account opens again."""
    passwords.check_password(password, name)
    user_id = find_account_id(connection, name)
    values = {"password_hash": _stored(cipher, user_id, password), "disabled_at": None}
    connection.execute(update(account).where(account.c.id == user_id).values(values))
    connection.execute(delete(account_session).where(account_session.c.user_id == user_id))


def find_open_hash(cipher: Cipher, row: Row[Any] | None) -> str | None:
    """The hash that a password must have; None where nobody may sign in, or it is somebody else's."""
    if row is None or row.disabled_at is not None:
        return None
    return cipher.open_hash(PASSWORD, name_row(account, row.id), row.password_hash)


def bind_password(connection: Connection, cipher: Cipher, row: Row[Any]) -> None:
    """Seal the hash of a password that was right for its account, in the form of today."""
    anew = cipher.reseal_hash(PASSWORD, name_row(account, row.id), row.password_hash)
    if anew is not None:
        connection.execute(update(account).where(account.c.id == row.id).values(password_hash=anew))


def choose_time_zone(connection: Connection, user_id: str, zone: str | None) -> None:
    """Keep the time zone in which somebody reads times; None takes the choice back. Raises AccountError."""
    if zone is not None and not known_zone(zone):
        raise AccountError("this is not a time zone; choose one of the list")
    connection.execute(update(account).where(account.c.id == user_id).values(time_zone=zone))


def disable_account(connection: Connection, name: str, at: datetime) -> None:
    """Close an account and end its sessions now."""
    user_id = find_account_id(connection, name)
    connection.execute(update(account).where(account.c.id == user_id).values(disabled_at=at))
    connection.execute(delete(account_session).where(account_session.c.user_id == user_id))


def find_account(connection: Connection, name: str) -> Row[Any] | None:
    """Return the account of a name, or None."""
    return connection.execute(select(account).where(account.c.name == name)).first()


def lock_account(connection: Connection, name: str) -> Row[Any] | None:
    """Return the account of a name, which nobody changes until the transaction ends."""
    return connection.execute(select(account).where(account.c.name == name).with_for_update()).first()


def list_accounts(connection: Connection) -> list[Row[Any]]:
    """Return all accounts by name."""
    return list(connection.execute(select(account).order_by(account.c.name)))


def find_account_id(connection: Connection, name: str) -> str:
    """Return the id of an account. Raises AccountError where there is none."""
    row = find_account(connection, name)
    if row is None:
        raise AccountError(f"there is no account {name!r}; see: sunline accounts list")
    return str(row.id)


def open_demo_account(connection: Connection, cipher: Cipher, at: datetime) -> tuple[str, str]:
    """Return name and a fresh random password of the demo's supervisor, to be shown once on the terminal."""
    password = passwords.generate_password()
    if find_account(connection, DEMO_NAME) is None:
        add_account(connection, cipher, DEMO_NAME, "supervisor", password, at)
    else:
        set_password(connection, cipher, DEMO_NAME, password)
    return DEMO_NAME, password


def _stored(cipher: Cipher, user_id: str, password: str) -> str:
    return cipher.seal_hash(PASSWORD, name_row(account, user_id), passwords.hash_password(password))
