"""What need not be kept any longer is destroyed: told first, on the record, and never what somebody holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import LargeBinary, Row, Table

from callflows.lifecycles.tables import PROMISE
from ivr import cli
from ivr.audit.tables import audit_row
from ivr.callbacks.tables import promise
from ivr.calls import legs
from ivr.calls.configuration import call_row
from ivr.calls.tables import call, call_log, leg
from ivr.clinicians import notes
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import transaction
from ivr.features import installed_features, installed_tables
from ivr.installation.command_line import Installation
from ivr.jobs.timers import cancel_timer
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import LocalMaster
from ivr.recordings.tables import recording
from ivr.web import timeline
from recordings_vault.tables import vault_recording
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import dial, goes_on, run

Retention = Callable[..., Result]
TO_A_MESSAGE = ("1", "3", "2")


@pytest.fixture
def retention(any_world: World, any_office: Office) -> Retention:
    """Run ``sunline retention`` on the installation of the world, by its clock."""
    services = any_world.services
    folder = services.settings.data_dir
    master = LocalMaster(folder / "master.key")
    installation = Installation(services.database, KeyStore(services.database, master), any_world.clock, "rosa", True)
    environ = {
        "SUNLINE_MODE": "demo",
        "SUNLINE_DATA_DIR": str(folder),
        "SUNLINE_STORAGE_URL": services.settings.storage_url,
        "SUNLINE_MASTER_KEY": f"file:{folder}/master.key",
    }

    def runs(*options: str, command: Sequence[str] = ("retention",), **more: str) -> Result:
        return CliRunner().invoke(cli.main, [*command, *options], obj=installation, env={**environ, **more})

    return runs


@pytest.fixture
def old_call(any_world: World, any_office: Office) -> str:
    """A message was left, answered, noted by a clinician, and is now eight years old; the call's id."""
    row = leave_message(any_world, any_office)
    with transaction(any_office.services) as work:
        legs.lock_call(work, row.call_id)
        notes.write_note(work, call_row(work, row.call_id), "dr-lee", notes.NOTE, "sounds like angina")
        assert fire(work, PROMISE, promise, row.id, "keep")
    return str(row.call_id)


def leave_message(world: World, office: Office) -> Row[Any]:
    """Somebody leaves a message, and eight years pass; its promise, for which no timer waits any more."""
    line = goes_on(world, dial(world), TO_A_MESSAGE)
    assert world.advance(lambda: any(sound.kind == "beep" for sound in line.heard), timedelta(minutes=1))
    line.say("This is about my refill")
    run(world, 4)
    line.hang_up()
    run(world, 60)
    row = office.one(promise)
    with transaction(office.services) as work:
        legs.lock_call(work, row.call_id)
        for kind in ("promise_start", "promise_due"):
            cancel_timer(work, kind, row.id)
    run(world, 6 * 3600)
    world.clock.advance(timedelta(days=8 * 366))
    return row


def sealed(office: Office) -> dict[str, int]:
    """How many values are sealed or hashed about calls, by column."""
    tables = [table for metadata in installed_tables() for table in metadata.sorted_tables if _of_calls(table)]
    private = {
        f"{table.name}.{column.name}": sum(getattr(row, column.name) is not None for row in office.rows(table))
        for table in tables
        for column in table.columns
        if isinstance(column.type, LargeBinary) or column.name.endswith("_hash")
    }
    return {name: count for name, count in private.items() if count}


def _of_calls(table: Table) -> bool:
    return table in (call, call_log) or ("call_id" in table.columns and table.name != "audit_row")


def test_without_yes_it_is_only_said_what_is_due(any_office: Office, retention: Retention, old_call: str) -> None:
    before = any_office.contents()
    answer = retention()
    assert answer.exit_code == 0, answer.output
    assert f"call {old_call}" in answer.output
    assert "Due: 2 recordings; 1 call.\nDry run: nothing was changed." in answer.output
    assert any_office.contents() == before


