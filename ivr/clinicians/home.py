"""What a clinician sees at ``/oncall``: what is open of theirs, who is on call, their shifts, swaps and covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from ivr.calls.configuration import call_row, line_name, line_zone, newest
from ivr.clinicians import items
from ivr.core.unit_of_work import Work
from ivr.directory.organisation import Organisation
from ivr.oncall import dial_in, heard_contact, pages
from ivr.oncall.tables import PAGE_IS_OPEN, page
from ivr.oncall.text_troubles import TextTrouble, list_troubles
from ivr.oncall.texts import find_practice_number
from ivr.rotas.duties import OnDuty, PersonalShift, list_on_duty, list_shifts, shifts_on
from ivr.rotas.live import ends_at, list_covers, with_live_rotas
from ivr.rotas.swaps import list_swaps
from routing.rota import in_line

AHEAD = timedelta(days=28)
COVER_HOURS = (1, 2, 4, 8, 12)


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An open item: nothing of the patient, which is on its card."""

    row: Row[Any]
    token: str
    practice: str
    zone: str
    urgency: str
    minutes: int
    contact: bool
    offered: bool
    number: str
    dial_in: str


@dataclass(frozen=True, slots=True)
class Ring:
    """A page that is open to the person now."""

    token: str
    practice: str
    made_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift on the clocks of its rota; ``value`` is how a form names it."""

    shift: PersonalShift
    person: str
    zone: str
    value: str


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on the page."""

    organisation: Organisation
    person: str
    name: str
    rings: list[Ring]
    items: list[OpenItem]
    duty: list[OnDuty]
    shifts: list[ShiftRow]
    of_others: list[ShiftRow]
    colleagues: list[str]
    swaps: list[Row[Any]]
    covers: list[Row[Any]]
    troubles: list[TextTrouble]


def read_home(work: Work, person: str) -> Home:
    """The page of a person, as it is now."""
    organisation = newest(work)
    live = with_live_rotas(work.connection, organisation, work.at)
    mine = [name for name in sorted(live.rotas) if _is_on(live, name, person, work.at)]
    shifts = list_shifts(work.connection, organisation, person, work.at, work.at + AHEAD)
    duty = list(list_on_duty(work.connection, organisation, work.at, tuple(mine))) if mine else []
    seen = {person, *(one for row in duty for one in (row.on_call, *row.beside, row.next or ""))}
    return Home(
        organisation=organisation,
        person=person,
        name=organisation.person(person).name,
        rings=list(_list_rings(work, person)),
        items=[_open_item(work, row, person) for row in items.list_items(work.connection, person)],
        duty=duty,
        shifts=[_shift_row(live, one, person) for one in shifts],
        of_others=list(_list_of_others(live, mine, person, work.at)),
        colleagues=[one for one in sorted(organisation.people) if one != person],
        swaps=[row for row in list_swaps(work.connection, work.at) if person in (row.asked_by, row.asked_of)],
        covers=[row for row in list_covers(work.connection, work.at) if _concerns(row, person, work.at)],
        troubles=list_troubles(work.connection, organisation, seen),
    )


def _is_on(live: Organisation, rota: str, person: str, at: datetime) -> bool:
    return person in in_line(live.rotas[rota], at) or any(shifts_on(live, rota, person, at, at + AHEAD))


def _list_rings(work: Work, person: str) -> Iterator[Ring]:
    still_open = page.select().where(page.c.person_id == person, PAGE_IS_OPEN).order_by(page.c.made_at)
    for row in work.connection.execute(still_open):
        about = call_row(work, row.call_id)
        yield Ring(row.token, line_name(work, about), row.made_at, line_zone(work, about))


def _open_item(work: Work, row: Row[Any], person: str) -> OpenItem:
    about, paged = call_row(work, row.id), pages.get(work, row.page_id)
    return OpenItem(
        row=row,
        token=paged.token,
        practice=line_name(work, about),
        zone=line_zone(work, about),
        urgency=about.urgency,
        minutes=int((work.at - row.opened_at) / timedelta(minutes=1)),
        contact=heard_contact.had_contact(work, row),
        offered=row.state == "offered" and row.offered_to == person and row.person_id != person,
        number=find_practice_number(work, paged),
        dial_in=dial_in.find_code(work, paged) if row.person_id == person else "",
    )


def _shift_row(live: Organisation, shift: PersonalShift, person: str) -> ShiftRow:
    value = f"{shift.rota}|{shift.start.isoformat()}|{shift.end.isoformat()}"
    return ShiftRow(shift, person, live.rotas[shift.rota].zone, value)


def _list_of_others(live: Organisation, rotas: list[str], person: str, at: datetime) -> Iterator[ShiftRow]:
    for rota in rotas:
        for other in sorted(live.people):
            if other != person:
                for one in shifts_on(live, rota, other, at, at + AHEAD):
                    yield _shift_row(live, one, other)


def _concerns(row: Row[Any], person: str, at: datetime) -> bool:
    return person in (row.person_id, row.instead_of, row.made_by) and ends_at(row) > at
