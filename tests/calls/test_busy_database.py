"""A statement that meets others on a busy database costs no caller the conversation."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import OperationalError

from ivr.core.database import BRIEF_LOCK_SECONDS, TIMEOUT_SECONDS, TURN_SECONDS, is_passing
from ivr.core.unit_of_work import MOST_TRIES, Work, in_transaction, transaction
from ivr.core.urls import DOCUMENT
from tests.calls.office import Office

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)


@pytest.mark.parametrize("any_world", [POSTGRESQL], indirect=True)
def test_a_caller_whose_answer_met_a_lock_goes_on_where_the_caller_was(any_office: Office) -> None:
    caller, engine = any_office.dialled(), any_office.services.database.engine
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
    patience = int(DOCUMENT.partition("rt=")[2].partition("&")[0]) / 1000
    assert patience > TURN_SECONDS
    assert patience > BRIEF_LOCK_SECONDS * (MOST_TRIES - 1) + TIMEOUT_SECONDS


@pytest.mark.parametrize("any_world", [POSTGRESQL], indirect=True)
def test_a_lock_that_is_not_to_be_had_is_given_up_before_its_statement_is(any_office: Office) -> None:
    def limits(work: Work) -> list[str]:
        names = ("lock_timeout", "statement_timeout")
        return [work.connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]

    with transaction(any_office.services) as work:
        assert limits(work) == [f"{TIMEOUT_SECONDS}s", f"{TURN_SECONDS}s"]
    assert in_transaction(any_office.services, limits) == [f"{BRIEF_LOCK_SECONDS * 1000:.0f}ms", f"{TURN_SECONDS}s"]


class Reported(Exception):
    """What a driver raises, with PostgreSQL's code for it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(("sqlstate", "passes"), [("55P03", True), ("40P01", True), ("57014", False), ("57P01", False)])
def test_only_what_others_were_in_the_way_of_is_tried_again(sqlstate: str, passes: bool) -> None:
    assert is_passing(OperationalError("select", {}, Reported(sqlstate))) is passes
    assert not is_passing(RuntimeError(sqlstate))
