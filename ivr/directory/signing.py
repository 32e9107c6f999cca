"""Writing a sign-off into the file of a protocol. Everything else in it, its comments too, stays as it was written."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from ivr.directory.problems import ConfigurationError, DirectoryError
from ivr.directory.schema import ProtocolFile
from ivr.directory.sign_off import FINGERPRINT, SIGN_OFF, fingerprint_of
from ivr.directory.validation import validate
from ivr.directory.yaml_reader import Document, Tree, read_document

_PLAIN = re.compile(r"[A-Za-z0-9][\w .'-]*", re.ASCII)
"""A value that YAML reads as the text it is, with or without quotes."""


class Unwritable(DirectoryError):
    """The sign-off cannot be written into the file as it is laid out."""


def read_protocol(path: Path) -> tuple[Document, ProtocolFile]:
    """One protocol as it is written; :class:`ConfigurationError` names what is wrong with it by itself."""
    document = read_document(path, str(path))
    if document.problems:
        raise ConfigurationError(document.problems)
    return document, checked_protocol(document, tree_of(document))


def checked_protocol(document: Document, tree: Mapping[str, Tree]) -> ProtocolFile:
    """The protocol that ``tree`` is in place of what is written; :class:`ConfigurationError` where it is none."""
    found, problems = validate(replace(document, tree=dict(tree)), ProtocolFile)
    if found is None:
        raise ConfigurationError(problems)
    return found


def tree_of(document: Document) -> Mapping[str, Tree]:
    """What is written in a file that holds a mapping."""
    return document.tree if isinstance(document.tree, dict) else {}


def with_sign_off(protocol: Mapping[str, Tree], sign_off: Mapping[str, str]) -> dict[str, Tree]:
    """A protocol as it is written when this sign-off is in it, with the fingerprint of all that it says then."""
    signed: dict[str, Tree] = {key: value for key, value in sign_off.items() if key != FINGERPRINT}
    unmarked: dict[str, Tree] = {**protocol, SIGN_OFF: signed}
    return {**unmarked, SIGN_OFF: {**signed, FINGERPRINT: fingerprint_of(unmarked)}}


def write_sign_off(path: Path, protocol: Mapping[str, Tree], *, dry_run: bool = False) -> None:
    """Put the sign-off of ``protocol`` into its file, whole or not at all; a dry run leaves the file as it is.

    Raises:
        Unwritable: the file does not have each key of the protocol on lines of its own, or may not be written.
    """
    sign_off = cast(Mapping[str, str], protocol[SIGN_OFF])
    text = _with_line(path.read_bytes().decode("utf-8"), _line(sign_off))
    written = _write_beside(path, text)
    try:
        if read_document(written, str(path)).tree != protocol:
            raise Unwritable(f"{path} is laid out in a way that is not written into; add to it: {_line(sign_off)}")
        if not dry_run:
            shutil.copymode(path, written)
            os.replace(written, path)
    finally:
        written.unlink(missing_ok=True)


def _write_beside(path: Path, text: str) -> Path:
    try:
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".", suffix=".tmp", delete=False) as file:
            file.write(text.encode("utf-8"))
    except OSError as error:
        mend = "let whoever signs write into that folder"
        raise Unwritable(f"{path.parent} cannot be written into ({error.strerror}); {mend}") from error
    return Path(file.name)


def _line(sign_off: Mapping[str, str]) -> str:
    inner = ", ".join(f"{key}: {_scalar(value)}" for key, value in sign_off.items())
    return f"{SIGN_OFF}: {{{inner}}}"


def _scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _with_line(text: str, line: str) -> str:
    """The text with ``line`` in the place of its sign-off, or after the line of its author where it has none."""
    root: Any = YAML(typ="safe", pure=True).compose(text)
    keys = {key.value: (key, value) for key, value in root.value}
    if SIGN_OFF in keys:
        key, value = keys[SIGN_OFF]
        return text[: key.start_mark.index] + line + text[_end(value) :]
    end = text.find("\n", _end(keys["author"][1]))
    return f"{text}\n{line}\n" if end < 0 else f"{text[:end]}\n{line}{text[end:]}"


def _end(node: Node) -> int:
    """Where a value ends; a block ends with the last thing in it, before comments that follow."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(node, MappingNode) else last)
    return int(node.end_mark.index)
