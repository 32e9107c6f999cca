"""Decisions as they are kept: why this agent and why the caller waited, told in words and asked again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Row, select, update

from ivr.calls.tables import call
from ivr.calls.talks import TALKED_AFTER
from ivr.core.unit_of_work import transaction
from ivr.installation.command_line import Installation
from ivr.patients.tables import patient
from ivr.queue import agent_states, decisions
from ivr.queue.explain_command import explain
from ivr.queue.explanations import REASONS, Ranked, explain_decision
from ivr.queue.tables import agent_state, decision
from rehearsals.world import World
from routing.decide import RESERVED
from routing.eligible import ORDER
from tests.calls.office import CALLER, NIGHT
from tests.calls.scenes import NEW_PATIENT, agent_accepts, dial, goes_on, ringing, run, until_it_rings
from tests.directory.conftest import Folder, folder
from tests.ops.test_lists_as_json import LISTS
from tests.taking_in import take_in_rows

__all__ = ["folder"]

ANA, BENJIE = "client:ana", "client:benjie"


def kept(world: World) -> Sequence[Row[Any]]:
    with world.services.database.read() as connection:
        return connection.execute(select(decision).order_by(decision.c.id)).all()


def calls(world: World) -> list[str]:
    with world.services.database.read() as connection:
        return list(connection.execute(select(call.c.id).order_by(call.c.created_at)).scalars())


def explained(world: World, *arguments: str) -> Result:
    services = world.services
    installation = Installation(services.database, services.cipher._keys, services.clock, "rosa", demo=False)
    return CliRunner().invoke(explain, list(arguments), obj=installation)


def engaged(world: World, *names: str) -> None:
    """These agents are at other calls."""
    with transaction(world.services) as work:
        for name in sorted(names):
            assert agent_states.reserve(work, name, f"other-{name}")
            agent_states.start_call(work, name, f"other-{name}")


def test_a_decision_tells_who_was_ranked_by_what_and_the_first_reason_of_everybody_else(any_world: World) -> None:
    goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, ANA)
    (row,) = kept(any_world)
    assert (row.chosen, row.relaxation_step) == ("ana", 0)
    counted = {reason: count for reason, (count, _names) in row.answer["refused"].items()}
    assert list(counted) == sorted(counted, key=ORDER.index)
    assert sum(counted.values()) + row.answer["eligible"] == len(any_world.organisation.agents)
    words = explain_decision(row)
    assert words.outcome == "offered to ana after 0 s, the first of 4 who could take it"
    assert words.ranked[0] == Ranked("1. ana: by day in the middle of the shift, level 4", None)
    assert "6 not at work: valentina, andres, camila, diego, grace, rosa" in words.refused
    assert "5 min of the shift left" in words.needed


def test_a_caller_who_waits_for_the_same_reasons_leaves_one_row_and_a_new_reason_another(world: World) -> None:
    everybody = ("ana", "benjie", "thandi", "mateus")
    engaged(world, *everybody)
    goes_on(world, dial(world), NEW_PATIENT)
    run(world, 20)
    before = len(kept(world))
    with transaction(world.services) as work:
        for _ in range(3):
            agent_states.enqueue_match_for(work, "ana")
    run(world, 5)
    assert [row.chosen for row in kept(world)] == [None] * before
    with transaction(world.services) as work:
        agent_states.end_call(work, "benjie", "other-benjie")
    run(world, 2)
    assert ringing(world) == [BENJIE]
    assert kept(world)[-1].chosen == "benjie"


def test_asking_again_gives_the_same_answer_and_a_row_that_was_changed_is_found(any_world: World) -> None:
    engaged(any_world, "thandi", "ana")
    goes_on(any_world, dial(any_world), NEW_PATIENT)
    until_it_rings(any_world, "client:benjie")
    (name,) = calls(any_world)
    result = explained(any_world, name, "--replay")
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "1 decision asked again, 0 answered otherwise")
    assert "no: 2 at another call: ana, thandi" in result.output
    (row,) = kept(any_world)
    lied = {**row.answer, "awake": 99}
    with any_world.services.database.write() as connection:
        connection.execute(update(decision).values(answer=lied))
    changed = explained(any_world, name, "--replay")
    assert (changed.exit_code, changed.output.splitlines()[-1]) == (1, "1 decision asked again, 1 answered otherwise")


def test_asking_again_looks_at_what_agents_did_then_and_not_at_what_they_do_now(world: World) -> None:
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    (row,) = kept(world)
    with transaction(world.services) as work:
        work.connection.execute(update(agent_state).values(state="busy"))
    with world.services.database.read() as connection:
        again = decisions.decide_again(connection, row)
    assert again.same
    assert again.decision.chosen is not None


def test_programs_read_the_same(world: World) -> None:
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    (name,) = calls(world)
    (found,) = json.loads(explained(world, name, "--json").stdout)
    assert set(found) == LISTS["explain"]
    assert (found["chosen"], found["same"]) == ("ana", None)
    assert found["ranked"][0] == {"words": "1. ana: by day in the middle of the shift, level 4", "idle_since": None}
    (again,) = json.loads(explained(world, name, "--json", "--replay").stdout)
    assert again == {**found, "same": True}


def test_a_call_that_is_not_there_or_never_looked_for_anybody_is_told_apart(world: World) -> None:
    dial(world)
    (name,) = calls(world)
    assert "never looked for an agent" in explained(world, name).output
    assert "there is no call of this id" in explained(world, "nothing").output


def test_nothing_of_the_caller_is_in_a_decision(world: World) -> None:
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, ANA)
    written = json.dumps([[row.question, row.answer] for row in kept(world)])
    assert CALLER not in written
    assert CALLER.removeprefix("+1") not in written


def test_every_reason_has_its_words() -> None:
    assert set(REASONS) == {*ORDER, RESERVED}


def spoke_to(world: World, address: str) -> None:
    """The caller has spoken to an agent, and both have hung up."""
    first = goes_on(world, dial(world), NEW_PATIENT)
    agent_accepts(world, address)
    run(world, TALKED_AFTER.total_seconds() + 2)
    first.hang_up()
    run(world, 15)


def test_the_known_agent_has_the_call_alone_for_some_seconds_and_then_everybody_has_it(any_world: World) -> None:
    spoke_to(any_world, ANA)
    engaged(any_world, "ana")
    again = goes_on(any_world, dial(any_world), NEW_PATIENT)
    run(any_world, 3)
    assert ringing(any_world) == []
    assert list(kept(any_world)[-1].answer["refused"])[-1] == RESERVED
    until_it_rings(any_world, "client:thandi")
    row = kept(any_world)[-1]
    assert (row.chosen, row.question["waited"]) == ("thandi", 8.0)
    assert not again.leg.ended


def test_a_known_agent_comes_first_though_others_are_better_placed(world: World) -> None:
    engaged(world, "thandi", "mateus", "ana")
    spoke_to(world, BENJIE)
    with transaction(world.services) as work:
        for name in ("ana", "mateus", "thandi"):
            agent_states.end_call(work, name, f"other-{name}")
    goes_on(world, dial(world), NEW_PATIENT)
    until_it_rings(world, BENJIE)
    assert explain_decision(kept(world)[-1]).ranked[0].words.startswith("1. benjie: spoke to the patient lately, ")


def test_nobody_is_known_to_another_phone_or_after_the_time_of_the_practice(world: World) -> None:
    engaged(world, "thandi", "mateus", "ana")
    spoke_to(world, BENJIE)
    other = goes_on(world, dial(world, from_="+13125550142"), NEW_PATIENT)
    run(world, 2)
    assert kept(world)[-1].question["known"] is None
    other.hang_up()
    world.advance_to(world.now + timedelta(days=7, minutes=1))
    goes_on(world, dial(world), NEW_PATIENT)
    run(world, 2)
    assert kept(world)[-1].question["known"] is None


@pytest.mark.parametrize(
    ("payer", "barred"), [("medicaid", ["manila"]), ("acme", []), ("", ["manila"]), (None, ["manila"])]
)
def test_a_payer_keeps_its_patients_from_sites_and_whoever_is_not_known_too(
    folder: Folder, tmp_path: Path, payer: str | None, barred: list[str]
) -> None:
    rule = "payers: [medicaid, acme], sites: [{payers: [medicaid], never: [manila]}]"
    folder.replace("practices/maple.yaml", "baa: BAA-2026-014", f"baa: B-1, {rule}")
    with World(folder.path, NIGHT) as world:
        line = dial(world)
        if payer is not None:
            known_as(world, tmp_path, payer)
        goes_on(world, line, NEW_PATIENT)
        run(world, 2)
        (row,) = kept(world)
        assert row.answer["need"]["barred"] == barred
        assert row.chosen == ("thandi" if barred else "ana")
        assert ("policy" in row.answer["refused"]) == bool(barred)
        assert "medicaid" not in json.dumps([row.question, row.answer])


def known_as(world: World, folder: Path, payer: str) -> None:
    """The caller is found to be a patient with this payer ("": not known)."""
    rows = f"id,name,date_of_birth,payer\ne1,Ana Ruiz,1980-03-14,{payer}\n"
    take_in_rows(world.services, folder, rows, world.now)
    with transaction(world.services) as work:
        who = work.connection.execute(select(patient.c.id)).scalar_one()
        work.connection.execute(update(call).values(patient_id=who))
