"""What pages show of somebody who was not reached before their shift."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from ivr.calls.events import record
from ivr.core.unit_of_work import in_transaction
from ivr.jobs.call_ids import NO_CALL
from ivr.oncall import drills
from ivr.rotas.tables import drill
from tests.clinicians.buttons import signed_in
from tests.web.line import Line

MAPLE = "maple-physicians"
ALERT = {"what": drills.NOT_REACHED, "rota": MAPLE, "person": "dr-lee", "drill": "d"}


def write(line: Line, **columns: Any) -> None:
    at = line.clock.now()
    row = {
        "id": "d", "rota_id": MAPLE, "person_id": "dr-lee", "shift_starts_at": at - timedelta(hours=1),
        "asked_for": False, "state": "due", "missed": 3, "next_at": None, "at_risk_at": at, "made_at": at,
    }  # fmt: skip
    with line.services.database.write() as connection:
        connection.execute(insert(drill).values(row | columns))


def tell(line: Line, kind: str, **data: str) -> None:
    in_transaction(line.services, lambda work: record(work, kind, NO_CALL, **(ALERT | data)))


def test_whoever_was_not_reached_and_their_colleagues_see_it_until_they_are(line: Line) -> None:
    browser, _ = signed_in(line)
    assert "not reached" not in browser.get("/oncall").get_data(as_text=True)
    write(line)
    shown = browser.get("/oncall").get_data(as_text=True)
    assert "You were not reached when the line tested it" in shown
    assert "Dr Okafor is paged at once with you." in shown
    with line.services.database.write() as connection:
        connection.execute(update(drill).values(state="reached", ended_at=line.clock.now()))
    assert "not reached" not in browser.get("/oncall").get_data(as_text=True)


def test_a_shift_that_is_to_come_is_told_of_too(line: Line) -> None:
    browser, _ = signed_in(line)
    write(line, person_id="dr-okafor", shift_starts_at=line.clock.now() + timedelta(minutes=10))
    shown = browser.get("/oncall").get_data(as_text=True)
    assert "Dr Okafor takes over then, and was not reached when the line tested it." in shown
    assert "paged at once" not in shown


def test_an_alert_that_is_over_by_itself_says_since_when(line: Line) -> None:
    supervisor = line.client("supervisor")
    tell(line, "alert")
    tell(line, drills.OVER, drill="another")
    assert "over since" not in supervisor.get("/alerts").get_data(as_text=True)
    tell(line, drills.OVER)
    shown = supervisor.get("/alerts").get_data(as_text=True)
    assert (shown.count("on call not reached"), shown.count("over since")) == (1, 1)
    tell(line, "alert")
    assert supervisor.get("/alerts").get_data(as_text=True).count("over since") == 1
