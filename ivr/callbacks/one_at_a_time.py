"""One telephone is rung once at a time, though two persons behind it may both have been promised a call-back.

A call-back is offered to no agent while somebody of ours has another one on the same number in hand, and whoever asks
for a telephone to be rung that is being rung, or talked on, is told so instead. That goes for all practices together:
their stored hashes of one number differ, so the numbers themselves are compared, of those few that are in hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, bindparam, select

from ivr.callbacks.tables import OPEN, promise
from ivr.calls.addresses import FIELD, open_address
from ivr.calls.configuration import NO_PRACTICE
from ivr.calls.tables import leg
from ivr.core.cipher import Cipher, name_row
from ivr.core.database import take_turn
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work
from ivr.privacy.errors import SealBroken

_NEWEST_NUMBER = (
    select(promise)
    .where(promise.c.call_id == bindparam("call_id"), promise.c.state.in_(OPEN), promise.c.number_sealed.is_not(None))
    .order_by(promise.c.made_at.desc(), promise.c.id.desc())
    .limit(1)
)
_LEGS_OF_OTHERS = (leg.c.state != "ended", leg.c.call_id != bindparam("call_id"))
_PATIENTS_OF_OTHERS = select(leg).where(*_LEGS_OF_OTHERS, leg.c.role == "patient", leg.c.address_sealed.is_not(None))
_PROMISES_IN_HAND = (
    select(promise)
    .join(leg, promise.c.call_id == leg.c.call_id)
    .where(
        *_LEGS_OF_OTHERS,
        promise.c.number_sealed.is_not(None),
        leg.c.role.in_(bindparam("roles", expanding=True)),
    )
)


def is_in_hand(work: Work, call_id: str) -> bool:
    """Whether somebody of ours is asked to take another call-back on the number of this one, or is at it.

    Until the transaction ends that stays so: of two that are offered at once, the second sees the first.
    """
    newest = work.connection.execute(_NEWEST_NUMBER, {"call_id": call_id}).first()
    if newest is None:
        return False
    cipher = work.services.cipher
    number = open_number(cipher, newest)
    take_turn(work.connection, f"call-back:{_name(cipher, number)}")
    asked = {"call_id": call_id, "roles": ["patient", *_staff(work)]}
    in_hand = work.connection.execute(_PROMISES_IN_HAND, asked)
    return any(_opens_to(number, open_number, cipher, row) for row in in_hand)


def is_rung_for_another(work: Work, call_id: str, number: Ringable) -> bool:
    """Whether the telephone is being rung for the patient of another call, or they talk on it.

    Until the transaction ends that stays so.
    """
    cipher = work.services.cipher
    take_turn(work.connection, f"ring:{_name(cipher, number)}")
    patients = work.connection.execute(_PATIENTS_OF_OTHERS, {"call_id": call_id})
    return any(_opens_to(number, open_address, cipher, row) for row in patients)


def open_number(cipher: Cipher, row: Row[Any]) -> str:
    """The number that was promised to be called."""
    return cipher.open(row.practice_id, FIELD, name_row(promise, row.id), row.number_sealed)


def _name(cipher: Cipher, number: str) -> str:
    # By the keys of the operator, so that it is one for all practices; it is never stored.
    return cipher.lookup_hash(NO_PRACTICE, "phone", number)


def _opens_to(number: str, opened: Callable[[Cipher, Row[Any]], str], cipher: Cipher, row: Row[Any]) -> bool:
    try:
        return opened(cipher, row) == number
    except SealBroken:  # no number is rung by it
        return False


def _staff(work: Work) -> list[str]:
    return [name for name, role in work.services.features.roles.items() if role.talks_as == "staff"]
