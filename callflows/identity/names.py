"""How like the names are that were said and are on file, the given name and the family name apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from callflows.identity.codes import cost_of_rank, forms_of, spelled_likeness
from callflows.identity.name_words import name_words, said_words
from callflows.identity.nicknames import GIVEN_NAMES, are_used_for_one
from callflows.identity.skeletons import skeleton
from callflows.identity.spelling import is_spelled, read_spelled
from callflows.identity.values import Said
from callflows.identity.words import MOST

MOST_WORDS = 6
"""Words of one alternative that are compared."""
LONGEST_NAME = 4
"""Different words of an answer at most, unless the name on file has more: two given names and two family names. What
has more of them is a list, and agrees with nobody by its parts."""
OTHER_FORM, INITIAL = 0.97, 0.6
"""The likeness of Bob to Robert, and of B to Robert."""
SHORTEST_SPELLED = 3
MOST_RUN_TOGETHER = 3
"""Alternatives that are looked at for a space in the wrong place."""
UNUSED_WORD_COST, FREE_WORDS = 0.05, 1
"""What each word takes from a likeness that belongs to neither name, after a first one: a list is no answer."""

Pair = tuple[float | None, float | None]
"""The likeness of the given name and of the family name, from 0 to 1; None for what was not said."""
Found = tuple[float, int, int]
"""A likeness with where the words begin and end that have it."""


@dataclass(frozen=True, slots=True)
class HeldName:
    """A name on file as it is compared: one given name and everything that may be said for the family name."""

    given: str = field(repr=False)
    families: tuple[str, ...] = field(repr=False)
    words: int
    """How many it has."""


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """What one answer says of a name: its alternatives in words or letters, and how each run of words sounds.

    Of an alternative in words there is also what its rank costs, and how many different words it has.
    """

    spoken: tuple[tuple[tuple[str, ...], float, int], ...] = field(repr=False)
    spelled: tuple[tuple[str, float], ...] = field(repr=False)
    sounds: Mapping[str, str] = field(repr=False)


def hold_name(name: str) -> HeldName | None:
    """None for a name without letters. Of a double surname each part and both together may be said."""
    words = name_words(name)
    if not words:
        return None
    surnames = words[1:]
    if len(surnames) > 1 and surnames[0] in GIVEN_NAMES:
        surnames = surnames[1:]
    families = tuple(dict.fromkeys((*surnames, "".join(surnames)))) if surnames else ()
    return HeldName(words[0], families, len(words))


def read_name(answer: Said, language: str) -> NameAnswer:
    """Everything that does not depend on a record."""
    spoken: dict[tuple[str, ...], tuple[float, int]] = {}
    spelled: dict[str, float] = {}
    for rank, heard in enumerate(dict.fromkeys(answer[:MOST])):
        if is_spelled(heard):
            for reading in read_spelled(heard, language):
                spelled.setdefault(reading, cost_of_rank(rank))
        elif words := said_words(heard):
            spoken.setdefault(words[:MOST_WORDS], (cost_of_rank(rank), len(set(words))))
    runs = {"".join(words[start:end]) for words in spoken for start, end in _spans(len(words))}
    return NameAnswer(
        tuple((words, cost, many) for words, (cost, many) in spoken.items()),
        tuple((each, cost) for each, cost in spelled.items() if len(each) >= SHORTEST_SPELLED),
        {run: skeleton(run) for run in sorted(runs)},
    )


def compare_names(answer: NameAnswer, held: HeldName) -> Collection[Pair]:
    """What each alternative of an answer can say of a name, each further one a little less."""
    given_sound, family_sounds = skeleton(held.given), [(family, skeleton(family)) for family in held.families]
    given = {run: _given_likeness(run, sound, held.given, given_sound) for run, sound in answer.sounds.items()}
    family = {run: _family_likeness(run, sound, family_sounds) for run, sound in answer.sounds.items()}
    most = max(LONGEST_NAME, held.words)
    spoken = [(words, cost) for words, cost, many in answer.spoken if many <= most]
    found = [(pair, cost) for words, cost in spoken for pair in _spoken_pairs(words, held, given, family)]
    found += [(pair, cost) for words, cost in spoken[:MOST_RUN_TOGETHER] for pair in _run_together(words, held)]
    found += [(pair, cost) for reading, cost in answer.spelled for pair in _spelled_pairs(reading, held)]
    return dict.fromkeys((_less(one, cost), _less(other, cost)) for (one, other), cost in found)


def _less(likeness: float | None, cost: float) -> float | None:
    return None if likeness is None else max(0.0, likeness - cost)


def _spoken_pairs(
    words: tuple[str, ...], held: HeldName, given: Mapping[str, float], family: Mapping[str, float]
) -> Iterator[Pair]:
    """The likeliest ways to find both names among neighbouring words."""
    if len(words) == 1 or not held.families:
        yield max(given["".join(words[start:end])] for start, end in _spans(len(words))), None
        yield None, family[words[0]] if held.families else None
        return
    spans = _spans(len(words))
    likely_given = [(given["".join(words[start:end])], start, end) for start, end in spans]
    likely_family = [(family["".join(words[start:end])], start, end) for start, end in spans]
    yield _beside(max(likely_given), likely_family)
    yield _beside(max(likely_family), likely_given)[::-1]


def _beside(one: Found, others: Sequence[Found]) -> tuple[float, float]:
    """A likeness with the best of the others that shares no word with it, less what all further words cost."""
    likeness, start, end = one
    apart = [each for each in others if each[2] <= start or each[1] >= end]
    if not apart:
        return likeness, 0.0
    other, begins, ends = max(apart)
    unused = others[-1][2] - (end - start) - (ends - begins)
    cost = UNUSED_WORD_COST * max(0, unused - FREE_WORDS)
    return max(0.0, likeness - cost), max(0.0, other - cost)


def _run_together(words: tuple[str, ...], held: HeldName) -> Iterator[Pair]:
    """Both names where a recogniser put the space elsewhere: Florin Sallen is Florence Allen."""
    run, size = "".join(words), len(held.given)
    for family in held.families if len(words) > 1 else ():
        for end in range(size - 1, size + 2):
            given, rest = run[:end], run[end:]
            if given and rest:
                yield (
                    _likeness(given, skeleton(given), held.given, skeleton(held.given)),
                    _likeness(rest, skeleton(rest), family, skeleton(family)),
                )


@lru_cache(maxsize=MOST_WORDS + 1)
def _spans(count: int) -> tuple[tuple[int, int], ...]:
    """Where one word or two together begin and end."""
    return tuple((start, start + size) for size in (1, 2) for start in range(count - size + 1))


def _given_likeness(said: str, sound: str, held: str, held_sound: str) -> float:
    if are_used_for_one(said, held):
        return OTHER_FORM
    if (len(said) == 1 or len(held) == 1) and said[0] == held[0] and said != held:
        return INITIAL
    return _likeness(said, sound, held, held_sound)


def _family_likeness(said: str, sound: str, families: Sequence[tuple[str, str]]) -> float:
    return max((_likeness(said, sound, *family) for family in families), default=0.0)


def _likeness(said: str, sound: str, held: str, held_sound: str) -> float:
    """How like two words are, written, or half written and half by how they sound."""
    written = Levenshtein.normalized_similarity(said, held)
    return max(written, (written + Levenshtein.normalized_similarity(sound, held_sound)) / 2)


def _spelled_pairs(spelled: str, held: HeldName) -> Iterator[Pair]:
    """What letters say: the given name alone, the family name alone, or one after the other."""
    yield _letters(spelled, held.given), None
    for family in held.families:
        yield None, _letters(spelled, family)
        if len(spelled) > len(held.given) + 1:
            for end in (len(held.given) - 1, len(held.given), len(held.given) + 1):
                yield _letters(spelled[:end], held.given), _letters(spelled[end:], family)


def _letters(spelled: str, held: str) -> float:
    return max(spelled_likeness(form, held) for form in forms_of(spelled))
