"""The world around the phones, as whoever runs the network tells it: read strictly, and shown unchanged."""

from datetime import datetime
from typing import Any

from phonesim.bodies import REQUIRED, Body, fields, list_of, text
from phonesim.numbers import checked
from phonesim.page.moments import zone_named


def world_of(body: Body) -> Body:
    """Sites, people and waiting callers; a list left out is empty."""
    return _world(body)


def notes_of(body: Body) -> list[Body]:
    """What was decided: ``{"notes": [{"at", "text", "about"}]}``."""
    return list(_notes(body)["notes"])


def phone_of(body: Body) -> Body:
    """A phone for the desk."""
    return _phone(body)


def phones_of(body: Body) -> list[Body]:
    """All phones of the desk: ``{"phones": [...]}``."""
    return list(_phones(body)["phones"])


def _address(value: Any) -> str:
    return checked(text(value))


def _zone(value: Any) -> str:
    return zone_named(text(value)).key


def _instant(value: Any) -> str:
    at = datetime.fromisoformat(text(value))
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone, for example 2026-11-01T07:30:00+00:00")
    return at.isoformat()


def _spans(value: Any) -> list[list[str]]:
    spans: list[list[str]] = list_of(list_of(_instant))(value)
    if any(len(span) != 2 for span in spans):
        raise ValueError("each stretch is a list of its first and its last instant")
    return spans


_phone = fields("a phone", {"address": (_address, REQUIRED), "name": (text, ""), "role": (text, "")})
_site = fields("a site", {"name": (text, REQUIRED), "zone": (_zone, REQUIRED), "staffed": (_spans, [])})
_person = fields(
    "a person",
    {
        "address": (_address, REQUIRED),
        "name": (text, REQUIRED),
        "role": (text, ""),
        "site": (text, ""),
        "duty": (text, ""),
    },
)
_waiting = fields(
    "a waiting caller", {"call_sid": (text, REQUIRED), "since": (_instant, REQUIRED), "wants": (text, "")}
)
_note = fields("a note", {"at": (_instant, REQUIRED), "text": (text, REQUIRED), "about": (text, "")})
_world = fields(
    "the world",
    {"sites": (list_of(_site), []), "people": (list_of(_person), []), "waiting": (list_of(_waiting), [])},
)
_notes = fields("the request", {"notes": (list_of(_note), REQUIRED)})
_phones = fields("the request", {"phones": (list_of(_phone), REQUIRED)})
