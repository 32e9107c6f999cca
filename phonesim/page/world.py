"""The world around the phones, as whoever runs the network tells it: read strictly, and shown unchanged."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from phonesim.errors import PhonesimError
from phonesim.numbers import checked
from phonesim.page.moments import zone_named

Reader = Callable[[Any], Any]
Item = dict[str, Any]
REQUIRED = object()


def world_of(body: Item) -> Item:
    """Sites, people and waiting callers; a list left out is empty."""
    readers: dict[str, Reader] = {"sites": _site, "people": _person, "waiting": _waiting}
    _known(body, readers, "the world")
    return {name: [reader(one) for one in _list(body.get(name, []), name)] for name, reader in readers.items()}


def notes_of(body: Item) -> list[Item]:
    """What was decided: ``{"notes": [{"at", "text", "about"}]}``."""
    _known(body, ("notes",), "the request")
    return [_note(one) for one in _list(body.get("notes"), "notes")]


def phone_of(body: Item) -> Item:
    """A phone for the desk."""
    return _phone(body)


def phones_of(body: Item) -> list[Item]:
    """All phones of the desk: ``{"phones": [...]}``."""
    _known(body, ("phones",), "the request")
    return [phone_of(one) for one in _list(body.get("phones"), "phones")]


def _fields(what: str, fields: dict[str, tuple[Reader, Any]]) -> Callable[[Any], Item]:
    def read(item: Any) -> Item:
        if not isinstance(item, dict):
            raise PhonesimError(f"{what} is an object with {', '.join(fields)}")
        _known(item, fields, what)
        return {name: _field(what, item, name, *how) for name, how in fields.items()}

    return read


def _field(what: str, item: Item, name: str, reader: Reader, default: Any) -> Any:
    if name not in item:
        if default is REQUIRED:
            raise PhonesimError(f"{what} needs {name!r}")
        return default
    try:
        return reader(item[name])
    except (TypeError, ValueError) as problem:
        raise PhonesimError(f"{name!r} of {what}: {problem}") from problem


def _known(item: Iterable[str], fields: Iterable[str], what: str) -> None:
    unknown = sorted(set(item) - set(fields))
    if unknown:
        raise PhonesimError(f"unknown field {unknown[0]!r} of {what}; known: {', '.join(fields)}")


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise PhonesimError(f"{name!r} is a list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("write a text")
    return value


def _address(value: Any) -> str:
    return checked(_text(value))


def _zone(value: Any) -> str:
    return zone_named(_text(value)).key


def _instant(value: Any) -> str:
    at = datetime.fromisoformat(_text(value))
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone, for example 2026-11-01T07:30:00+00:00")
    return at.isoformat()


def _spans(value: Any) -> list[list[str]]:
    spans = [[_instant(end) for end in _list(span, "a stretch of time")] for span in _list(value, "staffed")]
    if any(len(span) != 2 for span in spans):
        raise ValueError("each stretch is a list of its first and its last instant")
    return spans


_phone = _fields("a phone", {"address": (_address, REQUIRED), "name": (_text, ""), "role": (_text, "")})
_site = _fields("a site", {"name": (_text, REQUIRED), "zone": (_zone, REQUIRED), "staffed": (_spans, [])})
_person = _fields(
    "a person",
    {
        "address": (_address, REQUIRED),
        "name": (_text, REQUIRED),
        "role": (_text, ""),
        "site": (_text, ""),
        "duty": (_text, ""),
    },
)
_waiting = _fields(
    "a waiting caller", {"call_sid": (_text, REQUIRED), "since": (_instant, REQUIRED), "wants": (_text, "")}
)
_note = _fields("a note", {"at": (_instant, REQUIRED), "text": (_text, REQUIRED), "about": (_text, "")})
