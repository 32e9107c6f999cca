"""A configuration folder while it is being read: its files as text and as models, with their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from ivr.directory.problems import ConfigurationError, Problem
from ivr.directory.schema import OnCallFile, OperatorFile, PracticeFile, ProtocolFile
from ivr.directory.schema.location import written_at
from ivr.directory.validation import validate
from ivr.directory.yaml_reader import Document, Place, read_document

OPERATOR, ON_CALL = "operator.yaml", "oncall.yaml"
_FOLDERS: dict[str, type[BaseModel]] = {"practices": PracticeFile, "protocols": ProtocolFile}
File = TypeVar("File", bound=BaseModel)
EAR = "hearing/"
"""Beside the example stands what the ear learns from (config/hearing/README.md). It is no configuration."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Every file of a folder, each valid by itself. Keys of ``documents`` are paths within the folder."""

    root: str
    operator: OperatorFile
    on_call: OnCallFile
    practices: dict[str, PracticeFile]
    protocols: dict[str, ProtocolFile]
    documents: dict[str, Document]

    def problem(
        self, file: str, place: Place, what: str, mend: str, *, warning: bool = False, cause: str = "", about: str = ""
    ) -> Problem:
        """A problem at ``place`` of ``file``, or of the defaults from which it comes."""
        document = self.documents[file]
        written = written_at(document.tree, place)
        return document.problem(written, what, mend, warning=warning, cause=cause, about=about)

    def tree(self, file: str) -> dict[str, Any]:
        """What is written in ``file``."""
        return cast(dict[str, Any], self.documents[file].tree)

    def body(self) -> dict[str, Any]:
        """All text of the folder, as one tree."""
        return {
            "operator": self.documents[OPERATOR].tree,
            "oncall": self.documents[ON_CALL].tree,
            **{folder: self._trees(folder) for folder in _FOLDERS},
        }

    def _trees(self, folder: str) -> dict[str, Any]:
        names = [name for name in self.documents if name.startswith(f"{folder}/")]
        return {Path(name).stem: self.documents[name].tree for name in names}


def file_of(folder: str, name: str) -> str:
    """The path within the folder of the practice or protocol ``name``."""
    return f"{folder}/{name}.yaml"


def read_draft(folder: Path) -> Draft:
    """Read every file of ``folder``; :class:`ConfigurationError` with all that is wrong in single files."""
    reading = _Reading(folder)
    operator, on_call = reading.one(OPERATOR, OperatorFile), reading.one(ON_CALL, OnCallFile)
    practices, protocols = reading.every("practices", PracticeFile), reading.every("protocols", ProtocolFile)
    reading.refuse_strangers()
    if reading.problems or operator is None or on_call is None:
        raise ConfigurationError(reading.problems)
    return Draft(str(folder), operator, on_call, practices, protocols, reading.documents)


@dataclass(slots=True)
class _Reading:
    folder: Path
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def one(self, name: str, model: type[File]) -> File | None:
        path = self.folder / name
        if not path.is_file():
            self.problems.append(Problem(str(path), 1, "the file is missing", f"write {name} in this folder"))
            return None
        document = self.documents[name] = read_document(path, str(path))
        found, problems = (None, document.problems) if document.problems else validate(document, model)
        self.problems.extend(problems)
        return found

    def every(self, folder: str, model: type[File]) -> dict[str, File]:
        paths = sorted((self.folder / folder).glob("*.yaml"))
        if not paths:
            where = str(self.folder / folder)
            self.problems.append(Problem(where, 1, "no .yaml file is in this folder", "write at least one"))
        found = {path.stem: self.one(f"{folder}/{path.name}", model) for path in paths}
        return {name: file for name, file in found.items() if file is not None}

    def refuse_strangers(self) -> None:
        """A file that nobody reads is a file somebody believes is in force; the ear reads its own."""
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            passed = path.name.startswith(".") or path.suffix == ".md" or name.startswith(EAR)
            if path.is_file() and name not in self.documents and not passed:
                mend = "rename it to .yaml in practices/ or protocols/, or move it out of the folder"
                self.problems.append(Problem(str(path), 1, "this file is not part of a configuration", mend))
