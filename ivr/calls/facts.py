"""Facts about the call, the practice and the patient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from callflows.values import more_urgent
from ivr.callbacks.tables import promise
from ivr.calls.configuration import STRANGER, call_row, newest_for, pinned
from ivr.calls.events import record
from ivr.calls.identity_throttle import too_often
from ivr.calls.requests import fact
from ivr.calls.tables import call
from ivr.calls.whereabouts import to_tell
from ivr.closures.register import live_calendar, words
from ivr.core.times import spoken
from ivr.core.unit_of_work import Work
from ivr.oncall.audit_trail import note_heard
from ivr.oncall.tables import escalation, page
from ivr.patients.lookup import Match, matches
from routing.hours import is_open

COMPLAINT = "call.complaint"


@fact("opening")
def opening(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether the location is open now, by the newest configuration, and what is said of a closure in force."""
    about = call_row(work, leg.call_id)
    if about.practice_id == STRANGER:
        return {"open": "no"}
    place = (about.practice_id, about.location_id)
    opened = is_open(live_calendar(work.connection, newest_for(work, about), *place, work.at), work.at)
    closure = "" if opened else words(work.connection, *place, about.language, work.at)
    return {"open": "yes" if opened else "no", "closure": closure}


@fact("patient_match")
def patient_match(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether exactly one record matches everything the caller gave. Never says which item failed."""
    row = call_row(work, leg.call_id)
    rule = pinned(work, leg.call_id).practice(row.practice_id).identity.L1
    match = matches(
        work.connection,
        work.services.cipher,
        row.practice_id,
        about,
        need=len(about),
        require=tuple(item for item in rule.require if item in about),
    )
    # Looked up first: a refused guess must cost the same time and get the same words as a wrong one.
    if too_often(work, row):
        match = Match("none")
    record(work, "identity-tried", row.id, found=match.kind)
    return {"found": match.kind, "patient": match.patient_id or ""}


@fact("promise_due")
def promise_due(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """By when the newest promise of this call is due, as it is said in the caller's language and zone."""
    row = call_row(work, leg.call_id)
    newest_first = (
        select(promise.c.due_at).where(promise.c.call_id == row.id).order_by(promise.c.made_at.desc(), promise.c.id)
    )
    due_at = work.connection.execute(newest_first).scalars().first() or work.at
    return {"spoken": spoken(due_at, work.at, _zone(work, row), row.language), "due": due_at.isoformat()}


@fact("page_summary")
def page_summary(work: Work, leg: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """What the clinician hears after the PIN: urgency, language, source, whereabouts and the caller's own words."""
    row = call_row(work, leg.call_id)
    sealed = work.connection.execute(select(call.c.complaint_sealed).where(call.c.id == row.id)).scalar()
    words = work.services.cipher.open(row.practice_id, COMPLAINT, sealed) if sealed else ""
    source = (row.service or "").removeprefix("backline-") if (row.service or "").startswith("backline-") else ""
    known = source if source in ("hospital", "laboratory", "pharmacy") else ""
    note_heard(work, leg, row)
    return {
        "urgency": _page_urgency(work, leg, row.urgency),
        "language": row.language,
        "complaint": words,
        "source": known,
        **to_tell(work, row, leg.person_id),
    }


def _page_urgency(work: Work, leg: Row[Any], urgency: str) -> str:
    """The call's urgency, or that of the page where it is higher: an agent's consult is urgent in a routine call."""
    paged = select(escalation.c.urgency).join(page, page.c.escalation_id == escalation.c.id)
    wanted = work.connection.execute(paged.where(page.c.id == leg.errand_id)).scalar()
    return more_urgent(urgency, wanted or urgency)


def _zone(work: Work, row: Row[Any]) -> str:
    if row.practice_id == STRANGER:
        return "UTC"
    return pinned(work, row.id).location(row.practice_id, row.location_id).timezone
