"""Facts and effects: what a flow may ask of the shell, each registered where it belongs.

A fact is read and an effect is written inside the transaction that also stores the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Row

from callflows.vocabulary import Answer, Do, Done, Effect, Fact, Known
from ivr.core.unit_of_work import Work

FactReader = Callable[[Work, Row[Any], Mapping[str, str]], Mapping[str, str]]
EffectWriter = Callable[[Work, Row[Any], str, Any], Answer | None]
View = Callable[[Work, Row[Any]], Any]
Registered = TypeVar("Registered", bound=Callable[..., Any])

_FACTS: dict[str, FactReader] = {}
_EFFECTS: dict[type[Effect], EffectWriter] = {}
_VIEWS: dict[str, View] = {}


def fact(name: str) -> Callable[[FactReader], FactReader]:
    """Register who knows the fact ``name``; given the transaction, the leg and what it is about."""

    def register(function: FactReader) -> FactReader:
        _FACTS[name] = function
        return function

    return register


def effect(kind: type[Effect]) -> Callable[[EffectWriter], EffectWriter]:
    """Register who carries out effects of ``kind``: given the transaction, leg, request key and effect."""

    def register(function: EffectWriter) -> EffectWriter:
        _EFFECTS[kind] = function
        return function

    return register


def view(role: str) -> Callable[[View], View]:
    """Register what the flow of a leg of ``role`` is told about its call."""

    def register(function: View) -> View:
        _VIEWS[role] = function
        return function

    return register


def view_for(work: Work, leg: Row[Any]) -> Any:
    """What the leg's flow is told: the same at every replay."""
    return _VIEWS[leg.role](work, leg)


def carry_out(work: Work, leg: Row[Any], request: Fact | Do) -> Answer:
    """Read the fact or write the effect; its answer."""
    if isinstance(request, Fact):
        known = _FACTS[request.name](work, leg, dict(request.about))
        return Known(tuple(sorted(known.items())))
    return _EFFECTS[type(request.effect)](work, leg, request.key, request.effect) or Done()
