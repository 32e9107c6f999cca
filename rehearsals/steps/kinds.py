"""What steps there are, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rehearsals import reading
from rehearsals.reading import Reader
from rehearsals.script import Step
from rehearsals.stage import Stage

Act = Callable[[Stage, Step], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of step: its phrase, with ``{who}`` where somebody's name stands, and how its values are read."""

    phrase: str
    value: Reader | None
    optional: bool
    options: Mapping[str, Reader]
    act: Act

    def match(self, written: str) -> str | None:
        """Who does it, "" where nobody is named; None when ``written`` is another step."""
        pattern = re.escape(self.phrase).replace(re.escape("{who}"), r"(?P<who>[\w-]+)")
        found = re.fullmatch(pattern, " ".join(written.split()))
        return None if found is None else found.groupdict().get("who", "")

    def people(self, who: str, value: Any) -> tuple[str, ...]:
        """Everybody named in such a step."""
        named = value if self.value is reading.people else (value,) if self.value is reading.person else ()
        return tuple(name for name in (who, *(named or ())) if name)


KINDS: list[Kind] = []


def step(
    phrase: str, value: Reader | None = None, *, optional: bool = False, **options: Reader
) -> Callable[[Act], Act]:
    """Register a step. ``options`` are further keys it may have, such as ``within``."""

    def register(act: Act) -> Act:
        KINDS.append(Kind(phrase, value, optional, {name.rstrip("_"): read for name, read in options.items()}, act))
        return act

    return register
