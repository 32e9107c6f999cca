"""Answers as text, for the log. ``read`` gives back exactly the answer that ``write`` was given, in either form.

By name, the form to stay: ``{"Joined": {"person": "ana", "role": "agent"}}``. A field at its default is left out.
By position, the older form: ``["Joined", "ana", "agent", false]``. Releases that know only this form refuse the other.
docs/decisions/answers-by-name.md says how an installation passes from one to the other.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any

from callflows.vocabulary import (
    Answer,
    CodeChecked,
    CutShort,
    DialEnded,
    Done,
    Granted,
    Interrupted,
    InVain,
    Joined,
    Known,
    MessageLeft,
    NobodyCame,
    NotReached,
    PersonLeft,
    PinChecked,
    Pressed,
    SetAside,
    Silence,
    Spoke,
    WaitBroke,
)


class UnreadableAnswer(ValueError):
    """A stored answer is not one this release understands."""


@dataclass(frozen=True, slots=True)
class Stored:
    """How the log stores one kind of answer.

    ``positions`` names the values of the older form in their order, or is None where that form never held this kind.
    ``words`` gives the stored word of each field whose name in the code has changed since.
    """

    kind: type[Answer]
    positions: tuple[str, ...] | None = None
    words: tuple[tuple[str, str], ...] = ()


STORED: dict[str, Stored] = {
    "CodeChecked": Stored(CodeChecked),
    "CutShort": Stored(CutShort),
    "DialEnded": Stored(DialEnded, ("connected",)),
    "Done": Stored(Done, ()),
    "Granted": Stored(Granted, ("won", "caller_here")),
    "InVain": Stored(InVain),
    "Interrupted": Stored(Interrupted, ("how",)),
    "Joined": Stored(Joined, ("person", "role", "interpreter")),
    "Known": Stored(Known, ("value",)),
    "MessageLeft": Stored(MessageLeft, ("recording", "seconds")),
    "NobodyCame": Stored(NobodyCame, ("why",)),
    "NotReached": Stored(NotReached, ()),
    "PersonLeft": Stored(PersonLeft, ("person",), words=(("role", "person"),)),
    "PinChecked": Stored(PinChecked, ("right",)),
    "Pressed": Stored(Pressed, ("digits",)),
    "SetAside": Stored(SetAside),
    "Silence": Stored(Silence, ()),
    "Spoke": Stored(Spoke, ("words", "confidence")),
    "WaitBroke": Stored(WaitBroke, ("why",)),
}
"""Every kind of answer by the word it is stored under.

These words, the positions and the defaults of the fields are the format of rows that are years old: add to them, and
never change one. A class may be renamed here freely. A renamed field keeps its stored word in ``words``; a new field
needs a default, and is not added to ``positions``.
"""


class Format:
    """Writes and reads the kinds of answers of one table."""

    def __init__(self, stored: dict[str, Stored]) -> None:
        self._stored = stored
        self._names = {one.kind: name for name, one in stored.items()}
        self._words = {one.kind: _words_of(one) for one in stored.values()}
        self._attributes = {name: {word: of for of, word in _words_of(one).items()} for name, one in stored.items()}

    def write(self, answer: Answer, *, by_name: bool = True) -> str:
        """The answer as one line of JSON; by name also where its older form cannot hold all of it."""
        name = self._names[type(answer)]
        held = {self._words[type(answer)][part.name]: getattr(answer, part.name) for part in _given(answer)}
        positions = self._stored[name].positions
        if by_name or positions is None or not held.keys() <= set(positions):
            return json.dumps({name: held}, ensure_ascii=False)
        of = self._attributes[name]
        return json.dumps([name, *(getattr(answer, of[word]) for word in positions)], ensure_ascii=False)

    def read(self, text: str) -> Answer:
        """The answer that ``write`` made ``text`` from.

        Raises:
            UnreadableAnswer: the text is damaged or from a later release. The text is not repeated: it may be private.
        """
        try:
            name, held = self._parts(json.loads(text))
            of = self._attributes[name]
            return _frozen(self._stored[name].kind(**{of[word]: value for word, value in held.items()}))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # What is wrong with it would repeat a part of it.
            raise UnreadableAnswer("a logged answer cannot be read by this release") from None

    def _parts(self, row: Any) -> tuple[str, dict[str, Any]]:
        if isinstance(row, dict):
            ((name, held),) = row.items()
            return name, held
        name, *values = row
        positions = self._stored[name].positions
        if positions is None or len(values) > len(positions):
            raise ValueError
        return name, dict(zip(positions, values, strict=False))


def _words_of(stored: Stored) -> dict[str, str]:
    renamed = dict(stored.words)
    return {part.name: renamed.get(part.name, part.name) for part in fields(stored.kind)}


def _given(answer: Answer) -> list[Field[Any]]:
    """The fields of ``answer`` that are not at their default."""
    return [part for part in fields(answer) if part.default is MISSING or getattr(answer, part.name) != part.default]


def _frozen(answer: Answer) -> Answer:
    if isinstance(answer, Known):
        return Known(tuple((str(name), str(value)) for name, value in answer.value))
    return answer


FORMAT = Format(STORED)
write = FORMAT.write
read = FORMAT.read
