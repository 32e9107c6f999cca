"""What readings of a patient's meters mean: the one table of limits, with where each is from.

The ear asks about a reading past ``ask``, and lets a nurse hear one past ``nurse``. It asks nothing about others,
and no reading ever makes a call less urgent. A clinical lead reviews this table with the protocols: see
config/hearing/README.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """One meter: the group that a reading past its limits raises, and the limits.

    ``possible`` bounds what can be a reading at all; other numbers near its words are something else.
    A reading below the first of ``ask``, or at least the second, is asked about; the same for ``nurse``.
    """

    group: str
    possible: tuple[float, float]
    ask: tuple[float, float]
    nurse: tuple[float, float]
    source: str


NEVER = float("inf")
LIMITS: Mapping[str, Limits] = {
    "glucose": Limits(
        "diabetes",
        (15, 1500),
        (54, 300),
        (70, 250),
        "ADA Standards of Care, 6: level 2 hypoglycaemia below 54 mg/dL, level 1 below 70;"
        " CDC, Diabetic Ketoacidosis: emergency care where it stays at 300 mg/dL or above; 250: check for ketones",
    ),
    "temperature": Limits(
        "infection",
        (90, 112),
        (95, 104),
        (96, 100.4),
        "AAP, Fever: when to call: 104 F at any age, 100.4 F is a fever; CDC, Hypothermia: below 95 F is an emergency",
    ),
    "oxygen": Limits(
        "breathing",
        (40, 100),
        (93, NEVER),
        (95, NEVER),
        "NHS, Pulse oximeter at home: 92 % or less is an emergency, 93 or 94 % is for a clinician",
    ),
    "systolic": Limits(
        "heart",
        (50, 300),
        (80, 180),
        (90, 140),
        "AHA, Hypertensive crisis: 180 or 120; ACC/AHA 2017, stage 2: 140 or 90; low 90. Below 80: our own choice",
    ),
    "diastolic": Limits("heart", (20, 200), (0, 120), (0, 90), "the same as of systolic"),
    "pulse": Limits(
        "heart",
        (20, 260),
        (40, 150),
        (50, 120),
        "AHA, adult tachycardia and bradycardia with a pulse: 150 or more, below 50. Below 40, and 120: our own choice",
    ),
}
IN_PREGNANCY: Mapping[str, float] = {"systolic": 160, "diastolic": 110}
"""Asked about from here on, as of the group pregnancy (ACOG Practice Bulletin 222: severe range)."""
FEVER_OF_A_NEWBORN = 100.4
"""Degrees Fahrenheit that are asked about, as of the group infant, until three months (AAP, Fever: when to call)."""
CELSIUS = (33.0, 43.5)
"""A temperature between these is in degrees Celsius."""


def in_fahrenheit(degrees: float) -> float:
    """A temperature in degrees Fahrenheit, whatever it was said in."""
    low, high = CELSIUS
    return round(degrees * 9 / 5 + 32, 1) if low <= degrees <= high else degrees
