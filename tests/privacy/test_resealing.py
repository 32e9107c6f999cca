"""Stored values are sealed anew for their rows, beside calls that go on; what is swapped then does not open."""

from __future__ import annotations

from itertools import islice
from typing import Any

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import Table, select, update

from ivr.accounts.tables import account
from ivr.calls import legs
from ivr.calls.event_tables import event
from ivr.calls.tables import call, call_log, leg
from ivr.core.cipher import SealedColumn
from ivr.core.command import FEATURES
from ivr.core.unit_of_work import transaction
from ivr.installation.command_line import Installation
from ivr.oncall.tables import pin
from ivr.ops.key_command import key
from ivr.privacy import resealing
from ivr.privacy.cipher import BY_FIELD, BY_ROW, ONLY_BY_ROW, PracticeCipher
from ivr.privacy.errors import SealBroken
from ivr.privacy.resealing import reseal_column
from ivr.professionals.tables import organisation_code
from tests.calls.office import CALLER, Office, Party
from tests.calls.worlds import any_office, any_world, furnished_postgres, office, world

__all__ = ["any_office", "any_world", "furnished_postgres", "office", "world"]


def sealing(office: Office, form: str) -> PracticeCipher:
    """From now on values are sealed in this form, as by a process that was started with the setting."""
    office.services.cipher = made = PracticeCipher(office.services.cipher._keys, form)  # type: ignore[attr-defined]
    return made


def columns(office: Office) -> tuple[SealedColumn, ...]:
    return office.services.features.sealed


def reseal(office: Office, *, dry_run: bool = False) -> tuple[int, int, int]:
    """How many values there are in all, were sealed anew, and do not open."""
    cipher, database = sealing(office, BY_ROW), office.services.database
    batches = [
        batch for column in columns(office) for batch in reseal_column(database, cipher, column, dry_run=dry_run)
    ]
    return tuple(sum(part) for part in zip(*((b.found, b.changed, b.broken) for b in batches), strict=True))  # type: ignore[return-value]


def spoken(office: Office) -> Party:
    """A caller with a complaint, an address and answers."""
    caller = office.dialled()
    caller.plays("11")
    caller.says("my chest hurts")
    return caller


def swap(office: Office, table: Table, name: str, first: Any, second: Any) -> None:
    """Whoever can write in the database puts the sealed values of two rows in one another's place."""
    with office.services.database.write() as connection:
        values = [connection.execute(select(table.c[name]).where(one)).scalar_one() for one in (first, second)]
        for one, value in zip((second, first), values, strict=True):
            connection.execute(update(table).where(one).values({name: value}))


def test_every_sealed_column_is_gone_through(office: Office) -> None:
    known = {column.column for column in columns(office)}
    assert known == {
        column for table in office.services.features.tables for column in table.c if column.name.endswith("_sealed")
    } | {pin.c.hash, account.c.password_hash, organisation_code.c.hash}


def test_what_was_sealed_before_is_sealed_anew_and_opens_for_its_row_only(any_office: Office) -> None:
    sealing(any_office, BY_FIELD)
    callers = [spoken(any_office), spoken(any_office)]
    found, due, broken = reseal(any_office, dry_run=True)
    assert found == due > 10
    assert broken == 0
    assert reseal(any_office) == (found, found, 0)
    assert reseal(any_office) == (found, 0, 0)
    sealing(any_office, ONLY_BY_ROW)
    for caller in callers:
        assert caller.send(f"/voice/leg/{caller.leg.id}/{caller.leg.step}/document").status == 200
    assert any_office.rows(event, event.c.kind == "safe-landing") == []


def test_calls_begun_by_the_release_before_go_on_while_their_values_are_sealed_anew(any_office: Office) -> None:
    sealing(any_office, BY_FIELD)
    caller = any_office.dialled()
    caller.plays("1")
    reseal(any_office)
    caller.plays("22")
    assert caller.leg.pending_kind == "Wait"


@pytest.mark.parametrize("name", ["caller_sealed", "complaint_sealed"])
def test_values_swapped_between_calls_do_not_open(office: Office, name: str) -> None:
    cipher = sealing(office, ONLY_BY_ROW)
    one, other = (spoken(office).leg.call_id for _ in range(2))
    swap(office, call, name, call.c.id == one, call.c.id == other)
    (column,) = (column for column in columns(office) if column.column.name == name)
    (batch,) = reseal_column(office.services.database, cipher, column, dry_run=True)
    assert batch.broken == 2


