"""Tests before a shift as administrators write them: what they mean, what is refused, and what is warned of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.directory.checks import checked
from ivr.directory.organisation import read_folder
from ivr.directory.problems import ConfigurationError
from routing.rota_parts import DrillRule
from tests.directory.conftest import AT, Folder

ONCALL, ROTA = "oncall.yaml", "maple-physicians"
PLACE = "    people: [dr-lee, dr-okafor]\n"
MINUTE = timedelta(minutes=1)


def write(folder: Folder, rule: str) -> int:
    """The line at which the rule stands."""
    return folder.replace(ONCALL, PLACE, f"{PLACE}    drill: {rule}\n") + 1


def warnings(folder: Folder) -> list[str]:
    _, found = checked(folder.path, AT)
    return [str(one).removeprefix(f"{folder.path}/") for one in found if "oncall.yaml" in one.file]


@pytest.mark.parametrize(
    ("rule", "meant"),
    [
        ("{}", DrillRule(30 * MINUTE, 3, 10 * MINUTE)),
        ("{before: 1h, tries: 2, every: 5m}", DrillRule(60 * MINUTE, 2, 5 * MINUTE)),
        ("{backup: dr-patel}", DrillRule(30 * MINUTE, 3, 10 * MINUTE, "dr-patel")),
    ],
)
def test_a_test_means_what_is_written(folder: Folder, rule: str, meant: DrillRule) -> None:
    write(folder, rule)
    assert read_folder(folder.path, at=AT).rotas[ROTA].drill == meant
    assert warnings(folder) == []


def test_nobody_is_tested_where_nothing_is_written(folder: Folder) -> None:
    assert {rota.drill for rota in read_folder(folder.path, at=AT).rotas.values()} == {None}


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("{before: 1m}", "the first ring comes at no good time; write 2m to 12h"),
        ("{before: 1d}", "the first ring comes at no good time; write 2m to 12h"),
        ("{tries: 0}", "0 tries are out of bounds; write 1 to 10"),
        ("{tries: 11}", "11 tries are out of bounds; write 1 to 10"),
        ("{every: 1m}", "the next ring comes at no good time; write 2m to 1h"),
        ("{backup: dr-nobody}", "there is no person 'dr-nobody'"),
        ("{after: 5m}", "unknown key 'after'"),
    ],
)
def test_what_cannot_work_is_refused_with_the_mend(folder: Folder, rule: str, what: str) -> None:
    line = write(folder, rule)
    with pytest.raises(ConfigurationError) as refused:
        read_folder(folder.path, at=AT)
    (problem,) = refused.value.problems
    assert f"{problem.what}; {problem.mend}".removeprefix(f"rotas.{ROTA}.drill: ").startswith(what)
    assert problem.line == line


def test_tries_that_outlast_the_time_before_the_shift_are_warned_of(folder: Folder) -> None:
    line = write(folder, "{before: 20m, tries: 3, every: 10m}")
    assert warnings(folder) == [
        f"{ONCALL}:{line}: warning: the tries are not over before the shift begins, so that it is known late to be at "
        "risk; write before: longer than 20m, or fewer tries"
    ]


def test_a_rota_on_which_nobody_ever_goes_on_call_is_warned_of(folder: Folder) -> None:
    rest = "hand_over: mon 08:00, from: 2026-10-05, people: [dr-garza, dr-nguyen], "
    folder.replace(ONCALL, f"rotation: weekly, {rest}", f"rotation: none, {rest}drill: {{}}, ")
    (found,) = warnings(folder)
    assert "the same person is always responsible and never goes on call, so that nobody is rung; remove drill" in found


def test_a_backup_who_is_alone_on_the_rota_is_refused(folder: Folder) -> None:
    folder.replace(ONCALL, "people: [dr-garza, dr-nguyen], ", "people: [dr-garza], drill: {backup: dr-garza}, ")
    with pytest.raises(ConfigurationError, match="would stand behind themselves; name somebody else as backup"):
        read_folder(folder.path, at=AT)


def test_a_backup_who_takes_turns_themselves_is_warned_of(folder: Folder) -> None:
    line = write(folder, "{backup: dr-lee}")
    assert warnings(folder) == [
        f"{ONCALL}:{line}: warning: dr-lee is on call on the rota too, and in their own shifts whoever is next is the "
        "backup; name somebody who is never on call on it, or leave backup out"
    ]


@pytest.mark.parametrize(("second", "warned"), [("+13125550182", True), ("+13125550389", False)])
def test_a_second_telephone_that_is_a_colleagues_own_is_warned_of(folder: Folder, second: str, warned: bool) -> None:
    rule = f'timezone: America/Chicago, contact: [{{second: "{second}"}}], licences'
    folder.replace(ONCALL, 'sms: "+13125550181", licences', f'sms: "+13125550181", {rule}')
    found = [one for one in warnings(folder) if "own telephone" in one]
    assert len(found) == warned
    assert all("+13125550182 is dr-okafor's own telephone" in one for one in found)


def test_an_escalation_without_anybody_else_is_warned_of(folder: Folder) -> None:
    write(folder, "{}")
    others = ("{page: next_on_call, by: [voice, sms], for: 150s}", "{page: medical_director, by: [voice], for: 150s}")
    folder.replace(ONCALL, "".join(f"    - {step}\n" for step in others), "")
    (found,) = warnings(folder)
    assert "nobody is paged beside whoever was not reached: fast has no step for anybody else; add backup" in found


def test_a_backup_whose_licence_has_ended_is_told_as_of_anybody_who_is_paged(folder: Folder) -> None:
    write(folder, "{backup: dr-reyes}")
    folder.replace(ONCALL, "state: TX, expires: 2027-11-30", "state: TX, expires: 2026-10-01")
    with pytest.raises(ConfigurationError, match="dr-reyes"):
        read_folder(folder.path, at=AT)
