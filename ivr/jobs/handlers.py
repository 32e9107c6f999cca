"""Who carries out which kind of effect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row

from ivr.core.services import Services

Handler = Callable[[Services, Row[Any]], None]
_HANDLERS: dict[str, Handler] = {}
_FAILED: dict[str, Handler] = {}

OUTBOUND_CALLS = "dial_leg"
"""The kind that goes through the account's one lane."""


def on_effect(kind: str) -> Callable[[Handler], Handler]:
    """Register who carries out effects of ``kind``; given the services and the outbox row, outside any transaction."""

    def register(function: Handler) -> Handler:
        _HANDLERS[kind] = function
        return function

    return register


def on_failure(kind: str) -> Callable[[Handler], Handler]:
    """Register what happens when effects of ``kind`` can never be carried out."""

    def register(function: Handler) -> Handler:
        _FAILED[kind] = function
        return function

    return register


def known_effects() -> frozenset[str]:
    """Every kind that somebody carries out, for the test that nobody asks for another."""
    return frozenset(_HANDLERS)


def handle(services: Services, item: Row[Any]) -> None:
    """Carry out the effect."""
    _HANDLERS[item.kind](services, item)


def failed(services: Services, item: Row[Any]) -> None:
    """Do what must be done when the effect has failed for good."""
    if item.kind in _FAILED:
        _FAILED[item.kind](services, item)
