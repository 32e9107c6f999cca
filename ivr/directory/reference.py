"""The page of every key of the configuration, made from the schema: ``python -m ivr.directory.reference``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ivr.directory.reference_types import kinds_in, models_in, takes
from ivr.directory.schema import OnCallFile, OperatorFile, PracticeFile, ProtocolFile
from ivr.directory.schema.fields import Means
from routing.licence_kinds import USUAL_SCOPES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"
BEGIN, END = "<!-- keys: written by `python -m ivr.directory.reference` -->\n", "\n<!-- end of the keys -->"
FILES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("operator.yaml", OperatorFile),
    ("practices/NAME.yaml", PracticeFile),
    ("oncall.yaml", OnCallFile),
    ("protocols/NAME.yaml", ProtocolFile),
)
_LENGTHS = (
    ("d", timedelta(days=1)),
    ("h", timedelta(hours=1)),
    ("m", timedelta(minutes=1)),
    ("s", timedelta(seconds=1)),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping of a file: where it is met first, and its model."""

    title: str
    model: type[BaseModel]

    @property
    def anchor(self) -> str:
        """The address of its heading within the page."""
        return re.sub(r"[^a-z0-9_ -]", "", self.title.lower()).replace(" ", "-")


def sections() -> tuple[Section, ...]:
    """Every mapping once, each below the one in which it is met first."""
    found: dict[type[BaseModel], Section] = {}
    for file, model in FILES:
        _walk(file, "", model, found)
    return tuple(found.values())


def page_with_keys(page: str) -> str:
    """The page with its tables as the schema has them now."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + "\n".join(_lines()) + END + rest.partition(END)[2]


def means_of(field: FieldInfo) -> Means:
    """What a key means."""
    return next(one for one in field.metadata if isinstance(one, Means))


def default_of(field: FieldInfo) -> str:
    """What stands where the key is left out, as it is written; empty where nothing does."""
    told = means_of(field).default
    return told or _written(field.get_default(call_default_factory=True))


def _walk(file: str, path: str, model: type[BaseModel], found: dict[type[BaseModel], Section]) -> None:
    if model in found:
        return
    found[model] = Section(f"{file}: {path}" if path else file, model)
    for name, field in _keys(model):
        for one in models_in(field.annotation):
            _walk(file, f"{path}.{name}" if path else name, one, found)


def _keys(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        yield field.alias or name, field


def _lines() -> Iterator[str]:
    listed = sections()
    anchors = {section.model: section for section in listed}
    for section in listed:
        yield from ("", f"{'###' if ':' in section.title else '##'} {section.title}", "", _prose(section.model), "")
        yield from ("| key | takes | left out | example | means |", "|---|---|---|---|---|")
        for name, field in _keys(section.model):
            yield _row(name, field, anchors)
    yield from ("", "## Kinds of values", "", "| kind | is |", "|---|---|")
    kinds = {name: text for one in anchors for _, field in _keys(one) for name, text in kinds_in(field)}
    for name, text in sorted(kinds.items()):
        yield f"| {name} | {_plain(text)} |"
    yield from ("", "## The usual kinds of licence", "", "| kind | may do the work of | compact | prescribes |")
    yield "|---|---|---|---|"
    for name, scope in sorted(USUAL_SCOPES.items()):
        yes = [{True: "yes", False: ""}[one] for one in (scope.compact, scope.prescribes)]
        yield f"| {name} | {', '.join(sorted(scope.meets))} | {yes[0]} | {yes[1]} |"


def _row(name: str, field: FieldInfo, anchors: dict[type[BaseModel], Section]) -> str:
    def link(model: type[BaseModel]) -> str:
        section = anchors[model]
        return f"[{section.title.rpartition(': ')[2].rpartition('.')[2]}](#{section.anchor})"

    means = means_of(field)
    left_out = "needed" if field.is_required() else _code(default_of(field))
    return f"| `{name}` | {takes(field, link)} | {left_out} | {_code(means.example)} | {_plain(means.text)} |"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _prose(model: type[BaseModel]) -> str:
    return _plain(inspect.getdoc(model) or "").replace("|", "\\|")


def _plain(text: str) -> str:
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    return re.sub(r":\w+:`([^`]*)`", r"`\1`", " ".join(paragraphs).replace("``", "`"))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        unit, length = next(one for one in _LENGTHS if value % one[1] == timedelta())
        return f"{value // length}{unit}" if value else "0m"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]" if value else ""
    return "" if value is None or isinstance(value, BaseModel | dict) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page_with_keys(PAGE.read_text("utf-8")), "utf-8")
