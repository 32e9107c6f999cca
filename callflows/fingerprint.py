"""What a flow is made of, as one short text: it changes when and only when the conversation may have changed."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from callflows.vocabulary import Flow

PACKAGE = "callflows"
TEXTS = ("callflows.prompts.en_us", "callflows.prompts.es_us", "callflows.prompts.states")
"""Modules that hold nothing but words to be spoken: rewording a prompt changes no conversation."""


@cache
def fingerprint(play: Callable[[Any], Flow]) -> str:
    """The fingerprint of a flow: its module and all that it imports of this package, without comments and docstrings.

    The same under every Python that runs us: a tree is written down by node and field names, and
    fields that are empty are left out, because releases of Python add such fields.
    """
    digest = sha256()
    for name in sorted(modules_of(play.__module__)):
        digest.update(f"{name}\n{normalised(_source(import_module(name)))}\n".encode())
    return digest.hexdigest()


def modules_of(name: str) -> frozenset[str]:
    """The modules of this package that ``name`` is made of, itself included, texts excluded."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        module = waiting.pop()
        if module in found or module in TEXTS:
            continue
        found.add(module)
        waiting += imported(_source(import_module(module)))
    return frozenset(found)


def imported(source: str) -> list[str]:
    """The modules of this package that ``source`` imports anywhere."""
    names: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return [name for name in names if name.split(".")[0] == PACKAGE and _is_module(name)]


def normalised(source: str) -> str:
    """The meaning of ``source``: no comments, no docstrings, no layout."""
    return repr(_tree(ast.parse(source)))


def _tree(node: object) -> object:
    if isinstance(node, list):
        return [_tree(part) for part in node if not _is_bare_text(part)]
    if not isinstance(node, ast.AST):
        return node
    fields = [(name, _tree(value)) for name, value in ast.iter_fields(node) if name not in ("kind", "type_comment")]
    return (type(node).__name__, [(name, value) for name, value in fields if value not in (None, [])])


def _is_bare_text(node: object) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_module(name: str) -> bool:
    if name not in sys.modules:
        try:
            import_module(name)
        except ImportError:
            return False
    return isinstance(sys.modules.get(name), ModuleType)


def _source(module: ModuleType) -> str:
    return Path(inspect.getfile(module)).read_text(encoding="utf-8")
