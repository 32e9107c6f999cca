"""What is wrong with a configuration, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault. ``line`` counts from 1; ``warning`` marks what may be loaded all the same."""

    file: str
    line: int
    what: str
    mend: str
    warning: bool = False

    def __str__(self) -> str:
        word = "warning: " if self.warning else ""
        return f"{self.file}:{self.line}: {word}{self.what}; {self.mend}"


class DirectoryError(Exception):
    """Anything the directory refuses to do."""


class ConfigurationError(DirectoryError):
    """A configuration that must not be used; every problem found is in ``problems``, warnings too."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        grave = [problem for problem in self.problems if not problem.warning]
        super().__init__("\n".join(str(problem) for problem in grave or self.problems))


class Unreadable(ValueError):
    """A value that cannot be read: ``what`` is wrong with it, the ``mend``, and ``within`` the value where it is."""

    def __init__(self, what: str, mend: str, within: tuple[str | int, ...] = ()) -> None:
        self.what, self.mend, self.within = what, mend, within
        super().__init__(f"{what}; {mend}")


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The mend for a word that is not known: the closest one, else ``otherwise``, else all of them."""
    words = sorted(known)
    close = get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return otherwise or (f"write one of: {', '.join(words)}" if words else "remove it")
