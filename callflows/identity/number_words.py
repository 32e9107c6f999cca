"""The words for numbers, English and Spanish, as data."""

from __future__ import annotations

from collections.abc import Mapping

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENTHS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
_SPANISH_UNITS = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete"
    " dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete"
    " veintiocho veintinueve"
)
_SPANISH_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_SPANISH_HUNDREDS = (
    "cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)


def _counted(words: str, first: int = 0, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


_ENGLISH = (
    _counted(_UNITS) | _counted(_TENS, 20, 10) | {"oh": 0, "nought": 0, "naught": 0, "null": 0, "nil": 0, "fourty": 40}
)
_SPANISH = (
    _counted(_SPANISH_UNITS)
    | _counted(_SPANISH_TENS, 30, 10)
    | _counted(_SPANISH_HUNDREDS, 100, 100)
    | {"un": 1, "una": 1, "veintiun": 21, "veintiuna": 21, "ciento": 100}
)
ORDINALS: Mapping[str, int] = (
    _counted(_ORDINALS)
    | _counted(_TENTHS, 20, 10)
    | {"primero": 1, "primer": 1, "primera": 1, "segundo": 2, "tercero": 3}
)
MULTIPLIERS: Mapping[str, int] = {"hundred": 100, "thousand": 1000, "mil": 1000}
JOINING = frozenset({"and", "y"})
REPEATED: Mapping[str, int] = {"double": 2, "doble": 2, "triple": 3, "treble": 3}

_OTHERWISE_ENGLISH = frozenset({"once", "un", "una"})
"""Spanish numbers that are words of English too, or of names, and count only in Spanish."""
_IN_ENGLISH = {word: value for word, value in _SPANISH.items() if word not in _OTHERWISE_ENGLISH} | _ENGLISH | {"o": 0}
_IN_SPANISH = _ENGLISH | _SPANISH

SOUND_LIKE_DIGITS: Mapping[str, str] = {
    **{"to": "2", "too": "2", "tu": "2", "for": "4", "fore": "4", "ate": "8", "won": "1", "tree": "3", "free": "3"},
    **{"sex": "6", "sicks": "6", "fife": "5", "niner": "9", "fower": "4", "hate": "8", "knife": "9", "wan": "1"},
}
"""What a recogniser writes for a digit that stood alone."""


def cardinals(language: str) -> Mapping[str, int]:
    """The words for numbers that count in a language; callers mix both, so both are known in each."""
    return _IN_SPANISH if language.startswith("es") else _IN_ENGLISH
