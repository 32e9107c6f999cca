"""Who is on call, for pages and lists: the same answer as for paging, because it is asked of the same rotas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ivr.directory.organisation import Organisation
from ivr.rotas.live import with_live_rotas
from ivr.rotas.reachability import find_unreached, list_at_risk
from routing.rota import Rota, Turn, in_line, next_on_call, on_call, on_duty, turns

LOOK_AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A rota at an instant: who is responsible, who else is on call, who is next, and until when that is so.

    ``unreached_since``: whoever is responsible was not reached before their shift, and ``backup`` is paged beside them.
    ``next_unreached``: whoever takes over at ``until`` was not reached so far, by their name.
    """

    rota: str
    on_call: str
    beside: tuple[str, ...]
    next: str | None
    until: datetime
    unreached_since: datetime | None = None
    backup: str | None = None
    next_unreached: str | None = None


@dataclass(frozen=True, slots=True)
class PersonalShift:
    """A stretch of one person on a rota, hand-overs to themselves left out. ``first``: they are the responsible one."""

    rota: str
    start: datetime
    end: datetime
    first: bool


def list_on_duty(
    connection: Connection, organisation: Organisation, at: datetime, rotas: tuple[str, ...] = ()
) -> Iterator[OnDuty]:
    """Who is on call at the instant, for each of the ``rotas`` given, else for all."""
    live = with_live_rotas(connection, organisation, at)
    at_risk = list_at_risk(connection)
    for name in rotas or sorted(live.rotas):
        rota = live.rotas[name]
        first, *beside = on_duty(rota, at)
        ahead = joined(turns(rota, at, at + timedelta(days=62)))
        since = find_unreached(connection, rota, at)
        yield OnDuty(
            name,
            first,
            tuple(beside),
            next(iter(in_line(rota, at)[1:]), None),
            ahead[0].end,
            since,
            find_backup(rota, at) if since is not None else None,
            next((one.person for one in ahead[1:2] if (name, one.person) in at_risk and one.person != first), None),
        )


def find_backup(rota: Rota, at: datetime) -> str | None:
    """Who is paged at once beside whoever is on call and was not reached; None: whoever the escalation pages next.

    A named backup whose own shift it is stands behind nobody.
    """
    named = rota.drill.backup if rota.drill is not None else None
    return next_on_call(rota, at) if named in (None, on_call(rota, at)) else named


def list_shifts(
    connection: Connection, organisation: Organisation, person: str, start: datetime, end: datetime
) -> list[PersonalShift]:
    """The shifts of a person from ``start`` to ``end`` on every rota, in the order in which they begin."""
    live = with_live_rotas(connection, organisation, start)
    found = [shift for name in live.rotas for shift in shifts_on(live, name, person, start, end)]
    return sorted(found, key=lambda shift: (shift.start, shift.rota))


def shifts_on(live: Organisation, rota: str, person: str, start: datetime, end: datetime) -> Iterator[PersonalShift]:
    """The shifts of a person on one rota, of an organisation whose rotas are live."""
    held: PersonalShift | None = None
    for turn in turns(live.rotas[rota], start, end):
        if person not in (turn.person, *turn.beside):
            continue
        shift = PersonalShift(rota, turn.start, turn.end, turn.person == person)
        if held is not None and (held.end, held.first) == (shift.start, shift.first):
            held = replace(held, end=shift.end)
            continue
        if held is not None:
            yield held
        held = shift
    if held is not None:
        yield held


def joined(found: tuple[Turn, ...]) -> list[Turn]:
    """Turns with those that follow each other by the same people made one."""
    made: list[Turn] = []
    for turn in found:
        if made and (made[-1].person, made[-1].beside) == (turn.person, turn.beside):
            made[-1] = replace(made[-1], end=turn.end)
        else:
            made.append(turn)
    return made


def is_on_duty(live: Organisation, rota: str, person: str, start: datetime, end: datetime) -> bool:
    """Whether a person is on call on a rota for all of a stretch."""
    return all(person in (turn.person, *turn.beside) for turn in turns(live.rotas[rota], start, end))
