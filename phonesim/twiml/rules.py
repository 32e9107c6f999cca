"""What the value of an attribute must look like, and the code of the warning when it does not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from lxml import etree

from phonesim.values import MOST, counted, is_whole

SCHEMA = 12200


class Complain(Protocol):
    """Leaves an alert: code, what is wrong, and the line of the document where that is known."""

    def __call__(self, code: int, why: str, line: int | None = None, /) -> None:
        """Complain."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``wanted`` says it in words for the debugger."""

    accepts: Callable[[str], bool]
    code: int = SCHEMA
    wanted: str = ""


def line_of(element: etree._Element) -> int | None:
    """Where in the document it stands."""
    return cast("int | None", element.sourceline)


ANY = Rule(lambda _value: True)


def whole(code: int = SCHEMA, least: int = 0, most: int = MOST) -> Rule:
    """A whole number in a range."""
    limit = f"of at least {least}" if most == MOST else f"from {least} to {most}"
    return Rule(lambda value: is_whole(value, least, most), code, f"a whole number {limit}")


def whole_or_auto(code: int) -> Rule:
    """A positive whole number, or auto."""
    return Rule(lambda value: value == "auto" or is_whole(value, 1), code, "a positive whole number or auto")


def one_of(choices: str, code: int = SCHEMA) -> Rule:
    """One of some words."""
    known = frozenset(choices.split())
    return Rule(known.__contains__, code, f"one of {choices.replace(' ', ', ')}")


def several(choices: str, code: int = SCHEMA) -> Rule:
    """Words separated by spaces."""
    known = frozenset(choices.split())
    return Rule(lambda value: known.issuperset(value.split()), code, f"some of {choices.replace(' ', ', ')}")


def either(code: int = SCHEMA) -> Rule:
    """true or false, in any case."""
    return Rule(lambda value: value.lower() in {"true", "false"}, code, "true or false")


def method(code: int = SCHEMA) -> Rule:
    """GET or POST, in any case."""
    return Rule(lambda value: value.upper() in {"GET", "POST"}, code, "GET or POST")


def like(pattern: str, wanted: str, code: int = SCHEMA) -> Rule:
    """Text of a form."""
    compiled = re.compile(pattern)
    return Rule(lambda value: compiled.fullmatch(value) is not None, code, wanted)


def entries(most: int, longest: int, code: int = SCHEMA) -> Rule:
    """A list separated by commas."""

    def accepts(value: str) -> bool:
        listed = value.split(",")
        return len(listed) <= most and all(len(entry.strip()) <= longest for entry in listed)

    return Rule(
        accepts,
        code,
        f"at most {counted(most, 'entry', 'entries')} of at most {counted(longest, 'character')}, separated by commas",
    )
