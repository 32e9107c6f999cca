"""Codes of listed organisations: drawn here, shown once, and kept as Argon2 hashes that are sealed for their row.

The first digits find the organisation, so that one slow hash is enough for each try. They are unlike those of any other
organisation of the practice, and are no secret between its organisations; the others are.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from callflows.dialogues.listed import DIGITS, SELECTOR_DIGITS
from ivr.accounts.passwords import hash_password, verify_password
from ivr.codes.drawing import draw_digits
from ivr.core.cipher import Cipher, name_row
from ivr.core.ids import Ids
from ivr.core.unit_of_work import Work
from ivr.professionals.tables import organisation_code

FIELD = "organisation_code"
_CODE = organisation_code.c


def make_code(connection: Connection, cipher: Cipher, ids: Ids, practice_id: str, listed_id: str, at: datetime) -> str:
    """Make the code of an organisation, which is good at once; the one before is good no more. Returns its digits."""
    withdraw_code(connection, practice_id, listed_id)
    code_id = ids()
    digits, selector_hash = _draw(connection, cipher, ids, practice_id)
    connection.execute(
        insert(organisation_code).values(
            id=code_id,
            practice_id=practice_id,
            listed_id=listed_id,
            selector_hash=selector_hash,
            hash=cipher.seal_hash(FIELD, name_row(organisation_code, code_id), hash_password(digits)),
            made_at=at,
        )
    )
    return digits


def withdraw_code(connection: Connection, practice_id: str, listed_id: str) -> bool:
    """Let the code of an organisation be good no more, also in calls that go on; whether there was one."""
    of_it = (_CODE.practice_id == practice_id) & (_CODE.listed_id == listed_id)
    return bool(connection.execute(delete(organisation_code).where(of_it)).rowcount)


def find_near(work: Work, practice_id: str, digits: str) -> Row[Any] | None:
    """The code that begins as ``digits`` do, which may be another one; None where none does."""
    selector_hash = _hash_selector(work.services.cipher, practice_id, digits)
    near = (_CODE.practice_id == practice_id) & (_CODE.selector_hash == selector_hash)
    return work.connection.execute(select(organisation_code).where(near)).first()


def is_right(work: Work, near: Row[Any] | None, digits: str) -> bool:
    """Whether ``digits`` are the code that was found ``near`` them. Where none was, the answer takes as long."""
    if near is None:
        return verify_password(None, digits)
    row = name_row(organisation_code, near.id)
    return verify_password(work.services.cipher.open_hash(FIELD, row, near.hash), digits)


def is_standing(connection: Connection, code_id: str) -> bool:
    """Whether a code is still good: neither renewed nor withdrawn."""
    return connection.execute(select(_CODE.id).where(_CODE.id == code_id)).first() is not None


def list_codes(connection: Connection) -> list[Row[Any]]:
    """Every code, without its digits."""
    return list(connection.execute(select(organisation_code).order_by(_CODE.practice_id, _CODE.listed_id)))


def _draw(connection: Connection, cipher: Cipher, ids: Ids, practice_id: str) -> tuple[str, str]:
    """Digits that begin as those of no other code of the practice, and the hash by which they are found."""
    taken = set(connection.execute(select(_CODE.selector_hash).where(_CODE.practice_id == practice_id)).scalars())
    while True:
        digits = draw_digits(ids, DIGITS)
        selector_hash = _hash_selector(cipher, practice_id, digits)
        if selector_hash not in taken:
            return digits, selector_hash


def _hash_selector(cipher: Cipher, practice_id: str, digits: str) -> str:
    return cipher.lookup_hash(practice_id, FIELD, digits[:SELECTOR_DIGITS])
