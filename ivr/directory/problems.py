"""What is wrong with a configuration, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from ivr.core.errors import Refusal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault. ``line`` counts from 1; ``warning`` marks what may be loaded all the same.

    Faults of a file with the same ``cause`` (left out: the same words) and mend are told as one, see
    :func:`one_a_cause`; ``about`` is what each of them is about (left out: its line).
    """

    file: str
    line: int
    what: str
    mend: str
    warning: bool = False
    cause: str = field(default="", compare=False)
    about: str = field(default="", compare=False)

    def __str__(self) -> str:
        word = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {word}{self.what}; {self.mend}"


class DirectoryError(Refusal):
    """Anything the directory refuses to do."""


class ConfigurationError(DirectoryError):
    """A configuration that must not be used; every problem found is in ``problems``, warnings too."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = one_a_cause(problems)
        errors = [problem for problem in self.problems if not problem.warning]
        super().__init__("\n".join(str(problem) for problem in errors or self.problems))


class Unreadable(ValueError):
    """A value that cannot be read: ``what`` is wrong with it, the ``mend``, and ``within`` the value where it is."""

    def __init__(self, what: str, mend: str, within: tuple[str | int, ...] = ()) -> None:
        self.what, self.mend, self.within = what, mend, within
        super().__init__(f"{what}; {mend}")


def one_a_cause(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in order, those that have one cause as one: the first, with what the others are about."""
    found: dict[tuple[object, ...], dict[str, Problem]] = {}
    for problem in sorted(problems):
        alike = found.setdefault((problem.file, problem.cause or problem.what, problem.mend, problem.warning), {})
        alike.setdefault(problem.about or f"line {problem.line}", problem)
    return tuple(sorted(map(_as_one, found.values())))


def _as_one(alike: dict[str, Problem]) -> Problem:
    (_, first), *others = alike.items()
    more = f" (and {len(others)} more: {some(about for about, _ in others)})" if others else ""
    return replace(first, what=first.what + more)


def some(names: Iterable[str], most: int = 3) -> str:
    """The first names of a list, and how many more there are: ``north, south, east and 11 more``."""
    listed = list(names)
    if len(listed) > most + 1:
        return f"{', '.join(listed[:most])} and {len(listed) - most} more"
    return " and ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The mend for a word that is not known: the closest one, else ``otherwise``, else all of them."""
    words = sorted(known)
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return otherwise or (f"write one of: {', '.join(words)}" if words else "remove it")
