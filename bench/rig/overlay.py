"""The call flows and their rules as they would be with the source of one module changed; no file is written."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

PACKAGE = "callflows"


@contextmanager
def changed_source(module: str, text: str) -> Iterator[None]:
    """Whatever is imported of ``callflows`` inside is imported anew, with ``text`` as the source of ``module``.

    Outside everything is as before. Values from inside are of other classes than those from outside.
    """
    before = _loaded()
    finder = _Changed(module, text)
    _forget(before)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _forget(_loaded())
        sys.modules.update(before)


class _Changed(MetaPathFinder):
    """Finds one module, with another source than the one in its file."""

    def __init__(self, module: str, text: str) -> None:
        self._module, self._text = module, text

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module from its usual place; None for every other."""
        if fullname != self._module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"there is no module {fullname}")
        spec.loader = _Source(fullname, spec.origin, self._text)
        return spec


class _Source(SourceFileLoader):
    def __init__(self, fullname: str, path: str, text: str) -> None:
        super().__init__(fullname, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        """Compile the changed text, whatever is kept of the file."""
        code: Any = compile(self._text, self.path, "exec", dont_inherit=True)
        assert isinstance(code, CodeType)
        return code


def _loaded() -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] == PACKAGE}


def _forget(modules: dict[str, ModuleType]) -> None:
    for name in modules:
        del sys.modules[name]
