"""What the documents of phonesim name can be had: the classes, and the libraries to install."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import phonesim

ROOT = Path(__file__).resolve().parents[2]
ON_ITS_OWN = (ROOT / "docs/phonesim-on-its-own.md").read_text("utf-8")
USED = (ROOT / "docs/phonesim.md").read_text("utf-8").partition("## How it is built")[0]
OF_TWILIO = frozenset({"Event", "Message", "PublicKeys", "Record", "Response"})
"""Names of elements and fields of Twilio, which classes of ours happen to have too."""
TREES = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "phonesim").rglob("*.py")]
READ_AT_RUN_TIME = {"tzdata"}


def classes() -> set[str]:
    return {node.name for tree in TREES for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def libraries() -> set[str]:
    """The distributions that phonesim imports."""
    imported = {name.partition(".")[0] for tree in TREES for node in ast.walk(tree) for name in _imported(node)}
    known = packages_distributions()
    outside = imported - set(sys.stdlib_module_names) - {"phonesim"}
    return {known[name][0].lower() for name in outside}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


@pytest.mark.parametrize("page", [ON_ITS_OWN, USED], ids=["on its own", "with Sunline"])
def test_every_class_that_a_page_names_comes_from_phonesim(page: str) -> None:
    spans = " ".join(re.findall(r"^```.*?^```|`[^`\n]+`", page, re.M | re.S))
    named = set(re.findall(r"\b[A-Z]\w+", spans)) & classes() - OF_TWILIO
    assert named
    assert sorted(name for name in named if not hasattr(phonesim, name)) == []


def test_the_page_names_an_install_step_with_every_library_that_phonesim_uses() -> None:
    (line,) = re.findall(r"^\$ python -m pip install (.*)$", ON_ITS_OWN, re.M)
    assert set(line.split()) == libraries() | READ_AT_RUN_TIME


def test_what_the_package_offers_is_all_there() -> None:
    assert [name for name in phonesim.__all__ if not hasattr(phonesim, name)] == []
