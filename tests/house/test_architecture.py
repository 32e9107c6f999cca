"""Who may import whom, read from the source itself, and the few limits that keep the house easy to read."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = frozenset(
    {"callflows", "routing", "recordings_vault", "ivr", "phonesim", "rehearsals", "bench", "tests", "migrations"}
)
PACKAGES = ("callflows", "routing", "recordings_vault", "ivr", "phonesim", "rehearsals")

MAY_IMPORT_OF_OURS = {
    "callflows": {"callflows", "routing"},
    "routing": {"routing"},
    "recordings_vault": {"recordings_vault"},
    "ivr": {"ivr", "callflows", "routing", "recordings_vault"},
    "phonesim": {"phonesim"},
    "rehearsals": {"rehearsals", "phonesim", "ivr", "callflows", "routing", "recordings_vault"},
}
MAY_IMPORT_OF_OTHERS = {
    "callflows": set[str](),
    "routing": {"pytz", "holidays", "dateutil"},
    "recordings_vault": {"sqlalchemy", "tink", "cryptography", "obstore"},
}
MAY_IMPORT_BESIDES = {"callflows/identity/": {"jellyfish", "rapidfuzz"}}
"""Folders that need more than the rest of their package: spellings and sounds are compared in one place."""
NEVER_OF_OTHERS = {"phonesim": {"twilio"}}
PURE = ("callflows", "routing")
PURE_STANDARD_LIBRARY = frozenset(
    {
        "__future__", "abc", "ast", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime", "decimal",
        "difflib", "dis", "enum", "fractions", "functools", "hashlib", "heapq", "importlib", "inspect", "itertools",
        "json", "math", "operator", "re", "statistics", "string", "struct", "textwrap", "types", "typing",
        "unicodedata",
    }
)  # fmt: skip
EXCEPTIONS = {"callflows/engine/fingerprint.py": {"pathlib", "sys"}}
"""A fingerprint is taken of the source of the flows, so one module reads that; no flow imports it."""
CLOCK_MODULE = Path("ivr/core/clock.py")
"""Ours. The stand-in for the phone network may import nothing of ours, so where it runs live it has one more."""
CLOCK_MODULES = frozenset({CLOCK_MODULE, Path("phonesim/__main__.py")})
CLOCK_READS = frozenset(
    {
        "datetime.now",
        "datetime.utcnow",
        "datetime.today",
        "date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
    }
)
LONGEST_FILE = 300
LONGEST_WEBHOOK = 150


def files(package: str) -> Iterator[Path]:
    return (path for path in sorted((ROOT / package).rglob("*.py")))


def modules_imported(path: Path) -> Iterator[tuple[int, str]]:
    """Every absolute name that ``path`` imports, with its line; relative imports are made absolute."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            yield node.lineno, ".".join(filter(None, (base, node.module)))


def imports_of(package: str) -> Iterator[tuple[str, str]]:
    for path in files(package):
        for line, module in modules_imported(path):
            yield f"{path.relative_to(ROOT)}:{line}", module


def top(module: str) -> str:
    return module.partition(".")[0]


def is_foreign(name: str) -> bool:
    return name not in OURS and name not in sys.stdlib_module_names


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_it_may_of_ours(package: str) -> None:
    allowed = MAY_IMPORT_OF_OURS[package]
    found = [f"{place} imports {module}" for place, module in imports_of(package) if top(module) in OURS - allowed]
    assert found == []


@pytest.mark.parametrize("package", MAY_IMPORT_OF_OTHERS)
def test_a_package_with_a_short_list_of_libraries_keeps_to_it(package: str) -> None:
    allowed = MAY_IMPORT_OF_OTHERS[package]
    foreign = ((place, module) for place, module in imports_of(package) if is_foreign(top(module)))
    assert [
        f"{place} imports {module}"
        for place, module in foreign
        if top(module) not in allowed
        and not any(place.startswith(folder) and top(module) in more for folder, more in MAY_IMPORT_BESIDES.items())
    ] == []


@pytest.mark.parametrize("package", NEVER_OF_OTHERS)
def test_the_stand_in_never_uses_the_library_of_what_it_stands_in_for(package: str) -> None:
    found = [
        f"{place} imports {module}" for place, module in imports_of(package) if top(module) in NEVER_OF_OTHERS[package]
    ]
    assert found == []


@pytest.mark.parametrize("package", PURE)
def test_pure_code_imports_only_the_parts_of_the_standard_library_that_do_nothing(package: str) -> None:
    found = [
        f"{place} imports {module}"
        for place, module in imports_of(package)
        if top(module) in sys.stdlib_module_names - PURE_STANDARD_LIBRARY
        and top(module) not in EXCEPTIONS.get(place.partition(":")[0], ())
    ]
    assert found == []


def test_one_module_touches_pytz() -> None:
    found = {
        place.partition(":")[0]
        for package in PACKAGES
        for place, module in imports_of(package)
        if top(module) == "pytz"
    }
    assert found == {"routing/zones.py"}


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def clock_reads(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = ".".join(dotted(node.func).split(".")[-2:])
            if name in CLOCK_READS:
                yield f"{path.relative_to(ROOT)}:{node.lineno} calls {name}"


@pytest.mark.parametrize("package", PACKAGES)
def test_one_module_reads_the_clock(package: str) -> None:
    found = [
        read for path in files(package) if path.relative_to(ROOT) not in CLOCK_MODULES for read in clock_reads(path)
    ]
    assert found == []


def test_the_search_for_clock_reads_finds_one() -> None:
    assert list(clock_reads(ROOT / CLOCK_MODULE)) != []


@pytest.mark.parametrize("package", PACKAGES)
def test_files_are_short_enough_to_read(package: str) -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files(package)}
    assert lengths != {}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_webhook_modules_stay_small() -> None:
    """The modules that answer requests; what writes and reads TwiML for them is a folder of its own."""
    webhooks = [path for path in files("ivr/webhooks") if path.parent == ROOT / "ivr/webhooks"]
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in webhooks}
    assert lengths != {}
    assert {name: length for name, length in lengths.items() if length > LONGEST_WEBHOOK} == {}
