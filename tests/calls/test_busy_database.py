"""A statement that meets others on a busy database costs no caller the conversation."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError

from ivr.core.database import TIMEOUT_SECONDS, TURN_SECONDS, NoTurn, is_passing
from ivr.core.unit_of_work import MOST_TRIES
from tests.calls.office import Office

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
SHORTLY = "SET LOCAL lock_timeout = '20ms'"


@pytest.mark.parametrize("any_world", [POSTGRESQL], indirect=True)
def test_a_caller_whose_answer_met_a_lock_goes_on_where_the_caller_was(any_office: Office) -> None:
    caller, engine = any_office.dialled(), any_office.services.database.engine
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(SHORTLY))
    other = create_engine(engine.url)
    with other.connect() as holder:
        holder.execute(text("LOCK TABLE call_log IN ACCESS EXCLUSIVE MODE"))
        met: list[BaseException] = []

        def let_go(context: object) -> None:
            met.append(context.original_exception)  # type: ignore[attr-defined]
            holder.rollback()

        event.listen(engine, "handle_error", let_go)
        caller.presses("1")
    other.dispose()
    assert [type(problem).__name__ for problem in met] == ["LockNotAvailable"]
    assert caller.leg.flow == "inbound"
    assert "something went wrong" not in caller.heard.words
    assert "Tell me what you need" in caller.heard.words
    assert not [entry for entry in any_office.world.log if entry["log_level"] != "info"]


def test_whoever_waits_for_others_each_time_is_answered_before_twilio_gives_up() -> None:
    assert TIMEOUT_SECONDS + MOST_TRIES * TURN_SECONDS < 15


@pytest.mark.parametrize("any_world", [POSTGRESQL], indirect=True)
def test_a_statement_may_wait_for_others_as_long_as_a_writer_for_its_turn(any_office: Office) -> None:
    with any_office.services.database.read() as connection:
        limits = [
            connection.execute(text(f"SHOW {name}")).scalar_one() for name in ("lock_timeout", "statement_timeout")
        ]
    assert limits == [f"{TURN_SECONDS}s"] * 2


class Reported(Exception):
    """What a driver raises, with PostgreSQL's code for it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "passes"), [("55P03", True), ("40P01", True), ("40001", True), ("57014", False), ("57P01", False)]
)
def test_only_what_others_were_in_the_way_of_is_tried_again(sqlstate: str, passes: bool) -> None:
    assert is_passing(OperationalError("select", {}, Reported(sqlstate))) is passes
    assert not is_passing(RuntimeError(sqlstate))


def test_a_writer_who_did_not_get_a_turn_tries_again() -> None:
    assert is_passing(NoTurn())
    assert not is_passing(TimeoutError())
