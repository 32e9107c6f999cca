"""Reading the steps of a file as they were written, and those of the snippets that it includes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ivr.directory.problems import Problem, nearest
from ivr.directory.yaml_reader import Document, Place
from rehearsals.reading import Reader
from rehearsals.script import Step
from rehearsals.steps import KINDS, Kind
from rehearsals.steps.kinds import BLANKS

_WITHIN = re.compile(r"(?P<rest>.*\S)\s+within (?P<time>\d[\dhms ]*)")
_ALMOST_WITHIN = re.compile(r".*\S\s+within \d+ ?(sec|secs|seconds?|min|mins|minutes?|hours?|hrs?)", re.IGNORECASE)
_NAMED = re.compile(r"<([a-z][a-z0-9 -]*)>")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of steps: its document, what ``<name>`` stands for in it, and where it was included, outermost first."""

    document: Document
    values: Mapping[str, str]
    included_at: tuple[str, ...] = ()

    def problem(self, place: Place, what: str, mend: str) -> None:
        """Note what cannot be followed."""
        via = f" (included at {', '.join(self.included_at)})" if self.included_at else ""
        self.document.problems.append(self.document.problem(place, what + via, mend))

    def value(self, place: Place, read: Reader, written: Any) -> Any:
        """Read a value. Return None after a problem."""
        try:
            return read(written)
        except ValueError as expected:
            what = f"{shown(written)!r} cannot be read" if written is not None else "something is missing here"
            self.problem(place, what, f"write {expected}")
            return None

    def filled(self, place: Place, written: Any) -> Any:
        """Replace every ``<name>`` in what was written by what it stands for."""
        if isinstance(written, dict):
            return {self.filled(place, name): self.filled(place, item) for name, item in written.items()}
        if isinstance(written, list):
            return [self.filled(place, item) for item in written]
        return _NAMED.sub(lambda found: self._meant(place, found[1]), written) if isinstance(written, str) else written

    def _meant(self, place: Place, name: str) -> str:
        if not self.values.get(name):
            others = [known for known in self.values if known != name]
            mend = nearest(name, others) if others else f"write values: {{{name}: ...}} at the top"
            self.problem(place, f"nothing says what <{name}> stands for", mend)
        return self.values.get(name, "")


def shown(written: Any) -> str:
    """Show a value to whoever wrote it."""
    return f"[{', '.join(map(shown, written))}]" if isinstance(written, list) else str(written)


def read_step(source: Source, place: Place, written: Any) -> Step | None:
    """Read one step. Return None after a problem."""
    items = _items(written)
    matched = [(kind, found, name) for name in items for kind in KINDS if (found := _match(kind, name)) is not None]
    if len(matched) != 1:
        _no_step(source, place, str(next(iter(items), "")), bool(matched))
        return None
    kind, blanks, name = matched[0]
    value, options = _timed(source, place, kind, name, items)
    read = {blank: source.value(place, BLANKS[blank][1], text) for blank, text in blanks.items()}
    return Step(
        file=source.document.file,
        line=source.document.line(place),
        text=_text(kind, name, items[name]),
        phrase=kind.phrase,
        blanks=read,
        value=None if kind.holds else (taken := _step_value(source, place, kind, value)),
        options=_options(source, place, kind, options),
        people=() if kind.holds else kind.people(read, taken),
        steps=_held(source, (*place, name), kind, value) if kind.holds else (),
        included_at=source.included_at,
    )


def _items(written: Any) -> dict[str, Any]:
    return written if isinstance(written, dict) else {written: None} if isinstance(written, str) else {}


def _match(kind: Kind, name: str) -> dict[str, str] | None:
    found = kind.match(name)
    timed = _WITHIN.fullmatch(name) if found is None and "within" in kind.options else None
    return kind.match(timed["rest"]) if timed else found


def _timed(source: Source, place: Place, kind: Kind, name: str, items: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the value and the options. ``within 5m`` may also end the line."""
    value, options = items[name], {key: item for key, item in items.items() if key != name}
    if "within" not in kind.options:
        return value, options
    times = [options["within"]] if "within" in options else []
    for text in (name if kind.match(name) is None else "", value):
        if isinstance(text, str) and (found := _WITHIN.fullmatch(text)):
            times.append(found["time"])
            value = found["rest"] if text is value else value
    if any(isinstance(text, str) and _ALMOST_WITHIN.fullmatch(text) for text in (name, value)):
        source.problem(place, "the time after 'within' cannot be read", "write a duration such as 30s, 2m or 1h 30m")
    if len(times) > 1:
        source.problem(place, "'within' is written more than once", "keep one of them")
    return value, options | ({"within": times[0]} if times else {})


def _held(source: Source, place: Place, kind: Kind, written: Any) -> tuple[Step, ...]:
    if not isinstance(written, list) or len(written) < 2:
        source.problem(place, f"{kind.phrase!r} holds no list of steps", "write two or more below it, each with '- '")
        return ()
    found = []
    for index, item in enumerate(written):
        if _may_stand(source, (*place, index), kind, item):
            found.append(read_step(source, (*place, index), item))
    return tuple(step for step in found if step is not None)


def _may_stand(source: Source, place: Place, kind: Kind, item: Any) -> bool:
    matched = [(other, name) for name in _items(item) for other in KINDS if _match(other, name) is not None]
    strange = next((name for other, name in matched if not other.fits(kind.holds)), None)
    if strange is not None:
        source.problem(place, f"{strange!r} cannot stand in {kind.phrase!r}, which holds {kind.holds}", "move it out")
    return strange is None


def _text(kind: Kind, name: str, written: Any) -> str:
    return name if kind.holds or not written else f"{name}: {shown(written)}"


def _no_step(source: Source, place: Place, name: str, several: bool) -> None:
    if several:
        source.problem(place, "this is more than one step", "begin each step with '- '")
        return
    who = name.split(" ")[0].removesuffix("'s") or "caller"
    phrases = [kind.phrase.replace("{who}", who).replace("{reader}", who) for kind in KINDS]
    source.problem(place, f"no step reads {name!r}", nearest(name, phrases))


def _step_value(source: Source, place: Place, kind: Kind, written: Any) -> Any:
    if kind.value is not None and (written is not None or not kind.optional):
        return source.value(place, kind.value, written)
    if written:
        source.problem(place, f"{kind.phrase!r} takes nothing", "remove what follows it")
    return None


def _options(source: Source, place: Place, kind: Kind, written: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, item in written.items():
        if name in kind.options:
            found[name] = source.value((*place, name), kind.options[name], item)
        else:
            source.problem((*place, name), f"{kind.phrase!r} has no {name!r}", nearest(name, kind.options))
    return found


def unknown_people(steps: tuple[Step, ...], phones: set[str], readers: set[str]) -> list[Problem]:
    """List a problem for each unknown person: one without a phone, or one who looks at no pages."""
    strangers = [(step, name, f"nobody is called {name!r}", phones) for step in steps for name in step.people]
    strangers += [
        (step, step.reader, f"nobody called {step.reader!r} looks at pages", readers) for step in steps if step.reader
    ]
    return [
        Problem(step.file, step.line, what, nearest(name, known))
        for step, name, what, known in strangers
        if name not in known
    ]
