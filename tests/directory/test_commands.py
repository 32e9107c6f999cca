"""The commands as an administrator uses them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from callflows.proof.graph import Subject
from callflows.registry import CURRENT
from ivr.audit.tables import audit_row
from ivr.directory import revisions
from ivr.directory.organisation import Organisation, read_folder
from ivr.flows.subjects import subjects_of
from ivr.installation.command_line import Installation
from ivr.ops import configuration_commands
from ivr.ops.configuration_commands import check, load, load_organisation
from ivr.patients.patients_command import patients
from ivr.patients.tables import patient
from ivr.workforce.coverage_command import coverage
from ivr.workforce.pictures.files import as_png
from tests.conftest import thorough
from tests.directory.conftest import AT, EXAMPLE, Folder
from tests.flows.small import made_brief

EVERYWHERE = "maple loop, riverside downtown and riverside westside"
HEADER = "id,name,date_of_birth,zip,phone\n"
NOON = ["--at", AT.isoformat()]


def run(command: object, *arguments: str, given: Installation | None = None, answer: str = "") -> Result:
    return CliRunner().invoke(command, list(arguments), obj=given, input=answer)  # type: ignore[arg-type]


def in_force(installation: Installation) -> int | None:
    with installation.database.read() as connection:
        return revisions.current(connection)


def audited(installation: Installation) -> list[str]:
    with installation.database.read() as connection:
        return list(connection.execute(select(audit_row.c.action).order_by(audit_row.c.sequence)).scalars())


def test_the_example_passes_the_check() -> None:
    result = run(check, str(EXAMPLE), *NOON, "--quick")
    assert (result.exit_code, result.output) == (0, f"{EXAMPLE}: 0 problems, 0 warnings\n")


ROW = re.compile(r"^\w+ +.* (yes|NO)$", re.MULTILINE)


@pytest.fixture
def small(folder: Folder) -> Path:
    """The example with little on its menus and in its protocol, so that its flows are walked quickly."""
    shutil.rmtree(folder.path / "practices")
    shutil.copytree(Path(__file__).parent / "small" / "practices", folder.path / "practices")
    return folder.path


def shown(organisation: Organisation) -> tuple[Subject, ...]:
    """The flows as those meet them whose number shows, and who are cut off and handed on less often."""
    return tuple(made_brief(one) for one in subjects_of(organisation) if getattr(one.told, "caller_id", True))


@pytest.mark.parametrize("met", [shown, thorough(subjects_of)], ids=["shown", "shown and hidden"])
def test_every_path_of_every_flow_is_safe_with_a_small_practice(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, met: Callable[[Organisation], tuple[Subject, ...]]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(configuration_commands, "subjects_of", met)
    result = run(check, str(small), *NOON)
    verdicts = ROW.findall(result.output)
    assert result.exit_code == 0, result.output
    assert len(verdicts) > len(CURRENT)
    assert set(verdicts) == {"yes"}


@pytest.mark.thorough
def test_every_path_of_every_flow_is_safe_with_the_example() -> None:
    result = run(check, str(EXAMPLE), *NOON)
    verdicts = ROW.findall(result.output)
    assert result.exit_code == 0
    assert len(verdicts) > len(CURRENT)
    assert set(verdicts) == {"yes"}


def test_a_problem_is_printed_with_file_line_and_mend(folder: Folder) -> None:
    line = folder.replace("oncall.yaml", "people: [dr-lee, dr-okafor]", "people: [dr-lee, dr-okafer]")
    result = run(check, str(folder.path), *NOON)
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == (
        f"{folder.path}/oncall.yaml:{line}: there is no person 'dr-okafer'; did you mean 'dr-okafor'?"
    )


def test_a_stretch_without_anybody_is_a_problem(folder: Folder) -> None:
    folder.replace("operator.yaml", "{site: bogota, shift: {mon-sun", "{site: bogota, shift: {mon-sat")
    result = run(check, str(folder.path), *NOON)
    assert result.exit_code == 1
    assert "practices/maple.yaml" in result.output
    told = f"{EVERYWHERE}: nobody answers scheduling in en-US and es-US from Sun 2026-11-01 11:00 to 17:00"
    assert told in result.output
    assert "write after_hours: message" in result.output
    assert f"warning: {EVERYWHERE}: nobody answers nurse in en-US and es-US for a patient in IL or TX" in result.output


def test_a_promise_after_hours_is_no_mend_for_who_is_missing_in_opening_hours(folder: Folder) -> None:
    folder.replace("practices/maple.yaml", "prescriptions: {skill: scheduling", "prescriptions: {skill: dancing")
    told = [line for line in run(check, str(folder.path), *NOON).output.splitlines() if "nobody answers" in line]
    assert [line.split(" from ")[0].split(": ", 1)[1] for line in told] == [
        "loop: nobody answers prescriptions in en-US and es-US"
    ]
    assert not any("write after_hours" in line for line in told)


def test_coverage_of_a_year_is_complete() -> None:
    result = run(coverage, str(EXAMPLE), *NOON)
    assert (result.exit_code, result.output) == (0, "0 gaps in 366 days\n")


def test_coverage_can_let_licences_and_training_end() -> None:
    result = run(coverage, str(EXAMPLE), *NOON, "--lapse")
    assert result.exit_code == 1
    assert f"{EVERYWHERE}: nobody answers nurse in es-US for a patient in IL or TX from" in result.output


def test_coverage_names_the_mend_of_each_gap(folder: Folder) -> None:
    folder.replace("operator.yaml", "{site: bogota, shift: {mon-sun", "{site: bogota, shift: {mon-sat")
    result = run(coverage, str(folder.path), *NOON, "--days", "14")
    assert result.exit_code == 1
    assert "scheduling in en-US and es-US from Sun 2026-11-01 11:00 to 17:00 America/Chicago" in result.output
    assert (
        "mend: let valentina, andres (bogota) work Sun 2026-11-01 12:00 to 18:00 on the clocks there" in result.output
    )


def test_coverage_by_two_is_more_than_coverage_by_one() -> None:
    result = run(coverage, str(EXAMPLE), *NOON, "--days", "14", "--people", "2")
    assert result.exit_code == 1
    assert "fewer than 2 answer nurse in es-US for a patient in IL" in result.output


def test_coverage_asks_about_states_where_patients_travel() -> None:
    result = run(coverage, str(EXAMPLE), *NOON, "--days", "14", "--state", "CA")
    assert f"{EVERYWHERE}: nobody answers nurse in en-US and es-US for a patient in CA" in result.output
    assert "mend: get or renew a licence as RN valid in CA for camila (bogota)" in result.output
    assert "6 gaps of 1 cause in 14 days" in result.output


def test_coverage_draws_a_heat_map_that_says_what_it_shows(tmp_path: Path) -> None:
    file, pixels = tmp_path / "coverage.svg", tmp_path / "coverage.png"
    told = run(coverage, str(EXAMPLE), *NOON, "--lapse", "--svg", str(file), "--png", str(pixels)).output
    assert told.endswith(f"{file}: the heat map\n{pixels}: the heat map\n")
    assert pixels.read_bytes() == as_png(file.read_text("utf-8"))
    drawn = ElementTree.parse(file).getroot()
    name = "{http://www.w3.org/2000/svg}"
    assert (drawn.findtext(f"{name}title") or "").startswith("Fewest people awake and allowed, 2026-11-01 to 2027")
    assert "20 of them have nobody" in (drawn.findtext(f"{name}desc") or "")
    labels = [one.text for one in drawn.iter(f"{name}text")]
    assert "maple loop: nurse in en-US, IL" in labels


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("--at", "9999-12-31"), "is not between 1970 and 2199"),
        (("--at", "0001-01-01"), "is not between 1970 and 2199"),
        (("--state", "XX"), "'XX' is not a state"),
        (("--svg", "nowhere/year.svg"), "there is no folder 'nowhere'"),
    ],
)
def test_coverage_refuses_what_cannot_be_answered_before_it_looks(asked: tuple[str, str], told: str) -> None:
    result = run(coverage, str(EXAMPLE), *NOON, *asked)
    assert (result.exit_code, told in result.output) == (2, True)


def test_loading_a_configuration_with_gaps_says_so_and_goes_on(installation: Installation, folder: Folder) -> None:
    folder.replace("operator.yaml", "{site: bogota, shift: {mon-sun", "{site: bogota, shift: {mon-sat")
    told = run(load, str(folder.path), *NOON, "--yes", given=installation).output
    assert f"warning: 6 gaps in coverage in the next 14 days; see: sunline check {folder.path} --quick" in told
    assert in_force(installation) == 1


def test_loading_shows_the_difference_and_asks(installation: Installation) -> None:
    refused = run(load, str(EXAMPLE), given=installation, answer="n\n")
    assert "practices/maple: the whole file: nothing ->" in refused.output
    assert (refused.exit_code, in_force(installation)) == (1, None)
    accepted = run(load, str(EXAMPLE), given=installation, answer="y\n")
    assert "revision 1 is in force" in accepted.output
    assert (in_force(installation), audited(installation)) == (1, ["config.load"])


def test_a_dry_run_keeps_nothing(installation: Installation) -> None:
    result = run(load, str(EXAMPLE), "--dry-run", given=installation)
    assert (result.exit_code, in_force(installation)) == (0, None)


def test_loading_the_same_again_says_that_nothing_changes(installation: Installation) -> None:
    run(load, str(EXAMPLE), "--yes", given=installation)
    again = run(load, str(EXAMPLE), "--yes", given=installation)
    assert (again.output, audited(installation)) == ("nothing changes\n", ["config.load"])


def test_a_broken_folder_leaves_the_loaded_one_in_force(installation: Installation, folder: Folder) -> None:
    run(load, str(EXAMPLE), "--yes", given=installation)
    folder.replace("practices/maple.yaml", "state: IL", "state: ILL")
    result = run(load, str(folder.path), "--yes", given=installation)
    assert (result.exit_code, in_force(installation)) == (1, 1)
    assert "'ILL' is not a state" in result.output


def test_a_configuration_loaded_meanwhile_is_not_overwritten(installation: Installation, folder: Folder) -> None:
    first = read_folder(EXAMPLE, at=AT)
    load_organisation(installation, first, AT, seen=None)
    folder.replace("practices/maple.yaml", "overflow_after: 40s", "overflow_after: 50s")
    second = read_folder(folder.path, at=AT)
    with pytest.raises(Exception, match="loaded meanwhile"):
        load_organisation(installation, second, AT, seen=None)
    assert in_force(installation) == 1


def test_patients_are_taken_in_for_a_loaded_practice(installation: Installation, tmp_path: Path) -> None:
    run(load, str(EXAMPLE), "--yes", given=installation)
    path = tmp_path / "patients.csv"
    path.write_text(HEADER + "e1,Ana Ruiz,1980-03-14,02134,3125550142\n")
    tried = run(patients, "import", str(path), "--practice", "maple", "--dry-run", given=installation)
    assert "created 1, updated 0, unchanged 0, skipped 0 (dry run: nothing was kept)" in tried.output
    assert (audited(installation), stored(installation)) == (["config.load"], 0)
    done = run(patients, "import", str(path), "--practice", "maple", given=installation)
    assert "patients.csv: created 1" in done.output
    assert (audited(installation), stored(installation)) == (["config.load", "patients.import"], 1)


def test_patients_of_an_unknown_practice_are_refused(installation: Installation, tmp_path: Path) -> None:
    run(load, str(EXAMPLE), "--yes", given=installation)
    path = tmp_path / "patients.csv"
    path.write_text(HEADER + "e1,Ana Ruiz,1980-03-14,02134,3125550142\n")
    result = run(patients, "import", str(path), "--practice", "birch", given=installation)
    assert (result.exit_code, stored(installation)) == (1, 0)
    assert "no practice 'birch'" in result.output


def test_one_faulty_row_keeps_the_whole_file_out(installation: Installation, tmp_path: Path) -> None:
    run(load, str(EXAMPLE), "--yes", given=installation)
    path = tmp_path / "patients.csv"
    path.write_text(HEADER + "e1,Ana Ruiz,1980-03-14,02134,3125550142\ne2,Bo Lund,1980-15-14,,\n")
    result = run(patients, "import", str(path), "--practice", "maple", given=installation)
    assert (result.exit_code, stored(installation)) == (1, 0)
    assert f"{path}:3: the date_of_birth cannot be read; write a day of the calendar as YYYY-MM-DD" in result.output


def stored(installation: Installation) -> int:
    with installation.database.read() as connection:
        return connection.execute(select(func.count()).select_from(patient)).scalar_one()
