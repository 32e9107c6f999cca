"""Callers who wait, written straight into SQL."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any

from sqlalchemy import insert

from bench.rig.installation import AT
from ivr.calls.tables import call
from ivr.core.services import Services
from ivr.directory.revisions import current
from ivr.queue.tables import waiting


def put_callers(services: Services, count: int, wanted: Sequence[str] = ("scheduling",)) -> list[str]:
    """``count`` calls that wait for the ``wanted`` in turn, first come first; their ids, which are equal every time."""
    ids = [f"{number:024x}" for number in range(count)]
    with services.database.write() as connection:
        revision = current(connection) or 0
        connection.execute(insert(call), [_call(call_id, revision) for call_id in ids])
        asked = zip(ids, cycle(wanted), strict=False)
        connection.execute(insert(waiting), [_place(place, *one) for place, one in enumerate(asked)])
    return ids


def _call(call_id: str, revision: int) -> dict[str, Any]:
    return {
        "id": call_id,
        "revision_id": revision,
        "practice_id": "maple",
        "location_id": "loop",
        "direction": "inbound",
        "dialled": "+13125550100",
        "identity_level": "L0",
        "language": "en-US",
        "urgency": "routine",
        "symptom": False,
        "recording_consent": "not-asked",
        "created_at": AT,
    }


def _place(place: int, call_id: str, service: str) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "state": "searching",
        "service": service,
        "language": "en-US",
        "urgency": "routine",
        "pool": "",
        "callback": False,
        "place": float(place),
        "since": AT,
        "already_offered": [],
    }
