"""Reading rehearsal files. Values stay the text that was written; every fault names its file, line and mend."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ivr.directory.problems import Problem, nearest
from ivr.directory.yaml_reader import Document, Place, read_document
from rehearsals import reading
from rehearsals.errors import Unreadable
from rehearsals.reading import Reader
from rehearsals.script import Script, Step
from rehearsals.steps import KINDS, Kind

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
    "expect alerts": reading.several,
    "expect errors": reading.several,
    "allow warnings": lambda written: frozenset(reading.count(one) for one in reading.several(written)),
    "unsigned protocols": reading.words,
    "outcome": reading.words,
}
NEEDED = ("rehearsal", "at", "dial", "from", "steps", "outcome")


def read_script(path: Path) -> Script:
    """Read one rehearsal. Raises Unreadable with every problem found in it."""
    document = read_document(path, str(path))
    header = _header(document)
    steps = _steps(document)
    if document.problems:
        raise Unreadable(document.problems)
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
        alerts=header.get("expect alerts", ()),
        warnings=header.get("allow warnings", frozenset()),
        errors=header.get("expect errors", ()),
        allow_unsigned=header.get("unsigned protocols") == "allowed",
        outcome=header["outcome"],
        steps=steps,
        others={step.who: step.options["from"] for step in steps if "from" in step.options},
    )


def _header(document: Document) -> dict[str, Any]:
    tree = document.tree if isinstance(document.tree, dict) else {}
    for name in NEEDED:
        if name not in tree and not document.problems:
            document.problems.append(document.problem((), f"{name!r} is missing", f"write {name}: ..."))
    known = {*HEADER, "steps"}
    for name in tree:
        if name not in known:
            document.problems.append(document.problem((name,), f"unknown key {name!r}", nearest(name, known)))
    read = {name: _value(document, (name,), HEADER[name], tree[name]) for name in tree if name in HEADER}
    return read


def _steps(document: Document) -> tuple[Step, ...]:
    tree = document.tree if isinstance(document.tree, dict) else {}
    written = tree.get("steps", [])
    if not isinstance(written, list):
        document.problems.append(document.problem(("steps",), "the steps are no list", "begin each with '- '"))
        return ()
    found = [_step(document, ("steps", place), item) for place, item in enumerate(written)]
    return tuple(step for step in found if step is not None)


def _step(document: Document, place: Place, written: Any) -> Step | None:
    items = written if isinstance(written, dict) else {written: None} if isinstance(written, str) else {}
    matched = [(kind, found, name) for name in items for kind in KINDS if (found := kind.match(name)) is not None]
    if len(matched) != 1:
        document.problems.append(_no_step(document, place, str(next(iter(items), "")), bool(matched)))
        return None
    kind, who, name = matched[0]
    value = _step_value(document, place, kind, items[name])
    options = _options(document, place, kind, {key: item for key, item in items.items() if key != name})
    text = name if not items[name] else f"{name}: {_shown(items[name])}"
    return Step(document.line(place), text, kind.act, who, value, options, kind.people(who, value))


def _no_step(document: Document, place: Place, name: str, several: bool) -> Problem:
    if several:
        return document.problem(place, "this is more than one step", "begin each step with '- '")
    who = name.split(" ")[0].removesuffix("'s") or "caller"
    phrases = [kind.phrase.replace("{who}", who) for kind in KINDS]
    return document.problem(place, f"no step reads {name!r}", nearest(name, phrases))


def _step_value(document: Document, place: Place, kind: Kind, written: Any) -> Any:
    if kind.value is not None and (written is not None or not kind.optional):
        return _value(document, place, kind.value, written)
    if written:
        document.problems.append(document.problem(place, f"{kind.phrase!r} takes nothing", "remove what follows it"))
    return None


def _options(document: Document, place: Place, kind: Kind, written: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, item in written.items():
        if name in kind.options:
            found[name] = _value(document, (*place, name), kind.options[name], item)
        else:
            mend = nearest(name, kind.options)
            document.problems.append(document.problem((*place, name), f"{kind.phrase!r} has no {name!r}", mend))
    return found


def _value(document: Document, place: Place, read: Reader, written: Any) -> Any:
    try:
        return read(written)
    except ValueError as expected:
        what = f"{_shown(written)!r} cannot be read" if written is not None else "something is missing here"
        document.problems.append(document.problem(place, what, f"write {expected}"))
        return None


def _shown(written: Any) -> str:
    return f"[{', '.join(written)}]" if isinstance(written, list) else str(written)


def _beside(path: Path, name: str | None) -> Path | None:
    return None if name is None else (path.parent / name).resolve()


def unknown_people(script: Script, known: set[str]) -> list[Problem]:
    """A problem for every person whom nobody knows."""
    return [
        Problem(str(script.path), step.line, f"nobody is called {name!r}", nearest(name, known))
        for step in script.steps
        for name in step.people
        if name not in known
    ]
