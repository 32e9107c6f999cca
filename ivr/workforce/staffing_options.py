"""What both commands of staffing ask for in the same words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

import click

from ivr.directory.organisation import Organisation
from routing.zones import known_zone, nearest_zone

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])


class FiniteRange(click.FloatRange):
    """A number within bounds that can be reckoned with: neither ``nan``, which no bound refuses, nor ``inf``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if not isfinite(click.FLOAT.convert(value, param, ctx)):
            self.fail(f"{value!r} is no number to reckon with", param, ctx)
        number: float = super().convert(value, param, ctx)
        return number


_A_DAY = 86400
POSITIVE = FiniteRange(0.01, _A_DAY)
"""Seconds: no more than a day, and enough to tell from none."""
_NOT_NEGATIVE = FiniteRange(0, _A_DAY)
_VARIATION = FiniteRange(0.01, 100)
ROUNDING = 1e-9
"""So much more than all is no mistake: 0.7 and 0.3 need not be 1."""
_SHARE = FiniteRange(0, 1, max_open=True)

_SHARED = (
    click.option(
        "--on", type=DAY, metavar="DAY", help="The day whose shifts are judged, such as 2026-11-22; default: today."
    ),
    click.option("--zone", default="", help="Whose clocks the file is on; default: those of the first location."),
    click.option(
        "--share",
        "shares",
        multiple=True,
        metavar="LANGUAGE=SHARE",
        help="How many speak a language, such as es-US=0.2; repeatable; default: 0.8 the first of a practice.",
    ),
    click.option("--within", type=POSITIVE, default=20.0, show_default=True, help="Seconds to be answered in."),
    click.option("--handling", type=POSITIVE, default=185.0, show_default=True, help="Mean seconds of a call."),
    click.option(
        "--variation", type=_VARIATION, default=1.96, show_default=True, help="Their deviation over the mean."
    ),
    click.option("--patience", type=POSITIVE, default=406.0, show_default=True, help="Mean seconds to hanging up."),
    click.option(
        "--ring", type=_NOT_NEGATIVE, default=8.0, show_default=True, help="Seconds until a phone is accepted."
    ),
    click.option("--missed", type=_SHARE, default=0.0, show_default=True, help="Share of offers that nobody accepts."),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The shared options. Times are in seconds; the defaults are those measured in one bank's centre in 1999, but for
    the ringing: time to reach for the phone, hear who calls and press a key."""

    on: datetime | None
    zone: str
    shares: tuple[str, ...]
    within: float
    handling: float
    variation: float
    patience: float
    ring: float
    missed: float

    @property
    def languages(self) -> Mapping[str, float]:
        """Shares by language; empty where none was given."""
        found = dict(_share(one) for one in self.shares)
        if len(found) < len(self.shares) or sum(found.values()) > 1 + ROUNDING:
            raise click.BadParameter("shares are more than all callers, or one language has two; write each once")
        return found

    def at(self, now: datetime) -> datetime:
        """The day whose shifts are judged, as an instant within it by UTC."""
        return self.on.replace(hour=12, tzinfo=UTC) if self.on else now

    def zone_of(self, organisation: Organisation) -> str:
        """Whose clocks the recorded times are on."""
        if self.zone and not known_zone(self.zone):
            raise click.BadParameter(f"{self.zone!r} is not a time zone; write one such as {nearest_zone(self.zone)}")
        first = next(iter(organisation.practices.values()))
        return self.zone or next(iter(first.locations.values())).timezone


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the shared options, in the order in which they are written here."""
    for option in reversed(_SHARED):
        command = option(command)
    return command


def _share(text: str) -> tuple[str, float]:
    language, _, share = text.partition("=")
    try:
        value = float(share)
    except ValueError:
        value = -1.0
    if not (language.strip() and 0 <= value <= 1):
        raise click.BadParameter(f"{text!r} is no share; write a language and a part of 1, such as es-US=0.2")
    return language.strip(), value