def test_what_is_due_is_destroyed_on_the_record(any_office: Office, retention: Retention, old_call: str) -> None:
    told = {"call.caller_sealed", "call_log.answer_sealed", "care_note.words_sealed", "promise.number_sealed"}
    assert told <= set(sealed(any_office))
    answer = retention("--yes")
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "Destroyed 2 recordings; forgot 1 call.")
    assert sealed(any_office) == {}
    assert {row.state for row in any_office.rows(vault_recording)} == {"destroyed"}
    rows = any_office.rows(audit_row, audit_row.c.action.in_(("vault.destroy", "retention.forget")))
    acts = [(row.action, row.outcome, row.reason, row.call_id) for row in rows]
    over = "retention is over"
    assert acts == [
        *[("vault.destroy", "asked", over, None), ("vault.destroy", "ok", over, None)] * 2,
        ("retention.forget", "ok", over, old_call),
    ]
    assert retention("--yes").output.splitlines()[0] == "Due: 0 recordings; 0 calls."


def test_the_story_of_a_forgotten_call_is_still_told(any_office: Office, retention: Retention, old_call: str) -> None:
    retention("--yes")
    assert any_office.one(call).outcome == "message left"
    with any_office.services.database.read() as connection:
        story = timeline.tell_story(connection, any_office.services.cipher, any_office.one(call))
    assert story


def test_what_is_under_legal_hold_is_kept_with_everything_of_its_call(
    any_office: Office, retention: Retention, old_call: str
) -> None:
    services = any_office.services
    (kept, _) = any_office.rows(recording, recording.c.call_id == old_call)
    services.vault.hold(kept.id, actor="rosa", purpose="claim", at=services.clock.now())
    before = sealed(any_office)
    assert "Due: 1 recording, 1 more under legal hold; 0 calls." in retention("--yes").output
    assert sealed(any_office) == before
    assert any_office.one(vault_recording, vault_recording.c.recording_id == kept.id).state == "stored"


def test_whoever_puts_a_hold_too_late_is_told_what_is_gone(
    any_office: Office, retention: Retention, old_call: str
) -> None:
    (late, _) = any_office.rows(recording, recording.c.call_id == old_call)
    retention("--yes")
    said = retention(command=("vault", "hold", late.id, "--reason", "claim")).output.splitlines()
    assert said[0] == f"{late.id} is under legal hold."
    assert said[1].startswith("Its sound is gone: it was destroyed on ")
    assert said[2:] == ["What was said in its call is gone: it was forgotten when its retention was over."]


def test_whoever_puts_a_hold_in_time_is_told_of_nothing_that_is_gone(
    any_office: Office, retention: Retention, old_call: str
) -> None:
    (kept, _) = any_office.rows(recording, recording.c.call_id == old_call)
    said = retention(command=("vault", "hold", kept.id, "--reason", "claim")).output
    assert said == f"{kept.id} is under legal hold.\n"


def test_nothing_is_forgotten_while_somebody_is_still_to_be_called_back(
    any_world: World, any_office: Office, retention: Retention
) -> None:
    leave_message(any_world, any_office)
    before = sealed(any_office)
    assert "; 0 calls." in retention("--yes").output
    assert sealed(any_office) == before


def test_the_setting_says_when_a_call_is_due(any_office: Office, retention: Retention, old_call: str) -> None:
    assert "; 0 calls." in retention(SUNLINE_RETENTION_CALL_LOGS="9y").output
    assert "; 1 call." in retention(SUNLINE_RETENTION_CALL_LOGS="30d").output


def test_every_folder_that_seals_something_of_a_call_says_how_it_is_forgotten() -> None:
    """A new column of a call's that nothing forgets would be found full by the test of all columns only where a call
    fills it; its table is therefore named here."""
    private = {
        table.name
        for metadata in installed_tables()
        for table in metadata.sorted_tables
        if _of_calls(table)
        and any(isinstance(one.type, LargeBinary) or one.name.endswith("_hash") for one in table.columns)
    }
    assert private == {"call", "call_log", "care_note", "leg", "one_time_code", "promise"}
    assert leg.c.address_sealed.nullable
    assert sum(memory.forget is not None for memory in installed_features().memories) == 6
