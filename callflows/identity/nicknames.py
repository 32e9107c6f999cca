"""Names that people use for one another: short forms and other spellings."""

from __future__ import annotations

from collections.abc import Mapping

from callflows.identity.nickname_groups import GROUPS


def _both_ways(lines: str) -> Mapping[str, frozenset[str]]:
    """Whole names go with one another and with each short form; short forms with whole names only."""
    used: dict[str, set[str]] = {}
    for whole, short in map(_read, lines.split("\n")):
        for one in whole:
            for other in (*whole, *short):
                used.setdefault(one, set()).add(other)
                used.setdefault(other, set()).add(one)
    return {word: frozenset(others - {word}) for word, others in used.items()}


def _read(line: str) -> tuple[list[str], list[str]]:
    whole, *short = line.split()
    return whole.split("/"), short


_USED_FOR = _both_ways(GROUPS.strip())
_WHOLE = frozenset(name for line in GROUPS.strip().split("\n") for name in _read(line)[0])
GIVEN_NAMES = frozenset(_USED_FOR) | _WHOLE


def are_used_for_one(one: str, other: str) -> bool:
    """Whether two folded given names are used for one person: Bob and Robert, Sean and Shaun, but not Bob and Bert."""
    return other in _USED_FOR.get(one, ())


def formal_names(word: str) -> tuple[str, ...]:
    """The names that a folded word is short for, sorted."""
    return tuple(sorted(_USED_FOR.get(word, frozenset()) & _WHOLE))
