"""Who interprets a language over the telephone, and in which order they are rung."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ROUNDS = 2
"""How often everybody is rung for one call: the first who is not there may be there a minute later."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Somebody outside, mostly a company, who interprets for callers in any of ``languages`` (es-US).

    ``keys`` are pressed for us when ``number`` has answered: an account, a choice of language. Empty: none.
    """

    id: str
    number: str
    languages: frozenset[str]
    keys: str = ""


def interpreted(interpreters: Iterable[Interpreter], language: str) -> bool:
    """Whether anybody interprets the language."""
    return any(language in one.languages for one in interpreters)


def turns(interpreters: Iterable[Interpreter], language: str) -> tuple[str, ...]:
    """The ids of those who interpret the language, as they are rung: one after the other, and then all once more."""
    return tuple(one.id for one in interpreters if language in one.languages) * ROUNDS
