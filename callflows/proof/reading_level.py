"""How many years of school a text asks of whoever hears it, by a published formula for its language.

English: the Automated Readability Index (E. A. Smith and R. J. Senter, AMRL-TR-66-220, 1967), which counts letters.
Spanish: the formula of A. N. Crawford for texts of primary schools (Lectura y Vida, 1985), which counts syllables.
Both were made for texts of a hundred words and more: of a single sentence they tell little.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r"[.!?:;¿¡]+")
_SYLLABLE = re.compile(r"[iuüy]?[aeoáéó][iuy]?(?![aeoáéóíú])|[iuü]?[aeoáéó]|[íú]|[iuü]+|y(?!\w)")
"""The vowels of one syllable: a strong vowel with the weak ones beside it, or weak ones alone; an accent parts them."""


def words_in(text: str) -> list[str]:
    """The words of a text."""
    return _WORD.findall(text)


def sentences_in(text: str) -> list[str]:
    """The sentences of a text; what stands before a colon is one."""
    return [part for part in _SENTENCE.split(text) if words_in(part)]


def syllables_in(word: str) -> int:
    """How many syllables a Spanish word has; at least one."""
    return max(1, len(_SYLLABLE.findall(word.lower())))


def grade_of(text: str, language: str) -> float:
    """The school year that a text asks for; KeyError for a language that has no formula here."""
    return _FORMULAS[language.partition("-")[0]](words_in(text), len(sentences_in(text)))


def _english(words: list[str], sentences: int) -> float:
    letters = sum(len(word) for word in words)
    return 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43


def _spanish(words: list[str], sentences: int) -> float:
    syllables = sum(map(syllables_in, words))
    return (-20.5 * sentences + 4.9 * syllables) / len(words) - 3.407


_FORMULAS = {"en": _english, "es": _spanish}
