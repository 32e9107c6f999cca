"""Who speaks for a patient, opened to be held against what a caller said."""

from __future__ import annotations

from datetime import date
from typing import Any

import structlog
from sqlalchemy import Connection, Row, select

from callflows.authority import Representation, Represented, Speaker
from callflows.identity import Held
from ivr.core.cipher import Cipher, name_row
from ivr.patients.card import read_card
from ivr.patients.normalise import NORMALISERS
from ivr.patients.representatives.tables import representative
from ivr.privacy.errors import SealBroken

logger = structlog.get_logger(__name__)

MOST = 40
"""Records of one patient that are opened for one caller."""


class _DenialLost(Exception):
    """A record of somebody who is kept away is damaged, so that it cannot be told who."""


def list_speakers(
    connection: Connection, cipher: Cipher, practice_id: str, patient_id: str, today: date
) -> tuple[Speaker, ...]:
    """Everybody on file for a patient, those who are kept away first, at most ``MOST``.

    Nobody where a denial in force ``today``, on the clocks of the practice, cannot be opened: whoever calls may be the
    one who is kept away.
    """
    wanted = select(representative).where(
        representative.c.practice_id == practice_id, representative.c.patient_id == patient_id
    )
    order = (representative.c.denied.desc(), representative.c.active.desc(), representative.c.id)
    rows = connection.execute(wanted.order_by(*order).limit(MOST))
    try:
        return tuple(_speaker(cipher, row, today) for row in rows)
    except _DenialLost:
        return ()


def read_represented(
    connection: Connection, cipher: Cipher, practice_id: str, patient_id: str, otherwise: str
) -> Represented:
    """The patient's date of birth and state; ``otherwise`` is the state where none is on file."""
    card = read_card(connection, cipher, practice_id, patient_id)
    if card is None:
        return Represented(None, otherwise)
    born = NORMALISERS["date_of_birth"](card.date_of_birth or "")
    return Represented(date.fromisoformat(born) if born else None, card.state or otherwise)


def _speaker(cipher: Cipher, row: Row[Any], today: date) -> Speaker:
    representation = _representation(row)
    keeps_away = representation.denied and representation.holds(today)
    return Speaker(row.id, _held(cipher, row, keeps_away), representation)


def _representation(row: Row[Any]) -> Representation:
    scope = None if row.scope is None else tuple(row.scope.split())
    return Representation(row.relation, scope, row.starts_on, row.ends_on, row.denied, row.active)


def _held(cipher: Cipher, row: Row[Any], keeps_away: bool) -> Held:
    name, born = (_open(cipher, row, field, keeps_away) for field in ("name", "date_of_birth"))
    told = name if NORMALISERS["name"](name) else ""
    return Held(name=told, date_of_birth=NORMALISERS["date_of_birth"](born) or "")


def _open(cipher: Cipher, row: Row[Any], field: str, keeps_away: bool) -> str:
    """What a record holds of a field; empty for what is damaged, by which nobody is recognised.

    Raises _DenialLost where that would let somebody speak who is kept away.
    """
    sealed = row._mapping[f"{field}_sealed"]
    if sealed is None:
        return ""
    try:
        return cipher.open(row.practice_id, field, name_row(representative, row.external_id_hash), sealed)
    except SealBroken:
        # The caller is not recognised by it and goes on to a person; the check of sealed values finds it too.
        logger.error("representative_item_damaged", representative=row.id, field=field)
        if keeps_away:
            raise _DenialLost from None
        return ""
