"""Whom an agent serves who has become free: the first in line who can be, past lines that have nothing for them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bench.rig.waiting import put_callers
from ivr.callbacks import attempts
from ivr.calls import legs
from ivr.calls.configuration import call_row
from ivr.calls.tables import call
from ivr.core.unit_of_work import transaction
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of
from ivr.jobs.handlers import handle_item
from ivr.jobs.tables import outbox, timer
from ivr.queue import agent_states, entries, index, matching, routing_request
from ivr.queue.entries import dequeue
from ivr.queue.offers import enqueue_match
from ivr.queue.tables import agent_state, waiting
from rehearsals.world import World
from routing.agents import ANYBODY
from routing.offering import MATCH_AGAIN
from routing.shifts import at_work

SCHEDULERS = ("ana", "benjie", "thandi", "mateus")


@pytest.fixture
def line(any_world: World) -> World:
    """A world in which everybody who could take an appointment is at a call."""
    with any_world.services.database.write() as connection:
        rows = [
            {"agent_id": name, "state": "busy", "since": any_world.now, "offer_id": f"other-{name}"}
            for name in any_world.organisation.agents
        ]
        connection.execute(insert(agent_state), rows)
    return any_world


def wait(world: World, *languages: str) -> list[str]:
    """One caller after the other, all just come, by their languages."""
    calls = put_callers(world.services, len(languages))
    for call_id, language in zip(calls, languages, strict=True):
        about(world, call_id, since=world.now, language=language)
    return calls


def about(world: World, call_id: str, **columns: Any) -> None:
    with world.services.database.write() as connection:
        connection.execute(update(waiting).where(waiting.c.call_id == call_id).values(columns))


def frees(world: World, agent: str) -> str | None:
    """The agent's call is over, and it is looked for the next; whose it is."""
    with transaction(world.services) as work:
        agent_states.end_call(work, agent, f"other-{agent}")
    with world.services.database.read() as connection:
        items = connection.execute(select(outbox).where(outbox.c.kind == "match")).all()
    handle_item(world.services, items[-1])
    return offered_to(world, agent)


def offered_to(world: World, agent: str) -> str | None:
    with world.services.database.read() as connection:
        rows = connection.execute(select(waiting).where(waiting.c.state == "offered")).all()
    return next((row.call_id for row in rows if agent in row.already_offered), None)


def test_the_first_in_line_is_served_first(line: World) -> None:
    first, second = wait(line, "en-US", "en-US")
    assert frees(line, "thandi") == first
    assert frees(line, "benjie") == second
    assert frees(line, "mateus") is None


def test_a_line_that_has_nothing_for_the_agent_is_passed(line: World) -> None:
    *spanish, english = wait(line, "es-US", "es-US", "es-US", "en-US")
    assert frees(line, "thandi") == english
    assert frees(line, "mateus") == spanish[0]


