"""Readings of meters in what somebody says, such as "my sugar is thirty eight": read by rules, not by likeness.

To vectors "my sugar is 98" and "my sugar is 38" are almost the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.hearing.meter_limits import FEVER_OF_A_NEWBORN, IN_PREGNANCY, LIMITS, in_fahrenheit
from ivr.hearing.numbers_said import with_digits

REACH = 7
"""How many words may stand between the name of a meter and its reading ("my sugar when I woke up this morning was")."""
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "glucose": r"sugars?|glucose|gluco\w*|dexcom|libre",
        "temperature": r"temp|temperature|fever|thermometer|feverish",
        "oxygen": r"oxygen|ox|oximeter|saturation|sats?|spo2|o2",
        "systolic": r"pressure|bp|systolic",
        "diastolic": r"diastolic",
        "pulse": r"pulse|heartbeat|heartrate|bpm",
    },
    "es": {
        "glucose": r"azúcar|azucar|glucosa|glucómetro|glucemia",
        "temperature": r"temperatura|fiebre|calentura|termómetro",
        "oxygen": r"oxígeno|oxigeno|oxímetro|saturación|saturando|satura",
        "systolic": r"presión|presion|sistólica",
        "diastolic": r"diastólica",
        "pulse": r"pulso|pulsaciones|latidos",
    },
}
NO_READING = re.compile(
    r"days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|seconds?|times?|times|nights?|pounds?|lbs?|kilos?|mg|milligrams?"
    r"|units?|pills?|tablets?|puffs?|liters?|am|pm|a\.m\.?|p\.m\.?|o'clock|yr|st|nd|rd|th"
    r"|días?|dias?|semanas?|meses|mes|años?|horas?|minutos?|segundos?|veces|vez|noches?|libras?|miligramos?|unidades"
    r"|pastillas?|litros?"
)
"""A number before one of these counts something else."""
PRESSURE = re.compile(r"\b(\d{2,3}) ?(?:/|over|sobre) ?(\d{2,3})\b")
PRESSURE_NAMED = re.compile(r"\b(?:pressure|presión|presion)\b.{0,40}?\b(\d{2,3}) (?:and|con|entre|y|a) (\d{2,3})\b")
RATE = re.compile(r"\bheart rate\b|\bheart is (?:at|going)\b|\bfrecuencia cardiaca\b|\bfrecuencia cardíaca\b")
PREGNANT = re.compile(
    r"pregnan|weeks along|expecting|embaraz|gave birth|postpartum|di a luz|dio a luz|just had (?:a|my) baby"
)
YOUNG = re.compile(r"newborn|recién nacid|recien nacid")
AGE = re.compile(r"\b(\d{1,2}) ?(day|week|month)s?[ -]old\b|\bde (\d{1,2}) (día|dia|semana|mes)(?:es|s)?\b")
UNTIL: Mapping[str, int] = {"day": 91, "día": 91, "dia": 91, "week": 13, "semana": 13, "month": 3, "mes": 3}
"""The greatest age in each unit that counts as three months."""
TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d][\w']*|%")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that somebody read from a meter: of what, and how much (temperatures in degrees Fahrenheit)."""

    meter: str
    value: float


@dataclass(frozen=True, slots=True)
class Alarm:
    """What readings lead to: the group to ask about, or "" where a nurse should hear them and no more."""

    group: str = ""


def find_alarm(text: str) -> Alarm | None:
    """What the readings in ``text`` lead to in English or Spanish; None where there are none past their limits."""
    alarms = [alarm for language in WORDS for alarm in _alarms(text, language)]
    return max(alarms, key=lambda alarm: bool(alarm.group), default=None)


def readings(text: str, language: str) -> list[Reading]:
    """The readings in ``text`` that can be, as ``language`` (en or es) says them."""
    said = with_digits(text, language)
    pairs = [pair for pattern in (PRESSURE, PRESSURE_NAMED) for pair in pattern.finditer(said)]
    left = PRESSURE_NAMED.sub(" ", PRESSURE.sub(" ", RATE.sub("pulse" if language == "en" else "pulso", said)))
    found = [*(one for pair in pairs for one in _pressures(pair)), *_single(left, language)]
    return [reading for reading in found if _possible(reading)]


def _pressures(pair: re.Match[str]) -> Iterator[Reading]:
    upper, lower = float(pair[1]), float(pair[2])
    if upper > lower:
        yield from (Reading("systolic", upper), Reading("diastolic", lower))


def _single(said: str, language: str) -> Iterator[Reading]:
    """Each number that is no count of something else, with the name of the meter that is nearest to it."""
    tokens = TOKEN.findall(said)
    for place, token in enumerate(tokens):
        if token[0].isdigit() and not _counts_something(tokens, place):
            meter = _meter_near(tokens, place, language)
            if meter is not None:
                yield _reading(meter, float(token))


def _counts_something(tokens: list[str], place: int) -> bool:
    following = tokens[place + 1] if place + 1 < len(tokens) else ""
    return NO_READING.fullmatch(following) is not None


def _meter_near(tokens: list[str], place: int, language: str) -> str | None:
    """The meter whose name stands right after the number, else the last one that was named before it."""
    after = [word for word in tokens[place + 1 : place + 4] if word not in _BETWEEN][:1]
    before = reversed(tokens[max(0, place - REACH) : place])
    return next((meter for word in (*after, *before) if (meter := _meter(word, language))), None)


_BETWEEN = frozenset({"%", "percent", "degrees", "degree", "of", "por", "ciento", "grados", "de", "blood"})


def _meter(word: str, language: str) -> str | None:
    plain = word.removesuffix("'s")
    return next((meter for meter, names in WORDS[language].items() if re.fullmatch(names, plain)), None)


def _reading(meter: str, value: float) -> Reading:
    return Reading(meter, in_fahrenheit(value) if meter == "temperature" else value)


def _possible(reading: Reading) -> bool:
    low, high = LIMITS[reading.meter].possible
    return low <= reading.value <= high


def _alarms(text: str, language: str) -> Iterator[Alarm]:
    small = text.lower()
    young, pregnant = _is_newborn(with_digits(text, language)), PREGNANT.search(small) is not None
    for reading in readings(text, language):
        limits = LIMITS[reading.meter]
        if reading.meter == "temperature" and young and reading.value >= FEVER_OF_A_NEWBORN:
            yield Alarm("infant")
        elif pregnant and reading.value >= IN_PREGNANCY.get(reading.meter, float("inf")):
            yield Alarm("pregnancy")
        elif _past(reading.value, limits.ask):
            yield Alarm(limits.group)
        elif _past(reading.value, limits.nurse):
            yield Alarm()


def _past(value: float, limits: tuple[float, float]) -> bool:
    low, high = limits
    return value < low or value >= high


def _is_newborn(said: str) -> bool:
    ages = [(match[1] or match[3], match[2] or match[4]) for match in AGE.finditer(said)]
    return YOUNG.search(said) is not None or any(int(age) <= UNTIL[unit] for age, unit in ages)
