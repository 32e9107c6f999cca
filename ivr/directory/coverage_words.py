"""Gaps in coverage, and what would close them, in words."""

from __future__ import annotations

from datetime import datetime

from ivr.counting import counted
from ivr.directory.coverage import Gap
from routing.agents import Need
from routing.mending import Mend
from routing.spans import Span
from routing.zones import to_local

MOST_MENDS = 2


def described(gap: Gap) -> str:
    """What is missing, with the first stretch in the location's own time."""
    first, rest, need = gap.spans[0], len(gap.spans) - 1, gap.line.need
    more = f", and {counted(rest, 'more time')}" if rest else ""
    state = f" for a patient in {need.patient_state}" if need.licensed_kind else ""
    who = "nobody answers" if gap.people == 1 else f"fewer than {gap.people} answer"
    others = ", but others with an interpreter" if gap.interpreted else ""
    when = f"{_when(first, gap.line.zone)} {gap.line.zone}{more}"
    return f"{who} {need.service} in {need.language}{state} from {when}{others}"


def mend_of(gap: Gap) -> str:
    """The quickest things that would put somebody more there when the gap begins."""
    kept = [_mend(mend, gap.line.need, gap.spans[0]) for mend in gap.mends[:MOST_MENDS]]
    need = gap.line.need
    licence = f" and a licence as {need.licensed_kind} valid in {need.patient_state}" if need.licensed_kind else ""
    return ", or ".join(kept) or (
        f"add an agent with {need.skill} {need.level} and {need.language}{licence} to a pool that is awake then"
    )


def hours(gap: Gap) -> float:
    """How long the gap is in all, in hours."""
    return sum((span.end - span.start).total_seconds() for span in gap.spans) / 3600


def _mend(mend: Mend, need: Need, span: Span) -> str:
    who, pool = ", ".join(mend.agents), mend.pool.id
    match mend.lack:
        case "licence":
            return f"get or renew a licence as {need.licensed_kind} valid in {need.patient_state} for {who} ({pool})"
        case "training":
            return f"renew the training of {who} ({pool})"
        case "language":
            return f"add {need.language} to {pool}, where {who} cannot speak it"
        case "skill":
            return f"train {who} ({pool}) to {need.skill} {need.level}"
    return f"let {who} ({pool}) work {_when(span, mend.pool.site.zone)} on the clocks there"


def _when(span: Span, zone: str) -> str:
    start, end = to_local(span.start, zone), to_local(span.end, zone)
    return f"{_clock(start)} to {end:%H:%M}" if start.date() == end.date() else f"{_clock(start)} to {_clock(end)}"


def _clock(local: datetime) -> str:
    return f"{local:%a %Y-%m-%d %H:%M}"
