"""What a clinician is told of a call after the PIN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from callflows.values import more_urgent
from callflows.vocabulary import DialHelpLine, DialHouse, Request, Spoke
from ivr.calls import legs, log
from ivr.calls.configuration import call_row
from ivr.calls.tables import COMPLAINT, call, leg
from ivr.calls.whereabouts import describe_whereabouts
from ivr.core.cipher import name_row
from ivr.core.unit_of_work import Work
from ivr.oncall.audit_trail import note_heard
from ivr.oncall.next_call import read_wanted_calls
from ivr.oncall.tables import escalation, page
from ivr.professionals.proof import read_proof


def page_summary(work: Work, paged: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """What the clinician hears after the PIN: urgency, language, who calls and what proves it, whereabouts, own words.

    Also how many calls the ring is for. Where another one comes first, nothing of this one is read.
    """
    wanted = read_wanted_calls(work, paged, {})
    if wanted["first"] == "another":
        return wanted
    row = call_row(work, paged.call_id)
    source = (row.service or "").removeprefix("backline-") if (row.service or "").startswith("backline-") else ""
    known = source if source in ("hospital", "laboratory", "pharmacy") else ""
    note_heard(work, paged, row)
    return {
        **wanted,
        "urgency": _page_urgency(work, paged, row.urgency),
        "language": row.language,
        "complaint": open_complaint(work, row),
        "source": known,
        "address": find_address(work, row),
        "on_help_line": "yes" if is_connected(work, row, DialHelpLine) else "",
        "at_house": "yes" if is_connected(work, row, DialHouse) else "",
        **describe_whereabouts(work, row, paged.person_id),
        **read_proof(work.connection, row).as_fact(),
    }


def open_complaint(work: Work, about: Row[Any]) -> str:
    """The caller's own words, unsealed; empty where the caller said none."""
    sealed = about.complaint_sealed
    return work.services.cipher.open(about.practice_id, COMPLAINT, name_row(call, about.id), sealed) if sealed else ""


def find_address(work: Work, about: Row[Any]) -> str:
    """Where the caller said the patient is, from the answers of their leg; empty where they did not say."""
    said = ""
    for row in work.connection.execute(select(leg).where(leg.c.call_id == about.id, leg.c.role == "caller")):
        for entry in log.entries(work, row):
            if entry.key.endswith("/address") and isinstance(entry.answer, Spoke):
                said = entry.answer.words
    return said


def is_connected(work: Work, about: Row[Any], kind: type[Request]) -> bool:
    """Whether the caller is put through to somebody else now, from whom whoever accepts takes them."""
    callers = legs.list_living(work, about.id, "caller")
    return any(row.pending_kind == kind.__name__ for row in callers)


def _page_urgency(work: Work, leg: Row[Any], urgency: str) -> str:
    """The call's urgency, or that of the page where it is higher: an agent's consult is urgent in a routine call."""
    paged = select(escalation.c.urgency).join(page, page.c.escalation_id == escalation.c.id)
    wanted = work.connection.execute(paged.where(page.c.id == leg.subject_id)).scalar()
    return more_urgent(urgency, wanted or urgency)
