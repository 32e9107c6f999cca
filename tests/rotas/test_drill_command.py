"""Somebody is rung because an administrator asks for it; what is known of tests is told beside who is on call."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert, select, update

from ivr.audit.tables import audit_row
from ivr.core.clock import SteppedClock
from ivr.directory.organisation import Organisation, read_folder
from ivr.installation.command_line import Installation
from ivr.oncall.rota_command import rota as command
from ivr.ops.configuration_commands import load_organisation
from ivr.rotas.tables import drill
from routing.zones import to_utc
from tests.directory.conftest import AT, EXAMPLE

pytestmark = pytest.mark.sqlite_first

MAPLE = "maple-physicians"
BEGINS = to_utc(datetime(2026, 11, 2, 8), "America/Chicago")
"""When Dr Okafor takes over from Dr Lee."""


@pytest.fixture
def tested(
    request: pytest.FixtureRequest, installation: Installation, example: Organisation, tmp_path: Path
) -> Installation:
    """The example organisation, whose shifts at Maple are tested half an hour before."""
    assert example.rotas[MAPLE].drill is None
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "tested"))
    rule = getattr(request, "param", "{}")
    file, people = folder / "oncall.yaml", "    people: [dr-lee, dr-okafor]\n"
    file.write_text(file.read_text("utf-8").replace(people, f"{people}    drill: {rule}\n"), "utf-8")
    load_organisation(installation, read_folder(folder, at=AT), AT, seen=1)
    return installation


def move(installation: Installation, at: datetime) -> None:
    clock = installation.clock
    assert isinstance(clock, SteppedClock)
    clock.advance(at - clock.now())


def run(installation: Installation, *arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), obj=installation)


def ring(installation: Installation, person: str, *more: str, rota: str = MAPLE) -> Result:
    return run(installation, "drill", "--rota", rota, "--person", person, *more)


def rows(installation: Installation) -> list[tuple[str, bool, str, datetime | None]]:
    with installation.database.read() as connection:
        found = connection.execute(select(drill).order_by(drill.c.made_at, drill.c.id))
        return [(row.person_id, row.asked_for, row.state, row.next_at) for row in found]


def write(installation: Installation, **columns: Any) -> None:
    row = {
        "id": "d", "rota_id": MAPLE, "person_id": "dr-okafor", "shift_starts_at": BEGINS, "asked_for": False,
        "state": "due", "missed": 3, "next_at": None, "at_risk_at": BEGINS - timedelta(minutes=5), "made_at": AT,
    }  # fmt: skip
    with installation.database.write() as connection:
        connection.execute(insert(drill).values(row | columns))


def audited(installation: Installation) -> list[tuple[str, str]]:
    with installation.database.read() as connection:
        found = connection.execute(select(audit_row).where(audit_row.c.action == "rota.drill"))
        return [(row.object_id, row.outcome) for row in found]


def test_at_any_other_time_it_is_one_ring_by_itself(tested: Installation) -> None:
    result = ring(tested, "dr-lee")
    assert result.output == f"{MAPLE}: dr-lee is rung within a minute, once, by itself\n"
    assert rows(tested) == [("dr-lee", True, "due", AT)]
    assert audited(tested) == [("dr-lee", "ok")]
    again = ring(tested, "dr-lee")
    assert (again.exit_code, "dr-lee is being rung now; see: sunline rota now" in again.output) == (1, True)
    assert len(rows(tested)) == 1


def test_a_dry_run_rings_nobody_and_leaves_nothing(tested: Installation) -> None:
    result = ring(tested, "dr-lee", "--dry-run")
    assert result.output == f"{MAPLE}: dr-lee would be rung within a minute, once, by itself\n"
    assert (rows(tested), audited(tested)) == ([], [])


def test_before_a_shift_that_is_tested_it_is_the_ring_of_that_shift(tested: Installation) -> None:
    move(tested, BEGINS - timedelta(minutes=20))
    assert "is rung within a minute, for the shift from Mon 2026-11-02 08:00" in ring(tested, "dr-okafor").output
    assert rows(tested) == [("dr-okafor", False, "due", BEGINS - timedelta(minutes=20))]


def test_whoever_waits_for_the_next_try_is_rung_now(tested: Installation) -> None:
    move(tested, BEGINS - timedelta(minutes=20))
    write(tested, missed=1, next_at=BEGINS - timedelta(minutes=15), at_risk_at=None)
    assert "for the shift from Mon 2026-11-02 08:00" in ring(tested, "dr-okafor").output
    assert rows(tested) == [("dr-okafor", False, "due", BEGINS - timedelta(minutes=20))]


def test_whoever_has_confirmed_the_shift_is_left_in_peace(tested: Installation) -> None:
    move(tested, BEGINS - timedelta(minutes=20))
    write(tested, state="reached", at_risk_at=None, ended_at=BEGINS - timedelta(minutes=28))
    result = ring(tested, "dr-okafor")
    assert (result.exit_code, len(rows(tested))) == (1, 1)
    assert "dr-okafor has confirmed that shift already, at 07:32 America/Chicago; leave them be" in result.output


def test_a_rota_or_person_that_there_is_not_is_refused(tested: Installation) -> None:
    assert "there is no rota maple; name one of: maple-physicians" in ring(tested, "dr-lee", rota="maple").output
    assert "the organisation has no person 'dr-le'; did you mean 'dr-lee'?" in ring(tested, "dr-le").output
    assert rows(tested) == []


def test_whoever_is_not_on_the_rota_is_refused_and_a_backup_is_not(tested: Installation) -> None:
    result = ring(tested, "dr-patel")
    assert (result.exit_code, rows(tested), audited(tested)) == (1, [], [])
    assert f"dr-patel is not on {MAPLE}; name one of: dr-lee, dr-okafor" in result.output
    covered = run(tested, "cover", MAPLE, "dr-patel", "--until", "2026-11-20")
    assert covered.exit_code == 0
    assert ring(tested, "dr-patel").exit_code == 0


@pytest.mark.parametrize("tested", ["{backup: dr-patel}"], indirect=True)
def test_whoever_stands_in_and_is_the_backup_is_not_said_to_stand_behind_themselves(tested: Installation) -> None:
    span = "--from", "2026-11-02 08:00 America/Chicago", "--until", "2026-11-03"
    assert run(tested, "cover", MAPLE, "dr-patel", *span).exit_code == 0
    write(tested, person_id="dr-patel")
    move(tested, BEGINS + timedelta(minutes=1))
    told = run(tested, "now", MAPLE).output
    assert f"{MAPLE}: dr-patel until Tue 2026-11-03 00:00" in told
    assert "AT RISK: not reached since Mon 07:55, dr-lee is paged at once with them" in told


def test_who_is_at_risk_is_told_with_who_is_on_call(tested: Installation) -> None:
    assert "AT RISK" not in run(tested, "now", MAPLE).output
    write(tested)
    move(tested, BEGINS - timedelta(minutes=2))
    assert run(tested, "now", MAPLE).output == (
        f"{MAPLE}: dr-lee until Mon 2026-11-02 08:00 America/Chicago; next dr-okafor; AT RISK: dr-okafor, who takes "
        "over then, was not reached\n"
    )
    move(tested, BEGINS + timedelta(minutes=1))
    assert run(tested, "now", MAPLE).output == (
        f"{MAPLE}: dr-okafor until Mon 2026-11-16 08:00 America/Chicago; next dr-lee; AT RISK: not reached since "
        "Mon 07:55, dr-lee is paged at once with them\n"
    )
    (told,) = json.loads(run(tested, "now", MAPLE, "--json").output)
    assert (told["unreached_since"], told["backup"]) == ("2026-11-02T13:55:00Z", "dr-lee")
    with tested.database.write() as connection:
        connection.execute(update(drill).values(state="reached", ended_at=tested.clock.now()))
    assert "AT RISK" not in run(tested, "now", MAPLE).output
