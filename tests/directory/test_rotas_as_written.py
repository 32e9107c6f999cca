"""Rotas as administrators write them: what they mean, and what is warned of because it may be meant otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.directory.checks import checked
from ivr.directory.organisation import Organisation, read_folder
from routing.rota import in_line, on_call, on_duty
from routing.zones import to_utc
from tests.directory.conftest import AT, Folder

ONCALL = "oncall.yaml"
PLACE = "    people: [dr-lee, dr-okafor]\n    overrides:"
COVERS = """      - {from: 2026-10-26 08:00, until: 2026-11-02 08:00, person: dr-lee}
      - {from: 2026-11-02 08:00, until: 2026-11-09 08:00, person: dr-okafor}
"""
LAYERS = """    layers:
      - rotation: weekly
        hand_over: fri 17:00
        from: 2026-11-06
        when: {fri: ["17:00-24:00"], sat-sun: ["00:00-24:00"], mon: ["00:00-08:00"]}
        people: [dr-patel, {person: dr-lee, turns: 2}, nobody]
      - {rotation: none, from: 2026-11-01, until: 2026-12-01 08:00, people: [[dr-patel]], beside: true}
    shifts: [{from: 2026-11-26 08:00, until: 2026-11-27 08:00, person: [dr-okafor, dr-lee]}]
    temporary:
      - from: 2026-12-24 08:00
        until: 2026-12-27 08:00
        shifts: [{from: 2026-12-24 08:00, until: 2026-12-26 08:00, person: dr-patel}]
"""


def written(folder: Folder, more: str) -> Organisation:
    folder.replace(ONCALL, PLACE, more.replace("[[dr-patel]]", "dr-patel") + PLACE)
    return read_folder(folder.path, at=AT)


def at(text: str) -> datetime:
    return to_utc(datetime.fromisoformat(text), "America/Chicago")


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-05 12:00", ("dr-okafor", "dr-patel")),  # his week by an override, with whoever is beside
        ("2026-11-07 12:00", ("dr-okafor",)),  # the override takes the weekend from whoever the layer has
        ("2026-11-14 12:00", ("dr-lee", "dr-patel")),
        ("2026-11-21 12:00", ("dr-lee", "dr-patel")),  # the second of two turns
        ("2026-11-28 12:00", ("dr-okafor", "dr-patel")),  # nobody of the layer: the week's own
        ("2026-11-26 12:00", ("dr-okafor", "dr-lee", "dr-patel")),  # the shift written for the day
        ("2026-12-05 12:00", ("dr-patel",)),  # beside is over, and the layer's first turn again
        ("2026-12-25 12:00", ("dr-patel",)),  # temporary
        ("2026-12-26 12:00", ("dr-okafor",)),  # the gap in it: nobody of the layer, so the week's own
    ],
)
def test_a_rota_means_what_is_written(folder: Folder, moment: str, expected: tuple[str, ...]) -> None:
    rota = written(folder, LAYERS).rotas["maple-physicians"]
    assert on_duty(rota, at(moment)) == expected
    assert in_line(rota, at(moment))[: len(expected)] == expected
    assert set(in_line(rota, at(moment))) >= {"dr-lee", "dr-okafor"}


def warnings(path: Path, moment: datetime = AT) -> list[str]:
    _, found = checked(path, moment)
    return [str(one).removeprefix(f"{path}/") for one in found if "oncall.yaml" in one.file]


@pytest.mark.parametrize(
    ("more", "line", "what"),
    [
        (
            "    shifts: [{from: 2026-12-01 08:00, until: 2026-12-03 08:00, person: dr-lee}, "
            "{from: 2026-12-02 08:00, until: 2026-12-03 08:00, person: dr-okafor}]\n",
            16,
            "it overlaps another shift, so that dr-lee is responsible and both are on call; end one sooner",
        ),
        (
            "    temporary: [{from: 2026-12-01 08:00, until: 2026-12-03 08:00, shifts: "
            "[{from: 2026-12-01 08:00, until: 2026-12-02 08:00, person: dr-lee}]}]\n",
            16,
            "the temporary schedule names nobody from 2026-12-02 08:00, and the rota goes on there; add a shift",
        ),
        (
            "    layers: [{rotation: none, from: 2026-10-01, until: 2026-10-10 08:00, people: dr-lee}]\n",
            16,
            "the layer ended on 2026-10-10, and what lies under it answers; remove it",
        ),
        (
            "    temporary: [{from: 2026-10-01 08:00, until: 2026-10-02 08:00, shifts: "
            "[{from: 2026-10-01 08:00, until: 2026-10-02 08:00, person: dr-lee}]}]\n",
            16,
            "the temporary schedule was over on 2026-10-02 08:00; remove it",
        ),
        (
            "    layers: [{rotation: daily, from: 2026-10-01, people: [dr-lee, dr-lee, dr-okafor]}]\n",
            16,
            "dr-lee has two turns, one after the other; keep one, or write {person: dr-lee, turns: 2}",
        ),
    ],
)
def test_what_may_be_meant_otherwise_is_warned_of_once(folder: Folder, more: str, line: int, what: str) -> None:
    written(folder, more)
    found = warnings(folder.path)
    assert [one for one in found if one.startswith(f"{ONCALL}:{line}: warning: {what}")] == found


def test_of_overrides_that_overlap_the_one_written_last_holds_and_is_named(folder: Folder) -> None:
    line = folder.replace(ONCALL, "until: 2026-11-02 08:00", "until: 2026-11-04 08:00")
    assert warnings(folder.path) == [
        f"{ONCALL}:{line + 1}: warning: the overrides by dr-lee and dr-okafor overlap, where dr-okafor is on call; "
        "end one sooner, or leave it where that is meant"
    ]
    rota = read_folder(folder.path, at=AT).rotas["maple-physicians"]
    assert on_call(rota, datetime(2026, 11, 3, 12, tzinfo=UTC)) == "dr-okafor"


def test_a_turn_that_begins_after_the_licence_has_ended_is_warned_of_months_before(folder: Folder) -> None:
    held = 'sms: "+13125550182", licences: [{kind: MD, state: IL, expires: '
    line = folder.replace(ONCALL, f"{held}2027-07-31", f"{held}2027-01-10")
    assert warnings(folder.path) == [
        f"{ONCALL}:{line}: warning: a licence of dr-okafor ends before their turn on maple-physicians from 2027-01-18; "
        "renew it and write the new date, or give the turn to somebody else"
    ]
