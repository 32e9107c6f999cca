"""A protocol in lines for whoever signs it: all that it asks and hears, and what changed since it was signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from callflows.values import AGES
from ivr.directory.problems import some
from ivr.directory.schema import ProtocolFile
from ivr.directory.schema.fields import written_length
from ivr.directory.schema.protocol import QuestionEntry, RedFlagEntry

HEAD = ""
"""The name under which the first lines of a protocol are compared."""


def describe_protocol(found: ProtocolFile) -> Iterator[str]:
    """Everything that a clinical lead answers for, line by line."""
    yield from _head(found)
    for name, entry in _entries(found).items():
        yield f"{name}: {_raising(entry)}"
        yield from (f"  {words}" for words in _wording(entry))
        yield from (f"  hears in {language}: {', '.join(phrases)}" for language, phrases in entry.listen.items())


def compare_protocols(old: ProtocolFile, new: ProtocolFile) -> Iterator[str]:
    """What of ``old`` became another in ``new``: each line that went, with ``-``, and each that came, with ``+``."""
    before, after = _parts(old), _parts(new)
    for name in dict.fromkeys((*before, *after)):
        yield from _compare_part(name, before.get(name), after.get(name))
    kept = [name for name in before if name in after], [name for name in after if name in before]
    if kept[0] != kept[1]:
        yield f"the order: {', '.join(filter(None, kept[1]))}"


def _compare_part(name: str, old: list[str] | None, new: list[str] | None) -> Iterator[str]:
    if old == new:
        return
    if name:
        yield f"{name}: {'is new' if old is None else 'is taken out' if new is None else 'changed'}"
    yield from (f"  - {line}" for line in old or () if line not in (new or ()))
    yield from (f"  + {line}" for line in new or () if line not in (old or ()))
    if old and new and sorted(old) == sorted(new):
        yield "  its words are in another order"


def _parts(found: ProtocolFile) -> dict[str, list[str]]:
    """What is compared, by name; a phrase is a line of its own, so that one more shows as one line."""
    return {HEAD: list(_head(found))} | {name: list(_lines(entry)) for name, entry in _entries(found).items()}


def _lines(entry: QuestionEntry | RedFlagEntry) -> Iterator[str]:
    yield _raising(entry)
    yield from _wording(entry)
    yield from (f"hears in {language}: {one}" for language, phrases in entry.listen.items() for one in phrases)


def _head(found: ProtocolFile) -> Iterator[str]:
    limits = ", ".join(f"{urgency} {written_length(within)}" for urgency, within in found.answer_within)
    patients = some(found.patients) or "whoever it is asked about"
    yield f"{found.protocol} {found.version} by {found.author}, for {patients}"
    yield f"callers wait at most: {limits}; where nothing applies: {found.otherwise}"


def _entries(found: ProtocolFile) -> Mapping[str, QuestionEntry | RedFlagEntry]:
    asked = {f"question {one.key}": one for one in found.questions}
    return asked | {f"red flag {one.key}": one for one in found.red_flags}


def _raising(entry: QuestionEntry | RedFlagEntry) -> str:
    help_line = f", offers the {entry.help_line} line" if entry.help_line else ""
    ages = entry.ages if isinstance(entry, QuestionEntry) else AGES
    asked_at = "" if ages == AGES else f", asked at the ages {some(ages)}"
    return f"{entry.raises_to}{', says 911' if entry.says_911 else ''}{help_line}{asked_at}"


def _wording(entry: QuestionEntry | RedFlagEntry) -> Iterator[str]:
    if isinstance(entry, QuestionEntry):
        yield from (f"{language}: {words}" for language, words in entry.ask.items())
