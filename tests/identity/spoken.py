"""Dates, digits and names as people say them, rendered for tests: what is rendered must be read back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
MONTHS = "January February March April May June July August September October November December"
SPANISH_UNITS = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete"
    " dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete"
    " veintiocho veintinueve"
)
SPANISH_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
SPANISH_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"


def english(number: int) -> str:
    """A number from 0 to 99 in words."""
    if number < 20:
        return UNITS.split()[number]
    tens = TENS.split()[number // 10 - 2]
    return tens if number % 10 == 0 else f"{tens}-{english(number % 10)}"


def ordinal(number: int) -> str:
    """First to thirty-first."""
    if number <= 20:
        return ORDINALS.split()[number]
    return "thirtieth" if number == 30 else f"{english(number - number % 10)} {ORDINALS.split()[number % 10]}"


def written_ordinal(number: int) -> str:
    suffix = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def spanish(number: int) -> str:
    """A number from 0 to 99 in words."""
    if number < 30:
        return SPANISH_UNITS.split()[number]
    tens = SPANISH_TENS.split()[number // 10 - 3]
    return tens if number % 10 == 0 else f"{tens} y {spanish(number % 10)}"


def english_years(year: int) -> Iterator[str]:
    """Every way to say a whole year."""
    century, rest = divmod(year, 100)
    yield str(year)
    if rest >= 10:
        yield f"{english(century)} {english(rest)}"
        yield f"{century} {rest}"
    if 0 < rest < 10 and century == 19:
        yield f"nineteen oh {english(rest)}"
        yield f"nineteen hundred and {english(rest)}"
    if rest == 0 and century == 19:
        yield "nineteen hundred"
    if century == 20:
        yield f"two thousand {english(rest)}" if rest else "two thousand"
        yield f"2000 and {rest}" if 0 < rest < 10 else "2000" if not rest else f"two thousand and {english(rest)}"


def spanish_years(year: int) -> Iterator[str]:
    century, rest = divmod(year, 100)
    thousands = "mil novecientos" if century == 19 else "dos mil"
    yield str(year)
    yield f"{thousands} {spanish(rest)}" if rest else thousands


def english_dates(born: date) -> Iterator[str]:
    """Forms that name the month, which mean the same in every English."""
    month = MONTHS.split()[born.month - 1]
    for year in english_years(born.year):
        yield f"the {ordinal(born.day)} of {month} {year}"
        yield f"{month} {ordinal(born.day)}, {year}"
        yield f"{month} the {written_ordinal(born.day)} {year}"
        yield f"{english(born.day)} {month} {year}"
        yield f"{month} {english(born.day)} {year}"
        yield f"{born.day} {month[:3]} {year}"
        yield f"um it's {written_ordinal(born.day)} of {month.lower()} in {year} please"


def spanish_dates(born: date) -> Iterator[str]:
    month = SPANISH_MONTHS.split()[born.month - 1]
    for year in spanish_years(born.year):
        yield f"{spanish(born.day)} de {month} de {year}"
        yield f"el {born.day} de {month} del {year}"
        yield f"{month} {spanish(born.day)} de {year}"
        yield f"nací el {'primero' if born.day == 1 else spanish(born.day)} de {month.upper()} {year}"


def numeric_dates(born: date, month_first: bool) -> Iterator[str]:
    """Forms in figures, in one order."""
    one, two = (born.month, born.day) if month_first else (born.day, born.month)
    yield f"{one}/{two}/{born.year}"
    yield f"{one:02}-{two:02}-{born.year}"
    yield f"{one:02}{two:02} {born.year}"
    yield born.isoformat()
    for year in english_years(born.year):
        yield f"{english(one)} {english(two)} {year}"
        if one < 10:
            yield f"oh {english(one)} {english(two)} {year}"


def short_dates(born: date, month_first: bool) -> Iterator[str]:
    """Forms whose year has two digits, which may mean either century."""
    one, two = (born.month, born.day) if month_first else (born.day, born.month)
    rest = born.year % 100
    yield f"{one}/{two}/{rest:02}"
    yield f"{one:02} {two:02} {rest:02}"
    yield f"{MONTHS.split()[born.month - 1]} {ordinal(born.day)} {rest:02}"
    if rest >= 10:
        yield f"{english(one)} {english(two)} {english(rest)}"
    else:
        yield f"{english(one)} {english(two)} oh {english(rest)}"


def said_digits(digits: str, style: int) -> str:
    """Digits in words, one after the other: in plain, with "oh", with doubles, or in Spanish."""
    if style == 3:
        return " ".join(spanish(int(each)) for each in digits)
    if style == 2:
        return _doubled(digits)
    zero = "oh" if style == 1 else "zero"
    return " ".join(zero if each == "0" else english(int(each)) for each in digits)


def _doubled(digits: str) -> str:
    words, place = [], 0
    while place < len(digits):
        run = 1
        while run < 3 and digits[place + run : place + run + 1] == digits[place]:
            run += 1
        words.append(("", "double ", "triple ")[run - 1] + english(int(digits[place])))
        place += run
    return " ".join(words)
