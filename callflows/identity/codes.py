"""How like what was spelled is to a postcode, a record number or any string of letters and digits on file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import Levenshtein

from callflows.identity.digits import read_digits
from callflows.identity.skeletons import skeleton
from callflows.identity.spelling import read_spelled
from callflows.identity.values import Said
from callflows.identity.words import MOST, letters_and_digits, words_of

RANK_COST, MOST_RANK_COST = 0.01, 0.05
"""What each further alternative of the recogniser takes from a likeness, and the most that this becomes."""
LONG_ZIP, ZIP = 9, 5
BY_SOUND = 0.9
"""The likeness of what only sounds as the code does."""

_ONE_SHAPE = str.maketrans("o", "0")
_ONE_SOUND = str.maketrans("bcdeptvz3gaj8hknmxfsiyuq2o159", "eeeeeeeeeeaaaaannsssyyuuu0yyy")
"""Letters and digits that telephones confuse, by their vowel: B and D, A and 8, M and N, F and S, I and Y."""
_FIVE = str.maketrans("v", "5")
"""Recognisers write five as a Roman numeral."""
_SPOKEN = (
    "ay bee see dee ee eff jee aitch eye jay kay el em en oh pee kyu are es tee yu vee dubyu eks wy zed zeeroh "
    "wun too three for fife siks seven ayt nine"
)
_NAMES = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz0123456789",
        _SPOKEN.split(),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """One way to read a string of letters and digits, in the forms in which it is compared."""

    written: str = field(repr=False)
    sounded: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """What one answer can spell, and how its alternatives sound, each with what its rank takes from a likeness."""

    spelled: tuple[tuple[Spelled, float], ...] = field(repr=False)
    numbers: tuple[tuple[Spelled, float], ...] = field(repr=False)
    sounds: tuple[tuple[str, float], ...] = field(repr=False)


def read_code(answer: Said, language: str) -> CodeAnswer:
    """Everything that does not depend on a record."""
    alternatives = tuple(dict.fromkeys(answer[:MOST]))
    spelled = _costs(read_spelled(heard, language) for heard in alternatives)
    numbers = _costs(read_digits((heard,), language) for heard in alternatives)
    sounds = _costs((_as_it_sounds(heard),) for heard in alternatives)
    return CodeAnswer(_forms(spelled), _forms(numbers), tuple(sounds.items()))


def compare_code(answer: CodeAnswer, held: str) -> float | None:
    """How like an answer is to a code on file, from 0 to 1; None where nothing was said or is held."""
    wanted = letters_and_digits(held)
    readings = answer.numbers if wanted.isdigit() else answer.spelled
    if not readings or not wanted:
        return None
    likest = max(spelled_likeness(each, wanted) - cost for each, cost in readings)
    return max(0.0, likest, 0.0 if wanted.isdigit() else _sound_likeness(answer, wanted))


def spells(answer: CodeAnswer, held: str) -> bool:
    """Whether an answer can be read as exactly the code on file."""
    wanted = letters_and_digits(held)
    readings = {each.written for each, _ in (answer.numbers if wanted.isdigit() else answer.spelled)}
    return wanted.translate(_ONE_SHAPE) in readings


def first_five(zip_code: str) -> str:
    """The ZIP itself where its digits are nine, written with or without a mark between; any other code as it is."""
    plain = letters_and_digits(zip_code)
    return plain[:ZIP] if plain.isdigit() and len(plain) == LONG_ZIP else zip_code


def with_first_five(answer: CodeAnswer) -> CodeAnswer:
    """The answer with nine digits read as the ZIP that they begin with."""
    short = tuple((_shorten(each), cost) for each, cost in answer.numbers)
    return replace(answer, numbers=short)


def _shorten(said: Spelled) -> Spelled:
    is_long_zip = len(said.written) == LONG_ZIP
    return Spelled(said.written[:ZIP], said.sounded[:ZIP]) if is_long_zip else said


def cost_of_rank(rank: int) -> float:
    return min(MOST_RANK_COST, RANK_COST * rank)


def forms_of(text: str) -> tuple[Spelled, ...]:
    """The forms in which a string is compared: as it is, and with 5 for V."""
    plain = text.translate(_ONE_SHAPE)
    forms = dict.fromkeys((plain, plain.translate(_FIVE)))
    return tuple(Spelled(each, each.translate(_ONE_SOUND)) for each in forms)


def spelled_likeness(said: Spelled, wanted: str) -> float:
    """1 less the edits for each character, of which half a one for those that sound alike; 0 where nothing fits."""
    held = wanted.translate(_ONE_SHAPE)
    written = Levenshtein.distance(said.written, held)
    sounded = Levenshtein.distance(said.sounded, held.translate(_ONE_SOUND))
    return max(0.0, 1 - (written + sounded) / 2 / max(len(held), 1))


def _costs(readings: Iterable[Iterable[str]]) -> dict[str, float]:
    """Each different reading with what the rank of the first alternative that has it costs."""
    found: dict[str, float] = {}
    for rank, some in enumerate(readings):
        for reading in some:
            found.setdefault(reading, cost_of_rank(rank))
    return found


def _forms(costs: Mapping[str, float]) -> tuple[tuple[Spelled, float], ...]:
    return tuple((form, cost) for reading, cost in costs.items() for form in forms_of(reading))


def _as_it_sounds(heard: str) -> str:
    return skeleton("".join(_spoken(word) for word in words_of(heard)))


def _spoken(word: str) -> str:
    """A word as it sounds, where a recogniser wrote digits and single letters for their names."""
    return "".join(_NAMES[letter] for letter in word) if word.isdigit() or len(word) <= 2 else word


def _sound_likeness(answer: CodeAnswer, wanted: str) -> float:
    sounds = skeleton("".join(_NAMES[letter] for letter in wanted))
    likest = max(
        (Levenshtein.normalized_similarity(heard, sounds) - cost for heard, cost in answer.sounds if heard), default=0.0
    )
    return BY_SOUND * likest
