"""A morning summary in lines of codes and names of staff: nothing of a patient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from callflows.call_record.values import say_code
from ivr.core.counting import counted
from ivr.morning_summaries.summary import ClinicalCall, MorningSummary, OpenCall, PageLine

NOBODY = "the ladder of those on call"
NEXT = "whoever is paged next"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a part of the summary."""

    part: str
    what: str
    at: datetime | None = None
    call_id: str | None = None


def tell_lines(summary: MorningSummary, names: Mapping[str, str]) -> Iterator[Line]:
    """Every part that has anything, in the order of the page; ``names`` are those of staff, by id."""
    for open_call in summary.open_calls:
        yield Line("Still open", tell_open(open_call, names), open_call.opened_at, open_call.call.id)
    for kind, number in summary.kinds.items():
        yield Line("Calls", f"{say_code(kind)}: {number}")
    for one in summary.clinical:
        yield Line("Clinical calls", f"{one.row.urgency}; {tell_care(one)}", one.row.created_at, one.row.id)
    for page in summary.pages:
        yield Line("Pages", tell_page(page, names), page.first_at, page.call_id)
    for state in ("overdue", "open", "kept", "missed"):
        for row in getattr(summary.promises, state):
            yield Line("Promises", f"{state}: {say_code(row.kind)}, {say_code(row.service)}", row.due_at, row.call_id)
    for row in summary.messages:
        yield Line("Messages", f"{say_code(row.service)}: promise {say_code(row.state)}", row.taken_at, row.call_id)
    for row in summary.dropped:
        yield Line("Calls dropped", f"{row.urgency}: {say_code(row.outcome or 'never ended')}", row.created_at, row.id)
    for row in summary.hand_overs:
        yield Line("Hand-overs", tell_hand_over(row, names), row.at, row.call_id)
    for alert in summary.alerts:
        yield Line("Alerts", say_code(alert.what) + _tell_times(alert.times), alert.first_at, alert.call_id)


def tell_open(one: OpenCall, names: Mapping[str, str]) -> str:
    """What is missing of an open call, and who has it."""
    missing = " and ".join(filter(None, ("contact" * one.no_contact, "outcome" * one.no_outcome))) or "nothing"
    who = names.get(one.person_id, one.person_id) or NOBODY
    now = "; closed since" if one.since_closed else ""
    return f"{one.call.urgency}: no {missing} at the opening, with {who}{now}"


def tell_care(one: ClinicalCall) -> str:
    """What became of a clinical call: contact, and the outcome that its clinician wrote, else how the call ended."""
    minutes = one.contact_minutes
    contact = "no contact" if minutes is None else f"contact after {counted(minutes, 'minute')}"
    if one.item is not None and one.item.outcome:
        return f"{contact}; {say_code(one.item.outcome)}, follow-up {say_code(one.item.follow_up or 'none')}"
    return f"{contact}; no outcome written; the call: {say_code(one.row.outcome or 'in progress')}"


def tell_page(one: PageLine, names: Mapping[str, str]) -> str:
    """Who was paged, and how that ended after how long."""
    took = "" if one.seconds is None else f" after {one.seconds // 60}:{one.seconds % 60:02d}"
    return f"{names.get(one.person_id, one.person_id)}, step {one.step + 1}: {one.end}{took}{_tell_times(one.times)}"


def tell_hand_over(row: Row[Any], names: Mapping[str, str]) -> str:
    """Who handed a call over to whom."""
    from_, to = find_hand_over(row)
    return f"{say_code(row.kind)}: {names.get(from_, from_)} to {names.get(to, to) or NEXT}"


def find_hand_over(row: Row[Any]) -> tuple[str, str]:
    """The ids of who handed a call over and of who is to have it, "" where that is whoever is paged next."""
    told = row.data
    if "of" in told:
        return told["of"], told["person"]
    return told.get("person") or told.get("agent", ""), told.get("to", "")


def _tell_times(times: int) -> str:
    return "" if times == 1 else f", {counted(times, 'time')}"
