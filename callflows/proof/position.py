"""Where a suspended conversation stands, as a value: two runs at the same position go on alike.

A position is the chain of suspended generators, each with its code, its instruction and the locals it may
still read. The iterators of loops are not seen, which is why a flow may loop only over named, distinct items bound to a
loop variable (see :mod:`callflows.proof.yield_rules`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from types import FunctionType, GeneratorType
from typing import Any

from callflows.engine.replay import FlowError
from callflows.proof.liveness import catches, live, passes_on

Chain = tuple[Any, ...]
"""The suspended functions of a flow."""
Position = tuple[int, ...]
"""A number for each suspended function of a flow: for what it is, where it waits and what it may still read."""


class Positions:
    """Takes positions of flows that were all told ``told``."""

    def __init__(self, told: object) -> None:
        self._told = told
        self._pinned: dict[int, object] = {}
        self._numbers: dict[Hashable, int] = {}
        self._catching: list[bool] = []
        self._pin(told, {})

    def of(self, flow: object) -> tuple[Hashable, ...]:
        """Where a suspended ``flow`` stands, equal where the flow's future is equal, in this walk and in others."""
        known: dict[int, object] = {}
        return tuple([self._standing(one, known) for one in chain_of(flow)])

    def of_chain(self, chain: Chain) -> Position:
        """The position of a flow with these suspended functions, or the part of it that these are."""
        # Most functions of the chain hold the same few values: each is looked into once.
        known: dict[int, object] = {}
        return tuple([self._number(one, known) for one in chain])

    def count_reached(self, position: Position) -> int:
        """How many functions, from the outermost on, an interruption can do anything in: the others it only ends."""
        return max((place for place, number in enumerate(position, 1) if self._catching[number]), default=0)

    def _number(self, function: Any, known: dict[int, object]) -> int:
        number = self._numbers.setdefault(self._standing(function, known), len(self._catching))
        if number == len(self._catching):
            self._catching.append(catches(function.gi_code, function.gi_frame.f_lasti))
        return number

    def _standing(self, function: Any, known: dict[int, object]) -> Hashable:
        frame = function.gi_frame
        code, at, bound = frame.f_code, frame.f_lasti, frame.f_locals
        held = []
        for name in live(code, at):
            if name in bound:
                value = bound[name]
                if id(value) not in known:
                    known[id(value)] = self._value(value, code.co_name)
                held.append((name, known[id(value)]))
        return (id(code), at, tuple(held))

    def _value(self, value: object, function: str) -> object:
        kind: Any = type(value)
        if isinstance(value, str) or value is None:
            return value
        pinned = self._pinned.get(id(value))
        if pinned is not None:
            return pinned
        values_of = _values_of_frozen(kind)
        if values_of is not None:
            return (
                kind,
                *[
                    part if part.__class__ is str or part is None else self._value(part, function)
                    for part in values_of(value)
                ],
            )
        if isinstance(value, tuple):
            return tuple([self._value(part, function) for part in value])
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


def chain_of(flow: object) -> Chain:
    """The functions of a suspended ``flow``, each of which waits for the next, but for those that only pass on."""
    chain: list[Any] = []
    while isinstance(flow, GeneratorType) and flow.gi_frame is not None:
        inner = flow.gi_yieldfrom
        if not (isinstance(inner, GeneratorType) and passes_on(flow.gi_code, flow.gi_frame.f_lasti)):
            chain.append(flow)
        flow = inner
    return tuple(chain)


def count_unmoved(stood: Chain, chain: Chain) -> int:
    """How many functions of ``chain``, from the outermost on, have waited for the next one since they ``stood``.

    They have not run, so that each stands as it stood: nothing is changed in place, nor from outside a function.
    """
    same = 0
    for one, two in zip(stood, chain, strict=False):
        if one is not two or one.gi_code.co_cellvars or one.gi_code.co_freevars:
            break
        same += 1
    return max(0, same - 1)


@cache
def _values_of_frozen(kind: type) -> Callable[[Any], tuple[object, ...]] | None:
    """What takes the values of all fields of a frozen dataclass; None of anything else."""
    if not (is_dataclass(kind) and getattr(kind, "__dataclass_params__").frozen):  # noqa: B009 - typeshed hides it
        return None
    names = [part.name for part in fields(kind)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple([getattr(value, name) for name in names])