def test_a_line_with_nothing_for_the_agent_costs_one_look(line: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wait(line, *["es-US"] * 5)
    looked: list[str] = []
    real = matching.match_call

    def look(work: Any, call_id: str, *more: Any) -> Any:
        looked.append(call_id)
        return real(work, call_id, *more)

    monkeypatch.setattr(matching, "match_call", look)
    assert frees(line, "thandi") is None
    assert len(looked) == 1


def test_whoever_has_asked_the_agent_already_does_not_keep_the_next_from_them(line: World) -> None:
    *before, last = wait(line, *["en-US"] * 21)
    for call_id in before:
        about(line, call_id, already_offered=["thandi"])
    assert frees(line, "thandi") == last


def test_a_call_that_cannot_be_decided_about_does_not_keep_the_agent_from_the_next(
    line: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = wait(line, "en-US", "en-US")
    real = matching.match_call

    def look(work: Any, call_id: str, *more: Any) -> Any:
        if call_id == first:
            raise TimeoutError("its lock could not be had in time")
        return real(work, call_id, *more)

    monkeypatch.setattr(matching, "match_call", look)
    with pytest.raises(TimeoutError):  # so that it is tried again
        frees(line, "thandi")
    assert offered_to(line, "thandi") == second


@pytest.mark.parametrize("gone", ["practice", "location", "service"])
def test_whoever_waits_for_what_was_taken_out_meanwhile_is_served_by_the_fallback(line: World, gone: str) -> None:
    (waits,) = wait(line, "en-US")
    tree = json.loads(line.organisation.body)
    practices = tree["practices"]
    holder, name = {
        "practice": (practices, "maple"),
        "location": (practices["maple"]["locations"], "loop"),
        "service": (practices["maple"]["services"], "scheduling"),
    }[gone]
    holder["another"] = holder.pop(name)
    with transaction(line.services) as work:
        revisions.apply(work.connection, organisation_of(tree), work.at, "test")
    house = [one.id for one in line.organisation.agents.values() if one.pool.id == tree["operator"]["fallback"]["pool"]]
    there = at_work([line.organisation.agent(name) for name in house], line.now)
    assert frees(line, there[0]) == waits


def test_whoever_was_promised_a_call_back_by_a_location_that_was_taken_out_is_rung_in_its_hours(line: World) -> None:
    (waits,) = wait(line, "en-US")
    tree = json.loads(line.organisation.body)
    locations = tree["practices"]["maple"]["locations"]
    night = line.now.replace(hour=7)
    with transaction(line.services) as work:
        usual = attempts.first_ringable(work, call_row(work, waits), night)
        locations["another"] = locations.pop("loop")
        revisions.apply(work.connection, organisation_of(tree), work.at, "test")
        assert attempts.first_ringable(work, call_row(work, waits), night) == usual
    assert usual > night


def test_the_fallback_serves_nobody_who_asked_for_licensed_work_that_was_taken_out_but_by_a_licence(
    line: World,
) -> None:
    (waits,) = put_callers(line.services, 1, ("nurse",))
    with transaction(line.services) as work:
        work.connection.execute(update(call).values(patient_state="IL"))
        row = entries.entry(work, waits)
        assert row is not None
        before = routing_request.build(work, row).question.need
        tree = json.loads(line.organisation.body)
        del tree["practices"]["maple"]["services"]["nurse"]
        revisions.apply(work.connection, organisation_of(tree), work.at, "test")
        need = routing_request.build(work, row).question.need
    assert (need.skill, need.licensed_kind, need.patient_state) == (ANYBODY, before.licensed_kind, "IL")
    assert before.licensed_kind == "RN"


def test_whoever_is_rung_for_already_is_not_in_the_way(line: World) -> None:
    calls = wait(line, *["en-US"] * 4)
    for call_id in calls[:3]:
        about(line, call_id, state="offered")
    assert frees(line, "thandi") == calls[3]


def test_urgent_callers_come_before_all_who_came_sooner(line: World) -> None:
    first, second = wait(line, "en-US", "en-US")
    about(line, second, place=-1e10, urgency="urgent")
    assert frees(line, "thandi") == second
    assert frees(line, "benjie") == first


def test_a_shift_that_begins_serves_the_urgent_first(line: World) -> None:
    """Bogota begins at eleven, and of its people one is idle."""
    line.advance_to(line.now.replace(hour=10, minute=59, second=30))
    first, second = wait(line, "en-US", "en-US")
    about(line, second, place=-1e10, urgency="urgent")
    with line.services.database.write() as connection:
        connection.execute(update(agent_state).where(agent_state.c.agent_id == "valentina").values(state="idle"))
    with transaction(line.services) as work:
        enqueue_match(work, first)
        enqueue_match(work, second)
    line.advance_to(line.now.replace(hour=11, minute=0, second=1))
    assert offered_to(line, "valentina") == second


def filed(world: World, *names: str) -> None:
    """These are idle and filed, and no caller was looked for, as when a new configuration has more people."""
    with world.services.database.write() as connection:
        idle_now = update(agent_state).values(state="idle", version=agent_state.c.version + 1)
        connection.execute(idle_now.where(agent_state.c.agent_id.in_(names)))
    index.reindex_agents(world.services, names)


def looked_for(world: World, *calls: str) -> None:
    with transaction(world.services) as work:
        for call_id in calls:
            enqueue_match(work, call_id)
    world.settle()


def test_whoever_comes_to_the_front_because_the_first_is_offered_to_somebody_is_looked_for_at_once(line: World) -> None:
    calls = wait(line, *["en-US"] * 3)
    looked_for(line, *calls)
    filed(line, "ana", "benjie", "thandi", "mateus")
    line.advance_to(line.now + MATCH_AGAIN + timedelta(seconds=1))
    with line.services.database.read() as connection:
        assert set(connection.execute(select(waiting.c.state)).scalars()) == {"offered"}


def test_whoever_comes_to_the_front_because_the_first_has_left_is_looked_for_at_once(line: World) -> None:
    first, second = wait(line, "en-US", "en-US")
    looked_for(line, first, second)
    filed(line, "thandi")
    line.advance_to(line.now + timedelta(seconds=1))
    with transaction(line.services) as work:
        legs.lock_call(work, first)
        dequeue(work, first)
    line.settle()
    assert offered_to(line, "thandi") == second


def test_an_agent_whom_somebody_has_claimed_and_does_not_take_is_not_missed(
    line: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another dispatcher was named the only one idle of a large crew, and has yet to choose whom the patient knows."""
    monkeypatch.setattr(routing_request, "MOST_CANDIDATES", 0)
    (waits,) = wait(line, "en-US")
    filed(line, "thandi")
    need = line.organisation.need("maple", "scheduling", "en-US", "IL", opening=False, location="loop")
    with transaction(line.services) as work:
        assert index.claim_best_agent(work, line.organisation.crew("maple", "loop"), need, ()) == "thandi"
    looked_for(line, waits)
    assert offered_to(line, "thandi") == waits


def test_every_patient_in_a_licensed_line_is_looked_for_each_minute(line: World) -> None:
    """The line is not told apart by the patients' states, so the first may be one whom nobody could serve."""
    first, second = put_callers(line.services, 2, ("nurse",))
    for call_id in (first, second):
        about(line, call_id, since=line.now - timedelta(minutes=5))
    with line.services.database.write() as connection:
        connection.execute(update(call).values(patient_state="IL"))
    looked_for(line, first, second)
    with line.services.database.read() as connection:
        due = dict(connection.execute(select(timer.c.subject, timer.c.due_at).where(timer.c.kind == "search")).all())
    assert set(due) == {first, second}
    assert due[second] <= line.now + MATCH_AGAIN


def test_an_agent_who_was_taken_meanwhile_is_offered_nothing(line: World) -> None:
    wait(line, "en-US")
    with transaction(line.services) as work:
        agent_states.end_call(work, "thandi", "other-thandi")
        assert agent_states.reserve(work, "thandi", "somebody-else")
    with line.services.database.read() as connection:
        item = connection.execute(select(outbox).where(outbox.c.kind == "match")).all()[-1]
    handle_item(line.services, item)
    assert offered_to(line, "thandi") is None


def test_an_agent_whom_the_configuration_no_longer_has_is_offered_nothing(line: World) -> None:
    wait(line, "en-US")
    with line.services.database.write() as connection:
        connection.execute(
            insert(agent_state).values(agent_id="gone", state="busy", since=line.now, offer_id="other-gone")
        )
    assert frees(line, "gone") is None