def test_an_answer_of_another_caller_lands_the_call_with_a_person(office: Office) -> None:
    sealing(office, ONLY_BY_ROW)
    callers = [office.dialled(), office.dialled(from_="+13125550142")]
    for caller, keys in zip(callers, ("12", "11"), strict=True):
        caller.plays(keys)
    rows = [(call_log.c.leg_id == caller.leg.id) & (call_log.c.step == caller.log[-1].step) for caller in callers]
    swap(office, call_log, "answer_sealed", *rows)
    callers[0].presses("2")
    assert len(office.rows(event, event.c.kind == "safe-landing")) == 1


def test_a_number_of_another_leg_is_not_rung(office: Office) -> None:
    cipher = sealing(office, ONLY_BY_ROW)
    one, other = office.dialled().leg, office.dialled(from_="+13125550142").leg
    swap(office, leg, "address_sealed", leg.c.id == one.id, leg.c.id == other.id)
    row = office.one(leg, leg.c.id == one.id)
    with pytest.raises(SealBroken):
        cipher.open(row.practice_id, "address", f"leg:{row.id}", row.address_sealed)


def test_whoever_is_stopped_goes_on_where_it_was(any_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "BATCH", 2)
    sealing(any_office, BY_FIELD)
    spoken(any_office)
    cipher = sealing(any_office, BY_ROW)
    (answers,) = (column for column in columns(any_office) if column.column.table is call_log)
    database = any_office.services.database
    list(islice(reseal_column(database, cipher, answers, dry_run=False), 1))
    rest = list(reseal_column(database, cipher, answers, dry_run=False))
    assert sum(batch.changed for batch in rest) <= len(any_office.rows(call_log)) - 2
    assert sum(batch.changed for batch in reseal_column(database, cipher, answers, dry_run=True)) == 0


@pytest.mark.postgres
def test_a_row_that_a_call_holds_is_passed_over_and_found_by_the_next_run(any_office: Office) -> None:
    if any_office.services.database.engine.dialect.name != "postgresql":
        pytest.skip("writers of SQLite are alone")
    sealing(any_office, BY_FIELD)
    caller = spoken(any_office)
    cipher = sealing(any_office, BY_ROW)
    (numbers,) = (column for column in columns(any_office) if column.column is leg.c.address_sealed)
    database = any_office.services.database
    with transaction(any_office.services) as work:
        legs.lock(work, caller.leg.id)
        held = sum(batch.changed for batch in reseal_column(database, cipher, numbers, dry_run=False))
    after = sum(batch.changed for batch in reseal_column(database, cipher, numbers, dry_run=False))
    assert (held, after) == (len(any_office.rows(leg)) - 1, 1)


def test_the_command_rotates_and_seals_anew_and_says_how_far_it_is(office: Office) -> None:
    sealing(office, BY_ROW)
    spoken(office)
    store = office.services.cipher._keys  # type: ignore[attr-defined]

    def run(*arguments: str, seals: str = BY_ROW) -> Any:
        made = Installation(office.services.database, store, office.services.clock, "ops", True, seals=seals)
        given = {FEATURES: lambda: office.services.features}
        return invoke(arguments, made, given)

    assert "0 to be sealed anew" in run("reseal", "--dry-run").output
    assert run("rotate", "maple").exit_code == 0
    assert "call.caller_sealed: 1 value, 1 to be sealed anew, 0 broken" in run("reseal", "--dry-run").output
    refused = run("reseal", seals=BY_FIELD)
    assert (refused.exit_code, "SUNLINE_SEALS=by-row" in refused.output) == (1, True)
    told = run("reseal", "--dry-run", seals=BY_FIELD)
    assert (told.exit_code, "SUNLINE_SEALS=by-row" in told.output) == (1, True)
    assert "call.caller_sealed: 1 value, 1 to be sealed anew, 0 broken" in told.output
    assert "call.caller_sealed: 1 value, 1 sealed anew, 0 broken" in run("reseal").output
    assert "call.caller_sealed: 1 value, 0 to be sealed anew, 0 broken" in run("reseal", "--dry-run").output
    assert CALLER not in run("reseal").output


def invoke(arguments: tuple[str, ...], made: Installation, meta: dict[str, Any]) -> Any:
    @click.group()
    @click.pass_context
    def sunline(context: click.Context) -> None:
        context.obj = made
        context.meta.update(meta)

    sunline.add_command(key)
    return CliRunner().invoke(sunline, ["key", *arguments])
