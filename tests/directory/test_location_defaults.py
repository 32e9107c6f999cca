"""What the locations of a practice share is written once, and an exception where it differs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

from ivr.directory import revisions
from ivr.directory.organisation import Organisation, organisation_of, read_folder
from ivr.flows.subjects import subjects_of
from routing.hours import is_open
from tests.directory.conftest import AT, Folder, fourteen_locations

TUESDAY = datetime(2026, 11, 3, 16, tzinfo=UTC)


def read(folder: Folder) -> Organisation:
    return read_folder(folder.path, at=AT)


def test_a_location_has_what_it_does_not_write_from_the_defaults(folder: Folder) -> None:
    fourteen_locations(folder)
    place = read(folder).location("maple", "place-07")
    assert (place.timezone, place.state, place.numbers) == ("America/Chicago", "IL", ("+13125550207",))
    assert is_open(read(folder).calendar("maple", "place-07"), TUESDAY)


def test_hours_are_replaced_as_a_whole_and_holidays_key_by_key(folder: Folder) -> None:
    fourteen_locations(folder)
    own = 'place-03: {opening_hours: {2nd sat: ["09:00-12:00"]}, '
    folder.replace("practices/maple.yaml", "place-03: {", own)
    folder.replace("practices/maple.yaml", "place-04: {", "place-04: {holidays: {closed: [2026-11-03]}, ")
    organisation = read(folder)
    third, fourth = (organisation.calendar("maple", name) for name in ("place-03", "place-04"))
    assert third.holidays.observe == fourth.holidays.observe == ("New Year's Day", "Labor Day")
    assert not is_open(third, TUESDAY)
    assert is_open(third, datetime(2026, 12, 12, 16, tzinfo=UTC))
    assert not is_open(fourth, TUESDAY)
    assert is_open(fourth, TUESDAY + timedelta(days=1))


def test_front_desks_may_share_all_but_their_pool(folder: Folder) -> None:
    fourteen_locations(folder)
    folder.replace("practices/maple.yaml", "  state: IL\n", "  state: IL\n  staff: {overflow_after: 25s}\n")
    path = folder.path / "practices/maple.yaml"
    path.write_text(re.sub(r"(place-\d+: ){", r"\1{staff: {pool: maple-front-desk}, ", path.read_text()))
    desk = read(folder).location("maple", "place-09").staff
    assert desk is not None
    assert (desk.pool, desk.overflow_after) == ("maple-front-desk", timedelta(seconds=25))


def test_a_revision_keeps_what_was_written_and_its_difference_names_the_defaults_once(folder: Folder) -> None:
    fourteen_locations(folder)
    before = read(folder)
    assert Organisation.from_json(before.to_json()) == before
    folder.replace("practices/maple.yaml", '{mon-fri: ["08:00-17:00"]}', '{mon-fri: ["08:00-16:00"]}')
    assert [str(change) for change in revisions.diff(before, read(folder))] == [
        "practices/maple: location_defaults.opening_hours.mon-fri: [08:00-17:00] -> [08:00-16:00]"
    ]


def test_practices_that_differ_by_their_name_alone_are_walked_once(folder: Folder) -> None:
    maple = (folder.path / "practices/maple.yaml").read_text("utf-8")
    own = maple.replace("practice: maple", "practice: birch").replace("name: Maple Family Medicine", "name: Birch")
    numbered = own.replace("+1312555010", "+1312555011").replace("staff: {pool: maple-front-desk", "# {pool: none")
    (folder.path / "practices/birch.yaml").write_text(numbered, "utf-8")
    walked = [subject.label for subject in subjects_of(read(folder)) if subject.flow == "inbound"]
    alike = ["birch loop, maple loop", "riverside downtown, westside"]
    assert walked == [f"{where}{number}" for where in alike for number in ("", " (number hidden)")]


def test_fourteen_locations_that_sound_alike_are_walked_once(folder: Folder) -> None:
    fourteen_locations(folder)
    walked = [subject.label for subject in subjects_of(read(folder)) if subject.flow == "inbound"]
    alike = ["maple place-00, place-01 and 12 more", "riverside downtown, westside"]
    assert walked == [f"{where}{number}" for where in alike for number in ("", " (number hidden)")]


def test_a_location_that_sounds_otherwise_is_walked_by_itself(folder: Folder) -> None:
    fourteen_locations(folder)
    tree = json.loads(read(folder).body)
    tree["practices"]["maple"]["locations"]["place-03"]["state"] = "WI"
    walked = {subject.label for subject in subjects_of(organisation_of(tree)) if subject.flow == "inbound"}
    assert {"maple place-03", "maple place-03 (number hidden)"} <= walked
    assert {"maple place-00, place-01 and 11 more", "maple place-00, place-01 and 11 more (number hidden)"} <= walked


def test_whoever_hides_the_number_is_walked_in_every_flow_that_can_be_called(folder: Folder) -> None:
    calling = ("inbound", "backline", "safe_landing", "unknown_number")
    subjects = [subject for subject in subjects_of(read(folder)) if subject.flow in calling]
    shown = {(one.flow, one.told.practice) for one in subjects if one.told.caller_id}
    assert shown == {(one.flow, one.told.practice) for one in subjects if not one.told.caller_id}
    assert {flow for flow, _ in shown} == set(calling)


def test_only_those_whose_number_shows_are_taken_over_where_a_practice_is_called(folder: Folder) -> None:
    called = [subject for subject in subjects_of(read(folder)) if subject.flow in ("inbound", "backline")]
    assert {(one.told.caller_id, one.world.takeovers) for one in called} == {(True, 1), (False, 0)}
