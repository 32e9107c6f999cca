"""Covers at once: somebody stands in, from an instant until another, without a new configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from ivr.audit.append import append
from ivr.core.errors import Refusal
from ivr.directory.on_call import entries_of
from ivr.directory.organisation import Organisation
from ivr.rotas.live import with_live_rotas
from ivr.rotas.tables import rota_cover
from routing.licences import may_take_pages
from routing.rota import Override, Turn, turns
from routing.spans import Span

LONGEST = timedelta(days=366)


class CoverRefused(Refusal):
    """A cover or swap that must not be; the text says why and what to do."""


def check_rota(organisation: Organisation, rota: str) -> None:
    """Raise CoverRefused for a rota that there is not."""
    if rota not in organisation.rotas:
        raise CoverRefused(f"there is no rota {rota}; name one of: {', '.join(sorted(organisation.rotas))}")


def check_stretch(organisation: Organisation, rota: str, span: Span, at: datetime) -> None:
    """Raise CoverRefused for a rota that there is not, and for a stretch that is over, empty or longer than a year."""
    check_rota(organisation, rota)
    if span.end <= max(span.start, at):
        raise CoverRefused("it is over before it begins; give a later end")
    if span.end - span.start > LONGEST:
        raise CoverRefused("it is longer than a year; write it into the configuration")


def check_person(organisation: Organisation, rota: str, person: str, at: datetime) -> None:
    """Raise CoverRefused for somebody who may not be on call on the rota at ``at``; UnknownName for nobody we know."""
    known = organisation.person(person)
    for practice, state, kinds in _asked_for(organisation, rota):
        if not may_take_pages(known.licences, state, at, kinds):
            what = f"{person} has no licence that is valid in {state} then, where {practice} has patients"
            raise CoverRefused(f"{what}; let somebody stand in who has one")


def cover(
    connection: Connection,
    organisation: Organisation,
    name: str,
    rota: str,
    person: str,
    span: Span,
    at: datetime,
    actor: str,
    *,
    instead_of: str | None = None,
    why: str | None = None,
    swap: str | None = None,
) -> None:
    """Put a cover in force under the id ``name`` and on the record: ``person`` for ``instead_of``, else for anybody."""
    check_stretch(organisation, rota, span, at)
    check_person(organisation, rota, person, span.start)
    if instead_of is not None:
        organisation.person(instead_of)
    if instead_of == person:
        raise CoverRefused("nobody stands in for themselves; name somebody else")
    _check_changes(connection, organisation, rota, Override(*span, person, instead_of), at)
    row = {"id": name, "rota_id": rota, "person_id": person, "instead_of": instead_of, "swap_id": swap, "why": why}
    times = {"begins_at": span.start, "ends_at": span.end, "made_by": actor, "made_at": at}
    connection.execute(insert(rota_cover).values(**row, **times))
    append(connection, at=at, actor=actor, action="rota.cover", outcome="ok", object_id=name, reason=why)


def _check_changes(
    connection: Connection, organisation: Organisation, name: str, wanted: Override, at: datetime
) -> None:
    """Raise CoverRefused for a cover by which nobody else would be on call than is anyway."""
    rota = with_live_rotas(connection, organisation, at).rotas[name]
    covered = replace(rota, overrides=(*rota.overrides, wanted))
    stretch = max(wanted.start, at), wanted.end
    if [_who(one) for one in turns(rota, *stretch)] != [_who(one) for one in turns(covered, *stretch)]:
        return
    if wanted.instead_of is not None:
        what = f"{wanted.instead_of} is not on call on {name} in that time, so that nobody would stand in for them"
        raise CoverRefused(f"{what}; look it up with: sunline rota shifts {wanted.instead_of}")
    what = f"{wanted.person} is on call on {name} for all of that time anyway"
    raise CoverRefused(f"{what}; look it up with: sunline rota shifts {wanted.person}")


def _who(turn: Turn) -> tuple[datetime, datetime, str, tuple[str, ...]]:
    return turn.start, turn.end, turn.person, turn.beside


def end_cover(connection: Connection, name: str, at: datetime, actor: str) -> bool:
    """End a cover now, or undo one that is to come; False where none of that id stands.

    Raises CoverRefused for one half of a swap: the other would give somebody both shifts.
    """
    swap = connection.execute(select(rota_cover.c.swap_id).where(rota_cover.c.id == name)).scalar()
    if swap is not None:
        raise CoverRefused(
            f"{name} is one half of a swap; take back the whole with: sunline rota withdraw-swap {swap} --as PERSON"
        )
    standing = rota_cover.c.id == name, rota_cover.c.ended_at.is_(None), rota_cover.c.ends_at > at
    ended = connection.execute(update(rota_cover).where(*standing).values(ended_at=at, ended_by=actor)).rowcount
    if ended:
        append(connection, at=at, actor=actor, action="rota.uncover", outcome="ok", object_id=name)
    return bool(ended)


def end_covers_of(connection: Connection, swap: str, at: datetime, actor: str) -> None:
    """End those covers of a swap that stand. The swap itself goes on the record."""
    standing = rota_cover.c.swap_id == swap, rota_cover.c.ended_at.is_(None), rota_cover.c.ends_at > at
    connection.execute(update(rota_cover).where(*standing).values(ended_at=at, ended_by=actor))


def _asked_for(organisation: Organisation, rota: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """For which practices the rota is on call, in which states, and by which kinds of licence."""
    for name, practice in organisation.practices.items():
        for location, _, entry in entries_of(practice):
            if entry.rota == rota:
                yield name, practice.locations[location].state, entry.licences or ()
