"""What the installation has stored. It is read from the tables, not through the application."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from callflows.call_record.record import CallRecord
from callflows.engine import answers
from callflows.lifecycles.tables import PROVIDER_DELETED
from callflows.vocabulary import Pressed, Silence, Spoke
from ivr.call_records.conversations import CALLER_SIDE
from ivr.call_records.reading import read_record
from ivr.callbacks.tables import promise
from ivr.calls.event_tables import event
from ivr.calls.log import open_answer
from ivr.calls.tables import call, call_log, leg
from ivr.directory.organisation import Organisation
from ivr.jobs.tables import outbox, timer
from ivr.oncall.tables import page
from ivr.queue import decisions
from ivr.queue.tables import agent_state, decision, offer, waiting
from ivr.recordings.tables import recording
from ivr.rotas.live import read_live_rotas
from recordings_vault import VaultError
from rehearsals.world import World

HOME = (PROVIDER_DELETED, "absent")
"""States in which a recording's way is over."""


def promises(world: World) -> Sequence[Row[Any]]:
    """Every promise, oldest first."""
    return _rows(world, select(promise).order_by(promise.c.made_at, promise.c.id))


def keepers(world: World) -> list[str]:
    """Return the people who kept promises, in order."""
    return [row.data.get("by", "") for row in events(world) if row.kind == "promise-kept"]


def recordings(world: World) -> Sequence[Row[Any]]:
    """Every recording."""
    return _rows(world, select(recording).order_by(recording.c.wanted_at, recording.c.id))


def made(world: World) -> Sequence[Row[Any]]:
    """Every recording that was begun. One that is expected, or was in vain, is none."""
    return [row for row in recordings(world) if row.twilio_sid is not None]


def underway(world: World) -> int:
    """How many recordings are not in the vault yet, or not yet deleted at the phone network."""
    return sum(row.state not in HOME for row in recordings(world))


def vaulted(world: World) -> int:
    """How many recordings can be had from the vault, whole."""
    return sum(row.state == PROVIDER_DELETED and _whole(world, row.id) for row in recordings(world))


def alerts(world: World) -> list[str]:
    """Return the alarms of supervisors, in order. A safe landing is an alarm too."""
    return [row.data.get("what", row.kind) for row in events(world) if row.kind in ("alert", "safe-landing")]


def events(world: World) -> Sequence[Row[Any]]:
    """Every event, oldest first."""
    return _rows(world, select(event).order_by(event.c.id))


def outcomes(world: World) -> list[str | None]:
    """How the conversations of callers ended, oldest first; None where one goes on."""
    mine = select(leg.c.outcome).where(leg.c.role == "caller").order_by(leg.c.created_at, leg.c.id)
    return [row.outcome for row in _rows(world, mine)]


def live_legs(world: World) -> list[str]:
    """Roles of the legs that have not ended."""
    return [row.role for row in _rows(world, select(leg.c.role).where(leg.c.state != "ended"))]


def failed_legs(world: World) -> list[str]:
    """Roles of the legs whose conversation failed."""
    return [row.role for row in _rows(world, select(leg.c.role).where(leg.c.outcome == "failed"))]


def effects(world: World, *states: str) -> list[str]:
    """Kinds of the effects in these states that are due by now."""
    mine = select(outbox.c.kind).where(outbox.c.state.in_(states), outbox.c.due_at <= world.now)
    return [row.kind for row in _rows(world, mine)]


def overdue_timers(world: World) -> list[str]:
    """Kinds of the timers that should have fired."""
    late = select(timer.c.kind).where(timer.c.state == "waiting", timer.c.due_at < world.now)
    return [row.kind for row in _rows(world, late)]


def engaged_agents(world: World) -> list[str]:
    """Agents who are held for a call."""
    held = select(agent_state.c.agent_id).where(agent_state.c.state.in_(("offered", "busy")))
    return [row.agent_id for row in _rows(world, held)]


def waiting_callers(world: World) -> int:
    """How many calls look for an agent, other than call-backs that were promised."""
    looking = waiting.c.state.in_(("searching", "offered")) & waiting.c.callback.is_(False)
    return len(_rows(world, select(waiting.c.call_id).where(looking)))


def decided_otherwise(world: World) -> list[str]:
    """Return the decisions about agents that come out differently when the same question is asked again."""
    with world.services.database.read() as connection:
        rows = connection.execute(select(decision).order_by(decision.c.id)).all()
        return [f"decision {row.id}" for row in rows if not decisions.decide_again(connection, row).same]


def records(world: World) -> Iterator[tuple[CallRecord, int, int]]:
    """Return the record of each call, with how often somebody answered a question, and how many people were called."""
    with world.services.database.read() as connection:
        for row in connection.execute(select(call)).all():
            record = read_record(connection, world.services.cipher, row)
            yield record, _answers(world, row.id), len(_called(connection, row.id))


def _answers(world: World, call_id: str) -> int:
    """How many keys, words and silences of the caller's side were logged."""
    mine = select(call_log, leg.c.practice_id).join(leg).where(leg.c.call_id == call_id, leg.c.role.in_(CALLER_SIDE))
    given = (
        answers.read(open_answer(world.services.cipher, row.practice_id, row.leg_id, row.step, row.answer_sealed))
        for row in _rows(world, mine)
    )
    return sum(isinstance(one, Pressed | Spoke | Silence) for one in given)


def _called(connection: Connection, call_id: str) -> set[str]:
    """Whoever was paged or offered the call."""
    paged = select(page.c.person_id).where(page.c.call_id == call_id)
    return set(connection.execute(paged.union(select(offer.c.agent_id).where(offer.c.call_id == call_id))).scalars())


def _whole(world: World, recording_id: str) -> bool:
    try:
        playback = world.services.vault.open(recording_id, actor="rehearsal", purpose="rehearsal", at=world.now)
        return sum(len(chunk) for chunk in playback.chunks) > 0
    except VaultError:
        return False


def _rows(world: World, query: Select[Any]) -> Sequence[Row[Any]]:
    with world.services.database.read() as connection:
        return connection.execute(query).all()


def organisation_at(world: World, at: datetime) -> Organisation:
    """Return the organisation with its rotas as they were at an instant, covers included."""
    return read_live_rotas(world.services.database, world.organisation, at)
