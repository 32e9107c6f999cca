"""Codes and instants in the form that pages show. Nothing here was said by a caller.

Each function is a filter of the templates under its own name.
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from markupsafe import Markup

from ivr.core.counting import counted
from ivr.directory.us_states import STATE_NAMES
from routing.zones import to_local

LANGUAGES = {"en-US": "English", "es-US": "Spanish"}


def install_filters(app: Flask) -> None:
    """Make the functions of this module known to the templates."""
    app.add_template_filter(format_instant)
    app.add_template_filter(format_local_time)
    app.add_template_filter(format_code)
    app.add_template_filter(format_count)
    app.add_template_filter(format_duration)
    app.add_template_filter(name_language)
    app.add_template_filter(name_state)


def format_instant(instant: datetime | None, zone: str = "UTC") -> Markup:
    """Return an instant in UTC, to the second, and by the clocks of ``zone``, as an element of the page."""
    if instant is None:
        return Markup('<span class="none">none</span>')
    text = instant.strftime("%Y-%m-%d %H:%M:%S")
    there = "" if zone == "UTC" else to_local(instant, zone).strftime(", %a %H:%M %Z")
    return Markup('<time datetime="{}Z">{} UTC{}</time>').format(instant.strftime("%Y-%m-%dT%H:%M:%S"), text, there)


def format_local_time(instant: datetime, zone: str) -> str:
    """Return an instant as the clocks of ``zone`` show it, to the minute."""
    return to_local(instant, zone).strftime("%a %Y-%m-%d %H:%M %Z")


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
