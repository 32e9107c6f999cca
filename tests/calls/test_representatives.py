"""What is kept of a caller who speaks for somebody, and of one who may not: call, audit trail and counted guess."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, Table, select

from ivr.audit.tables import audit_row
from ivr.calls.event_tables import event
from ivr.calls.identity_tables import identity_try
from ivr.calls.tables import call
from ivr.patients.representatives.tables import representative
from ivr.patients.tables import patient
from ivr.queue.tables import offer
from rehearsals.language import read_script
from rehearsals.report import failure
from rehearsals.running import play
from rehearsals.world import World
from routing.identity_tries import NUMBER
from tests.calls.office import Office, Party
from tests.taking_in import take_in

FOLDER = Path(__file__).parents[2] / "rehearsals"
ELM, GUESSER = "+13125550130", "+13125550163"


def rows(world: World, table: Table, *where: Any) -> list[Row[Any]]:
    with world.services.database.read() as connection:
        return list(connection.execute(select(table).where(*where)))


def played(number: str, database_url: str | None = None) -> World:
    """The world at the end of a rehearsal, which is the caller's to close."""
    (path,) = FOLDER.glob(f"{number}-*.yaml")
    script = read_script(path)
    world = World(script.config or FOLDER, script.at, database_url=database_url)
    result = play(script, world)
    assert result.passed, failure(result)
    return world


def external(world: World, table: Table, field: str, name: str) -> str:
    hashed = world.services.cipher.lookup_hash("elm", field, name)
    return str(rows(world, table, table.c.external_id_hash == hashed)[0].id)


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_the_call_has_patient_and_representative_each_at_its_level(kind: str, request: pytest.FixtureRequest) -> None:
    with played("105", request.getfixturevalue(kind)) as world:
        (about,) = rows(world, call)
        teo = external(world, patient, "external_id", "E-1")
        ana = external(world, representative, "representative_id", "S-1")
        assert (about.patient_id, about.identity_level) == (teo, "L1")
        assert (about.representative_id, about.relation, about.caller_level) == (ana, "parent", "L1")
        tried = rows(world, audit_row, audit_row.c.action.in_(("patient.identify", "representative.identify")))
        assert [(one.action, one.outcome, one.patient_id, one.object_id) for one in tried] == [
            ("patient.identify", "one", teo, None),
            ("representative.identify", "one", teo, ana),
        ]
        assert [row.about["relation"] for row in rows(world, offer)] == ["parent"]
        noted = [row.data for row in rows(world, event, event.c.kind == "noted")]
        assert not any(ana in str(data) or teo in str(data) for data in noted)


@pytest.mark.parametrize("number", ["106", "107", "108"])
def test_whoever_may_not_speak_leaves_nothing_on_the_call_and_counts_as_a_guess(number: str) -> None:
    with played(number) as world:
        (about,) = rows(world, call)
        assert (about.patient_id, about.identity_level) == (None, "L0")
        assert (about.representative_id, about.relation, about.caller_level) == (None, None, None)
        assert [row.data["found"] for row in rows(world, event, event.c.kind == "identity-tried")] == ["none"]
        (found,) = rows(world, audit_row, audit_row.c.action == "patient.identify")
        assert (found.outcome, found.reason) == ("one", "level l0, unknown telephone")
        (tried,) = rows(world, audit_row, audit_row.c.action == "representative.identify")
        assert (tried.outcome, tried.object_id) == ("no-authority", None)
        # The release before reads offers too, and knows of no relation.
        assert ["relation" in row.about for row in rows(world, offer)] == [False]


def speaks_for_teo(office: Office, name: str, birth: str = "07041980") -> Party:
    """Somebody who has the items of a patient and says who they are themselves."""
    caller = office.dialled(to=ELM, from_=GUESSER)
    for keys in ("1", "1", "2", "03142011", "60302"):
        caller.presses(keys)
    caller.says(name)
    caller.presses(birth)
    return caller


def until_counted(office: Office) -> None:
    """Time goes by until the next failure of the number counts."""
    failed = [row.at for row in office.rows(identity_try, identity_try.c.failed.is_(True))]
    if NUMBER.holds(failed, office.world.now):
        office.passes((max(failed) + NUMBER.wait(len(failed)) - office.world.now).total_seconds())


