"""Instants as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta

from babel.dates import format_date, format_time

from routing.zones import to_local

_SAME_DAY = {"en-US": "{time}, {zone}", "es-US": "las {time}, {zone}"}
_TOMORROW = {"en-US": "tomorrow at {time}, {zone}", "es-US": "mañana a las {time}, {zone}"}
_LATER = {"en-US": "{day} at {time}, {zone}", "es-US": "el {day} a las {time}, {zone}"}
_ZONE = {"en-US": "{city} time", "es-US": "hora de {city}"}


def spoken(instant: datetime, at: datetime, zone: str, language: str) -> str:
    """``instant`` in ``zone``, as one would say it at ``at``: with the day where it is not today, and the zone."""
    local, today = to_local(instant, zone), to_local(at, zone).date()
    locale = language.replace("-", "_")
    pattern = _pattern(local.date() - today, language)
    city = zone.rpartition("/")[2].replace("_", " ")
    return pattern.format(
        time=format_time(local, "h:mm a", locale=locale).replace("\u202f", " ").replace("\xa0", " "),
        day=format_date(local, "EEEE, MMMM d" if language == "en-US" else "EEEE d 'de' MMMM", locale=locale),
        zone=_ZONE[language].format(city=city),
    )


def _pattern(days: timedelta, language: str) -> str:
    if days <= timedelta():
        return _SAME_DAY[language]
    return _TOMORROW[language] if days == timedelta(days=1) else _LATER[language]
