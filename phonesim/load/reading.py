"""Reading a load plan. Values are text; every fault names its file, line and mend."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from phonesim.load.dice import Constant, Draw, Exponential, LogNormal, Measured, Uniform
from phonesim.load.plan import EVERYBODY, Agents, Arrivals, Counts, Cue, Plan, Rate, Reason, Stamps
from phonesim.load.tree import Item, PlanError, read_tree
from phonesim.phone import KEYS

T = TypeVar("T")
Read = Callable[[Item, "Reader"], Any]
DURATION = re.compile(r"(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+(?:\.\d+)?)s)?")
UNITS = {"hour": 1.0, "minute": 60.0, "second": 3600.0}

__all__ = ["PlanError", "read_plan"]


def read_plan(path: Path, calls: int | None = None) -> Plan:
    """The plan in a file, with so many ``calls`` instead of its own. Raises PlanError with all that is wrong."""
    reader = Reader(path)
    plan = reader.value(read_tree(path), lambda item, _: reader.record(item, PLAN, NEEDED)) or {}
    if not reader.problems and "calls" not in plan and "lasts" not in plan and isinstance(plan["arrivals"], Rate):
        reader.problems.append(f"{path}:1: a rate has no end; write calls: 1000, or lasts: 2h")
    if reader.problems:
        raise PlanError(reader.problems)
    plan |= {} if calls is None else {"calls": calls}
    return Plan(**{FIELDS.get(name, name.replace(" ", "_")): value for name, value in plan.items()})


class Reader:
    """Collects the problems of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []

    def complain(self, item: Item, what: str, mend: str) -> None:
        """Note a problem at the line of ``item``."""
        self.problems.append(f"{self.path}:{item.line}: {what}; {mend}")

    def value(self, item: Item, read: Read) -> Any:
        """One value; None after a complaint, when ``read`` raised ValueError with what it expected."""
        try:
            return read(item, self)
        except ValueError as expected:
            shown = repr(item.text) if item.text is not None else "this"
            self.complain(item, f"{shown} cannot be read", f"write {expected}")
            return None

    def record(self, item: Item, fields: Mapping[str, Read], needed: tuple[str, ...] = ()) -> dict[str, Any]:
        """A mapping with known keys."""
        if not isinstance(item.value, dict):
            raise ValueError(f"keys such as {', '.join(list(fields)[:4])}")
        for name in needed:
            if name not in item.value:
                self.complain(item, f"{name!r} is missing", f"write {name}: ...")
        for name, value in item.value.items():
            if name not in fields:
                near = get_close_matches(name, fields, 1)
                mend = f"did you mean {near[0]}?" if near else f"use one of: {', '.join(fields)}"
                self.complain(value, f"unknown key {name!r}", mend)
        return {name: self.value(value, fields[name]) for name, value in item.value.items() if name in fields}


def text(item: Item, _reader: Reader) -> str:
    """Any words."""
    if not item.text:
        raise ValueError("words")
    return item.text


def keys(item: Item, reader: Reader) -> str:
    """Keys of a phone."""
    pressed = text(item, reader).replace(" ", "")
    if not set(pressed) <= KEYS:
        raise ValueError("keys of a phone: 0-9 * #")
    return pressed


def texts(item: Item, reader: Reader) -> tuple[str, ...]:
    """One text or a list of them."""
    return tuple(text(one, reader) for one in item.items)


def seconds(item: Item, _reader: Reader) -> float:
    """A duration."""
    found = DURATION.fullmatch(item.text or "")
    if not found or not item.text:
        raise ValueError("a duration such as 30s, 2m or 1h 30m")
    hours, minutes, rest = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + rest


def number(item: Item, _reader: Reader) -> float:
    """A number above zero."""
    try:
        found = float(item.text or "")
    except ValueError:
        found = 0.0
    if not 0 < found < float("inf"):
        raise ValueError("a number above 0")
    return found


def whole(item: Item, _reader: Reader) -> int:
    """A whole number above zero."""
    if not (item.text or "").isdigit() or int(item.text or 0) < 1:
        raise ValueError("a whole number above 0")
    return int(item.text or 0)


def share(item: Item, _reader: Reader) -> float:
    """A share such as 5%."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%", item.text or "")
    if not found or float(found[1]) > 100:
        raise ValueError("a share such as 5%")
    return float(found[1]) / 100


def instant(item: Item, _reader: Reader) -> datetime:
    """An instant with its zone."""
    try:
        found = datetime.fromisoformat(item.text or "")
    except ValueError:
        found = datetime.min
    if found.tzinfo is None:
        raise ValueError("an instant such as 2026-11-03T15:00:00+00:00")
    return found.astimezone(UTC)


def pattern(item: Item, reader: Reader) -> str:
    """A number with # for the digits that tell callers apart."""
    if not re.fullmatch(r"\+[1-9][0-9]*#{3,}", text(item, reader)):
        raise ValueError("a number such as +1312#######, with at least three #")
    return item.text or ""