def test_whoever_knows_a_patient_and_guesses_at_who_speaks_for_them_is_refused_and_told_of() -> None:
    with played("105") as world:
        office = Office(world)
        for _ in range(NUMBER.first + 2):
            speaks_for_teo(office, "Paul Lund")
        failed = office.rows(identity_try, identity_try.c.failed.is_(True))
        assert len(failed) == NUMBER.first
        right = speaks_for_teo(office, "Ana Ruiz")
        assert office.one(call, call.c.id == right.leg.call_id).identity_level == "L0"
        for _ in range(NUMBER.last - NUMBER.first):
            until_counted(office)
            speaks_for_teo(office, "Paul Lund")
        assert office.alerts() == ["records-guessed-at"]


def test_whoever_mistyped_themselves_and_is_then_known_is_forgiven() -> None:
    with played("105") as world:
        office = Office(world)
        for _ in range(NUMBER.first - 1):
            speaks_for_teo(office, "Paul Lund")
        for _ in range(2):
            right = speaks_for_teo(office, "Ana Ruiz")
            assert office.one(call, call.c.id == right.leg.call_id).identity_level == "L1"
            speaks_for_teo(office, "Paul Lund")
        tried = office.rows(identity_try, identity_try.c.source == office.rows(identity_try)[-1].source)
        assert [row.failed for row in tried] == [True] * (NUMBER.first - 1) + [False, True] * 2


def test_whoever_has_a_patient_s_items_wrong_counts_as_one_failure() -> None:
    with played("105") as world:
        office, before = Office(world), len(rows(world, identity_try))
        caller = office.dialled(to=ELM, from_=GUESSER)
        for keys in ("1", "1", "2", "03142011", "60601"):
            caller.presses(keys)
        caller.says("Ana Ruiz")
        caller.presses("07041980")
        assert [row.failed for row in rows(world, identity_try)[before:]] == [True]


CHILDREN = """id,name,date_of_birth,zip,mrn,phone
E-3,Mia Ruiz,2023-05-06,60302,770103,
E-4,Leo Ruiz,2014-11-18,60302,770104,
E-5,Eva Ruiz,2014-11-17,60302,770105,
"""
TOO_YOUNG, TWELVE_TOMORROW, TWELVE_TODAY = "05062023", "11182014", "11172014"


def about_themselves(office: Office, birth: str, postcode: str = "60302") -> tuple[Party, list[str]]:
    """Somebody who says that it is about themselves and gives a record's items, with what they heard and were asked."""
    caller, told = office.dialled(to=ELM, from_=GUESSER), []
    for keys in ("1", "1", "1", birth, postcode):
        told += [caller.presses(keys).words, caller.leg.pending_key]
    return caller, told


@pytest.fixture
def families(tmp_path: Path) -> Iterator[Office]:
    """Elm in the morning, with three children."""
    with played("105") as world:
        path = tmp_path / "children.csv"
        path.write_text(CHILDREN, "utf-8")
        take_in(world.services, path, world.now, practice="elm", seed=8)
        yield Office(world)


@pytest.mark.parametrize("birth", [TOO_YOUNG, TWELVE_TOMORROW])
def test_nobody_younger_than_twelve_is_taken_for_the_caller(families: Office, birth: str) -> None:
    _, told_wrong = about_themselves(families, birth, "60399")
    before = len(families.rows(identity_try))
    child, told = about_themselves(families, birth)
    assert told == told_wrong
    about = families.one(call, call.c.id == child.leg.call_id)
    assert (about.patient_id, about.identity_level) == (None, "L0")
    assert [row.failed for row in families.rows(identity_try)[before:]] == [True]
    tried = rows(families.world, audit_row, audit_row.c.call_id == about.id, audit_row.c.action == "patient.identify")
    assert {one.outcome for one in tried} == {"too-young"}
    found = families.rows(event, event.c.kind == "identity-tried", event.c.call_id == about.id)
    assert [row.data["found"] for row in found] == ["none"]
    assert families.alerts() == []


@pytest.mark.parametrize("birth", [TWELVE_TODAY, "03142011"])
def test_whoever_is_twelve_may_call_about_themselves(families: Office, birth: str) -> None:
    caller, _ = about_themselves(families, birth)
    assert families.one(call, call.c.id == caller.leg.call_id).identity_level == "L1"
