"""Instants as people say them."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_date, format_time

from routing.spoken import Told, told

_PATTERNS = {
    "en-US": {
        "today": "{time} today, {zone}",
        "tomorrow": "tomorrow at {time}, {zone}",
        "another": "{day} at {time}, {zone}",
    },
    "es-US": {
        "today": "hoy a {article} {time}, {zone}",
        "tomorrow": "mañana a {article} {time}, {zone}",
        "another": "el {day} a {article} {time}, {zone}",
    },
}
_WINDOWS = {
    "en-US": {
        "today": "today between {start} and {end}, {zone}",
        "tomorrow": "tomorrow between {start} and {end}, {zone}",
        "another": "{day} between {start} and {end}, {zone}",
    },
    "es-US": {
        "today": "hoy entre {from_article} {start} y {article} {end}, {zone}",
        "tomorrow": "mañana entre {from_article} {start} y {article} {end}, {zone}",
        "another": "el {day} entre {from_article} {start} y {article} {end}, {zone}",
    },
}
_DATE = {"en-US": "EEEE, MMMM d", "es-US": "EEEE d 'de' MMMM"}
_ZONE = {"en-US": "{city} time", "es-US": "hora de {city}"}
_TURN = {
    "en-US": {"first": ", before the clocks go back", "second": ", after the clocks go back"},
    "es-US": {"first": ", antes del cambio de hora", "second": ", después del cambio de hora"},
}


def spoken(instant: datetime, at: datetime, zone: str, language: str) -> str:
    """``instant`` in ``zone``, as one would say it at ``at``: with the day, the zone, and which of two such times."""
    found = told(instant, at, zone)
    words = _PATTERNS[language][found.day].format(
        time=_clock(found.local, language),
        day=_day(found.local, language),
        article=_article(found.local),
        zone=_zone(zone, language),
    )
    return words + _which(found, language)


def spoken_window(start: datetime, end: datetime, at: datetime, zone: str, language: str) -> str:
    """A stretch within one day in ``zone``, as one would say it at ``at``. Both ends are told by the same clocks."""
    first, last = told(start, at, zone), told(end, at, zone)
    return _WINDOWS[language][first.day].format(
        start=_clock(first.local, language),
        end=_clock(last.local, language),
        from_article=_article(first.local),
        article=_article(last.local),
        day=_day(first.local, language),
        zone=_zone(zone, language),
    )


def _clock(local: datetime, language: str) -> str:
    said = format_time(local, "h:mm a", locale=language.replace("-", "_"))
    return said.replace("\u202f", " ").replace("\xa0", " ")


def _day(local: datetime, language: str) -> str:
    return format_date(local, _DATE[language], locale=language.replace("-", "_"))


def _article(local: datetime) -> str:
    return "la" if local.hour % 12 == 1 else "las"


def _zone(zone: str, language: str) -> str:
    return _ZONE[language].format(city=zone.rpartition("/")[2].replace("_", " "))


def _which(found: Told, language: str) -> str:
    return "" if found.turn is None else _TURN[language][found.turn]
