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
_DATE = {"en-US": "EEEE, MMMM d", "es-US": "EEEE d 'de' MMMM"}
_ZONE = {"en-US": "{city} time", "es-US": "hora de {city}"}
_TURN = {
    "en-US": {"first": ", before the clocks go back", "second": ", after the clocks go back"},
    "es-US": {"first": ", antes del cambio de hora", "second": ", después del cambio de hora"},
}


def spoken(instant: datetime, at: datetime, zone: str, language: str) -> str:
    """``instant`` in ``zone``, as one would say it at ``at``: with the day, the zone, and which of two such times."""
    found = told(instant, at, zone)
    locale, local = language.replace("-", "_"), found.local
    city = zone.rpartition("/")[2].replace("_", " ")
    words = _PATTERNS[language][found.day].format(
        time=format_time(local, "h:mm a", locale=locale).replace("\u202f", " ").replace("\xa0", " "),
        day=format_date(local, _DATE[language], locale=locale),
        article="la" if local.hour % 12 == 1 else "las",
        zone=_ZONE[language].format(city=city),
    )
    return words + _which(found, language)


def _which(found: Told, language: str) -> str:
    return "" if found.turn is None else _TURN[language][found.turn]
