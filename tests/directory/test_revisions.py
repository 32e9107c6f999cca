"""Putting an organisation in force, going back, and having the one a call is pinned to."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select

from ivr.core.database import Database
from ivr.directory import revisions
from ivr.directory.organisation import Organisation, read_folder
from ivr.directory.tables import config_activation, config_revision
from tests.directory.conftest import AT, EXAMPLE, Folder


@pytest.fixture
def old() -> Organisation:
    return read_folder(EXAMPLE, at=AT)


@pytest.fixture
def new(folder: Folder) -> Organisation:
    folder.replace("practices/maple.yaml", 'sat: ["09:00-12:00"]', 'sat: ["09:00-13:00"]')
    folder.replace("operator.yaml", "skills: {scheduling: 4, billing: 2}", "skills: {scheduling: 5, billing: 2}")
    return read_folder(folder.path, at=AT)


def put(database: Database, organisation: Organisation) -> int:
    with database.write() as connection:
        return revisions.apply(connection, organisation, AT, "rosa")


def give_up(database: Database, organisation: Organisation) -> None:
    """Put ``organisation`` in force, look at it, and fail before the commit."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        assert revisions.load(connection, revisions.apply(connection, organisation, AT, "rosa")) == organisation
        transaction.rollback()


def rows(database: Database) -> tuple[int, int]:
    with database.read() as connection:
        counts = [select(func.count()).select_from(table) for table in (config_revision, config_activation)]
        return tuple(connection.execute(count).scalar_one() for count in counts)  # type: ignore[return-value]


def test_a_difference_reads_like_a_note(old: Organisation, new: Organisation) -> None:
    assert [str(change) for change in revisions.diff(old, new)] == [
        "operator: agents.andres.skills.scheduling: 4 -> 5",
        "practices/maple: locations.loop.opening_hours.sat: [09:00-12:00] -> [09:00-13:00]",
    ]


def test_nothing_changes_between_equals(old: Organisation) -> None:
    assert revisions.diff(old, Organisation.from_json(old.to_json())) == []


def test_at_first_every_file_is_new(old: Organisation) -> None:
    changes = revisions.diff(None, old)
    assert [(change.file, change.place, change.before) for change in changes] == [
        (file, "the whole file", None)
        for file in (
            *("oncall", "operator", "practices/maple", "practices/riverside"),
            *("protocols/adult-red-flags", "protocols/child-red-flags", "protocols/pregnancy-red-flags"),
        )
    ]


def test_a_removed_agent_does_not_look_like_all_agents_changed(old: Organisation, folder: Folder) -> None:
    text = (folder.path / "operator.yaml").read_text().splitlines(keepends=True)
    (folder.path / "operator.yaml").write_text("".join(line for line in text if "id: benjie" not in line))
    changes = revisions.diff(old, read_folder(folder.path, at=AT))
    assert [(change.place, change.after) for change in changes] == [("agents.benjie", None)]


def test_what_was_put_in_force_is_loaded(database: Database, old: Organisation, new: Organisation) -> None:
    first, second = put(database, old), put(database, new)
    with database.read() as connection:
        assert revisions.current(connection) == second
        assert revisions.load(connection).digest == new.digest
        assert revisions.load(connection, first).digest == old.digest


def test_the_same_organisation_twice_is_one_revision(database: Database, old: Organisation) -> None:
    assert put(database, old) == put(database, old)
    assert rows(database) == (1, 1)


def test_going_back_is_a_new_activation_of_the_old_revision(
    database: Database, old: Organisation, new: Organisation
) -> None:
    first = put(database, old)
    put(database, new)
    assert put(database, old) == first
    assert rows(database) == (2, 3)
    with database.read() as connection:
        assert revisions.load(connection).digest == old.digest


def test_a_failed_transaction_leaves_the_old_one_in_force(
    database: Database, old: Organisation, new: Organisation
) -> None:
    first = put(database, old)
    give_up(database, new)
    with database.read() as connection:
        assert revisions.current(connection) == first
    assert rows(database) == (1, 1)


def test_a_number_given_back_by_a_failed_transaction_is_not_remembered(
    database: Database, old: Organisation, new: Organisation
) -> None:
    give_up(database, new)
    kept = put(database, old)
    with database.read() as connection:
        assert revisions.load(connection, kept).digest == old.digest


def test_a_revision_is_read_from_the_database_once(database: Database, old: Organisation) -> None:
    revision = put(database, old)
    asked: list[str] = []
    with database.read() as connection:
        first = revisions.load(connection, revision)
        event.listen(connection, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
        assert revisions.load(connection, revision) is first
    assert asked == []


def test_an_empty_database_says_what_to_do(database: Database) -> None:
    with database.read() as connection, pytest.raises(revisions.UnknownRevision, match="sunline load"):
        revisions.load(connection)
