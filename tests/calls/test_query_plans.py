"""What workers ask every moment must not grow with all there ever was: each query uses an index on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects import sqlite

from ivr.calls import identity_throttle
from ivr.core.unit_of_work import Work
from ivr.features import installed_tables
from ivr.jobs import outbox, timers, worker
from ivr.jobs.handlers import handle_item
from ivr.jobs.tables import outbox as items
from ivr.queue import matching
from ivr.queue.index.lines import WHO_WAITS
from tests.calls.office import Office

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
TRIED = {"practice": "maple", "kind": "patient", "since": LONG_AGO}
QUERIES = {
    "the next effect": (worker._NEXT, {"known": ["redirect_leg", "dial_leg"]}),
    "due calls": (worker._CALLS, {"now": LONG_AGO, "known": ["redirect_leg", "dial_leg"]}),
    "other due effects": (worker._OTHERS, {"now": LONG_AGO, "known": ["redirect_leg", "dial_leg"]}),
    "an effect that waits": (outbox._WAITS, {"kind": "redirect_leg", "subject": "leg"}),
    "leases that are over": (outbox._RELEASE, {"now": LONG_AGO}),
    "the next timer": (timers._NEXT, {}),
    "due timers": (timers._DUE, {"now": LONG_AGO}),
    "a timer to cancel": (timers._CANCEL, {"of_kind": "search", "of_subject": "call"}),
    "who waits": (WHO_WAITS, {}),
    "tries in a call": (identity_throttle.IN_CALL, {"call": "call", "kind": "patient", "since": LONG_AGO}),
    "tries from a number": (identity_throttle.FROM_NUMBER, {"source": "number", **TRIED}),
    "patients found from a number": (identity_throttle.KNOWN_FROM_NUMBER, {"source": "number", **TRIED}),
    "tries of callers who hide their number": (identity_throttle.HIDDEN, TRIED),
    "tries at a record": (identity_throttle.AT_RECORD, {"about": "record", **TRIED}),
    "finds of a record": (identity_throttle.KNOWN_AT_RECORD, {"about": "record", **TRIED}),
    "tries at a practice": (identity_throttle.IN_BULK, TRIED),
    "alerts of a day": (identity_throttle.ALERTED, TRIED),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = create_engine("sqlite://")
    for metadata in installed_tables():
        metadata.create_all(made)
    yield made
    made.dispose()


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_of_every_moment_uses_an_index(engine: Engine, name: str) -> None:
    query, given = QUERIES[name]
    seen: list[tuple[Any, ...]] = []
    with engine.connect() as connection:
        compiled = query.compile(dialect=sqlite.dialect())  # type: ignore[attr-defined]
        state = compiled.construct_expanded_state(given, escape_names=False)
        values = tuple(state.parameters[one] for one in state.positiontup)
        plain = tuple(value.isoformat() if isinstance(value, datetime) else value for value in values)
        seen = list(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {state.statement}", plain))
    steps = [str(row[3]) for row in seen]
    assert steps
    assert all("INDEX" in step or "PRIMARY KEY" in step for step in steps if step.startswith(("SCAN", "SEARCH")))


def test_one_more_caller_costs_one_look_however_many_wait(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = matching.match_call

    def look(work: Work, call_id: str, *more: Any) -> Any:
        looked.append(call_id)
        return real(work, call_id, *more)

    monkeypatch.setattr(matching, "match_call", look)
    for _ in range(4):
        office.dialled().plays("122")
    for row in office.rows(items, items.c.kind == "match"):
        handle_item(office.services, row)
    assert len(looked) == len(set(looked)) == 4
