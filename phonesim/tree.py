"""YAML as text: every scalar stays what was written, every value knows its line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode

from phonesim.errors import FileError


@dataclass(frozen=True, slots=True)
class Item:
    """A value and where it, or the key that names it, stands."""

    value: "str | list[Item] | dict[str, Item]"
    line: int

    @property
    def text(self) -> str | None:
        """The text of a scalar."""
        return self.value if isinstance(self.value, str) else None

    @property
    def items(self) -> "list[Item]":
        """The entries of a list; one value alone is a list of one."""
        return self.value if isinstance(self.value, list) else [self]


def read_tree(path: Path) -> Item:
    """The content of a YAML file. Raises FileError."""
    try:
        node: Any = YAML(typ="safe", pure=True).compose(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise FileError([f"{path}:1: the file cannot be read ({problem}); name another"]) from problem
    except YAMLError as problem:
        mark = problem.problem_mark if isinstance(problem, MarkedYAMLError) else None
        line = mark.line + 1 if mark else 1
        raise FileError([f"{path}:{line}: this is not YAML; mend the indentation, quotes or brackets"]) from problem
    if node is None:
        raise FileError([f"{path}:1: the file is empty; write its keys"])
    problems: list[str] = []
    tree = _item(node, path, problems)
    if problems:
        raise FileError(problems)
    return tree


def _item(node: Any, path: Path, problems: list[str]) -> Item:
    line = node.start_mark.line + 1
    if node.anchor:
        problems.append(f"{path}:{line}: '&{node.anchor}' is an anchor; remove it and write values out where needed")
        return Item("", line)
    if isinstance(node, ScalarNode):
        return Item(str(node.value), line)
    if isinstance(node, MappingNode):
        return Item(dict(_pairs(node, path, problems)), line)
    return Item([_item(child, path, problems) for child in node.value], line)


def _pairs(node: Any, path: Path, problems: list[str]) -> Iterator[tuple[str, Item]]:
    seen: set[str] = set()
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in seen:
            problems.append(f"{path}:{line}: {name!r} is written twice; keep one of the two")
        seen.add(name)
        yield name, replace(_item(value, path, problems), line=line)
