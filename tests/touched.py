"""The tests nearest to what was changed, for ``make quick``: ``python -m tests.touched`` prints their files.

Changed is what differs from where this branch left ``main``, committed or not. A changed test file is itself a test to
run. For every other changed module it is the test files that import it, themselves, through a helper or by a conftest
above them; where none does, those that import a module that imports it, and so on. A change that is no module has a
place in ``BESIDE``. This is a guess that is quick: ``make test`` is what must hold.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("callflows", "routing", "recordings_vault", "ivr", "phonesim", "rehearsals", "bench", "migrations")
ALWAYS = ("tests/house/test_architecture.py",)
BESIDE = {
    "README.md": "tests/house/test_readme.py",
    "callflows/released/": "tests/flows/test_waiting_points.py",
    "config/": "tests/directory/test_commands.py",
    "docs/flows/": "tests/flows/test_documents.py",
    "docs/settings.md": "tests/house/test_settings.py",
    "migrations/": "tests/house/test_migrations.py",
    "tests/flows/seeded_faults/": "tests/flows/test_seeded_faults.py",
    "tests/conftest.py": "tests/house/test_servers_for_tests.py",
    "rehearsals/": "tests/rehearsals/test_every_rehearsal.py",
}
"""What begins like this and is nobody's module, and the tests that read it. All tests lean on their conftest."""

Imports = Mapping[str, frozenset[str]]


def changed_files(root: Path = ROOT) -> list[str]:
    """Every file that differs from where this branch left main, new ones too, by its path from ``root``."""
    base = _git(root, "merge-base", "HEAD", "main") or _git(root, "merge-base", "HEAD", "origin/main") or ["HEAD"]
    new = _git(root, "ls-files", "--others", "--exclude-standard")
    return sorted({*_git(root, "diff", "--name-only", base[0]), *new})


def imports_of(root: Path = ROOT) -> Imports:
    """What each module of ours and each file of the tests imports of ours, by dotted names."""
    paths = [path for package in (*PACKAGES, "tests") for path in sorted((root / package).rglob("*.py"))]
    names = {module_of(str(path.relative_to(root))): path for path in paths}
    return {name: frozenset(_imported(path) & names.keys()) for name, path in names.items()}


def touched(changed: Iterable[str], imports: Imports) -> list[str]:
    """The test files nearest to ``changed``."""
    found = set(ALWAYS)
    for path in changed:
        module = module_of(path)
        if _is_test(module):
            found |= {path} & {path_of(name) for name in imports}
        elif module in imports and module != "tests.conftest":
            found |= {path_of(name) for name in nearest(module, imports)}
        else:
            found |= {test for begin, test in BESIDE.items() if path.startswith(begin)}
    return sorted(found)


def nearest(module: str, imports: Imports) -> set[str]:
    """The tests at the shortest distance above ``module``."""
    seen, layer = {module}, {module}
    while layer:
        if tests := {name for name in imports if _is_test(name) and _reached(name, imports) & layer}:
            return tests
        layer = {name for name, imported in imports.items() if imported & layer} - seen
        seen |= layer
    return set()


def module_of(path: str) -> str:
    """The dotted name of a file."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def path_of(module: str) -> str:
    """The file of a module of the tests."""
    return f"{module.replace('.', '/')}.py"


def _is_test(module: str) -> bool:
    return module.startswith("tests.") and module.rpartition(".")[2].startswith("test_")


def _reached(test: str, imports: Imports) -> set[str]:
    """All that a test file imports, itself or through helpers and conftests of the tests."""
    folders = test.split(".")[:-1]
    conftests = {".".join((*folders[:depth], "conftest")) for depth in range(2, len(folders) + 1)}
    found: set[str] = set()
    waiting = [test, *(conftests & imports.keys())]
    while waiting:
        new = imports[waiting.pop()] - found
        found |= new
        waiting += [name for name in new if name.startswith("tests.") and name != "tests.conftest"]
    return found


def _imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _git(root: Path, *arguments: str) -> list[str]:
    asked = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    return asked.stdout.split("\n")[:-1] if asked.returncode == 0 else []


if __name__ == "__main__":
    print("\n".join(touched(changed_files(), imports_of())))
