"""A day in words, as it is read back to whoever said it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SPANISH_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
_ENGLISH = (
    *("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_ENGLISH_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    **{1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth"},
    **{20: "twentieth", 30: "thirtieth"},
}
_SPANISH = (
    *("", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece"),
    *("catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós"),
    *("veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve"),
)
_SPANISH_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_SPANISH_HUNDREDS = ("", "ciento", *(f"{one}cientos" for one in ("dos", "tres", "cuatro")), "quinientos", "seiscientos",
                     "setecientos", "ochocientos", "novecientos")  # fmt: skip


def say_date(day: date, language: str) -> str:
    """``day`` as it is said in a language of the catalogues: "March fourteenth, nineteen eighty"."""
    return _SAID[language](day)


def _in_english(day: date) -> str:
    return f"{_ENGLISH_MONTHS[day.month - 1]} {_ordinal(day.day)}, {_english_year(day.year)}"


def _ordinal(number: int) -> str:
    if number in _ORDINALS:
        return _ORDINALS[number]
    if number > 20:
        return f"{_ENGLISH_TENS[number // 10]}-{_ORDINALS.get(number % 10) or _ENGLISH[number % 10] + 'th'}"
    return f"{_ENGLISH[number]}th"


def _english_year(year: int) -> str:
    century, rest = divmod(year, 100)
    if 2000 <= year < 2010:
        return f"two thousand {_ENGLISH[rest]}".rstrip()
    if rest == 0:
        return f"{_english_number(century)} hundred"
    return f"{_english_number(century)} {'oh ' if rest < 10 else ''}{_english_number(rest)}"


def _english_number(number: int) -> str:
    if number < len(_ENGLISH):
        return _ENGLISH[number]
    return f"{_ENGLISH_TENS[number // 10]}-{_ENGLISH[number % 10]}".rstrip("-")


def _in_spanish(day: date) -> str:
    number = "primero" if day.day == 1 else _spanish_number(day.day)
    return f"{number} de {_SPANISH_MONTHS[day.month - 1]} de {_spanish_year(day.year)}"


def _spanish_year(year: int) -> str:
    thousands, rest = divmod(year, 1000)
    hundreds, rest = divmod(rest, 100)
    parts = ("mil" if thousands == 1 else "dos mil", _SPANISH_HUNDREDS[hundreds], _spanish_number(rest))
    return " ".join(filter(None, parts))


def _spanish_number(number: int) -> str:
    if number < len(_SPANISH):
        return _SPANISH[number]
    tens, ones = _SPANISH_TENS[number // 10], _SPANISH[number % 10]
    return f"{tens} y {ones}" if ones else tens


_SAID: Mapping[str, Callable[[date], str]] = {"en-US": _in_english, "es-US": _in_spanish}
