"""Codes as words on a page, and instants as elements. Never anything a caller said."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from markupsafe import Markup

from ivr.directory.us_states import STATE_NAMES
from routing.zones import to_local

ANSWERS = {
    "Pressed": "pressed keys",
    "Spoke": "spoke",
    "Silence": "silence",
    "PinChecked": "PIN checked",
    "MessageLeft": "left a message",
    "Joined": "a person is coming",
    "NobodyCame": "nobody came",
    "WaitBroke": "the queue failed",
    "PersonLeft": "the others left",
    "NotReached": "patient not reached",
    "DialEnded": "connection ended",
    "Known": "fact looked up",
    "Done": "done",
    "Granted": "claim settled",
    "Interrupted": "interrupted",
}
"""What kind of answer a row of the log holds, by the name of its kind."""

LANGUAGES = {"en-US": "English", "es-US": "Spanish"}


def install(app: Flask) -> None:
    """Make the words known to the templates."""
    app.add_template_filter(when)
    app.add_template_filter(local)
    app.add_template_filter(words)
    app.add_template_filter(duration)
    app.add_template_filter(language)
    app.add_template_filter(place)


def when(instant: datetime | None) -> Markup:
    """An instant in UTC, to the second."""
    if instant is None:
        return Markup('<span class="none">none</span>')
    text = instant.strftime("%Y-%m-%d %H:%M:%S")
    return Markup('<time datetime="{}Z">{} UTC</time>').format(instant.strftime("%Y-%m-%dT%H:%M:%S"), text)


def local(instant: datetime, zone: str) -> str:
    """The same on the clocks of ``zone``."""
    return to_local(instant, zone).strftime("%a %Y-%m-%d %H:%M %Z")


def words(code: str | None) -> str:
    """A code with its dashes and underscores as spaces."""
    return "none" if not code else code.replace("-", " ").replace("_", " ")


def duration(seconds: int | None) -> str:
    """Minutes and seconds."""
    return "" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"


def language(code: str) -> str:
    """A language's English name."""
    return LANGUAGES.get(code, code)


def place(state: str | None) -> str:
    """A state's name, or that nobody asked for it, or that the answer did not tell."""
    if state is None:
        return "not asked"
    return STATE_NAMES[state] if state else "not known"
