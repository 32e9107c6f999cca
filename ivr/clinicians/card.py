"""What a clinician's card of a call tells: who, where, what is wrong, what was heard, and what happens next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import structlog
from dateutil.relativedelta import relativedelta
from sqlalchemy import Row, and_, or_, select

from callflows.call_record.callers import describe_proof
from callflows.call_record.heard import NO_FLAG
from callflows.call_record.record import CallRecord
from callflows.clinician_card import WORDS, CardFacts, decide_state, list_actions
from ivr.calls import legs, talks
from ivr.calls.configuration import call_row, line_name, line_zone, newest
from ivr.calls.whereabouts import describe_whereabouts
from ivr.clinicians import items, notes
from ivr.core.counting import counted
from ivr.core.unit_of_work import Work
from ivr.jobs.timers import find_due
from ivr.oncall import dial_in, escalations, heard_contact, ladder, rings
from ivr.oncall.page_access import is_theirs
from ivr.oncall.summary import find_address, open_complaint
from ivr.oncall.tables import escalation, page
from ivr.oncall.texts import find_practice_number
from ivr.patients.card import read_card
from ivr.professionals.proof import read_proof
from routing.zones import to_local

logger = structlog.get_logger(__name__)

NOT_KNOWN = "not known: no record system is connected"
_TAKEN_BY = select(escalation.c.accepted_by).where(escalation.c.state == "accepted")


@dataclass(frozen=True, slots=True)
class Flag:
    """A red flag, or an answer that raised the level: what was asked and how the answer was heard."""

    asked: str = field(repr=False)
    answer: str = field(repr=False)
    heard: str
    flag: str


@dataclass(frozen=True, slots=True)
class Next:
    """When the call is passed on, ``seconds`` from now, and who is rung then; "" where that is not sure."""

    person: str
    at: datetime
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One call, as its clinician sees it."""

    call: Row[Any]
    page: Row[Any]
    state: str
    actions: tuple[str, ...]
    zone: str
    practice: str
    proof: str
    who: str = field(repr=False)
    age: str = field(repr=False)
    place: Mapping[str, str]
    address: str = field(repr=False)
    words: str = field(repr=False)
    flags: tuple[Flag, ...] = field(repr=False)
    next: Next | None
    caller_here: bool
    has_number: bool
    contact: bool
    item: Row[Any] | None
    notes: list[notes.Note] = field(repr=False)
    record: CallRecord | None = field(repr=False)
    dial_in: str
    number: str
    medicines: str = NOT_KNOWN
    allergies: str = NOT_KNOWN

    @property
    def headline(self) -> str:
        """How things stand, in words."""
        return WORDS[self.state]


def read_card_of(work: Work, row: Row[Any]) -> Card:
    """The card of the page ``row``. Whoever reads it leaves a row in the audit trail."""
    about = call_row(work, row.call_id)
    record = read_record(work, row.call_id)
    item = items.find_item(work.connection, about.id)
    contact = _had_contact(work, row, item)
    here = bool(legs.list_parties(work, about.id, "caller"))
    has_number = work.services.features.has_number(work, about.id)
    facts = _facts(work, row, item, contact=contact)
    state = decide_state(facts)
    who, age = _describe_patient(work, about, record)
    proof = read_proof(work.connection, about)
    return Card(
        call=about,
        page=row,
        state=state,
        actions=list_actions(state, has_number=has_number or here, item=facts.item),
        zone=line_zone(work, about),
        practice=line_name(work, about),
        proof=describe_proof(proof.how, proof.organisation),
        who=who,
        age=age,
        place=describe_whereabouts(work, about, row.person_id),
        address=find_address(work, about),
        words=open_complaint(work, about),
        flags=_list_flags(record),
        next=_find_next(work, row),
        caller_here=here,
        has_number=has_number,
        contact=contact,
        item=item,
        notes=notes.list_notes(work, about),
        record=record,
        dial_in=dial_in.find_code(work, row),
        number=find_practice_number(work, row),
    )


def find_state(work: Work, row: Row[Any]) -> str:
    """The state of the card of a page, and nothing about its patient."""
    item = items.find_item(work.connection, row.call_id)
    return decide_state(_facts(work, row, item, contact=_had_contact(work, row, item)))


def find_who_took(work: Work, row: Row[Any]) -> str:
    """The name of the colleague who accepted the call of a page; "" where nobody did."""
    taken = work.connection.execute(_TAKEN_BY.where(escalation.c.call_id == row.call_id)).scalars().first()
    person = newest(work).people.get(taken or "")
    return person.name if person is not None else ""


