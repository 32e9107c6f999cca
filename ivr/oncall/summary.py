"""What a clinician is told of a call after the PIN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select

from callflows.engine.replay import Entry
from callflows.handing_over import find_age, find_flag, list_raised
from callflows.values import Question, more_urgent
from callflows.vocabulary import DialHelpLine, DialHouse, Request, Spoke
from ivr.calls import legs, log
from ivr.calls.configuration import call_row
from ivr.calls.effects import caller_view
from ivr.calls.event_tables import event
from ivr.calls.tables import COMPLAINT, call, leg
from ivr.calls.whereabouts import describe_whereabouts
from ivr.core.cipher import name_row
from ivr.core.unit_of_work import Work
from ivr.oncall.audit_trail import note_heard
from ivr.oncall.next_call import read_wanted_calls
from ivr.oncall.page_accept import is_taken
from ivr.oncall.returning import list_continued
from ivr.oncall.tables import escalation, page
from ivr.professionals.proof import read_proof

ENGLISH = "en-US"
"""The language of clinicians."""


def page_summary(work: Work, paged: Row[Any], asked: Mapping[str, str]) -> Mapping[str, str]:
    """What the clinician hears after the PIN: urgency, language, who calls and what proves it, whereabouts, own words.

    Also how many calls the ring is for. Where another one comes first, nothing of this one is read, unless it is
    ``accepted`` already.
    """
    wanted = read_wanted_calls(work, paged, {})
    if is_taken(work, paged):
        # They have read the card in a browser. Nothing of it is said again: the caller waits for them.
        urgency = _page_urgency(work, paged, call_row(work, paged.call_id).urgency)
        return {**wanted, "taken": "yes", "urgency": urgency}
    if wanted["first"] == "another" and not asked.get("accepted"):
        return wanted
    row = call_row(work, paged.call_id)
    source = (row.service or "").removeprefix("backline-") if (row.service or "").startswith("backline-") else ""
    known = source if source in ("hospital", "laboratory", "pharmacy") else ""
    _note_heard(work, paged, row)
    entries = _entries(work, row)
    return {
        **wanted,
        "urgency": _page_urgency(work, paged, row.urgency),
        "language": row.language,
        "complaint": open_complaint(work, row),
        "source": known,
        "address": find_address(work, row),
        "age": find_age(entries),
        "flag": find_flag(entries, _questions(work, row)) if row.urgency == "emergent" else "",
        "on_help_line": "yes" if is_connected(work, row, DialHelpLine) else "",
        "continues": "yes" if list_continued(work, row.id) else "",
        "at_house": "yes" if is_connected(work, row, DialHouse) else "",
        **describe_whereabouts(work, row, paged.person_id),
        **read_proof(work.connection, row).as_fact(),
    }


def page_more(work: Work, paged: Row[Any], _about: Mapping[str, str]) -> Mapping[str, str]:
    """What the summary has no time for: words and address whole, the screening, and what was said and done so far."""
    row = call_row(work, paged.call_id)
    asked, raised = list_raised(_entries(work, row), _questions(work, row))
    _note_heard(work, paged, row)
    return {
        "complaint": open_complaint(work, row),
        "address": find_address(work, row),
        "asked": str(asked),
        "raised": " ".join(dict(one.ask).get(ENGLISH, one.ask[0][1]) for one in raised),
        "level": row.caller_level or row.identity_level or "L0",
        "told_911": "yes" if row.urgency == "emergent" else "",
        "with_agent": "yes" if _has_talked_with_agent(work, row) else "",
        "promised": "yes" if _was_promised(work, row) else "",
    }


def _has_talked_with_agent(work: Work, about: Row[Any]) -> bool:
    talked = event.c.call_id == about.id, event.c.kind == "talked"
    noted = work.connection.execute(select(event.c.data).where(*talked)).scalars()
    return any(data["role"] == "agent" for data in noted)


def _was_promised(work: Work, about: Row[Any]) -> bool:
    promised = select(event.c.id).where(event.c.call_id == about.id, event.c.kind == "promised")
    return work.connection.execute(promised).first() is not None


def _questions(work: Work, about: Row[Any]) -> tuple[Question, ...]:
    """Every screening question of the practice."""
    callers = work.connection.execute(select(leg).where(leg.c.call_id == about.id, leg.c.role == "caller")).all()
    screens = caller_view(work, callers[0]).practice.screens() if callers else ()
    return tuple(one for screen in screens for one in screen.questions)


def list_story(work: Work, about: Row[Any]) -> list[Row[Any]]:
    """The calls that go on in this one, and it last: whoever calls again need not say everything again."""
    before = [call_row(work, news.data["of"]) for news in list_continued(work, about.id)]
    return [*(one for earlier in before for one in list_story(work, earlier)), about]


def _entries(work: Work, about: Row[Any]) -> list[Entry]:
    """What the caller has answered, on each of their legs, in the calls before too."""
    return [entry for row in _list_legs(work, about) for entry in log.entries(work, row)]


def _list_legs(work: Work, about: Row[Any]) -> list[Row[Any]]:
    roles = work.services.features.roles
    sides = [name for name, role in roles.items() if role.talks_as == "caller"]
    calls = [one.id for one in list_story(work, about)]
    theirs = select(leg).where(leg.c.call_id.in_(calls), leg.c.role.in_(sides))
    return list(work.connection.execute(theirs.order_by(leg.c.created_at, leg.c.id)))


def open_complaint(work: Work, about: Row[Any]) -> str:
    """The caller's own words, unsealed, the newest of their story; empty where they said none."""
    said = [one for one in list_story(work, about) if one.complaint_sealed]
    if not said:
        return ""
    last = said[-1]
    return work.services.cipher.open(last.practice_id, COMPLAINT, name_row(call, last.id), last.complaint_sealed)


def _note_heard(work: Work, paged: Row[Any], about: Row[Any]) -> None:
    for one in list_story(work, about):
        note_heard(work, paged, one)


def find_address(work: Work, about: Row[Any]) -> str:
    """Where it was said last that the patient is; empty where nobody said."""
    said = ""
    for entry in _entries(work, about):
        if entry.key.endswith("/address") and isinstance(entry.answer, Spoke):
            said = entry.answer.words
    return said


def is_connected(work: Work, about: Row[Any], kind: type[Request]) -> bool:
    """Whether the caller, or the patient who was rung, is put through to somebody else now, from whom whoever accepts
    takes them.
    """
    return any(row.pending_kind == kind.__name__ for row in legs.list_parties(work, about.id, "caller"))


def _page_urgency(work: Work, leg: Row[Any], urgency: str) -> str:
    """The call's urgency, or that of the page where it is higher: an agent's consult is urgent in a routine call."""
    paged = select(escalation.c.urgency).join(page, page.c.escalation_id == escalation.c.id)
    wanted = work.connection.execute(paged.where(page.c.id == leg.subject_id)).scalar()
    return more_urgent(urgency, wanted or urgency)
