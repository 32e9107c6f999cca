"""The language of rehearsals as a table for the terminal and the guide. It is made from the steps themselves."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent, wrap

from rehearsals import reading
from rehearsals.steps import KINDS, Kind

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "rehearsals.md"
BEGIN, END = "<!-- steps: written by `python -m rehearsals.listing` -->\n", "\n<!-- end of the steps -->"
ORDER = (
    "phones", "speaking", "hearing", "joining", "texting", "looking", "records", "deciding", "timing", "blocks",
    "organisations", "outside",
)  # fmt: skip
"""The parts of the language, in the order in which they are learnt."""
NAMES = {
    "{who}": "WHO", "{reader}": "READER", "{language}": "LANGUAGE", "{sort}": "SORT", "{page}": "PAGE",
}  # fmt: skip
"""Blanks of a phrase as they are printed."""


def for_terminal() -> str:
    """Every step with what it takes and what it means."""
    return "\n".join(line for title, kinds in _parts() for line in (f"\n{title}", *map(_told, kinds)))


def for_guide() -> str:
    """The same as Markdown."""
    return "\n".join(line for title, kinds in _parts() for line in _table(title, kinds))


def guide_with_steps(guide: str) -> str:
    """The guide with the table of its steps as they are now."""
    before, _, rest = guide.partition(BEGIN)
    return before + BEGIN + for_guide() + END + rest.partition(END)[2]


def written(kind: Kind) -> str:
    """Return the phrase of a step as it is printed, with ``...`` in place of its value."""
    phrase = kind.phrase
    for blank, name in NAMES.items():
        phrase = phrase.replace(blank, name)
    return phrase if kind.value is None and not kind.holds else f"{phrase}: ..."


def takes(kind: Kind) -> str:
    """Return what a step takes as its value and in its further keys."""
    value = f"a list of {kind.holds}" if kind.holds else reading.expected(kind.value) if kind.value else ""
    parts = [f"{value}, or nothing" if kind.optional else value]
    parts += [f"`{name}`" if name == "within" else f"`{name}:` {reading.expected(read)}" for name, read in _keys(kind)]
    return "; ".join(part for part in parts if part)


def _keys(kind: Kind) -> Iterator[tuple[str, reading.Reader]]:
    return iter(sorted(kind.options.items(), key=lambda item: (item[0] == "within", item[0])))


def _parts() -> Iterator[tuple[str, list[Kind]]]:
    for part in ORDER:
        name = f"rehearsals.steps.{part}"
        yield inspect.getdoc(sys.modules[name]) or "", [kind for kind in KINDS if kind.act.__module__ == name]


def _means(kind: Kind) -> str:
    return " ".join((inspect.getdoc(kind.act) or "").replace("``", "`").split())


def _told(kind: Kind) -> str:
    takes_it = f"\n      takes {takes(kind)}" if takes(kind) else ""
    return f"  {written(kind)}\n{indent(chr(10).join(wrap(_means(kind), 110)), ' ' * 6)}{takes_it}".replace("`", "")


def _table(title: str, kinds: list[Kind]) -> Iterator[str]:
    yield from ("", f"**{title}**", "", "| step | takes | means |", "|---|---|---|")
    for kind in kinds:
        yield f"| `{written(kind)}` | {takes(kind).replace('|', '/')} | {_means(kind)} |"


if __name__ == "__main__":
    GUIDE.write_text(guide_with_steps(GUIDE.read_text("utf-8")), "utf-8")
