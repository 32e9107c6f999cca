"""From the text of a file to its model; every fault is reported with its line and a mend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ivr.directory.problems import Problem, Unreadable, nearest
from ivr.directory.schema.location import DEFAULTS, LOCATIONS, SHARED, written_at
from ivr.directory.wrong_kind import find_other_kind
from ivr.directory.yaml_reader import Document, Place

File = TypeVar("File", bound=BaseModel)

_SHAPES = {
    "dict_type": ("this is not a mapping", "write key: value pairs here"),
    "model_type": ("this is not a mapping", "write key: value pairs here"),
    "tuple_type": ("this is not a list", "write items in brackets, or one a line after '- '"),
    "string_type": ("this is not a single value", "write one text here"),
}

_KINDS = {
    "OperatorFile": ("the operator's file", "operator.yaml"),
    "OnCallFile": ("the file of who is on call", "oncall.yaml"),
    "PracticeFile": ("a practice", "a file of practices/, such as practices/maple.yaml"),
    "ProtocolFile": ("a protocol", "a file of protocols/, such as protocols/adult-red-flags.yaml"),
}
"""What a file of each model is called, and where such a file is found."""


def validate(document: Document, model: type[File]) -> tuple[File | None, list[Problem]]:
    """The file as ``model``, or ``None`` and everything that is wrong with it; one fault where it is no such file."""
    other = find_other_kind(document.tree, _required(model), dict(_fields(model)))
    if other is not None:
        kind, where = _KINDS[model.__name__]
        return None, [document.problem((), f"this is not {kind}: {other}", f"name, or write here, {where}")]
    try:
        return model.model_validate(document.tree), []
    except ValidationError as error:
        return None, [_problem(document, model, details) for details in error.errors()]


def _problem(document: Document, model: type[BaseModel], details: ErrorDetails) -> Problem:
    loc = tuple(part for part in details["loc"] if part != "[key]")
    reason = details.get("ctx", {}).get("error")
    within = reason.within if isinstance(reason, Unreadable) else ()
    written = written_at(document.tree, loc + within)
    place = written[: len(written) - len(within)]
    what, mend = _told(model, place, details)
    # What many locations, agents or questions lack alike, or write alike, is told once.
    many = len(place) > 2 or (len(place) == 2 and isinstance(place[1], int))
    cause = what.replace(_name(place[:2]), _name(place[:1]), 1) if many else ""
    return document.problem(written, what, mend, cause=cause, about=_entry_name(document, place[:2]) if many else "")


def _entry_name(document: Document, place: Place) -> str:
    """What an entry of a mapping or a list is called in its file; its line where it has no name."""
    if not isinstance(place[1], int):
        return place[1]
    entry: Any = document.tree
    for part in place:
        entry = entry[part]
    names = (entry[key] for key in ("id", "key") if isinstance(entry.get(key), str)) if isinstance(entry, dict) else ()
    return next(iter(names), f"line {document.line(place)}")


def _told(model: type[BaseModel], place: Place, details: ErrorDetails) -> tuple[str, str]:
    """What is wrong at a place, and the mend."""
    reason = details.get("ctx", {}).get("error")
    if isinstance(reason, Unreadable):
        return _within(place, reason.what), reason.mend
    if details["type"] == "missing":
        shared = place[:1] == (LOCATIONS,) and place[2:3] and place[2] in SHARED
        return f"{_name(place)} is missing", f"add {place[-1]}: to it{f', or to {DEFAULTS}' if shared else ''}"
    if details["type"] == "extra_forbidden":
        return f"unknown key {place[-1]!r}", nearest(str(place[-1]), _known_keys(model, place))
    what, mend = _SHAPES.get(details["type"], (details["msg"], "mend this value"))
    return _within(place, what), mend


def _name(place: Place) -> str:
    return ".".join(str(part) for part in place) or "the file"


def _within(place: Place, what: str) -> str:
    return f"{_name(place)}: {what}" if place else what


def _known_keys(model: type[BaseModel], place: Place) -> list[str]:
    found = {model}
    for part in place[:-1]:
        fields = [field for one in found for key, field in _fields(one) if key == part]
        found = {one for field in fields for one in _models(field.annotation)} or found
    return [key for one in found for key, _ in _fields(one)]


def _required(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items() if field.is_required()]


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        yield field.alias or name, field


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
