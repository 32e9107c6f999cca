"""The help lines that a caller was offered, and each time that they were connected to one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from callflows.call_record.material import Material
from callflows.call_record.values import Cell, say_code
from callflows.engine.retelling import Exchange, Said
from callflows.prompts import Line
from callflows.vocabulary import Answer, DialEnded, DialHelpLine, Interrupted, Joined

NAMES = {"help.crisis": "the crisis line", "help.poison": "Poison Control"}
"""The help lines by the prompt that offers them."""
CONNECTING = "help.connecting"
NOT_TAKEN = "not taken"


def is_offer(line: Line) -> bool:
    """Whether a line tells of a help line."""
    return line.prompt in NAMES


def list_help_lines(known: Material) -> Iterator[tuple[Cell, ...]]:
    """Each line with when it was offered first; when it was taken and ended, each time, and how."""
    offered: dict[str, datetime] = {}
    for at, name in _list_offers(known):
        offered.setdefault(name, at)
    taken = [(_name_at(known, said.at), said.at) for said in known.said if _connects(said)]
    ends = _list_ends(known)
    for name, at in offered.items():
        times = [(begun, ends[number]) for number, (line, begun) in enumerate(taken) if line == name]
        for begun, end in times:
            yield (name, at, begun, *_tell_end(end))
        if not times:
            yield name, at, NOT_TAKEN, NOT_TAKEN, NOT_TAKEN


def _list_offers(known: Material) -> Iterator[tuple[datetime, str]]:
    for said in known.said:
        yield from ((said.at, NAMES[line.prompt]) for line in said.lines if is_offer(line))


def _name_at(known: Material, at: datetime) -> str:
    """The line that was offered last before it was taken."""
    return [name for offered_at, name in _list_offers(known) if offered_at <= at][-1]


def _connects(said: Said) -> bool:
    return any(line.prompt == CONNECTING for line in said.lines)


def _list_ends(known: Material) -> list[Exchange | None]:
    """How each connection ended, in their order; None for one that has not."""
    ended = [one for one in known.exchanges if isinstance(one.request, DialHelpLine)]
    begun = sum(_connects(said) for said in known.said)
    return [*ended, *[None] * (begun - len(ended))]


def _tell_end(end: Exchange | None) -> tuple[Cell, str]:
    if end is None:
        return "not ended", "talks with it still, or nobody was told that it ended"
    return end.at, _describe_end(end.answer)


def _describe_end(answer: Answer | None) -> str:
    match answer:
        case DialEnded(connected=True):
            return "came back to us"
        case DialEnded():
            return "could not be connected"
        case Joined():
            return "the clinician who accepted took them from it"
        case Interrupted(how=how):
            return f"{say_code(how)} there"
        case _:
            return "nobody came meanwhile"
