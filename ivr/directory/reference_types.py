"""What a key of the configuration takes, in words read off the types of the schema."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, PlainValidator
from pydantic.fields import FieldInfo

from ivr.directory.schema.fields import OneOf

Link = Callable[[type[BaseModel]], str]


def takes(field: FieldInfo, link: Link) -> str:
    """What is written after the key; ``link`` is how a mapping of its own is referred to."""
    return _told(field.annotation, field.metadata, link)


def kinds_in(field: FieldInfo) -> Iterator[tuple[str, str]]:
    """The kinds of single values that a key holds, by name, with what each is."""
    yield from _kinds(field.annotation, field.metadata)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The mappings that a type holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def _told(annotation: Any, metadata: list[Any], link: Link) -> str:
    base, metadata = _unwrapped(annotation, metadata)
    parts = [part for part in get_args(base) if part is not Ellipsis]
    if isinstance(base, type) and issubclass(base, BaseModel):
        return link(base)
    if not _holds_others(base, metadata):
        kind = _kind(metadata)
        return " or ".join(f"`{word}`" for word in kind.words) if isinstance(kind, OneOf) else _name(kind)
    if get_origin(base) is dict:
        return f"by {_told(parts[0], [], link)}: {_told(parts[1], [], link)}"
    many = "one or a list of" if any(_name(one) == "listed" for one in _validators(metadata)) else "list of"
    return f"{many}: {_told(parts[0], [], link)}"


def _kinds(annotation: Any, metadata: list[Any]) -> Iterator[tuple[str, str]]:
    base, metadata = _unwrapped(annotation, metadata)
    if isinstance(base, type) and issubclass(base, BaseModel):
        return
    if _holds_others(base, metadata):
        for part in (part for part in get_args(base) if part is not Ellipsis):
            yield from _kinds(part, [])
    elif not isinstance(kind := _kind(metadata), OneOf):
        yield _name(kind), inspect.getdoc(kind) or ""


def _holds_others(base: Any, metadata: list[Any]) -> bool:
    """Whether it is a list or a mapping of other values, and not read as one value by itself."""
    return get_origin(base) in (tuple, dict) and not any(isinstance(one, PlainValidator) for one in metadata)


def _unwrapped(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """A type without the layers around it, and all that they say."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            metadata = [*metadata, *more]
        elif get_origin(annotation) in (Union, UnionType):
            (annotation,) = (part for part in get_args(annotation) if part is not NoneType)
        else:
            return annotation, metadata


def _kind(metadata: list[Any]) -> Any:
    """What reads the value."""
    return next(_validators(metadata))


def _validators(metadata: list[Any]) -> Iterator[Any]:
    return (one.func for one in metadata if isinstance(one, BeforeValidator | PlainValidator))


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", "")).strip("_").replace("_", " ")
