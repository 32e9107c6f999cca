"""The audit log can grow and nothing else, and whoever changed it anyway is found out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from ivr.audit.append import AuditRefused, append, head
from ivr.audit.audit_command import audit
from ivr.audit.chain import Head
from ivr.audit.guards import install_guards
from ivr.audit.tables import audit_row
from ivr.audit.verify import verify
from ivr.core.database import Database, metadata

AT = datetime(2026, 11, 1, 7, 30, 0, 123456, tzinfo=UTC)
PLAY: dict[str, Any] = {"at": AT, "actor": "agent:ana", "action": "play", "outcome": "allowed", "call_id": "call-1"}


@pytest.fixture
def log(database: Database) -> Database:
    metadata.create_all(database.engine, tables=[audit_row])
    with database.write() as connection:
        for number in range(5):
            append(connection, **{**PLAY, "object_id": f"recording-{number}"})
    return database


def unguarded(log: Database, change: Callable[[Connection], object]) -> None:
    """What someone does who may drop triggers."""
    with log.write() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("no_update", "no_delete", "next_only"):
                connection.execute(text(f"DROP TRIGGER audit_row_{name}"))
        else:
            connection.execute(text("ALTER TABLE audit_row DISABLE TRIGGER USER"))
        change(connection)


def problems(log: Database, known: Head | None = None) -> tuple[str, ...]:
    with log.read() as connection:
        return verify(connection, known).problems


def test_an_empty_log_is_sound(database: Database) -> None:
    metadata.create_all(database.engine, tables=[audit_row])
    with database.read() as connection:
        found = verify(connection)
    assert found.sound
    assert found.rows == 0
    assert found.head == Head()


def test_an_untouched_log_is_sound_and_its_head_is_its_last_row(log: Database) -> None:
    with log.read() as connection:
        found = verify(connection)
        assert found.sound
        assert found.rows == 5
        assert found.head == head(connection)
        assert found.head.sequence == 5


def test_a_row_keeps_everything_it_was_given(log: Database) -> None:
    given = {
        "actor": "agent:ana",
        "on_behalf_of": "dr-lee",
        "role": "agent",
        "site": "manila",
        "site_offset_minutes": 480,
        "address": "2001:db8::7",
        "action": "verify-attempt",
        "patient_id": "9f86d081884c7d65",
        "practice_id": "maple",
        "call_id": "call-2",
        "object_id": "note-7",
        "purpose": "treatment",
        "outcome": "refused",
        "reason": "identity not sure enough, break-glass declined",
    }
    with log.write() as connection:
        append(connection, at=AT, **given)
    with log.read() as connection:
        row = connection.execute(select(audit_row).where(audit_row.c.sequence == 6)).one()._asdict()
    assert {name: row[name] for name in given} == given
    assert row["at"] == AT


def test_the_same_instant_in_another_zone_makes_the_same_chain(database: Database, log: Database) -> None:
    local = AT.astimezone(timezone(timedelta(hours=8)))
    with log.write() as connection:
        append(connection, **{**PLAY, "at": local})
    assert problems(log) == ()


def test_a_row_rolled_back_leaves_no_hole(log: Database) -> None:
    def fail(connection: Connection) -> None:
        append(connection, **PLAY)
        raise RuntimeError

    with pytest.raises(RuntimeError), log.write() as connection:
        fail(connection)
    with log.write() as connection:
        assert append(connection, **PLAY).sequence == 6
    assert problems(log) == ()


@pytest.mark.parametrize("statement", ["UPDATE audit_row SET outcome = 'refused'", "DELETE FROM audit_row"])
def test_the_database_refuses_to_change_or_delete_a_row(log: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), log.write() as connection:
        connection.execute(text(statement))
    assert problems(log) == ()


def test_the_database_refuses_to_replace_a_row(log: Database) -> None:
    with log.read() as connection:
        row = connection.execute(select(audit_row).where(audit_row.c.sequence == 2)).one()._asdict()
    replace = insert(audit_row).prefix_with("OR REPLACE", dialect="sqlite").values({**row, "outcome": "refused"})
    with pytest.raises(DBAPIError), log.write() as connection:
        connection.execute(replace)
    assert problems(log) == ()


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_table(postgres_url: str) -> None:
    database = Database(postgres_url)
    metadata.create_all(database.engine, tables=[audit_row])
    with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
        connection.execute(text("TRUNCATE audit_row"))
    database.dispose()


def test_guards_can_be_installed_again(log: Database) -> None:
    with log.write() as connection:
        install_guards(connection)
    with pytest.raises(DBAPIError, match="append-only"), log.write() as connection:
        connection.execute(delete(audit_row))


@pytest.mark.parametrize(
    "values",
    [
        {"at": AT + timedelta(microseconds=1)},
        {"actor": "agent:joy"},
        {"outcome": "refused"},
        {"patient_id": "someone"},
        {"site_offset_minutes": 0},
        {"reason": "x"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_field_is_found(log: Database, values: dict[str, Any]) -> None:
    unguarded(log, lambda connection: connection.execute(update(audit_row).where(_is(3)).values(**values)))
    assert problems(log) == ("row 3 was changed after it was written",)


def test_a_row_taken_from_the_middle_is_found(log: Database) -> None:
    unguarded(log, lambda connection: connection.execute(delete(audit_row).where(_is(3))))
    assert problems(log) == (
        "row 4 does not follow row 2: rows are missing in between",
        "row 4 is not chained to the row before it",
    )


def test_a_row_taken_from_the_start_is_found(log: Database) -> None:
    unguarded(log, lambda connection: connection.execute(delete(audit_row).where(_is(1))))
    assert any("row 2 does not follow row 0" in problem for problem in problems(log))


def test_exchanged_rows_are_found(log: Database) -> None:
    def exchange(connection: Connection) -> None:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute(update(audit_row).where(_is(old)).values(sequence=new))

    unguarded(log, exchange)
    assert problems(log)


def test_rows_cut_off_the_end_are_found_by_a_head_kept_elsewhere(log: Database) -> None:
    with log.read() as connection:
        known = head(connection)
    unguarded(log, lambda connection: connection.execute(delete(audit_row).where(audit_row.c.sequence > 3)))
    assert problems(log) == ()
    assert problems(log, known) == ("the known head is not in the chain: rows were cut off or rewritten",)


def test_a_log_written_anew_with_sound_hashes_is_found_by_a_head_kept_elsewhere(log: Database) -> None:
    with log.read() as connection:
        known = head(connection)

    def rewrite(connection: Connection) -> None:
        connection.execute(delete(audit_row))
        for _ in range(5):
            append(connection, **{**PLAY, "actor": "nobody"})

    unguarded(log, rewrite)
    assert problems(log) == ()
    assert problems(log, known) != ()


def test_a_known_head_stays_known_while_the_log_grows(log: Database) -> None:
    with log.read() as connection:
        known = head(connection)
    with log.write() as connection:
        append(connection, **PLAY)
    assert problems(log, Head.parse(str(known))) == ()


def test_a_log_wrong_throughout_gives_at_most_a_hundred_problems(log: Database) -> None:
    with log.write() as connection:
        for _ in range(150):
            append(connection, **PLAY)
    unguarded(log, lambda connection: connection.execute(update(audit_row).values(actor="nobody")))
    assert len(problems(log)) == 100


def test_appenders_at_the_same_moment_make_one_chain(log: Database) -> None:
    start, failures = threading.Barrier(4), []

    def work() -> None:
        start.wait()
        try:
            for _ in range(5):
                with log.write() as connection:
                    append(connection, **PLAY)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with log.read() as connection:
        found = verify(connection)
    assert found.problems == ()
    assert found.rows == 25


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("patient_id", "Jane Doe"),
        ("patient_id", "3125550199"),
        ("object_id", "+13125550199"),
        ("reason", "Patient said: chest"),
        ("reason", "line\nbreak"),
        ("action", "Play"),
        ("actor", ""),
        ("address", "http://x y"),
    ],
)
def test_a_value_of_a_patient_is_refused_and_not_quoted(log: Database, name: str, value: str) -> None:
    with log.write() as connection, pytest.raises(AuditRefused, match=name) as refused:
        append(connection, **{**PLAY, name: value})
    assert not value or value not in str(refused.value)


def test_an_instant_without_a_zone_is_refused(log: Database) -> None:
    with log.write() as connection, pytest.raises(AuditRefused, match="time zone"):
        append(connection, **{**PLAY, "at": AT.replace(tzinfo=None)})


def run(log: Database, *arguments: str) -> Result:
    return CliRunner().invoke(audit, arguments, obj=log)


def test_the_command_says_that_a_log_is_sound(log: Database) -> None:
    result = run(log, "verify")
    assert result.exit_code == 0
    assert result.output.startswith("5 rows, head 5:")


def test_the_command_fails_where_the_log_was_changed(log: Database) -> None:
    unguarded(log, lambda connection: connection.execute(update(audit_row).where(_is(3)).values(actor="nobody")))
    result = run(log, "verify")
    assert result.exit_code == 1
    assert "row 3 was changed" in result.output


@pytest.mark.parametrize("whole", [True, False], ids=["sequence and hash", "hash alone"])
def test_a_head_printed_by_one_command_is_understood_by_the_other(log: Database, whole: bool) -> None:
    printed = run(log, "head").output.strip()
    known = printed if whole else printed.split(":")[1]
    assert run(log, "verify", "--head", known).exit_code == 0
    unguarded(log, lambda connection: connection.execute(delete(audit_row).where(_is(5))))
    cut = run(log, "verify", "--head", known)
    assert cut.exit_code == 1
    assert "cut off" in cut.output


def test_the_command_says_what_a_head_looks_like(log: Database) -> None:
    result = run(log, "verify", "--head", "12:abc")
    assert result.exit_code == 2
    assert "SEQUENCE:HASH" in result.output


def test_the_command_finds_its_database_by_address(log: Database) -> None:
    url = log.url.render_as_string(hide_password=False)
    assert CliRunner().invoke(audit, ["--database-url", url, "verify"]).exit_code == 0


def test_without_a_database_named_it_is_the_one_of_this_installation(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/sunline.db")
    metadata.create_all(database.engine)
    result = CliRunner().invoke(audit, ["verify"], env={"SUNLINE_MODE": "demo", "SUNLINE_DATA_DIR": str(tmp_path)})
    database.dispose()
    assert result.exit_code == 0, result.output
    assert "0 rows" in result.output


def _is(sequence: int) -> Any:
    return audit_row.c.sequence == sequence
