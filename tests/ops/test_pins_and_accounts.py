"""PINs and accounts, from the keyboard."""

from __future__ import annotations

import re

import pytest

from ivr.accounts import accounts_store, passwords
from ivr.accounts.tables import account
from ivr.audit.tables import audit_row
from ivr.oncall import pins
from ivr.oncall.pin_rules import DEMO_PIN, REHEARSED_PIN, WRONG_PIN
from ivr.oncall.tables import pin
from tests.ops.conftest import Run
from tests.web.line import PASSWORD, Line


def pin_is(line: Line, digits: str) -> bool:
    with line.work() as work:
        return pins.check_pin(work, "dr-lee", digits)


def test_a_new_pin_works_and_is_never_shown(line: Line, run: Run) -> None:
    result = run("pin", "set", "dr-lee", answers=("914703", "914703"))
    assert result.exit_code == 0, result.output
    assert "Dr Lee has a new PIN." in result.output
    assert "914703" not in result.output
    assert pin_is(line, "914703")


def test_setting_a_pin_unlocks_a_locked_one_and_leaves_a_row(line: Line, run: Run) -> None:
    with line.database.write() as connection:
        connection.execute(pin.update().values(failures=pins.MOST_FAILURES))
    run("pin", "set", "dr-lee", answers=("914703", "914703"))
    assert pin_is(line, "914703")
    row = line.one(audit_row)
    assert (row.action, row.object_id, row.outcome) == ("pin.set", "dr-lee", "ok")


@pytest.mark.parametrize("digits", ["1234", "123456", "777777", "abcdef", "1234567890123"])
def test_a_pin_that_is_easy_to_guess_is_refused(line: Line, run: Run, digits: str) -> None:
    before = line.one(pin, person_id="dr-lee").hash
    result = run("pin", "set", "dr-lee", answers=(digits, digits))
    assert result.exit_code == 1
    assert "choose" in result.output
    assert line.one(pin, person_id="dr-lee").hash == before


@pytest.mark.parametrize("digits", [DEMO_PIN, REHEARSED_PIN, WRONG_PIN])
def test_a_pin_of_the_demo_or_the_rehearsals_is_refused_where_patients_call(line: Line, run: Run, digits: str) -> None:
    result = run("pin", "set", "dr-lee", answers=(digits, digits))
    assert (result.exit_code, digits in result.output) == (1, False)
    assert "this PIN is known, from the demo or the rehearsals; choose another" in result.output
    assert run("pin", "set", "dr-lee", answers=(digits, digits), SUNLINE_MODE="demo").exit_code == 0


def test_a_person_nobody_knows_gets_no_pin(line: Line, run: Run) -> None:
    result = run("pin", "set", "dr-who")
    assert (result.exit_code, line.rows(pin, person_id="dr-who")) == (1, [])
    assert "no person 'dr-who'" in result.output


def test_an_account_is_made_with_a_password_typed_twice(line: Line, run: Run) -> None:
    result = run("staff", "add", "rosa", "--role", "compliance", answers=(PASSWORD, PASSWORD))
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    row = line.one(account, name="rosa")
    assert row.role == "compliance"
    assert passwords.verify_password(row.password_hash, PASSWORD)
    assert [row.action for row in line.rows(audit_row)] == ["staff.add"]


def test_a_generated_password_is_printed_once_and_works(line: Line, run: Run) -> None:
    result = run("staff", "add", "rosa", "--role", "agent", "--generate")
    shown = re.search(r"shown only now: (\S+)", result.output)
    assert shown is not None
    assert line.client().sign_in("rosa", shown[1]).status_code == 303


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "Rosa Lee", "--role", "agent"), "is not a name"),
        (("add", "agent", "--role", "agent"), "there is an account 'agent' already"),
        (("password", "nobody"), "there is no account 'nobody'"),
        (("disable", "nobody"), "there is no account 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(line: Line, run: Run, arguments: tuple[str, ...], told: str) -> None:
    result = run("staff", *arguments, answers=(PASSWORD, PASSWORD))
    assert result.exit_code == 1
    assert told in result.output
    assert "Traceback" not in result.output
    assert line.rows(audit_row) == []


def test_a_weak_password_is_refused(line: Line, run: Run) -> None:
    result = run("staff", "add", "rosa", "--role", "agent", answers=("too short", "too short"))
    assert "a password has 15 to 128 characters" in result.output
    assert line.rows(account, name="rosa") == []


def test_a_role_that_does_not_exist_is_refused(run: Run) -> None:
    assert run("staff", "add", "rosa", "--role", "emperor").exit_code == 2


def test_a_disabled_account_is_closed_and_listed_as_such(line: Line, run: Run) -> None:
    run("staff", "disable", "agent")
    assert line.client().sign_in("agent").status_code == 403
    assert "agent  agent  disabled" in run("staff", "list").output


def test_a_new_password_opens_a_disabled_account_again(line: Line, run: Run) -> None:
    with line.database.write() as connection:
        accounts_store.disable_account(connection, "agent", line.clock.now())
    run("staff", "password", "agent", answers=("another six words in a row",) * 2)
    assert line.client().sign_in("agent", "another six words in a row").status_code == 303
