"""The calendars that rotas follow: which, when they were read last, and the last good copy of each."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from ivr.audit.append import append
from ivr.core.cipher import Cipher, name_row
from ivr.core.database import upsert
from ivr.directory.organisation import Organisation
from ivr.privacy.keys import OPERATOR_KEYS
from ivr.rotas.calendar_fetching import check_address
from ivr.rotas.covers import CoverRefused
from ivr.rotas.tables import rota_feed

FIELD = "rota-feed.address"
"""The field that the address of a calendar is sealed for: it may hold a secret."""
BACK, AHEAD = timedelta(days=2), timedelta(days=400)
"""From when until when shifts are taken from a calendar."""
STALE = timedelta(hours=24)
"""After how long without a good copy a calendar is stale. Its last good copy goes on."""
LONGEST_READING = 20.0
"""How many seconds a calendar may take to be read."""
Read = Callable[[bytes, str, Mapping[str, Sequence[str]], datetime], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Copy:
    """What came of a calendar: its shifts as they are stored, or the ``problem`` by its code."""

    shifts: Sequence[Sequence[Any]] = ()
    unknown: int = 0
    problem: str | None = None


def follow(
    connection: Connection, cipher: Cipher, rota: str, address: str, at: datetime, actor: str, *, files: bool = False
) -> None:
    """Let a rota follow the calendar at ``address``; what it followed before is forgotten. Raises Unfetched."""
    check_address(address, files=files)
    sealed = cipher.seal(OPERATOR_KEYS, FIELD, name_row(rota_feed, rota), address)
    empty = {"shifts": [], "unknown": 0, "problem": None, "read_at": None, "tried_at": None}
    values = {"address_sealed": sealed, "made_by": actor, "made_at": at, **empty}
    put = upsert(connection, rota_feed).values(rota_id=rota, **values)
    connection.execute(put.on_conflict_do_update(index_elements=["rota_id"], set_=values))
    append(connection, at=at, actor=actor, action="rota.follow", outcome="ok", object_id=rota)


def unfollow(connection: Connection, rota: str, at: datetime, actor: str) -> None:
    """Let a rota follow no calendar any more; CoverRefused where it follows none."""
    if not connection.execute(delete(rota_feed).where(rota_feed.c.rota_id == rota)).rowcount:
        raise CoverRefused(f"{rota} follows no calendar; see: sunline rota list")
    append(connection, at=at, actor=actor, action="rota.unfollow", outcome="ok", object_id=rota)


def list_feeds(connection: Connection) -> Sequence[Row[Any]]:
    """Every calendar that a rota follows, by the name of the rota."""
    return connection.execute(select(rota_feed).order_by(rota_feed.c.rota_id)).all()


def address_of(cipher: Cipher, row: Row[Any]) -> str:
    """Where a calendar is."""
    return cipher.open(OPERATOR_KEYS, FIELD, name_row(rota_feed, row.rota_id), row.address_sealed)


def read_copy(body: bytes, organisation: Organisation, rota: str, at: datetime) -> Copy:
    """What a calendar says, read by a process of its own that is given up on when it takes too long."""
    names = {person.id: list(person.calendar_names) for person in organisation.people.values()}
    asked = {
        "calendar": body.decode("latin-1"),
        "zone": organisation.rotas[rota].zone,
        "names": names,
        "start": (at - BACK).isoformat(),
        "end": (at + AHEAD).isoformat(),
    }
    command = [sys.executable, "-m", "ivr.rotas.calendar_reading"]
    try:
        done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=LONGEST_READING)
    except subprocess.TimeoutExpired:
        return Copy(problem="too-slow")
    if done.returncode != 0:
        return Copy(problem="unreadable")
    found = json.loads(done.stdout)
    if "problem" in found:
        return Copy(problem=found["problem"])
    return Copy(found["shifts"], found["unknown"], None if found["shifts"] else "empty")


def keep(connection: Connection, row: Row[Any], copy: Copy, at: datetime) -> bool:
    """Take over a good copy; of another only the problem is noted, and the last good one goes on.

    False where the rota has come to follow another calendar since ``row`` was read.
    """
    values: dict[str, Any] = {"tried_at": at, "problem": copy.problem}
    if copy.problem is None:
        values |= {"shifts": list(copy.shifts), "unknown": copy.unknown, "read_at": at}
    same = (rota_feed.c.rota_id == row.rota_id) & (rota_feed.c.made_at == row.made_at)
    return bool(connection.execute(update(rota_feed).where(same).values(values)).rowcount)


def is_stale(row: Row[Any], at: datetime) -> bool:
    """Whether a calendar has had no good copy for too long."""
    return bool(at - (row.read_at or row.made_at) > STALE)
