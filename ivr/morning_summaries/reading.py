"""Reading what happened in a night, from the tables of those who know it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from ivr.call_records.people import PAGE_ENDS
from ivr.callbacks.messages import list_taken
from ivr.callbacks.promise_listing import list_promises
from ivr.calls.events import ALERTS, list_events
from ivr.calls.places import Place
from ivr.calls.tables import call
from ivr.clinicians.items import DONE, list_items_of
from ivr.directory.organisation import Organisation
from ivr.morning_summaries.register import find_zone
from ivr.morning_summaries.summary import AlertLine, ClinicalCall, MorningSummary, OpenCall, PageLine, Promises
from ivr.oncall.pages import list_pages
from ivr.responsibility.open_care import list_care
from ivr.responsibility.tables import OPEN
from routing.spans import Span

CLINICAL, PROFESSIONAL, UNSAID = "clinical", "professional", "nothing chosen"
"""What a call was about, beside the services of the practice."""
DROPPED = ("hung-up", "hung up", "hung up, care goes on", "never answered", None)
"""Outcomes of callers who were gone before they were served; None where the conversation never came to an end."""
HAND_OVERS = ("item-handed-over", "item-taken", "handed-to-backup", "transfer-asked")

Rows = Sequence[Row[Any]]


def read_summary(connection: Connection, organisation: Organisation | None, row: Row[Any]) -> MorningSummary:
    """Everything that happened in the night of ``row``; not what was said in it, which stays sealed."""
    place, night = Place(row.practice_id, row.location_id), Span(row.begins_at, row.ends_at)
    came_in, pages = _list_calls(connection, place, night), list_pages(connection, place, night)
    paged = {one.call_id for one in pages}
    clinical = [one for one in came_in if one.symptom or one.id in paged]
    clinical += _find_calls(connection, paged - {one.id for one in came_in})
    ids = {one.id for one in clinical}
    care = {one.id: one for one in list_care(connection, place, night.end, ids)}
    items = {one.id: one for one in list_items_of(connection, place, night.end, ids)}
    promises, messages = _promises(list_promises(connection, place, night), night), list_taken(connection, place, night)
    hand_overs, alerts = (list_events(connection, place, kinds, night) for kinds in (HAND_OVERS, ALERTS))
    known = {one.id: one for one in (*came_in, *clinical)}
    others = _named_in(
        (*promises.kept, *promises.missed, *promises.open, *promises.overdue, *messages, *hand_overs, *alerts)
    )
    known |= {one.id: one for one in _find_calls(connection, {*others, *care, *items} - known.keys())}
    return MorningSummary(
        id=row.id,
        place=place,
        night=night,
        zone=find_zone(organisation, place),
        kinds=_count_kinds(came_in, _professional_lines(organisation, place)),
        clinical=[ClinicalCall(one, care.get(one.id), items.get(one.id)) for one in clinical],
        pages=list(_list_paged(pages)),
        promises=promises,
        messages=messages,
        dropped=[one for one in came_in if one.ended_at is not None and one.outcome in DROPPED],
        hand_overs=hand_overs,
        open_calls=list(_list_open(care, items, known, night)),
        alerts=list(_list_alerts(alerts)),
        calls=known,
    )


def _list_calls(connection: Connection, place: Place, night: Span) -> Rows:
    """The calls that came in; not our own, by which a clinician is tested before a shift."""
    then = (call.c.created_at >= night.start) & (call.c.created_at < night.end) & (call.c.direction == "inbound")
    return connection.execute(select(call).where(then, place.has_call()).order_by(call.c.created_at, call.c.id)).all()


def _find_calls(connection: Connection, ids: Collection[str]) -> list[Row[Any]]:
    wanted = select(call).where(call.c.id.in_(ids)).order_by(call.c.created_at, call.c.id)
    return list(connection.execute(wanted)) if ids else []


def _named_in(rows: Iterable[Row[Any]]) -> set[str]:
    return {one.call_id for one in rows}


def _count_kinds(calls: Rows, professional_lines: Collection[str]) -> Mapping[str, int]:
    counted = Counter(_kind(one, professional_lines) for one in calls)
    return dict(sorted(counted.items(), key=lambda one: (one[0] != CLINICAL, -one[1], one[0])))


def _kind(one: Row[Any], professional_lines: Collection[str]) -> str:
    if one.dialled in professional_lines:
        return PROFESSIONAL
    return CLINICAL if one.symptom else one.service or UNSAID


def _professional_lines(organisation: Organisation | None, place: Place) -> Collection[str]:
    practice = organisation.practices.get(place.practice_id) if organisation else None
    return practice.backline.numbers if practice is not None and practice.backline is not None else ()


def _list_paged(rows: Rows) -> Iterator[PageLine]:
    for (call_id, person_id, step, state), alike in _group(rows, ("call_id", "person_id", "step", "state")):
        took = [(one.ended_at - one.made_at).total_seconds() for one in alike if one.ended_at is not None]
        yield PageLine(
            call_id=call_id,
            person_id=person_id,
            step=step,
            end=PAGE_ENDS.get(state, state),
            times=len(alike),
            first_at=alike[0].made_at,
            last_at=alike[-1].made_at,
            seconds=int(max(took)) if took else None,
        )


def _list_alerts(rows: Rows) -> Iterator[AlertLine]:
    alike: dict[tuple[str, str], list[datetime]] = {}
    for one in rows:
        alike.setdefault((one.call_id, one.data.get("what") or one.kind), []).append(one.at)
    for (call_id, what), times in alike.items():
        yield AlertLine(call_id, what, len(times), times[0], times[-1])


def _group(rows: Rows, names: Sequence[str]) -> Iterable[tuple[tuple[Any, ...], Rows]]:
    """Rows that are alike in some columns, in the order in which each sort came first."""
    found: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for one in rows:
        found.setdefault(tuple(getattr(one, name) for name in names), []).append(one)
    return found.items()


def _promises(rows: Rows, night: Span) -> Promises:
    settled = [one for one in rows if one.ended_at is not None and one.ended_at < night.end]
    still_open = [one for one in rows if one.ended_at is None or one.ended_at >= night.end]
    return Promises(
        kept=[one for one in settled if one.state == "kept"],
        missed=[one for one in settled if one.state == "missed"],
        open=[one for one in still_open if one.due_at >= night.end],
        overdue=[one for one in still_open if one.due_at < night.end],
    )


def _list_open(
    care: Mapping[str, Row[Any]], items: Mapping[str, Row[Any]], calls: Mapping[str, Row[Any]], night: Span
) -> Iterator[OpenCall]:
    """The calls without contact, or without an outcome, at the end of the night: the oldest first."""
    found = (_open_call(calls[one], care.get(one), items.get(one), night) for one in {**care, **items})
    yield from sorted((one for one in found if one is not None), key=lambda one: (one.opened_at, one.call.id))


def _open_call(about: Row[Any], care: Row[Any] | None, item: Row[Any] | None, night: Span) -> OpenCall | None:
    rows = [one for one in (item, care) if one is not None and one.opened_at < night.end]
    waits = any(_waited(one, night) for one in rows if one is care)
    undone = [one for one in rows if one is item and _is_undone(one.ended_at, night)]
    if not (waits or undone):
        return None
    return OpenCall(
        call=about,
        opened_at=min(one.opened_at for one in rows),
        person_id=next((one.person_id for one in rows if one.person_id), ""),
        no_contact=waits,
        no_outcome=any(_is_undone(one.outcome_at, night) for one in undone),
        since_closed=(care is None or care.state not in OPEN) and (item is None or item.state == DONE),
    )


def _waited(care: Row[Any], night: Span) -> bool:
    return care.state in OPEN or (care.contact_at or care.changed_at) >= night.end


def _is_undone(at: datetime | None, night: Span) -> bool:
    """Whether what was done ``at`` some time, or never, was still to be done at the opening."""
    return at is None or at >= night.end
