"""Reading a load plan (``phonesim.reading``)."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from phonesim.errors import FileError
from phonesim.load.dice import Constant, Draw, Exponential, LogNormal, Measured, Uniform
from phonesim.load.plan import EVERYBODY, Agents, Arrivals, Counts, Cue, Plan, Rate, Reason, Stamps
from phonesim.phone import KEYS
from phonesim.reading import LONGEST, Read, Reader, instant, number, seconds, some_seconds, text, texts, whole
from phonesim.tree import Item, read_tree

UNITS = {"hour": 1.0, "minute": 60.0, "second": 3600.0}
MOST_PER_HOUR = 1000 * UNITS["second"]
MOST_OF_A_LOGARITHM = 16
"""So much is the logarithm of a hundred days of seconds."""


def read_plan(path: Path, calls: int | None = None) -> Plan:
    """The plan in a file, with so many ``calls`` instead of its own. Raises FileError with all that is wrong."""
    reader = Reader(path)
    plan = reader.value(read_tree(path), _plan) or {}
    plan |= {} if calls is None else {"calls": calls}
    if not reader.problems and "calls" not in plan and "lasts" not in plan and isinstance(plan["arrivals"], Rate):
        reader.problems.append(f"{path}:1: a rate has no end; write calls: 1000, or lasts: 2h")
    if reader.problems:
        raise FileError(reader.problems)
    return Plan(**{FIELDS.get(name, name.replace(" ", "_")): value for name, value in plan.items()})


def _plan(item: Item, reader: Reader) -> dict[str, Any]:
    written = list(map(str, item.value)) if isinstance(item.value, dict) else []
    if set(written) - set(PLAN) and not set(written) & set(NEEDED):
        what = f"this is no plan: it holds {', '.join(written[:4])}"
        reader.complain(item, what, f"name a file that says {', '.join(NEEDED)}")
        return {}
    return reader.record(item, PLAN, NEEDED)


def keys(item: Item, reader: Reader) -> str:
    """Keys of a phone."""
    pressed = text(item, reader).replace(" ", "")
    if not set(pressed) <= KEYS:
        raise ValueError("keys of a phone: 0-9 * #")
    return pressed


def share(item: Item, _reader: Reader) -> float:
    """A share such as 5%."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%", item.text or "")
    if not found or float(found[1]) > 100:
        raise ValueError("a share such as 5%")
    return float(found[1]) / 100


def pattern(item: Item, reader: Reader) -> str:
    """A number with # for the digits that tell callers apart."""
    if not re.fullmatch(r"\+[1-9][0-9]*#{3,}", text(item, reader)):
        raise ValueError("a number such as +1312#######, with at least three #")
    return item.text or ""


def per_hour(item: Item, _reader: Reader) -> float:
    """A rate such as 120 per hour."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) per (hour|minute|second)", item.text or "")
    rate = float(found[1]) * UNITS[found[2]] if found else 0.0
    if not 0 < rate <= MOST_PER_HOUR:
        raise ValueError("a rate such as 120 per hour, 5 per minute or 0.5 per second; at most a thousand per second")
    return rate


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
    return Exponential(some_seconds(item, reader))


def _lognormal(item: Item, reader: Reader) -> Draw:
    found = reader.record(item, {"mu": _logarithm, "sigma": _logarithm}, ("mu", "sigma"))
    return LogNormal(found.get("mu") or 1.0, found.get("sigma") or 1.0)


def _logarithm(item: Item, reader: Reader) -> float:
    found = number(item, reader)
    if found > MOST_OF_A_LOGARITHM:
        raise ValueError(f"a number above 0, at most {MOST_OF_A_LOGARITHM}: it is of the logarithm of seconds")
    return found


def _uniform(item: Item, reader: Reader) -> Draw:
    found = reader.record(item, {"from": seconds, "to": seconds}, ("from", "to"))
    return Uniform(found.get("from") or 0.0, found.get("to") or 0.0)


def _measured(item: Item, reader: Reader) -> Draw:
    words = file(item, reader).read_text("utf-8").split()
    try:
        values = tuple(float(word) for word in words)
    except ValueError:
        values = ()
    if not values or not all(0 <= value <= LONGEST for value in values):
        raise ValueError("the path of a file with one number of seconds a line, each from 0 to a year")
    return Measured(values)


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
    "rate": (Rate, {"rate": per_hour, "dispersion": number, "slot": some_seconds}, ()),
    "counts": (
        Counts,
        {
            "counts": file, "column": text, "slot": some_seconds, "day": text, "day column": text, "from": text,
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
    "calls": whole, "lasts": some_seconds, "callers": pattern, "reaction": draw, "patience": draw, "talk": draw,
    "called back": cues,
    "never hears": texts, "longest silence": some_seconds, "longest call": some_seconds,
}  # fmt: skip
