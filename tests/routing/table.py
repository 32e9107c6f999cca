"""The zones Sunline works in and near: where sites and practices are, and where clocks have done surprising things."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A zone, its hours from UTC in winter and in summer, and the local days of 2026 on which its clocks change."""

    zone: str
    winter: float
    summer: float | None = None
    changes: tuple[str, str] | None = None


_US, _EU = ("2026-03-08", "2026-11-01"), ("2026-03-29", "2026-10-25")

TABLE = (
    Row("Asia/Manila", 8),
    Row("Asia/Kolkata", 5.5),
    Row("Africa/Johannesburg", 2),
    Row("America/Bogota", -5),
    Row("America/Santo_Domingo", -4),
    Row("America/Jamaica", -5),
    Row("America/Mexico_City", -6),
    Row("America/Tijuana", -8, -7, _US),
    Row("America/Ciudad_Juarez", -7, -6, _US),
    Row("America/Matamoros", -6, -5, _US),
    Row("America/Costa_Rica", -6),
    Row("America/Guatemala", -6),
    Row("America/El_Salvador", -6),
    Row("America/Tegucigalpa", -6),
    Row("America/Managua", -6),
    Row("America/Belize", -6),
    Row("Africa/Cairo", 2, 3, ("2026-04-24", "2026-10-29")),
    Row("Europe/Sofia", 2, 3, _EU),
    Row("Europe/London", 0, 1, _EU),
    Row("America/New_York", -5, -4, _US),
    Row("America/Chicago", -6, -5, _US),
    Row("America/Denver", -7, -6, _US),
    Row("America/Los_Angeles", -8, -7, _US),
    Row("America/Phoenix", -7),
    Row("Pacific/Honolulu", -10),
    Row("America/Puerto_Rico", -4),
    Row("Pacific/Guam", 10),
)
"""Where people work and practices are, in 2026."""

ODD = (
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "America/St_Johns",
    "America/Vancouver",
    "America/Edmonton",
    "Africa/Casablanca",
    "Asia/Gaza",
    "America/Nuuk",
)
"""Clocks that are half an hour or three quarters off, change by half an hour, or follow rules of their own."""

ZONES = (*(row.zone for row in TABLE), *ODD)
