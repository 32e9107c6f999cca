"""What control requests carry: one JSON object each, read strictly; each problem names its field and the mend."""

import json
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any

from werkzeug.wrappers import Request

from phonesim.errors import PhonesimError
from phonesim.values import MOST, is_whole

Body = dict[str, Any]
Reader = Callable[[Any], Any]
"""Takes a value; raises ValueError with what to write instead."""
REQUIRED = object()


def body_of(request: Request) -> Body:
    """The JSON object sent. Only JSON is taken: a page of somebody else's cannot send it without being asked first."""
    if request.mimetype != "application/json":
        raise PhonesimError("send JSON with Content-Type: application/json")
    try:
        body = json.loads(request.get_data() or b"{}")
    except (ValueError, RecursionError) as problem:
        raise PhonesimError(f"the body is no JSON ({problem}); send a JSON object") from problem
    if not isinstance(body, dict):
        raise PhonesimError("send a JSON object")
    return body


def fields(what: str, readers: Mapping[str, tuple[Reader, Any]]) -> Callable[[Any], Body]:
    """Reads an object with these fields: each with its reader, and what stands where it is left out."""

    def read(item: Any) -> Body:
        if not isinstance(item, dict):
            raise PhonesimError(f"{what} is an object with {', '.join(readers)}")
        known(item, readers, what)
        return {name: _field(what, item, name, *how) for name, how in readers.items()}

    return read


def given(what: str, readers: Mapping[str, Reader]) -> Callable[[Any], Body]:
    """Reads an object with some of these fields: those that are there."""

    def read(item: Any) -> Body:
        known(item, readers, what)
        return {name: _field(what, item, name, readers[name], REQUIRED) for name in item}

    return read


def _field(what: str, item: Body, name: str, reader: Reader, default: Any) -> Any:
    if name not in item:
        if default is REQUIRED:
            raise PhonesimError(f"{what} needs {name!r}")
        return default
    try:
        return reader(item[name])
    except ValueError as problem:
        raise PhonesimError(f"{name!r} of {what}: {problem}") from problem


def known(item: Iterable[str], names: Iterable[str], what: str) -> None:
    """Refuse a field of another name."""
    if unknown := sorted(set(item) - set(names)):
        raise PhonesimError(f"unknown field {unknown[0]!r} of {what}; known: {', '.join(names) or 'none'}")


# Readers of values


def text(value: Any) -> str:
    """Any words, or none."""
    if not isinstance(value, str):
        raise ValueError("write a text")
    return value


def words(value: Any) -> str:
    """A text that says something."""
    if not text(value).strip():
        raise ValueError("write some words")
    return str(value)


def flag(value: Any) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise ValueError("write true or false")
    return value


def number(value: Any) -> float:
    """A number; the text of one will do."""
    try:
        found = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        found = float("nan")
    if not isfinite(found):
        raise ValueError("write a number")
    return found


def amount(value: Any) -> float:
    """A number from 0 to :data:`MOST`."""
    if not 0 <= number(value) <= MOST:
        raise ValueError(f"write a number from 0 to {MOST}, not {value}")
    return float(value)


def position(value: Any) -> int:
    """A whole number from 0 on."""
    if not is_whole(str(value)):
        raise ValueError("write a whole number from 0 on")
    return int(value)


def maybe(reader: Reader) -> Reader:
    """What the reader takes, or null."""
    return lambda value: None if value is None else reader(value)


def list_of(reader: Reader) -> Callable[[Any], list[Any]]:
    """A list of what the reader takes."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError("write a list")
        return [reader(one) for one in value]

    return read


def texts_by_name(value: Any) -> dict[str, str]:
    """An object whose values are texts."""
    if not isinstance(value, dict):
        raise ValueError("write an object of names and texts")
    return {name: text(one) for name, one in value.items()}
