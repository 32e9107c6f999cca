"""What a flow is made of, as one short text: it changes when the conversation may have changed, not when code moved."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from callflows.vocabulary import Flow

PACKAGE = "callflows"
_OF_TEXTS = (
    *("call_back_times", "dial_in", "drill", "dropped_line", "emergency_911", "en_us", "es_us", "hold", "states"),
)
TEXTS = tuple(f"callflows.prompts.{name}" for name in _OF_TEXTS)
"""Modules that hold nothing but words to be spoken: rewording a prompt changes no conversation."""
SAID_BESIDE = ("kind", "type_comment", "annotation", "returns", "type_params")
"""Parts of a syntax tree that nothing is carried out of."""


@cache
def fingerprint(play: Callable[[Any], Flow]) -> str:
    """The fingerprint of a flow: its module and all that it imports of this package.

    Folders, comments, docstrings, layout, type annotations and the order of imports do not count.
    The fingerprint is the same under every Python that runs us: a tree is written down by node and field names, and
    fields that are empty are left out, because releases of Python add such fields.
    """
    digest = sha256()
    for name, meaning in sorted(_made_of(play.__module__)):
        digest.update(f"{name}\n{meaning}\n".encode())
    return digest.hexdigest()


def _made_of(module: str) -> Iterator[tuple[str, str]]:
    """The own name of each module, without its folders, and what it means; modules that hold nothing are left out."""
    for name in modules_of(module):
        meaning = normalised(_source(import_module(name)))
        if meaning != normalised(""):
            yield _own_name(name), meaning


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
    return [name for name in names if _is_ours(name)]


def normalised(source: str) -> str:
    """The meaning of ``source``: what it does, and from where it takes the names that it does it with."""
    module = ast.parse(source)
    nodes = list(_carried_out(module))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return repr((sorted(line for node in nodes for line in _taken(node) if line[-1] in used), _tree(module)))


def _carried_out(node: ast.AST) -> Iterator[ast.AST]:
    """``node`` and all below it but type annotations."""
    yield node
    for name, value in ast.iter_fields(node):
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST) and name not in SAID_BESIDE:
                yield from _carried_out(part)


def _taken(node: ast.AST) -> Iterator[tuple[str, str, str]]:
    """What an import takes: from which module, folders left out, which name, and as what."""
    if isinstance(node, ast.Import):
        yield from (("", _own_name(alias.name), alias.asname or alias.name.split(".")[0]) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            of = "" if _is_ours(f"{node.module}.{alias.name}") else _own_name(node.module or "")
            yield of, alias.name, alias.asname or alias.name


def _tree(node: object) -> object:
    if isinstance(node, list):
        return [_tree(part) for part in node if not _says_nothing(part)]
    if not isinstance(node, ast.AST):
        return node
    fields = [(name, _tree(value)) for name, value in ast.iter_fields(node) if name not in SAID_BESIDE]
    return (type(node).__name__, [(name, value) for name, value in fields if value not in (None, [])])


def _own_name(module: str) -> str:
    return module.rpartition(".")[2]


def _is_ours(name: str) -> bool:
    return name.split(".")[0] == PACKAGE and _is_module(name)


def _says_nothing(node: object) -> bool:
    """Whether a statement is a docstring, or an import, which :func:`_taken` tells."""
    return isinstance(node, ast.Import | ast.ImportFrom) or _is_bare_text(node)


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
