"""Supervisors hear of callers who are not proved again and again, and agents then prove that record no more."""

from __future__ import annotations

import pytest
from sqlalchemy import func, insert, select

from callflows.identity.by_person import MOST_FAILED
from ivr.calls.tables import call
from ivr.core.unit_of_work import Work
from ivr.verification import proving
from ivr.verification.alerts import MANY_FAILED
from ivr.verification.reading import DAY
from ivr.verification.tables import identity_check
from tests.calls.office import Office
from tests.verification.desk import ALL, TO_L3, Desk, talk

pytestmark = pytest.mark.sqlite_first


def failed(office: Office, many: int, patient: str | None = None, ago_days: int = 0) -> None:
    """So many checks without proof, of the present caller's record or of another one."""
    about = max(office.rows(call), key=lambda row: row.created_at)
    with office.services.database.write() as connection:
        for number in range(many):
            row = {
                "id": office.services.ids(),
                "call_id": about.id,
                "number": 100 + number + 1000 * ago_days,
                "practice_id": "maple",
                "patient_id": patient or about.patient_id,
                "result": "not-proved",
                "reason": "prompted",
                "ticked": [],
                "account": "benjie",
                "made_at": office.world.now - ago_days * DAY,
            }
            connection.execute(insert(identity_check).values(row))


def forget_those_of_this_call(office: Office, desk: Desk) -> None:
    """The checks were of other calls of the same patient."""
    with office.services.database.write() as connection:
        other = {**office.one(call, call.c.id == desk.call_id)._mapping, "id": "f" * 24}
        connection.execute(insert(call).values(other))
        connection.execute(identity_check.update().values(call_id="f" * 24))


def test_the_third_check_of_a_record_without_proof_alerts_once(known: Office) -> None:
    talk(known.world)
    failed(known, MOST_FAILED - 1, ago_days=2)
    failed(known, MOST_FAILED - 2)
    desk = Desk(known, "rosa", "supervisor")
    desk.disproves("prompted")
    assert "record-not-proved-again" not in known.alerts()
    desk.disproves("prompted")
    assert known.alerts().count("record-not-proved-again") == 1
    desk.disproves("prompted")
    assert known.alerts().count("record-not-proved-again") == 1


def test_many_callers_of_a_practice_without_proof_alert_once(known: Office) -> None:
    talk(known.world)
    failed(known, MANY_FAILED - 2, patient="somebody-else")
    desk = Desk(known, "rosa", "supervisor")
    desk.disproves("prompted")
    assert "callers-not-proved" not in known.alerts()
    desk.disproves("prompted")
    desk.disproves("prompted")
    assert known.alerts().count("callers-not-proved") == 1


@pytest.mark.parametrize(("ago_days", "told"), [(0, "Only a supervisor can decide anew."), (1, TO_L3)])
def test_a_record_that_was_not_proved_thrice_within_a_day_is_for_a_supervisor(
    known: Office, ago_days: int, told: str
) -> None:
    talk(known.world)
    desk = Desk(known)
    desk.to_l2()
    mark = desk.mark
    failed(known, MOST_FAILED, ago_days=ago_days)
    forget_those_of_this_call(known, desk)
    assert told in desk.sends("check", mark=mark, result="proved", ticked=(*ALL, "forged"))
    assert Desk(known, "rosa", "supervisor").status == 200


def test_the_turn_at_counting_is_taken_before_a_check_without_proof_is_written(
    known: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(known.world)
    desk, before = Desk(known), []

    def turn(work: Work, practice_id: str) -> None:
        before.append((practice_id, work.connection.execute(select(func.count()).select_from(identity_check)).scalar()))

    monkeypatch.setattr(proving, "take_turn_at_codes", turn)
    desk.disproves("prompted")
    assert before == [("maple", 0)]
