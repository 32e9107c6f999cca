"""What a practice writes about who is calling: enough to tell somebody by, and nothing that would not come to pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.directory.checks import checked
from ivr.directory.problems import ConfigurationError, Problem
from ivr.ops.configuration_commands import check
from tests.directory.conftest import AT, EXAMPLE, Folder

MAPLE = "practices/maple.yaml"
L1 = "items: [date_of_birth, zip, name, mrn, phone_on_file], require: [date_of_birth], need: 2"
ASKING = "tries: 3\n  representatives: true"
LEVEL, NURSE = "level: L1, new", "level: L0, licensed"

Edit = tuple[str, str]


def found(folder: Folder, *edits: Edit) -> list[Problem]:
    for old, new in edits:
        folder.replace(MAPLE, old, new)
    try:
        return list(checked(folder.path, AT)[1])
    except ConfigurationError as refused:
        return list(refused.problems)


def only(folder: Folder, *edits: Edit) -> Problem:
    (one,) = found(folder, *edits)
    return one


def line_of(folder: Folder, text: str) -> int:
    lines = (folder.path / MAPLE).read_text("utf-8").splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return number


@pytest.mark.parametrize(
    ("items", "enough", "mend"),
    [
        ("items: [name, zip, date_of_birth], need: 2", "name and zip", "write require: [date_of_birth]"),
        ("items: [zip, phone_on_file, mrn], need: 2", "zip and phone_on_file", "write require: [mrn]"),
        ("items: [name, phone_on_file], need: 2", "name and phone_on_file", "write require: [date_of_birth]"),
        ("items: [date_of_birth, zip, name], require: [name], need: 2", "name and zip", "require: [date_of_birth]"),
        (
            "items: [date_of_birth, zip, name, mrn, phone_on_file], need: 3",
            "zip, name and phone_on_file",
            "write require: [date_of_birth]",
        ),
    ],
)
def test_nobody_is_a_patient_by_what_stands_in_a_telephone_book(
    folder: Folder, items: str, enough: str, mend: str
) -> None:
    told = [one for one in found(folder, (L1, items)) if "telephone book" in one.what]
    assert [(one.what, one.warning, one.line) for one in told] == [
        (
            f"{enough} are enough to be taken for a patient, and stand in a telephone book",
            False,
            line_of(folder, f"L1: {{{items}"),
        )
    ]
    assert told[0].mend.endswith(mend)


@pytest.mark.parametrize(
    "items",
    [
        "items: [date_of_birth, zip], need: 2",
        "items: [date_of_birth, zip, name, phone_on_file], require: [date_of_birth], need: 2",
        "items: [mrn, zip, name], require: [mrn], need: 2",
        "items: [date_of_birth, name, zip, phone_on_file], need: 4",
    ],
)
def test_whoever_needs_a_date_of_birth_or_a_record_number_is_told_of_nothing(folder: Folder, items: str) -> None:
    assert not [one for one in found(folder, (L1, items)) if "telephone book" in one.what]


def test_where_a_code_proves_who_calls_it_is_a_warning(folder: Folder) -> None:
    public = (L1, "items: [date_of_birth, zip, name], need: 2")
    levels = ((LEVEL, "level: L2, new"), ("scheduling, level: L1, after", "scheduling, level: L2, after"))
    told = only(folder, public, *levels)
    assert (told.warning, told.what.partition(": ")[2]) == (True, "nothing but the code proves who calls")


def test_where_nobody_asks_who_is_calling_nothing_is_told(folder: Folder) -> None:
    levels = ((LEVEL, "level: L0, new"), ("level: L1, after", "level: L0, after"), ("level: L2", "level: L0"))
    assert found(folder, (L1, "items: [zip, name], need: 2"), *levels) == []


SCOPES = {
    "nobody is asked": (
        [("tries: 3", "tries: 3\n  scopes: {home_care: [billing]}")],
        "scopes:",
        "callers are not asked for whom they call, so that no scope is ever looked at",
        "write representatives: true under identity, or remove it",
        False,
    ),
    "twice": (
        [("tries: 3", f"{ASKING}\n  scopes: {{home_care: [billing, billing]}}")],
        "scopes:",
        "billing is listed twice",
        "list it once",
        False,
    ),
    "a service of everybody": (
        [("tries: 3", f"{ASKING}\n  scopes: {{home_care: [nurse]}}")],
        "scopes:",
        "nurse is for anybody who calls, so that nobody needs a scope for it",
        "remove it",
        False,
    ),
    "a name beside all": (
        [("tries: 3", f"{ASKING}\n  scopes: {{parent: [all, billing]}}")],
        "scopes:",
        "all has billing in it",
        "write all, or the names alone",
        False,
    ),
    "others about everything": (
        [("tries: 3", f"{ASKING}\n  scopes: {{other: all}}".replace("all", "[all]"))],
        "scopes:",
        "step-parents, next of kin and whoever else has no code that says that they may speak for a patient may speak"
        " about everything",
        "name what each needs to speak about",
        True,
    ),
    "help at home, service by service": (
        [("tries: 3", f"{ASKING}\n  scopes: {{home_care: [scheduling, prescriptions, billing]}}")],
        "scopes:",
        "those who help at home may speak about everything",
        "name what each needs to speak about",
        True,
    ),
    "parents about nothing": (
        [("tries: 3", f"{ASKING}\n  scopes: {{parent: []}}")],
        "scopes:",
        "whoever has the relation parent may speak about nothing, but where their record says so",
        "name services, or remove it: left out, it is all of them",
        True,
    ),
    "an age, and nobody is asked": (
        [(LEVEL, "level: L1, confidential: {from_age: 12}, new")],
        "confidential:",
        "callers are not asked for whom they call, so that scheduling is kept from nobody",
        "write representatives: true under identity, or remove it",
        False,
    ),
    "an age of a service of everybody": (
        [("tries: 3", ASKING), (LEVEL, "level: L0, confidential: {from_age: 12}, new")],
        "confidential:",
        "scheduling asks nobody who is calling, so that it is kept from nobody",
        "write level: L1, or remove it",
        False,
    ),
    "an age of a clinical service": (
        [("tries: 3", ASKING), (NURSE, "level: L0, confidential: {from_age: 12}, licensed")],
        "confidential:",
        "nurse asks nobody who is calling, so that it is kept from nobody",
        "remove it",
        False,
    ),
    "from birth": (
        [("tries: 3", ASKING), (LEVEL, "level: L1, confidential: {from_age: 0}, new")],
        "confidential:",
        "scheduling is kept from everybody who speaks for a minor, a newborn's parents too",
        "write the age from which a minor may ask for it alone, such as 12",
        True,
    ),
    "from majority": (
        [("tries: 3", ASKING), (LEVEL, "level: L1, confidential: {from_age: 18}, new")],
        "confidential:",
        "whoever is 18 is of age in IL, so that scheduling is kept from nobody there",
        "write an age below 18, or remove it",
        True,
    ),
}


@pytest.mark.parametrize("kind", SCOPES)
def test_what_is_written_of_those_who_speak_for_patients_is_looked_at(folder: Folder, kind: str) -> None:
    edits, at, what, mend, warning = SCOPES[kind]
    told = only(folder, *edits)
    assert (told.what, told.mend, told.warning) == (what, mend, warning)
    assert (told.file, told.line) == (str(folder.path / MAPLE), line_of(folder, at))


@pytest.mark.parametrize(
    "scopes",
    ["{home_care: [scheduling]}", "{parent: [all]}", "{parent: [scheduling]}", "{other: []}", "{guardian: [billing]}"],
)
def test_scopes_that_say_something_are_told_of_nothing(folder: Folder, scopes: str) -> None:
    assert found(folder, ("tries: 3", f"{ASKING}\n  scopes: {scopes}")) == []


@pytest.mark.parametrize(("state", "age", "told"), [("AL", 18, False), ("AL", 19, True), ("MS", 20, False)])
def test_of_age_is_what_the_state_of_a_location_says(folder: Folder, state: str, age: int, told: bool) -> None:
    edits = (
        ("tries: 3", ASKING),
        ("state: IL", f"state: {state}"),
        (LEVEL, f"level: L1, confidential: {{from_age: {age}}}, new"),
    )
    assert bool([one for one in found(folder, *edits) if "is of age in" in one.what]) == told


def test_whoever_asks_for_whom_somebody_calls_asks_who_they_are(folder: Folder) -> None:
    levels = ((LEVEL, "level: L0, new"), ("level: L1, after", "level: L0, after"), ("level: L2", "level: L0"))
    told = only(folder, ("tries: 3", ASKING), *levels)
    assert (told.warning, told.line) == (True, line_of(folder, "representatives:"))


def test_what_is_required_is_listed_once(folder: Folder) -> None:
    told = only(folder, ("require: [date_of_birth]", "require: [date_of_birth, date_of_birth]"))
    assert (told.what, told.mend, told.warning) == ("date_of_birth is listed twice", "list it once", False)
    assert told.line == line_of(folder, "require:")


@pytest.mark.parametrize(
    ("numbers", "what"),
    [
        ("+13125550100", "+13125550100 is one that patients dial, and nobody calls from it"),
        ("+13125550101", "+13125550101 is one that patients dial, and nobody calls from it"),
        ("+12105550110", "+12105550110 is one that patients dial, and nobody calls from it"),
        ("+17378742833", "+17378742833 stands for a number that does not show"),
        ('+13125550155", "+13125550155', "+13125550155 is listed twice"),
    ],
)
def test_a_telephone_of_many_is_one_that_they_call_from(folder: Folder, numbers: str, what: str) -> None:
    told = only(folder, ("tries: 3", f'tries: 3\n  shared_telephones: ["{numbers}"]'))
    assert (told.what, told.warning, told.line) == (what, False, line_of(folder, "shared_telephones:"))


def test_the_quick_check_tells_of_all_of_it(folder: Folder) -> None:
    folder.replace(MAPLE, L1, "items: [zip, name], need: 2")
    folder.replace(MAPLE, "tries: 3", "tries: 3\n  scopes: {other: [all]}")
    refused = CliRunner().invoke(check, [str(folder.path), "--quick", "--at", AT.isoformat()])
    assert refused.exit_code == 1
    assert "stand in a telephone book" in refused.output
    assert "no scope is ever looked at" in refused.output


@pytest.mark.parametrize("path", [EXAMPLE, EXAMPLE.parent / "rehearsals" / "families"])
def test_the_practices_of_the_project_are_told_of_nothing(path: Path, folder: Folder) -> None:
    if path != EXAMPLE:
        for file in (path / "practices").glob("*.yaml"):
            (folder.path / "practices" / file.name).write_text(file.read_text("utf-8"), "utf-8")
    try:
        told = list(checked(folder.path, AT)[1])
    except ConfigurationError as refused:
        told = list(refused.problems)
    assert not [one for one in told if "telephone book" in one.what or "kept from" in one.what or "scope" in one.what]
