"""Who carries out which kind of outbox item."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from ivr.core.services import Services

OUTBOUND_CALLS = "dial_leg"
"""The kind that goes through the account's one lane."""


def handle_item(services: Services, item: Row[Any]) -> None:
    """Carry out the item, whose kind is known."""
    services.features.outbox[item.kind].carry_out(services, item)


def give_up_item(services: Services, item: Row[Any]) -> None:
    """Do what must be done when the item, whose kind is known, has failed for good."""
    handler = services.features.outbox[item.kind]
    if handler.give_up is not None:
        handler.give_up(services, item)
