"""Swaps: one asks, the other agrees, and only then does it hold. Either may take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from ivr.audit.append import append
from ivr.directory.organisation import Organisation
from ivr.rotas.covers import CoverRefused, check_person, check_stretch, cover, end_covers_of
from ivr.rotas.duties import is_on_duty
from ivr.rotas.live import with_live_rotas
from ivr.rotas.tables import rota_swap
from routing.spans import Span


@dataclass(frozen=True, slots=True)
class Swap:
    """``asked_by`` gives ``gives`` to ``asked_of``, for ``takes`` of theirs where that is given."""

    rota: str
    asked_by: str
    gives: Span
    asked_of: str
    takes: Span | None = None


def check_swap(connection: Connection, organisation: Organisation, swap: Swap, at: datetime) -> None:
    """Raise CoverRefused where one of them does not have the stretch that is theirs, or may not have the other's."""
    live = with_live_rotas(connection, organisation, at)
    if swap.asked_by == swap.asked_of:
        raise CoverRefused("nobody swaps with themselves; name somebody else")
    given = [(swap.asked_by, swap.gives, swap.asked_of)]
    if swap.takes is not None:
        given.append((swap.asked_of, swap.takes, swap.asked_by))
    for giver, span, taker in given:
        check_stretch(live, swap.rota, span, at)
        live.person(giver)
        check_person(live, swap.rota, taker, span.start)
        if not is_on_duty(live, swap.rota, giver, *span):
            what = f"{giver} is not on call on {swap.rota} for all of that time"
            raise CoverRefused(f"{what}; look it up with: sunline rota shifts {giver}")


def ask_swap(
    connection: Connection, organisation: Organisation, name: str, swap: Swap, at: datetime, actor: str
) -> None:
    """Write down under the id ``name`` that a swap is asked for. Nothing changes until the other agrees."""
    check_swap(connection, organisation, swap, at)
    takes = {} if swap.takes is None else {"takes_from": swap.takes.start, "takes_until": swap.takes.end}
    connection.execute(
        insert(rota_swap).values(
            id=name,
            rota_id=swap.rota,
            asked_by=swap.asked_by,
            gives_from=swap.gives.start,
            gives_until=swap.gives.end,
            asked_of=swap.asked_of,
            made_by=actor,
            made_at=at,
            **takes,
        )
    )
    _note(connection, "rota.swap-ask", name, swap.asked_by, at, actor)


def confirm_swap(
    connection: Connection, organisation: Organisation, name: str, person: str, at: datetime, actor: str
) -> None:
    """Let a swap hold because ``person``, who was asked, agrees. Its covers have the ids ``name-1`` and ``name-2``."""
    row = find_swap(connection, name)
    if row is None or row.ended_at is not None or row.agreed_at is not None:
        raise CoverRefused(f"no swap {name} waits for an answer; see: sunline rota list")
    if person != row.asked_of:
        raise CoverRefused(f"{row.asked_of} was asked, not {person}; let them agree")
    swap = swap_of(row)
    check_swap(connection, organisation, swap, at)
    waiting = rota_swap.c.id == name, rota_swap.c.agreed_at.is_(None), rota_swap.c.ended_at.is_(None)
    if not connection.execute(update(rota_swap).where(*waiting).values(agreed_at=at, agreed_by=actor)).rowcount:
        raise CoverRefused(f"no swap {name} waits for an answer any more; see: sunline rota list")
    spans = [(swap.asked_of, swap.asked_by, swap.gives), (swap.asked_by, swap.asked_of, swap.takes)]
    for number, (taker, giver, span) in enumerate(spans, 1):
        if span is not None:
            about = {"instead_of": giver, "swap": name}
            cover(connection, organisation, f"{name}-{number}", swap.rota, taker, span, at, actor, **about)
    _note(connection, "rota.swap-confirm", name, person, at, actor)


def withdraw_swap(connection: Connection, name: str, person: str, at: datetime, actor: str) -> None:
    """Take a swap back, or undo what is still to come of one that both agreed to; ``person`` is one of the two."""
    row = find_swap(connection, name)
    if row is None or row.ended_at is not None:
        raise CoverRefused(f"no swap {name} stands; see: sunline rota list")
    if person not in (row.asked_by, row.asked_of):
        raise CoverRefused(f"the swap is between {row.asked_by} and {row.asked_of}; let one of them take it back")
    standing = rota_swap.c.id == name, rota_swap.c.ended_at.is_(None)
    if connection.execute(update(rota_swap).where(*standing).values(ended_at=at, ended_by=actor)).rowcount:
        end_covers_of(connection, name, at, actor)
        _note(connection, "rota.swap-withdraw", name, person, at, actor)


def find_swap(connection: Connection, name: str) -> Row[Any] | None:
    """A swap, whatever became of it."""
    return connection.execute(select(rota_swap).where(rota_swap.c.id == name)).one_or_none()


def list_swaps(connection: Connection, at: datetime) -> Sequence[Row[Any]]:
    """The swaps that wait for an answer while their time is not over, the oldest first."""
    waiting = rota_swap.c.agreed_at.is_(None), rota_swap.c.ended_at.is_(None), rota_swap.c.gives_until > at
    return connection.execute(select(rota_swap).where(*waiting).order_by(rota_swap.c.made_at, rota_swap.c.id)).all()


def list_agreed(connection: Connection, standing: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """The swaps of which covers that are ``standing`` are the halves, the oldest first."""
    ids = {row.swap_id for row in standing if row.swap_id is not None}
    theirs = select(rota_swap).where(rota_swap.c.id.in_(ids)).order_by(rota_swap.c.made_at, rota_swap.c.id)
    return connection.execute(theirs).all()


def swap_of(row: Row[Any]) -> Swap:
    """A row as the swap that it is."""
    takes = None if row.takes_from is None else Span(row.takes_from, row.takes_until)
    return Swap(row.rota_id, row.asked_by, Span(row.gives_from, row.gives_until), row.asked_of, takes)


def _note(connection: Connection, action: str, name: str, person: str, at: datetime, actor: str) -> None:
    append(connection, at=at, actor=actor, action=action, outcome="ok", object_id=name, on_behalf_of=person)
