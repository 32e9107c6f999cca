"""Rotas as they are now: covers and swaps, calendars that they follow, addresses at which they are read, and whether
whoever is on call can be reached.
"""

from __future__ import annotations

from sqlalchemy import literal

from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature
from ivr.privacy.keys import OPERATOR_KEYS
from ivr.rotas import tables
from ivr.rotas.feeds import FIELD

FEATURE = Feature(
    name="rotas",
    sealed=(
        SealedColumn(tables.rota_feed.c.address_sealed, FIELD, (tables.rota_feed.c.rota_id,), literal(OPERATOR_KEYS)),
    ),
    tables=(tables.rota_swap, tables.rota_cover, tables.rota_feed, tables.rota_address, tables.drill),
)