def read_record(work: Work, call_id: str) -> CallRecord | None:
    """The record of the call; None where it fails, because the rest of the card is needed now."""
    try:
        with work.connection.begin_nested():
            return work.services.features.read_call_record(work.connection, work.services.cipher, call_id)
    except Exception as problem:
        logger.error("call_record_failed", call=call_id, exc_info=problem)
        return None


def _had_contact(work: Work, row: Row[Any], item: Row[Any] | None) -> bool:
    if item is not None:
        return heard_contact.had_contact(work, item)
    return row.state == "accepted" and heard_contact.heard_contact(work, row.call_id, row.ended_at)


def _lacks_item(work: Work, row: Row[Any], item: Row[Any] | None) -> bool:
    """Whether a call was accepted that is no open item of anybody, because nobody in it is known to be ill."""
    return row.state == "accepted" and item is None and not items.opens_item(work, row.call_id)


def _facts(work: Work, row: Row[Any], item: Row[Any] | None, *, contact: bool) -> CardFacts:
    living = legs.list_parties(work, row.call_id)
    mine = [one for one in legs.list_living(work, row.call_id, rings.ROLE) if one.subject_id == row.id]
    is_mine = is_theirs(item, row)
    return CardFacts(
        page=row.state if is_mine or row.state != "accepted" else "passed",
        others=row.escalation_state == "accepted" or not is_mine,
        done=item is not None and is_mine and item.state == items.DONE,
        contact=contact,
        on_telephone=bool(mine),
        joined=any(talks.is_bound(one) for one in mine),
        caller=any(one.role == "caller" for one in living),
        patient=bool(legs.list_living(work, row.call_id, "patient")),
        item=not _lacks_item(work, row, item),
    )


def _describe_patient(work: Work, about: Row[Any], record: CallRecord | None) -> tuple[str, str]:
    """Who it is, where a record was matched, and how old."""
    told = _item(record, "Age and pregnancy")
    patient_id, cipher = about.patient_id, work.services.cipher
    found = read_card(work.connection, cipher, about.practice_id, patient_id) if patient_id is not None else None
    if found is None:
        return "not known: matched with no record", told
    return found.name or "not known: the record has no name", _age(work, found.date_of_birth, about) or told


def _age(work: Work, born: str | None, about: Row[Any]) -> str:
    try:
        day = date.fromisoformat(born or "")
    except ValueError:
        return ""
    years = relativedelta(to_local(work.at, line_zone(work, about)).date(), day)
    months = years.years * 12 + years.months
    return counted(years.years, "year") if years.years >= 2 else counted(months, "month")


def _item(record: CallRecord | None, name: str) -> str:
    if record is None:
        return "not known: the record cannot be shown"
    item = record.item(name)
    return str(item.value) if item.value else f"not known: {item.missing}"


def _list_flags(record: CallRecord | None) -> tuple[Flag, ...]:
    if record is None:
        return ()
    rows = record.part("Questions").rows
    return tuple(Flag(str(row[1]), str(row[2]), str(row[3]), str(row[4])) for row in rows if row[4] != NO_FLAG)


def _find_next(work: Work, row: Row[Any]) -> Next | None:
    """What comes once this page's time is over; None where it is not open."""
    due_at = find_due(work, "page_over", row.id)
    if row.state != "open" or due_at is None:
        return None
    person = newest(work).people.get(_find_next_person(work, row, due_at) or "")
    seconds = max(0, int((due_at - work.at).total_seconds()))
    return Next(person.name if person is not None else "", due_at, seconds)


def _find_next_person(work: Work, row: Row[Any], due_at: datetime) -> str | None:
    """Whom the next step pages, where that is sure: they can be rung for the call by then, have not refused it, are not
    asked for it beside this page, and are not on the telephone.
    """
    climbing = escalations.get(work, row.escalation_id)
    if climbing.step + 1 >= len(climbing.steps):
        return None
    person: str | None = climbing.steps[climbing.step + 1]["person"]
    if person is None or rings.find_engaged(work, [person]):
        return None
    asked = page.c.escalation_id == row.escalation_id, page.c.id != row.id
    refused = and_(page.c.person_id == person, page.c.state == "declined")
    in_the_way = select(page.c.id).where(*asked, or_(page.c.state == "open", refused))
    rested_at = ladder.find_rung_lately(work, row.call_id).get(person)
    is_sure = work.connection.execute(in_the_way).first() is None and (rested_at is None or rested_at <= due_at)
    return person if is_sure else None
