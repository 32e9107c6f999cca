"""No text that is made with a number says "1 calls": whatever is counted goes through ``counted``.

That is ``ivr/core/counting.py``, and in packages that stand on their own ``counted`` of ``recordings_vault/words.py``
and of ``phonesim/values.py``; pages have the filter ``format_count``, and prompts say ``{minutes:minute|minutes}``.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from callflows.prompts import CATALOGUES
from ivr.core.counting import counted
from phonesim.values import counted as counted_by_phonesim
from recordings_vault.words import counted as counted_by_vault

ROOT = Path(__file__).parents[2]
PACKAGES = ("bench", "callflows", "ivr", "phonesim", "recordings_vault", "rehearsals", "routing")
VERBS = (
    "accepts across answers asks belongs breaks calls comes declines dials does ends enters exists "
    "expects follows gets goes hangs happens has hears holds imports interprets is its joins keeps knows "
    "lasts leads leaves lies looks loses means names needs opens overflows pages phones pins plays "
    "presses raises rings says sees sends shows signs sits speaks stands starts strikes takes talks tells "
    "texts this uses waits wants was works "
)
"""Words on s that say what somebody or something does, where their name stands before them."""
BOTH = frozenset({"answers", "calls", "names", "needs", "pages", "phones", "pins", "texts", "waits", "works"})
"""Of these, those that are things too: they are things but after what names somebody or something."""
SOMEBODY = re.compile(
    r"name|who|reader|place|service|called|thing|what|endpoint|file|scheme|\.to$|\bperson\b|entry|self\."
)
BETWEEN = ("more", "other", "further", "whole", "waiting", "custody", "idle", "busy")
"""Words that may stand between a number and what is counted."""
UNITS = frozenset({"ms", "erlangs"})
"""Written alike for one and for many, or never of one."""
PLURAL = re.compile(rf" (?:(?:{'|'.join(BETWEEN)}) )*((?:[a-z]*[^\Ws_]s|people)\b)(?![.(=])")
NUMBERS = re.compile(
    r"^(?:len|sum|int|round|count\w*|max|min)\(|^(?:n|number|count|total|many|days|seconds|minutes|hours)$"
)


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def bypasses(tree: ast.AST, module: str = "") -> Iterator[tuple[int, str]]:
    """Each place of a module that writes a plural after something that may be 1, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from _in_f_string(node, module)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((node.lineno, found) for found in _in_template(node.value))


def _in_f_string(node: ast.JoinedStr, module: str) -> Iterator[tuple[int, str]]:
    for value, after in zip(node.values, [*node.values[1:], None], strict=True):
        if not isinstance(value, ast.FormattedValue):
            continue
        written = ast.unparse(value.value)
        if _makes_an_s(value.value):
            yield value.lineno, written
        found = PLURAL.match(str(after.value)) if isinstance(after, ast.Constant) else None
        if found is not None and _may_be_one(written, found[1], module):
            yield value.lineno, f"{written}{found[0]}"


def _makes_an_s(value: ast.expr) -> bool:
    """``'' if n == 1 else 's'``: a way of one's own."""
    ends = (value.body, value.orelse) if isinstance(value, ast.IfExp) else ()
    return {one.value for one in ends if isinstance(one, ast.Constant)} == {"", "s"}


def _may_be_one(written: str, word: str, module: str) -> bool:
    if word in UNITS or (word in VERBS.split() and (word not in BOTH or SOMEBODY.search(written))):
        return False
    return not (written.isupper() and _is_fixed(written, module))


def _is_fixed(name: str, module: str) -> bool:
    """Whether it is a number that stands in the code and is not 1."""
    known = vars(importlib.import_module(module)).get(name) if module else None
    return isinstance(known, int | float) and known != 1


def _in_template(text: str) -> Iterator[str]:
    """Texts that are filled in by ``format`` or ``%``: there a number has to be told by its name."""
    for found in re.finditer(r"\{(\w*)(?::[^{}|]*)?\}" + PLURAL.pattern, text):
        if NUMBERS.match(found[1]) or found[1] == "":
            yield found[0]
    yield from (found[0] for found in re.finditer(r"%[dg]" + PLURAL.pattern, text))


@pytest.mark.parametrize("package", PACKAGES)
def test_whatever_is_counted_goes_through_counted(package: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}: {what}"
        for file in sources()
        if file.is_relative_to(ROOT / package)
        for line, what in bypasses(ast.parse(file.read_text("utf-8")), _module(file))
    ]
    assert found == [], "use counted(number, 'call')"


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize(
    "text",
    [
        'f"{len(calls)} calls"',
        'f"{done} rows, {wrong} wrong"',
        'f"{seconds:.0f} seconds"',
        'f"{agents} people"',
        'f"{n} more locations"',
        "f\"{n} rehearsal{'' if n == 1 else 's'}\"",
        '"waited {seconds} seconds".format(seconds=1)',
        '"%d calls" % 1',
    ],
)
def test_a_plural_that_is_written_by_hand_is_found(text: str) -> None:
    assert [*bypasses(ast.parse(text))] != []


@pytest.mark.parametrize(
    "text",
    [
        "f\"{counted(n, 'call')} waiting\"",
        'f"{name} is not signed"',
        'f"{name} answers"',
        'f"{n:.1f} s"',
        'f"{n} of them"',
    ],
)
def test_names_units_and_what_is_counted_already_are_let_be(text: str) -> None:
    assert [*bypasses(ast.parse(text))] == []


@pytest.mark.parametrize("file", sorted((ROOT / "ivr" / "templates").rglob("*.html")), ids=lambda file: file.name)
def test_pages_count_by_the_filter(file: Path) -> None:
    written = file.read_text("utf-8")
    assert re.findall(r"\{\{[^{}]*(?:length|count|number)[^{}|]*\}\} [a-z]+s\b", written) == []


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_prompts_say_a_number_with_both_of_its_words(language: str) -> None:
    for key, words in CATALOGUES[language].items():
        numbers = re.findall(r"\{(\w+):\w+\|\w+\}", words)
        assert not re.findall(r"\{\w+\} (?:minute|second|hour|minuto|segundo|hora)s?\b", words), key
        assert not [name for name in numbers if re.search(rf"\{{{name}\}} [a-zñáéíóú]+s\b", words)], key


@pytest.mark.parametrize("count", [counted, counted_by_phonesim, counted_by_vault])
def test_one_is_one_and_others_are_many(count: object) -> None:
    assert callable(count)
    assert [count(number, "call", "calls") for number in (0, 1, 2)] == ["0 calls", "1 call", "2 calls"]
