"""What several folders give, joined into one mapping. Imports nothing, so that the command line stays quick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class GivenTwice(ValueError):
    """Two folders give the same thing."""


def join_given(what: str, given: Iterable[tuple[str, Mapping[Key, Value]]]) -> Mapping[Key, Value]:
    """Return one mapping of all that is given. Raises GivenTwice, with both names, where two give the same."""
    joined: dict[Key, Value] = {}
    givers: dict[Key, str] = {}
    for giver, mapping in given:
        for key, value in mapping.items():
            if key in joined:
                raise GivenTwice(f"{what}: {key} is given by {givers[key]} and by {giver}; leave it out of one of them")
            joined[key], givers[key] = value, giver
    return MappingProxyType(joined)
