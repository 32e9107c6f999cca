"""A recorded call as the text of a rehearsal file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rehearsals.recorder.converting import Line
from routing.zones import to_local, to_utc

WARNING = "# Recorded from a call made by hand. It holds what was said and keyed: keep it as you keep patient data."
_PLAIN = re.compile(r"[A-Za-zÀ-ÿ0-9][^:#\[\]{}\"'\n]*")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call made by hand."""

    at: datetime
    zone: str
    dial: str
    caller: str
    lines: Sequence[Line]
    patients: str = ""
    outcome: Sequence[str] = ("none",)
    alerts: Sequence[str] = field(default=())


def text(call: Recorded) -> str:
    """The file."""
    return "\n".join(
        [WARNING, *_header(call), "steps:", *map(_step, call.lines), f"outcome: {_list(call.outcome)}", ""]
    )


def _header(call: Recorded) -> Iterator[str]:
    local = to_local(call.at, call.zone)
    yield f"rehearsal: a call made by hand on {local:%Y-%m-%d} at {local:%H.%M}"
    yield f"at: {_instant(call.at, call.zone)}"
    yield f'dial: "{call.dial}"'
    yield f'from: "{call.caller}"'
    if call.patients:
        yield f"patients: {_scalar(call.patients)}"
    if call.alerts:
        yield f"expect alerts: {_list(call.alerts)}"


def _instant(at: datetime, zone: str) -> str:
    """Write an instant to the minute. In the hour that comes twice, say which of the two it is."""
    wall = to_local(at, zone).replace(tzinfo=None, second=0, microsecond=0, fold=0)
    first, second = to_utc(wall, zone, repeated="first"), to_utc(wall, zone, repeated="second")
    which = "" if first == second else " (first)" if at < second else " (second)"
    return f"{wall:%Y-%m-%d %H:%M} {zone}{which}"


def _step(line: Line) -> str:
    within = f" within {_duration(line.within)}" if line.within else ""
    if isinstance(line.value, list):
        return f"  - {line.phrase}: [{', '.join(line.value)}]"
    if not line.value:
        return f"  - {line.phrase}{within}"
    shown = f'\n    from: "{line.from_}"' if line.from_ else ""
    return f"  - {line.phrase}: {_scalar(line.value)}{within}{shown}"


def _duration(within: timedelta) -> str:
    """Write twice the time that it took, in whole minutes."""
    return f"{int(within.total_seconds() * 2 // 60) + 1}m"


def _scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) and value == value.strip() else json.dumps(value, ensure_ascii=False)


def _list(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"
