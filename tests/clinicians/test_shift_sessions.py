"""Signing in for a shift and out of it, while others do: nobody waits for somebody who waits for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from ivr.core.unit_of_work import BeginAgain
from ivr.oncall import shift_sessions
from ivr.oncall.tables import clinician_session, page, shift_session
from tests.clinicians import buttons
from tests.web.line import PIN, Line


def expired(line: Line, name: str) -> None:
    begun = line.clock.now() - timedelta(days=2)
    row = {"id": name, "person_id": "dr-patel", "begun_at": begun, "ends_at": begun + timedelta(days=1)}
    with line.database.write() as connection:
        connection.execute(insert(shift_session).values(row))


def test_a_sign_in_passes_over_what_another_one_ends_just_now(line: Line) -> None:
    if line.database.engine.dialect.name == "sqlite":
        pytest.skip("one transaction at a time writes there")
    line.ill_caller()
    path, browser = f"/oncall/{line.one(page).token}", line.client()
    expired(line, "held")
    expired(line, "free")
    with line.database.engine.begin() as other:
        other.execute(select(shift_session).where(shift_session.c.id == "held").with_for_update())
        assert browser.post(path, pin=PIN, own="yes").status_code == 303
    assert "free" not in [row.id for row in line.rows(shift_session)]
    assert [row.person_id for row in line.rows(shift_session) if row.id != "held"] == ["dr-lee"]


def once_in_the_way(real: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but others are in the way of it the first time."""
    tries: list[None] = []

    def act(*given: Any) -> Any:
        done = real(*given)
        tries.append(None)
        if len(tries) == 1:
            raise BeginAgain(())
        return done

    return act


@pytest.mark.parametrize("what", ["begin_session", "end_session"])
def test_where_others_are_in_the_way_it_is_done_again(line: Line, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    line.ill_caller()
    path, browser = f"/oncall/{line.one(page).token}", line.client()
    monkeypatch.setattr(shift_sessions, what, once_in_the_way(getattr(shift_sessions, what)))
    assert browser.post(path, pin=PIN, own="yes").status_code == 303
    assert [row.person_id for row in line.rows(shift_session)] == ["dr-lee"]
    monkeypatch.setattr(shift_sessions, what, once_in_the_way(getattr(shift_sessions, what)))
    assert browser.post("/oncall/leave", form="/oncall").status_code == 303
    assert (line.rows(shift_session), line.rows(clinician_session)) == ([], [])
    assert browser.post("/oncall", form="/oncall", pin=PIN).status_code == 303
    assert [row.person_id for row in line.rows(shift_session)] == ["dr-lee"]


def test_signing_out_ends_the_session_for_every_copy(line: Line) -> None:
    browser, _ = buttons.signed_in(line)
    browser.post("/oncall/leave", form="/oncall")
    assert line.rows(shift_session) == []
    assert line.trail()[-1] == ("dr-lee", "oncall.sign-out", "ok")
