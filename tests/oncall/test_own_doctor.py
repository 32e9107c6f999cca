"""The own doctor of a patient who was matched with a record is paged before the others, and delays no emergency."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from callflows.lifecycles.tables import PAGE
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.tables import call
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work, in_transaction
from ivr.oncall import escalations
from ivr.oncall.ladder import list_steps
from ivr.oncall.tables import escalation, page
from ivr.patients.importing import carry_out, plan_import
from ivr.patients.own_doctor import count_unknown
from ivr.patients.records import PatientRecord
from ivr.patients.sealing import seal_patients
from ivr.patients.tables import patient
from rehearsals.world import World
from tests.calls.office import CONFIG, NIGHT, Office
from tests.calls.worlds import any_world, furnished_postgres, world

__all__ = ["any_world", "furnished_postgres", "world"]

ON_CALL = "dr-lee"
"""Whoever is on call at Maple at that time; Dr Okafor is next."""
NAMES = {"dr-lee": ("dr-lee", "Dr Lee"), "dr-okafor": ("dr-okafor", "Dr Okafor")}


@pytest.fixture
def own_first(tmp_path: Path) -> Iterator[World]:
    """A practice that wants the own doctor first, on call or not."""
    folder = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    file = folder / "practices" / "maple.yaml"
    before = file.read_text("utf-8")
    after = before.replace("on_call: {", "on_call: {own_doctor: first, ", 1)
    assert after != before
    file.write_text(after, "utf-8")
    with World(folder, NIGHT) as made:
        yield made


def matched(world: World, doctor: str) -> str:
    """A caller who was matched with a record that names this doctor; the call."""
    called = Office(world).dialled().leg.call_id
    record = PatientRecord("M-1", {"name": "Ann Lee"}, None, "IL", None, deceased=False, line=2, doctor=doctor)

    def act(work: Work) -> None:
        sealed = seal_patients(work.services.cipher, "maple", [record])
        carry_out(work.connection, plan_import(work.connection, sealed, work.at, work.services.ids))

    in_transaction(world.services, act)
    (row,) = Office(world).rows(patient)
    with world.services.database.write() as connection:
        connection.execute(update(call).where(call.c.id == called).values(patient_id=row.id))
    return str(called)


def steps(world: World, call_id: str, urgency: str) -> list[tuple[str | None, bool]]:
    found = in_transaction(world.services, lambda work: list_steps(work, call_id, urgency))
    return [(one["person"], one.get("with_next", False)) for one in found]


@pytest.mark.parametrize("written", ["dr-okafor", "Dr. Okafor", "DR  OKAFOR"])
def test_an_own_doctor_is_paged_first_where_the_practice_wants_that(own_first: World, written: str) -> None:
    found = steps(own_first, matched(own_first, written), "urgent")
    assert [person for person, _ in found][:2] == ["dr-okafor", ON_CALL]


def test_for_an_emergency_both_are_paged_at_once(own_first: World) -> None:
    called = matched(own_first, "Dr Okafor")
    assert steps(own_first, called, "emergent")[:2] == [(ON_CALL, True), ("dr-okafor", False)]
    in_transaction(own_first.services, lambda work: escalations.start_escalation(work, called, "emergent"))
    paged = Office(own_first).rows(page)
    assert {row.person_id for row in paged} == {ON_CALL, "dr-okafor"}
    assert {row.made_at for row in paged} == {paged[0].made_at}


def test_whoever_was_rung_beside_who_hands_the_emergency_on_is_asked_before_the_backup(own_first: World) -> None:
    called, office = matched(own_first, "Dr Okafor"), Office(own_first)

    def accept(work: Work) -> None:
        legs.lock_call(work, called)
        (theirs,) = office.rows(page, page.c.person_id == "dr-okafor")
        fire(work, PAGE, page, theirs.id, "accept")

    def hand_on(work: Work) -> None:
        legs.lock_call(work, called)
        escalations.start_after(work, called, "emergent", "dr-okafor")

    in_transaction(own_first.services, lambda work: escalations.start_escalation(work, called, "emergent"))
    in_transaction(own_first.services, accept)
    in_transaction(own_first.services, hand_on)
    (begun,) = office.rows(escalation, escalation.c.state == "paging")
    assert [step["person"] for step in begun.steps] == [ON_CALL, "dr-patel", None]
    asked = office.rows(page, page.c.state == "open")
    assert {row.person_id for row in asked} == {ON_CALL, "dr-patel"}


def climb(world: World, called: str, *urgencies: str) -> list[str]:
    """Page for a call, and twenty seconds later as the next urgency asks; whose telephones ring then."""

    def act(work: Work, urgency: str) -> None:
        legs.lock_call(work, called)
        escalations.start_escalation(work, called, urgency)

    for urgency in urgencies:
        in_transaction(world.services, partial(act, urgency=urgency))
        world.advance_to(world.now + timedelta(seconds=20))
    return sorted(row.person_id for row in Office(world).rows(page, page.c.call_id == called, page.c.state == "open"))


@pytest.mark.parametrize("doctor", ["Dr Okafor", "Dr Patel"])
def test_an_own_doctor_whose_telephone_rings_is_not_waited_for_as_it_gets_worse(own_first: World, doctor: str) -> None:
    called, own = matched(own_first, doctor), doctor.lower().replace(" ", "-")
    assert climb(own_first, called, "routine", "urgent") == [own]
    assert climb(own_first, called, "emergent") == sorted([ON_CALL, own])


def test_whoever_is_first_by_the_ladder_is_waited_for_though_they_are_the_own_doctor(own_first: World) -> None:
    assert climb(own_first, matched(own_first, "Dr Lee"), "urgent", "emergent") == [ON_CALL]


def test_nobody_is_rung_beside_whoever_is_no_own_doctor(own_first: World) -> None:
    assert climb(own_first, matched(own_first, "Dr Nobody"), "urgent", "emergent") == [ON_CALL]


def test_the_others_follow_once_the_own_doctor_and_whoever_is_first_have_not_come(own_first: World) -> None:
    called = matched(own_first, "Dr Patel")
    climb(own_first, called, "urgent", "emergent")
    (climbed,) = Office(own_first).rows(escalation)
    assert [(one["person"], one.get("with_next", False)) for one in climbed.steps] == [
        ("dr-patel", True),
        (ON_CALL, False),
        ("dr-okafor", False),
        ("dr-patel", False),
        (None, False),
    ]


def test_an_own_doctor_who_is_not_on_call_is_paged_as_the_ladder_has_it(any_world: World) -> None:
    called = matched(any_world, "Dr Okafor")
    assert [person for person, _ in steps(any_world, called, "urgent")] == [
        ON_CALL,
        ON_CALL,
        "dr-okafor",
        "dr-patel",
        None,
    ]


def test_an_own_doctor_whom_nobody_knows_changes_nothing_and_is_told_in_the_timeline_once(own_first: World) -> None:
    office, called = Office(own_first), matched(own_first, "Dr Nobody")

    def told() -> list[str]:
        return [row.call_id for row in office.rows(event, event.c.kind == "own-doctor-unknown")]

    def start(work: Work, urgency: str) -> str:
        legs.lock_call(work, called)
        return escalations.start_escalation(work, called, urgency)

    assert steps(own_first, called, "urgent")[0] == (ON_CALL, False)
    assert told() == [], "nobody is paged yet"
    for urgency in ("urgent", "emergent"):
        in_transaction(own_first.services, partial(start, urgency=urgency))
        assert told() == [called]
    with own_first.services.database.write() as connection:
        connection.execute(update(escalation).values(state="exhausted", ended_at=own_first.now))
    in_transaction(own_first.services, partial(start, urgency="emergent"))
    assert len(office.rows(escalation)) == 2
    assert told() == [called]
    with own_first.services.database.read() as connection:
        assert count_unknown(connection, own_first.services.cipher, "maple", NAMES) == 1
        assert count_unknown(connection, own_first.services.cipher, "maple", NAMES | {"x": ("dr nobody",)}) == 0


def test_a_name_that_two_people_have_is_nobodys(world: World) -> None:
    matched(world, "Dr Lee")
    with world.services.database.read() as connection:
        assert count_unknown(connection, world.services.cipher, "maple", NAMES) == 0
        assert count_unknown(connection, world.services.cipher, "maple", NAMES | {"x": ("Dr. Lee",)}) == 1


def test_the_name_is_kept_as_a_keyed_hash_of_its_practice_alone(world: World) -> None:
    matched(world, "Dr Okafor")
    (row,) = Office(world).rows(patient)
    assert row.doctor_hash == world.services.cipher.lookup_hash("maple", "own_doctor", "dr okafor")
    assert row.doctor_hash != world.services.cipher.lookup_hash("riverside", "own_doctor", "dr okafor")
    assert "kafor" not in str(tuple(row))
