"""Reading rehearsal files. Values stay the text that was written; every fault names its file, line and mend."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ivr.directory.problems import nearest
from ivr.directory.wrong_kind import find_other_kind
from ivr.directory.yaml_reader import Document, read_document
from rehearsals import reading
from rehearsals.errors import Unreadable
from rehearsals.reading import Reader
from rehearsals.script import Script, Step
from rehearsals.snippets import Reading, own_values
from rehearsals.spelling import as_yaml
from rehearsals.written import Source

WITHHELD = "withheld"
HIDDEN = "+13125550199"
"""The phone of a caller whose number does not show."""

HEADER: Mapping[str, Reader] = {
    "rehearsal": reading.words,
    "at": reading.instant,
    "dial": reading.number,
    "from": lambda written: written if written == WITHHELD else reading.number(written),
    "config": reading.words,
    "patients": reading.words,
    "representatives": reading.words,
    "faults": lambda written: tuple(reading.fault(one) for one in reading.several(written)),
    "expect alerts": reading.several,
    "expect errors": reading.several,
    "allow warnings": lambda written: frozenset(reading.count(one) for one in reading.several(written)),
    "unsigned protocols": reading.word("allowed"),
    "fallback document": reading.word("elsewhere"),
    "outcome": reading.outcomes,
}
NEEDED = ("rehearsal", "at", "dial", "from", "steps", "outcome")


def read_script(path: Path) -> Script:
    """Read one rehearsal. Raises Unreadable with every problem found in it, or in a snippet that it includes."""
    document = read_document(path, str(path), as_yaml)
    source, reader = Source(document, own_values(document)), Reading()
    header = _header(source)
    steps = reader.steps(source, path)
    if reader.problems:
        raise Unreadable(reader.problems)
    return _script(path, header, steps)


def _script(path: Path, header: Mapping[str, Any], steps: tuple[Step, ...]) -> Script:
    withheld = header["from"] == WITHHELD
    return Script(
        path=path,
        title=header["rehearsal"],
        at=header["at"],
        dial=header["dial"],
        caller=HIDDEN if withheld else header["from"],
        withheld=withheld,
        config=_beside(path, header.get("config")),
        patients=_beside(path, header.get("patients")),
        representatives=_beside(path, header.get("representatives")),
        alerts=header.get("expect alerts", ()),
        warnings=header.get("allow warnings", frozenset()),
        errors=header.get("expect errors", ()),
        faults=header.get("faults", ()),
        allow_unsigned="unsigned protocols" in header,
        fallback_elsewhere="fallback document" in header,
        outcome=header["outcome"],
        steps=steps,
        others={step.who: step.options["from"] for step in steps if "from" in step.options},
    )


def _header(source: Source) -> dict[str, Any]:
    document: Document = source.document
    tree = document.tree if isinstance(document.tree, dict) else {}
    known = {*HEADER, "steps", "values"}
    other = find_other_kind(tree, ("rehearsal", "steps"), known)
    if other is not None:
        source.problem((), f"this is not a rehearsal: {other}", "name a file such as those of rehearsals/")
        return {}
    for name in NEEDED:
        if name not in tree and not document.problems:
            source.problem((), f"{name!r} is missing", f"write {name}: ...")
    for name in tree:
        if name not in known:
            source.problem((name,), f"unknown key {name!r}", nearest(name, known))
    return {name: source.value((name,), HEADER[name], tree[name]) for name in tree if name in HEADER}


def _beside(path: Path, name: str | None) -> Path | None:
    return None if name is None else (path.parent / name).resolve()
