"""JSON in which every key of an object stands once: a reader would take one of two, and the other says otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]{0,63}")


class _Object(dict[str, Any]):
    """An object of which ``again`` are the keys that stand in it more than once."""

    again: tuple[str, ...] = ()


def read_json(text: str) -> tuple[Any, tuple[str, ...]]:
    """What a text holds, and where a key stands twice, such as ``name[0].family``; ValueError where it is no JSON.

    Of such a key all items are taken where both are lists, and None otherwise, since neither is known to be right.
    Words that are no names of fields may be somebody's, and are not repeated.
    """
    read = json.loads(text, object_pairs_hook=_object)
    return read, tuple(_again(read, ""))


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    read = _Object(pairs)
    if len(read) == len(pairs):
        return read
    values: dict[str, list[Any]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    read.again = tuple(key for key, several in values.items() if len(several) > 1)
    for key in read.again:
        both = values[key]
        read[key] = [one for each in both for one in each] if all(isinstance(one, list) for one in both) else None
    return read


def _again(read: Any, place: str) -> Iterator[str]:
    if isinstance(read, _Object):
        for key, value in read.items():
            at = f"{place}.{_shown(key)}" if place else _shown(key)
            if key in read.again:
                yield at
            yield from _again(value, at)
    elif isinstance(read, list):
        for index, value in enumerate(read):
            yield from _again(value, f"{place}[{index}]")


def _shown(key: str) -> str:
    return key if _NAME.fullmatch(key) else "a key"
