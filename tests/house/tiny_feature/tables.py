from __future__ import annotations

from sqlalchemy import Column, String, Table

from ivr.core.database import metadata

greeting = Table(
    "tiny_greeting",
    metadata,
    Column("call_id", String(40), primary_key=True),
    Column("state", String(16), nullable=False),
)
