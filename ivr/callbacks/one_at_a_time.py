"""One telephone is rung once at a time, though two persons behind it may both have been promised a call-back.

A call-back is offered to no agent while somebody of ours has another one on the same number in hand, and whoever asks
for a telephone to be rung that is being rung, or talked on, is told so instead.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, select

from ivr.callbacks.tables import OPEN, promise
from ivr.calls.addresses import open_address
from ivr.calls.tables import leg
from ivr.core.database import take_turn
from ivr.core.telephone_numbers import Ringable
from ivr.core.unit_of_work import Work

_NEWEST_NUMBER = (
    select(promise.c.practice_id, promise.c.number_hash)
    .where(promise.c.call_id == bindparam("call_id"), promise.c.state.in_(OPEN), promise.c.number_hash.is_not(None))
    .order_by(promise.c.made_at.desc(), promise.c.id.desc())
    .limit(1)
)
_LEGS_OF_OTHERS = (leg.c.state != "ended", leg.c.call_id != bindparam("call_id"))
_PATIENTS_OF_OTHERS = select(leg).where(*_LEGS_OF_OTHERS, leg.c.role == "patient", leg.c.address_sealed.is_not(None))
_IN_HAND = (
    select(leg.c.id)
    .join(promise, promise.c.call_id == leg.c.call_id)
    .where(
        *_LEGS_OF_OTHERS,
        promise.c.practice_id == bindparam("practice_id"),
        promise.c.number_hash == bindparam("number_hash"),
        leg.c.role.in_(bindparam("roles", expanding=True)),
    )
    .limit(1)
)


def is_in_hand(work: Work, call_id: str) -> bool:
    """Whether somebody of ours is asked to take another call-back on the number of this one, or is at it.

    Until the transaction ends that stays so: of two that are offered at once, the second sees the first.
    """
    number = work.connection.execute(_NEWEST_NUMBER, {"call_id": call_id}).first()
    if number is None:
        return False
    take_turn(work.connection, f"call-back:{number.practice_id}:{number.number_hash}")
    asked = {"call_id": call_id, **number._mapping, "roles": ["patient", *_staff(work)]}
    return work.connection.execute(_IN_HAND, asked).first() is not None


def is_rung_for_another(work: Work, call_id: str, number: Ringable) -> bool:
    """Whether the telephone is being rung for the patient of another call, or they talk on it."""
    patients: list[Row[Any]] = list(work.connection.execute(_PATIENTS_OF_OTHERS, {"call_id": call_id}))
    return any(open_address(work.services.cipher, row) == number for row in patients)


def _staff(work: Work) -> list[str]:
    return [name for name, role in work.services.features.roles.items() if role.talks_as == "staff"]
