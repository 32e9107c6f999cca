"""What workers ask every moment must not grow with all there ever was: each query uses an index on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.event import listen, remove

from ivr.calls import identity_throttle
from ivr.clinicians import items
from ivr.core.feature import Features
from ivr.core.unit_of_work import Work
from ivr.features import installed_tables
from ivr.jobs import outbox, timers, worker
from ivr.jobs.handlers import handle_item
from ivr.jobs.tables import outbox as effects
from ivr.oncall import dial_in, ladder, passed_over, rings
from ivr.oncall.tables import page
from ivr.queue import matching
from ivr.queue.index.lines import WHO_WAITS
from ivr.responsibility import facts, open_care
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import EMERGENCY, clinician_accepts, dial, goes_on, run

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
PARTIAL = {
    str(index.name)
    for metadata in installed_tables()
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
FEW = {"SCAN rota_feed", "SCAN config_activation"}
"""What is read whole, because there are few of them however long the line runs, or only the newest is read."""
OF_CALL = {"call_id": "call"}
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
    "whom a call concerns": (facts._CONCERNS, OF_CALL),
    "what happened in a call": (facts._NEWS, OF_CALL),
    "the escalations of a call": (facts._ESCALATIONS, OF_CALL),
    "the accepted pages of a call": (facts._ACCEPTED, OF_CALL),
    "whether the house was rung": (facts._RUNG_BEFORE, OF_CALL),
    "who holds a call": (facts._HELD, OF_CALL),
    "who was rung lately": (ladder._RUNG, {"of_call": "call", "since": LONG_AGO, "now": LONG_AGO}),
    "who is on the telephone": (rings._LIVING, {"people": ["dr-lee", "dr-okafor"]}),
    "the pages that shared a ring": (passed_over._SHARED, {"pages": ["page", "another"], "ring": "leg"}),
    "who was passed over or paged lately": (passed_over._LATELY, {"since": LONG_AGO, "now": LONG_AGO}),
    "whom a call has paged": (passed_over._PAGED, {"calls": ["call", "another"], "person": "dr-lee"}),
    "the pages to which a code leads": (dial_in._LIVING, {}),
    "whether a page has a code": (dial_in._LIVING.where(page.c.id == "page"), {}),
    "the open pages of a ring": (rings._OPEN_OF_RING, {"ring": "leg"}),
    "the escalations that page": (rings._PAGING, {}),
    "with whom clinicians talk": (rings._TALKED_WITH, {}),
    "whoever accepted a call last": (items._ACCEPTED.where(page.c.call_id == bindparam("call_id")), OF_CALL),
    "items that nobody looks at": (items._LEFT, {"now": LONG_AGO}),
    "accepted calls without an item": (items._WITHOUT, {"since": LONG_AGO}),
    **{f"open care {number}": (query, {"since": LONG_AGO}) for number, query in enumerate(open_care._LOOKED_AT)},
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
    assert all(map(uses_index, steps))


def uses_index(step: str) -> bool:
    """Whether a step of a plan reads no table, or by an index; the whole of one only where that is partial."""
    if step.startswith("SCAN"):
        return step.rpartition(" ")[-1] in PARTIAL
    return not step.startswith("SEARCH") or "INDEX" in step or "PRIMARY KEY" in step


def test_nothing_that_decides_who_is_responsible_reads_a_whole_table(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[tuple[str, tuple[Any, ...]]] = set()

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.add((statement, tuple(given)))

    real = Features.settle_call

    def settle(features: Features, work: Work, call_id: str) -> None:
        engine = work.services.database.engine
        listen(engine, "before_cursor_execute", note)
        real(features, work, call_id)
        remove(engine, "before_cursor_execute", note)

    monkeypatch.setattr(Features, "settle_call", settle)
    goes_on(world, dial(world), EMERGENCY).hang_up()
    clinician_accepts(world).hang_up()
    run(world, 600)
    asked_once = dict(asked)
    assert any("errand_id" in statement for statement in asked_once)
    with world.services.database.read() as connection:
        plans = {
            statement: connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
            for statement, given in asked_once.items()
        }
    whole = {step for plan in plans.values() for _, _, _, step in plan if not uses_index(step)}
    assert whole <= FEW


def test_one_more_caller_costs_one_look_however_many_wait(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real = matching.match_call

    def look(work: Work, call_id: str, *more: Any) -> Any:
        looked.append(call_id)
        return real(work, call_id, *more)

    monkeypatch.setattr(matching, "match_call", look)
    for _ in range(4):
        office.dialled().plays("122")
    for row in office.rows(effects, effects.c.kind == "match"):
        handle_item(office.services, row)
    assert len(looked) == len(set(looked)) == 4
