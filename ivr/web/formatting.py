"""Codes and instants in the form that pages show. Nothing here was said by a caller.

Each function is a filter of the templates under its own name.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from markupsafe import Markup

from ivr.accounts.viewer_zone import find_viewer_zone
from ivr.core.counting import counted
from ivr.directory.us_states import STATE_NAMES
from routing.zones import is_american, to_local

LANGUAGES = {"en-US": "English", "es-US": "Spanish"}


def install_filters(app: Flask) -> None:
    """Make the functions of this module known to the templates."""
    app.add_template_filter(format_instant)
    app.add_template_filter(format_short)
    app.add_template_filter(format_code)
    app.add_template_filter(format_count)
    app.add_template_filter(format_duration)
    app.add_template_filter(name_language)
    app.add_template_filter(name_state)


def format_instant(instant: datetime | None, place: str | None = None, *, with_utc: bool = False) -> Markup:
    """Return an instant by the clocks of ``place``, and by those of whoever looks where they differ.

    ``place`` is the zone of the practice that it is about, None where it is about none. Where neither zone is known, it
    is in UTC. ``with_utc`` shows UTC beside them. This is the only way in which pages show an instant.
    """
    if instant is None:
        return Markup('<span class="none">none</span>')
    first, *others = _clocks(instant, place, find_viewer_zone(), "UTC" if with_utc else None)
    beside = (Markup('<span class="own">{:%a %H:%M} {}</span>').format(*one) for one in others)
    told = Markup(" ").join((f"{first[0]:%a %Y-%m-%d %H:%M:%S} {first[1]}", *beside))
    return Markup('<time datetime="{:%Y-%m-%dT%H:%M:%S}Z">{}</time>').format(instant.astimezone(UTC), told)


def format_short(instant: datetime, place: str) -> str:
    """Return an instant by the clocks of ``place`` in few words, for the choices of a list."""
    local = to_local(instant, place)
    return f"{local:%a %b} {local.day} {local:%H:%M %Z}"


def format_code(code: str | None) -> str:
    """Return a code with spaces in place of its dashes and underscores."""
    return "none" if not code else code.replace("-", " ").replace("_", " ")


def format_count(number: int, one: str) -> str:
    """Return how many there are of something, ``one`` being the word for one of them."""
    return counted(number, one)


def format_duration(seconds: int | None) -> str:
    """Return minutes and seconds."""
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def name_language(code: str) -> str:
    """Return the English name of a language."""
    return LANGUAGES.get(code, code)


def name_state(state: str | None) -> str:
    """Return the name of a state, or say that nobody asked for it or that the answer did not tell."""
    if state is None:
        return "not asked"
    return STATE_NAMES[state] if state else "not known"


def _clocks(instant: datetime, *zones: str | None) -> list[tuple[datetime, str]]:
    """What the clocks of each zone show, and what their time is called. Those that show the same are one."""
    shown: dict[datetime, str] = {}
    for zone in filter(None, zones):
        local = to_local(instant, zone)
        shown.setdefault(local.replace(tzinfo=None), _name_time(local, zone))
    return [*shown.items()] or [(to_local(instant, "UTC"), "UTC")]


def _name_time(local: datetime, zone: str) -> str:
    """What the time of a zone is called: by its letters in the United States, elsewhere by a place of the zone.

    Other countries have the same letters for other times: PST is that of the Philippines too.
    """
    if zone == "UTC" or is_american(zone):
        return f"{local:%Z}"
    place, offset = zone.rpartition("/")[2].replace("_", " "), f"{local:%z}"
    return f"{place}, UTC{offset[:3]}:{offset[3:]}"
