"""Site rules, relaxing and front desks as a configuration writes them, and the need that comes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ivr.directory.organisation import Organisation, read_folder
from ivr.workforce.coverage import find_gaps
from routing.relax import USUAL, Widening
from routing.spans import Span
from tests.directory.conftest import AT, Folder

MAPLE, RIVERSIDE, OPERATOR = "practices/maple.yaml", "practices/riverside.yaml", "operator.yaml"
RULE = "{states: [IL], payers: [medicaid], only: [chicago, bogota]}"


def read(folder: Folder) -> Organisation:
    return read_folder(folder.path, at=AT)


def test_a_payer_keeps_sites_from_its_patients_and_from_whoever_may_be_one(folder: Folder) -> None:
    folder.replace(MAPLE, "baa: BAA-2026-014", f"baa: B-1, payers: [medicaid, acme], sites: [{RULE}]")
    example = read(folder)
    needs = {
        payer: example.need("maple", "billing", "en-US", "IL", opening=False, payer=payer).barred
        for payer in ("medicaid", "acme", None)
    }
    assert needs == {"medicaid": ("cape-town", "manila"), "acme": (), None: ("cape-town", "manila")}
    assert example.need("maple", "billing", "en-US", "TX", opening=False, payer="medicaid").barred == ()


def test_a_service_relaxes_as_it_says_and_as_usual_where_it_says_nothing(folder: Folder) -> None:
    folder.replace(MAPLE, "new_patients: agent, ", "relax: [{after: 9s, give: overflow}], ")
    folder.replace(MAPLE, "after_hours: message, promise: next_open + 2h", "relax: []")
    example = read(folder)
    assert example.schedule("maple", "scheduling", "es-US") == (Widening(timedelta(seconds=9), "overflow"),)
    assert example.schedule("maple", "prescriptions", "es-US") == ()
    assert example.schedule("maple", "billing", "es-US") == USUAL


def test_nobody_waits_for_an_interpreter_of_a_language_that_nobody_interprets(folder: Folder) -> None:
    example = read(folder)
    gives = {
        language: [step.give for step in example.schedule("maple", "billing", language)]
        for language in ("es-US", "en-US")
    }
    assert gives == {
        "es-US": ["level", "level", "interpreter", "edges", "overflow"],
        "en-US": ["level", "level", "edges", "overflow"],
    }


def margin(organisation: Organisation, service: str) -> timedelta:
    return organisation.need("maple", service, "en-US", "IL", opening=False).edge_margin


def test_the_end_of_a_shift_is_kept_free_as_the_service_says_or_else_the_operator(folder: Folder) -> None:
    folder.replace(MAPLE, "new_patients: agent, ", "edge_margin: 15m, ")
    folder.replace(MAPLE, "after_hours: message, promise: next_open + 2h", "edge_margin: 0m")
    example = read(folder)
    assert [margin(example, name) / timedelta(minutes=1) for name in ("scheduling", "prescriptions", "billing")] == [
        15,
        0,
        5,
    ]


def test_no_end_of_a_shift_is_kept_free_where_nobody_says_so(folder: Folder) -> None:
    folder.replace(OPERATOR, "  edge_margin: 5m", "  # nothing about the end of a shift")
    assert margin(read(folder), "billing") == timedelta()


def scheduling_gaps(folder: Folder) -> set[Span]:
    """When nobody answers scheduling in English within a day, Cape Town coming late to work."""
    found = find_gaps(read(folder), AT, AT + timedelta(days=1), renewed=True)
    asked = ("maple", "scheduling", "en-US")
    missing = (gap for gap in found if (gap.line.practice, gap.line.need.service, gap.line.need.language) == asked)
    return {span for gap in missing for span in gap.spans}


def test_the_end_of_a_shift_is_a_gap_only_where_no_wait_gives_it_up(folder: Folder) -> None:
    folder.replace(OPERATOR, '{site: cape-town, shift: {mon-sun: ["07:00', '{site: cape-town, shift: {mon-sun: ["14:00')
    assert scheduling_gaps(folder) == set()
    folder.replace(MAPLE, "new_patients: agent, ", "relax: [{after: 9s, give: overflow}], ")
    ends = (datetime(2026, 11, 1, 23, tzinfo=UTC), datetime(2026, 11, 2, 11, tzinfo=UTC))
    assert scheduling_gaps(folder) == {Span(end - timedelta(minutes=5), end) for end in ends}


def split(folder: Folder) -> Organisation:
    """Riverside's westside has a front desk; downtown has none."""
    folder.replace(
        OPERATOR,
        "  maple-front-desk: {",
        '  west-desk: {site: chicago, shift: {mon-fri: ["08:00-17:00"]}}\n  maple-front-desk: {',
    )
    folder.replace(
        OPERATOR,
        "  - {id: grace,",
        '  - {id: wes, name: Wes Lane, pool: west-desk, contact: "client:wes", languages: [en-US], '
        "skills: {scheduling: 3}, trained: {hipaa: 2026-07-06}}\n  - {id: grace,",
    )
    folder.replace(
        RIVERSIDE,
        'opening_hours: {mon-fri: ["09:00-17:00"]}',
        'staff: {pool: west-desk, overflow_after: 30s}\n    opening_hours: {mon-fri: ["09:00-17:00"]}',
    )
    return read(folder)


def test_a_location_with_a_front_desk_of_its_own_answers_for_itself_first_and_for_no_other(folder: Folder) -> None:
    example = split(folder)
    west = example.need("riverside", "scheduling", "en-US", "TX", opening=True, location="westside")
    downtown = example.need("riverside", "scheduling", "en-US", "TX", opening=True, location="downtown")
    assert (west.pools, west.overflow_after) == (("west-desk",), timedelta(seconds=30))
    assert downtown.pools == ("bogota", "cape-town", "manila")
    assert "wes" in {agent.id for agent in example.agents_of("riverside", "westside")}
    assert "wes" not in {agent.id for agent in example.agents_of("riverside", "downtown")}
    assert "wes" not in {agent.id for agent in example.agents_of("maple")}


def test_locations_share_the_front_desk_of_their_practice(folder: Folder) -> None:
    folder.replace(MAPLE, "staff: {pool: maple-front-desk, overflow_after: 40s}\n", "")
    shared = "staff: {pool: maple-front-desk, overflow_after: 40s}\n\nmenu:"
    folder.replace(RIVERSIDE, "menu:", shared)
    example = read(folder)
    for location in ("downtown", "westside"):
        need = example.need("riverside", "scheduling", "en-US", "TX", opening=True, location=location)
        assert need.pools == ("maple-front-desk",)


def test_a_front_desk_that_was_closed_at_once_is_not_asked(folder: Folder) -> None:
    example = read(folder)
    need = example.need("maple", "scheduling", "en-US", "IL", opening=False, location="loop", closed_at_once=True)
    usual = example.need("maple", "scheduling", "en-US", "IL", opening=False, location="loop")
    assert need.pools == ("bogota", "cape-town", "manila")
    assert usual.pools == (*need.pools, "maple-front-desk")
    assert need.overflow_after is None
