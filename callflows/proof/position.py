"""Where a suspended conversation stands, as a value: two runs at the same position go on alike.

A position is the chain of suspended generators, each with its code, its instruction and the locals it may
still read. The iterators of loops are not seen, which is why a flow may loop only over named, distinct items bound to a
loop variable (see :mod:`callflows.proof.yield_rules`).
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from types import FunctionType, GeneratorType
from typing import Any

from callflows.engine.replay import FlowError
from callflows.proof.liveness import live


class Positions:
    """Takes positions of flows that were all told ``told``."""

    def __init__(self, told: object) -> None:
        self._told = told
        self._pinned: dict[int, object] = {}
        self._pin(told, {})

    def of(self, flow: object) -> tuple[Any, ...]:
        """The position of a suspended ``flow``; hashable, equal where the flow's future is equal."""
        chain: list[object] = []
        # Most functions of the chain hold the same few values: each is looked into once.
        known: dict[int, object] = {}
        while isinstance(flow, GeneratorType) and flow.gi_frame is not None:
            frame = flow.gi_frame
            code, at, bound = frame.f_code, frame.f_lasti, frame.f_locals
            held = []
            for name in live(code, at):
                if name in bound:
                    value = bound[name]
                    if id(value) not in known:
                        known[id(value)] = self._value(value, code.co_name)
                    held.append((name, known[id(value)]))
            chain.append((id(code), at, tuple(held)))
            flow = flow.gi_yieldfrom
        return tuple(chain)

    def _value(self, value: object, function: str) -> object:
        kind: Any = type(value)
        if isinstance(value, str) or value is None:
            return value
        pinned = self._pinned.get(id(value))
        if pinned is not None:
            return pinned
        if isinstance(value, tuple):
            return tuple([self._value(part, function) for part in value])
        parts = _parts_of_frozen(kind)
        if parts is not None:
            return (kind, *[self._value(getattr(value, part), function) for part in parts])
        if isinstance(value, bool | int | float | range):
            return (kind, value)
        if isinstance(value, BaseException):
            held = tuple((name, self._value(part, function)) for name, part in sorted(vars(value).items()))
            return (kind, tuple(self._value(part, function) for part in value.args), held)
        if isinstance(value, type | FunctionType):
            return value
        raise FlowError(f"{function} keeps a {kind.__name__} across a yield; keep frozen values only")

    def _pin(self, value: object, tokens: dict[object, object]) -> None:
        """Give each part of what every run is told one token, so that it need not be compared in depth."""
        if isinstance(value, tuple):
            parts = list(value)
        elif is_dataclass(value):
            parts = [getattr(value, part.name) for part in fields(value)]
        else:
            return
        self._pinned[id(value)] = tokens.setdefault((type(value), value), ("told", len(tokens)))
        for part in parts:
            self._pin(part, tokens)


@cache
def _parts_of_frozen(kind: type) -> tuple[str, ...] | None:
    """The names of the fields of a frozen dataclass; None of anything else."""
    if not (is_dataclass(kind) and getattr(kind, "__dataclass_params__").frozen):  # noqa: B009 - typeshed hides it
        return None
    return tuple(part.name for part in fields(kind))
