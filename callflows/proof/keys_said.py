"""The rule that a question says the keys that it accepts, and accepts the keys that it says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from callflows.prompts import Line
from callflows.proof.events import prompts_of
from callflows.proof.graph import Edge, Misshapen, State, leaving, once_each
from callflows.vocabulary import Ask, Pressed, Request, Wait

PRESS: Mapping[str, re.Pattern[str]] = {
    "en-US": re.compile(r"\bpress (\d)\b", re.IGNORECASE),
    "es-US": re.compile(r"\boprima (\d)\b", re.IGNORECASE),
}
"""By language: how a text offers a key."""

UNSAID = frozenset("0*")
"""Keys that mean the same at every question, a person and once more, whether they are said or not."""


@cache
def keys_of(text: str, language: str) -> frozenset[str]:
    """The keys that a text offers."""
    return frozenset(PRESS[language].findall(text))


def keys_said(lines: Iterable[Line]) -> frozenset[str]:
    """The keys that are offered in what is spoken."""
    return frozenset().union(*(keys_of(line.spoken(), line.language) for line in lines))


def need_keys_said(states: Sequence[State], edges: Sequence[Edge]) -> None:
    """Hold the rule against each question for one key that says anything, and each wait, of a walk that was merged.

    A key is accepted where it leads elsewhere than most keys do, which are the ones that mean nothing. One that is said
    may do what any other does, such as a yes at a question that takes everything but a no for one, unless the question
    is then asked again because it was not understood.

    Raises:
        Misshapen: a key is said and not accepted, or accepted and not said.
    """
    grouped = _Grouped()
    for state, onward in zip(states, leaving(states, edges), strict=True):
        request = state.request
        if isinstance(request, Wait):
            _need(state, said=keys_said(request.comfort), accepted=frozenset(request.keys))
        elif isinstance(request, Ask) and request.digits == 1 and request.lines:
            said = keys_said(request.lines)
            taken, refused = grouped.keys_taken(onward)
            _need(state, said=said, accepted=(taken - (UNSAID - said)) | (said - refused))


def _need(state: State, *, said: frozenset[str], accepted: frozenset[str]) -> None:
    if said != accepted:
        what, but = (" and ".join(sorted(keys)) or "none" for keys in (said, accepted))
        raise Misshapen(
            f"the keys that are said at {state.request.key} are {what}, and those accepted {but}", state.number
        )


class _Grouped:
    """What is made on the edges of a walk: each is looked into once, however many edges share it."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Request, ...], int] = {}
        self._number = once_each(self._number_of)
        self._is_unclear = once_each(_is_unclear)

    def _number_of(self, made: tuple[Request, ...]) -> int:
        return self._numbers.setdefault(made, len(self._numbers))

    def keys_taken(self, onward: Sequence[Edge]) -> tuple[frozenset[str], frozenset[str]]:
        """The keys that lead elsewhere than most, and those after which the question is asked again."""
        alike: defaultdict[object, set[str]] = defaultdict(set)
        refused: set[str] = set()
        for edge in onward:
            if isinstance(edge.answer, Pressed):
                alike[edge.target, edge.outcome, self._number(edge.made)].add(edge.answer.digits)
                if self._is_unclear(edge.made):
                    refused.add(edge.answer.digits)
        nothing = max(alike.values(), key=len)
        return frozenset().union(*alike.values()) - nothing, frozenset(refused)


def _is_unclear(made: tuple[Request, ...]) -> bool:
    return any("sorry.unclear" in prompts_of(request) for request in made)
