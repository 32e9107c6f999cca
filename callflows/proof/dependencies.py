"""What a proof says, and the fingerprint of everything it depends on: while that is the same, it still holds.

A walk depends on what the flow is told, on the rules and the world it is held against, and on the source of the flow,
the rules, the world and the explorer, near and far. What cannot be followed to its source has no fingerprint
(:class:`Unfollowed`), and its proof is kept by nobody.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from hashlib import sha256
from types import FunctionType

from callflows.proof.graph import Report, Subject
from callflows.proof.slowness import Slowest, slowest

ALWAYS = ("callflows.proof.explore", "callflows.proof.dependencies")
"""Where every proof comes from."""

PLAIN = (type(None), str, bool, int, float, bytes)


class Unfollowed(ValueError):
    """A proof depends on something that a fingerprint cannot hold."""


@dataclass(frozen=True, slots=True)
class Program:
    """What runs: the text of each of our modules as it was loaded, by name; the Python, and what comes with it."""

    sources: Mapping[str, str]
    python: str
    standard_library: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proof:
    """Every rule holds on every path of a walk of this size, on which nobody is helped later than in ``seconds``."""

    states: int
    answers: int
    paths: int
    longest: int
    seconds: tuple[Slowest, ...] = ()


def proof_of(report: Report) -> Proof | None:
    """What a walk has proved; None where it found a path that is not safe."""
    if report.violation or report.shape is None:
        return None
    size = (len(report.states), len(report.edges), report.shape.paths, report.shape.longest)
    return Proof(*size, slowest(report))


def fingerprint_of(subject: Subject, program: Program) -> str:
    """The fingerprint of all that the proof of ``subject`` depends on when ``program`` makes it.

    The label of a subject does not count: it only names what is told.

    Raises:
        Unfollowed: something it depends on cannot be written down, or has no source in ``program``.
    """
    named: set[str] = set(ALWAYS)
    told = _written((subject.play, subject.told, subject.monitors, subject.world), named)
    digest = sha256(f"{program.python}\n{told}\n".encode())
    for name in sorted(_all_imported(named, program)):
        text = program.sources[name]
        digest.update(f"{name}\n{len(text)}\n{text}".encode())
    return digest.hexdigest()


# -- what is told, as text ------------------------------------------------------------------------


def _written(value: object, named: set[str]) -> object:
    """``value`` as nested tuples of texts, equal where values are; the modules of its types are added to ``named``."""
    if type(value) in PLAIN:
        return (type(value).__name__, repr(value))
    if isinstance(value, type | FunctionType):
        return _written_name(value, named)
    kind = _written_name(type(value), named)
    if is_dataclass(value):
        return (kind, *((part.name, _written(getattr(value, part.name), named)) for part in fields(value)))
    if isinstance(value, tuple | list):
        return (kind, *(_written(part, named) for part in value))
    if isinstance(value, set | frozenset):
        return (kind, *sorted(repr(_written(part, named)) for part in value))
    raise Unfollowed(f"a {type(value).__name__} cannot be written down")


def _written_name(thing: type | FunctionType, named: set[str]) -> tuple[str, str]:
    """A type or a function by name; one that is made while the program runs may be another under the same name."""
    if "<" in thing.__qualname__:
        raise Unfollowed(f"{thing.__qualname__} has no name that holds elsewhere")
    if thing.__module__ != "builtins":
        named.add(thing.__module__)
    return (thing.__module__, thing.__qualname__)


# -- what is imported ------------------------------------------------------------------------------


def _all_imported(names: Iterable[str], program: Program) -> frozenset[str]:
    """``names`` and all that they import of ours, near and far."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            if name not in program.sources:
                raise Unfollowed(f"{name} has no source here")
            found.add(name)
            waiting += _ours(name, program)
    return frozenset(found)


def _ours(name: str, program: Program) -> list[str]:
    packages = {module.partition(".")[0] for module in program.sources}
    needed: list[str] = []
    for module, attribute in _imports(program.sources[name]):
        top = module.partition(".")[0]
        if top in packages:
            inner = f"{module}.{attribute}"
            needed += [*_with_parents(module), *([inner] if inner in program.sources else [])]
        elif top not in program.standard_library:
            raise Unfollowed(f"{name} imports {module or 'its neighbours by a dot'}, whose source is not followed")
    return needed


def _with_parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[: length + 1]) for length in range(len(parts))]


@cache
def _imports(source: str) -> tuple[tuple[str, str], ...]:
    """Each module that is imported anywhere, and the name taken from it; a relative import has no module."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [("" if node.level else node.module or "", alias.name) for alias in node.names]
    return tuple(found)