def per_hour(item: Item, _reader: Reader) -> float:
    """A rate such as 120 per hour."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) per (hour|minute|second)", item.text or "")
    if not found or float(found[1]) <= 0:
        raise ValueError("a rate such as 120 per hour, 5 per minute or 0.5 per second")
    return float(found[1]) * UNITS[found[2]]


def file(item: Item, reader: Reader) -> Path:
    """A file, relative to the plan."""
    found = reader.path.parent / text(item, reader)
    if not found.is_file():
        raise ValueError("the path of a file, relative to this plan")
    return found


def draw(item: Item, reader: Reader) -> Draw:
    """A duration, or one of the distributions."""
    if item.text is not None:
        return Constant(seconds(item, reader))
    if not isinstance(item.value, dict) or len(item.value) != 1 or next(iter(item.value)) not in DRAWS:
        raise ValueError(f"a duration, or one of {', '.join(DRAWS)} with its values")
    name, inner = next(iter(item.value.items()))
    made: Draw = DRAWS[name](inner, reader)
    return made


def _exponential(item: Item, reader: Reader) -> Draw:
    mean = seconds(item, reader)
    if mean <= 0:
        raise ValueError("a mean above 0s")
    return Exponential(mean)


def _lognormal(item: Item, reader: Reader) -> Draw:
    found = reader.record(item, {"mu": number, "sigma": number}, ("mu", "sigma"))
    return LogNormal(found.get("mu") or 1.0, found.get("sigma") or 1.0)


def _uniform(item: Item, reader: Reader) -> Draw:
    found = reader.record(item, {"from": seconds, "to": seconds}, ("from", "to"))
    return Uniform(found.get("from") or 0.0, found.get("to") or 0.0)


def _measured(item: Item, reader: Reader) -> Draw:
    words = file(item, reader).read_text("utf-8").split()
    try:
        return Measured(tuple(float(word) for word in words if word))
    except ValueError as problem:
        raise ValueError("a file with one number of seconds a line") from problem


DRAWS: dict[str, Callable[[Item, Reader], Draw]] = {
    "exponential": _exponential, "lognormal": _lognormal, "uniform": _uniform, "file": _measured,
}  # fmt: skip


def cues(item: Item, reader: Reader) -> tuple[Cue, ...]:
    """What is answered to which words, in order."""
    return tuple(_cue(one, reader) for one in item.items)


def _cue(item: Item, reader: Reader) -> Cue:
    found = reader.record(item, {"hears": text, "presses": keys, "says": text}, ("hears",))
    if ("presses" in found) == ("says" in found):
        reader.complain(item, "a cue has one answer", "write either presses: or says:")
    return Cue(found.get("hears") or "", found.get("presses") or "", found.get("says") or "")


def reasons(item: Item, reader: Reader) -> tuple[Reason, ...]:
    """Why people call."""
    return tuple(_reason(one, reader) for one in item.items)


def _reason(item: Item, reader: Reader) -> Reason:
    known: dict[str, Read] = {
        "reason": text, "share": number, "script": cues, "ends with": texts, "talk": draw, "never hears": texts,
    }  # fmt: skip
    found = reader.record(item, known, ("reason", "share", "script"))
    return Reason(
        found.get("reason") or "", found.get("share") or 1.0, found.get("script") or (), found.get("ends with") or (),
        found.get("talk"), found.get("never hears") or (),
    )  # fmt: skip


def agents(item: Item, reader: Reader) -> tuple[Agents, ...]:
    """Who is rung and how they behave."""
    return tuple(_agents(one, reader) for one in item.items)


def _agents(item: Item, reader: Reader) -> Agents:
    known: dict[str, Read] = {
        "agents": text, "phones": texts, "script": cues, "answers after": draw, "misses": share, "wraps up": draw,
    }  # fmt: skip
    found = reader.record(item, known, ("agents", "phones"))
    phones = found.get("phones") or ()
    group = Agents(found.get("agents") or "", frozenset() if phones == (EVERYBODY,) else frozenset(phones))
    rest = {name.replace(" ", "_"): value for name, value in found.items() if name not in ("agents", "phones")}
    return Agents(group.name, group.phones, **rest)


def arrivals(item: Item, reader: Reader) -> Arrivals:
    """A rate, counts of slots or timestamps."""
    value = item.value if isinstance(item.value, dict) else {}
    kinds = [name for name in ARRIVALS if name in value]
    if len(kinds) != 1:
        raise ValueError(f"one of {', '.join(ARRIVALS)}")
    make, fields, needed = ARRIVALS[kinds[0]]
    found = reader.record(item, fields, needed)
    return make(**{ARRIVAL_FIELDS.get(name, name.replace(" ", "_")): value for name, value in found.items()})


ARRIVAL_FIELDS = {
    "rate": "per_hour", "counts": "file", "timestamps": "file", "from": "start", "from column": "start_column",
}  # fmt: skip
ARRIVALS: dict[str, tuple[Callable[..., Arrivals], dict[str, Read], tuple[str, ...]]] = {
    "rate": (Rate, {"rate": per_hour, "dispersion": number, "slot": seconds}, ()),
    "counts": (
        Counts,
        {
            "counts": file, "column": text, "slot": seconds, "day": text, "day column": text, "from": text,
            "from column": text, "scale": number,
        },
        ("column", "slot"),
    ),
    "timestamps": (Stamps, {"timestamps": file, "column": text, "day": text, "faster": number}, ("column",)),
}  # fmt: skip
FIELDS = {"load": "title", "calls": "most"}
NEEDED = ("load", "dial", "arrivals", "reasons")
PLAN: dict[str, Read] = {
    "load": text, "dial": text, "arrivals": arrivals, "reasons": reasons, "agents": agents, "start": instant,
    "calls": whole, "lasts": seconds, "callers": pattern, "reaction": draw, "patience": draw, "talk": draw,
    "called back": cues,
    "never hears": texts, "longest silence": seconds, "longest call": seconds,
}  # fmt: skip
