"""What people write in a step that YAML alone would not take, put as YAML wants it. Every line keeps its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_AFTER_A_LIST = re.compile(
    r"(?P<step>\s*- [^:#\[\]]+?)(?P<colon>\s*:\s*)(?P<list>\[[^\[\]]*\])"
    r"\s+(?P<within>within \d[\dhms ]*?)(?P<rest>\s*(#.*)?)"
)
_BARE = re.compile(r"(?P<step>(?P<indent>\s*)- [^\s:#\[\]{}\"'&*!|>%@`-][^:#\[\]{}]*?)(?P<rest>\s*(\s#.*)?)")
_KEY = re.compile(r"(?P<indent>\s+)[a-z][a-z ]*:(\s.*)?")


def as_yaml(text: str) -> str:
    """Return the text of a file of steps with its times where YAML can read them.

    ``connected: [a, b] within 20s`` has its time after a list, and a step that takes no value has ``within: 20s`` on a
    line of its own below it.
    """
    lines = text.splitlines()
    return "".join(f"{line}\n" for line in map(_before_the_list, _with_colons(lines)))


def _before_the_list(line: str) -> str:
    found = _AFTER_A_LIST.fullmatch(line)
    if found is None:
        return line
    return f"{found['step']} {found['within'].strip()}{found['colon']}{found['list']}{found['rest']}"


def _with_colons(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        found = _BARE.fullmatch(line)
        if found is not None and _has_keys(found["indent"], lines[number + 1 :]):
            yield f"{found['step']}:{found['rest']}"
        else:
            yield line


def _has_keys(indent: str, following: Sequence[str]) -> bool:
    """Tell whether a key stands below a step that is indented so far."""
    below = next((line for line in following if line.strip() and not line.lstrip().startswith("#")), "")
    key = _KEY.fullmatch(below)
    return key is not None and len(key["indent"]) > len(indent) + 1
