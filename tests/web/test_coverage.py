"""The page on which supervisors see where nobody would answer: it reads what was computed outside the web."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from ivr.closures import register
from ivr.closures.register import Closure
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of
from ivr.jobs.tables import outbox, timer
from ivr.jobs.timers import fire_due_timers, set_timer
from ivr.jobs.worker import drain_outbox
from ivr.workforce import coverage_job, coverage_page, coverage_parts, coverage_store
from ivr.workforce.coverage import gaps_in, lines
from ivr.workforce.coverage_causes import causes_of
from ivr.workforce.coverage_parts import AHEAD, Part
from ivr.workforce.coverage_words import described
from ivr.workforce.tables import coverage, coverage_cause, coverage_part
from routing.spans import Span
from tests.web.line import Line

DAY = timedelta(days=1)


def look(line: Line) -> None:
    """The clock process looks whether coverage must be computed."""
    coverage_job.start_watching(line.services)
    fire_due_timers(line.services)


def compute(line: Line) -> None:
    """The clock process looks, and the outbox is carried out."""
    look(line)
    while drain_outbox(line.services):
        pass


def shown(line: Line, address: str = "/coverage") -> str:
    answer = line.client("supervisor").get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def apply(line: Line, change: Callable[[dict[str, Any]], object]) -> int:
    """Put a changed configuration in force."""
    with line.database.write() as connection:
        tree = json.loads(revisions.load(connection).to_json())
        change(tree)
        changed = organisation_of(tree)
        return revisions.apply(connection, changed, line.clock.now(), "rosa")


def training_holds_long(tree: dict[str, Any]) -> None:
    tree["operator"]["policy"]["training_valid"] = "20y"


def test_before_anything_was_computed_the_page_says_so_and_offers_to_load_again(line: Line) -> None:
    page = shown(line)
    assert "No coverage is ready yet." in page
    assert "as long as the clock process runs" in page
    assert '<a href="/coverage">Load again</a>' in page
    assert line.client("supervisor").get("/coverage/map.svg").status_code == 404


def test_while_it_is_computed_the_page_says_so(line: Line) -> None:
    look(line)
    page = shown(line)
    assert "Coverage of configuration 1, from" in page
    assert "is being computed" in page
    assert '<a href="/coverage">Load again</a>' in page
    assert "No coverage is ready yet." in page


def test_gaps_come_with_their_mends_and_a_picture(line: Line) -> None:
    compute(line)
    page = shown(line)
    assert "nobody answers nurse in es-US for a patient in IL or TX from" in page
    assert "renew the training of" in page
    assert "Maple Family Medicine, loop; Riverside Health Center, downtown and westside</th>" in page
    assert "20 gaps, those that one thing mends together</caption>" in page
    assert 'src="/coverage/map.svg?part=0"' in page
    assert "for configuration 1." in page
    assert "Load again" not in page


def test_the_page_computes_nothing(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    compute(line)
    for name in ("compute_part", "tell_causes"):
        monkeypatch.delattr(coverage_job, name)
    assert not {"lines", "gaps_in", "heat_map", "compute_part"} & set(vars(coverage_page))
    shown(line)
    shown(line, "/coverage/map.svg")


def test_what_is_kept_in_parts_is_what_is_computed_at_once(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_parts, "WISHES_A_PART", 3)
    compute(line)
    row = line.one(coverage)
    assert row.parts > 3
    with line.database.read() as connection:
        organisation = revisions.load(connection)
    found = tuple(lines(organisation, row.computed_for, row.computed_for + AHEAD))
    gaps = gaps_in(organisation, found)
    told = [f"{one.told['missing']} from" for one in line.rows(coverage_cause)]
    assert [described(cause).partition(" from ")[0] + " from" for cause in causes_of(gaps)] == told
    assert (row.asked, row.gaps) == (len(found), len(gaps))
    assert [part.gaps for part in line.rows(coverage_part)] == [None] * row.parts


def test_every_part_has_its_picture(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_parts, "WISHES_A_PART", 8)
    compute(line)
    page = shown(line, "/coverage?part=1")
    assert "Picture 2 of 3" in page
    assert 'href="/coverage?first=0&amp;part=0">Picture before</a>' in page
    assert 'href="/coverage?first=0&amp;part=2">Next picture</a>' in page
    pictures = {line.client("supervisor").get(f"/coverage/map.svg?part={part}").data for part in range(3)}
    assert len(pictures) == 3
    for address in ("/coverage?part=3", "/coverage/map.svg?part=3", "/coverage?part=x", "/coverage?part=-1"):
        assert line.client("supervisor").get(address).status_code == 404


def test_causes_come_a_hundred_at_a_time(line: Line) -> None:
    keep_causes(line, 101)
    first, second = shown(line), shown(line, "/coverage?first=100&part=0")
    assert (first.count("<tr role="), second.count("<tr role=")) == (101, 2)  # with their heads
    assert "Rows 1 to 100 of 101" in first
    assert 'href="/coverage?first=100&amp;part=0">Next</a>' in first
    assert 'href="/coverage?first=0&amp;part=0">Before</a>' in second
    assert line.client("supervisor").get("/coverage?first=101").status_code == 404


def keep_causes(line: Line, many: int) -> None:
    """Coverage with so many causes, as if it had been computed now."""
    at = line.clock.now()
    told = {
        "where": [["maple", "loop"]],
        "missing": "nobody answers",
        "others": "",
        "times": 1,
        "dates": [],
        "mend": "m",
    }
    cause = {"told": told, "zone": "America/Chicago", "first_from": at, "first_until": at + DAY, "hours": 24.0}
    with line.work() as work:
        basis = coverage_store.read_basis(work.connection, at)
        assert basis is not None
        coverage_store.begin(work.connection, "c0ffee", basis, at)
    with line.work() as work:
        coverage_store.lock_coverage(work.connection, "c0ffee")
        coverage_store.keep_part(work.connection, "c0ffee", 0, Part(many, [], "<svg/>"), 1)
    with line.work() as work:
        coverage_store.finish(work.connection, "c0ffee", many, [cause] * many, at)


def test_another_configuration_is_computed_at_the_next_look_and_the_page_says_what_it_shows(line: Line) -> None:
    compute(line)
    assert apply(line, training_holds_long) == 2
    page = shown(line)
    assert "This is older than the configuration that is in force now." in page
    assert "for configuration 1." in page
    line.clock.advance(coverage_job.EVERY)
    fire_due_timers(line.services)
    assert "Coverage of configuration 2, from" in shown(line)
    compute(line)
    page = shown(line)
    assert "for configuration 2." in page
    assert "older than" not in page
    assert line.one(coverage).revision_id == 2


def test_a_closure_is_counted_as_closed(line: Line) -> None:
    compute(line)
    before = line.one(coverage)
    at = line.clock.now()
    everything = Closure("riverside", None, Span(at, at + 400 * DAY), {}, "snow")
    with line.database.write() as connection:
        register.begin_closure(connection, "closure-1", everything, at, "rosa")
    assert "Closures have begun or ended since this was computed." in shown(line)
    line.clock.advance(coverage_job.EVERY)
    compute(line)
    after = line.one(coverage)
    assert after.id != before.id
    assert after.asked < before.asked
    with line.database.write() as connection:
        register.end_closure(connection, "closure-1", line.clock.now(), "rosa")
    line.clock.advance(coverage_job.EVERY)
    compute(line)
    assert line.one(coverage).asked == before.asked


def test_it_is_computed_anew_every_day_and_not_before(line: Line) -> None:
    compute(line)
    first = line.one(coverage)
    line.clock.advance(DAY - coverage_job.EVERY)
    compute(line)
    assert line.one(coverage).id == first.id
    line.clock.advance(coverage_job.EVERY)
    assert "This was computed more than a day ago." in shown(line)
    compute(line)
    assert line.one(coverage).computed_for == first.computed_for + DAY
    assert "more than a day ago" not in shown(line)


def test_the_look_goes_on_for_ever_and_runs_once(line: Line) -> None:
    for _ in range(3):
        look(line)
    (waiting,) = line.rows(timer, kind=coverage_job.WATCH)
    assert waiting.due_at == line.clock.now() + coverage_job.EVERY
    with line.database.read() as connection:
        kinds = connection.execute(select(outbox.c.kind)).scalars().all()
    assert kinds == [coverage_job.COMPUTE]


def test_an_item_that_is_carried_out_twice_changes_nothing(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage_parts, "WISHES_A_PART", 8)
    compute(line)
    kept = line.rows(coverage_part), line.rows(coverage_cause), line.rows(coverage)
    for item in line.rows(outbox, kind=coverage_job.COMPUTE):
        coverage_job.compute(line.services, item)
    assert (line.rows(coverage_part), line.rows(coverage_cause), line.rows(coverage)) == kept


def test_a_part_that_was_kept_before_a_crash_is_not_kept_twice(line: Line) -> None:
    look(line)
    (item,) = line.rows(outbox, kind=coverage_job.COMPUTE)
    coverage_job.compute(line.services, item)
    coverage_job.compute(line.services, item)
    assert len(line.rows(coverage_part)) == 1
    assert len(line.rows(outbox, kind=coverage_job.COMPUTE)) == 2


def test_what_a_newer_configuration_has_replaced_is_not_computed_to_its_end(line: Line) -> None:
    look(line)
    (older,) = line.rows(coverage)
    apply(line, training_holds_long)
    line.clock.advance(coverage_job.EVERY)
    compute(line)
    assert line.one(coverage).id != older.id
    assert line.one(coverage).revision_id == 2


def test_after_a_clock_was_set_back_it_is_computed_anew(line: Line) -> None:
    compute(line)
    first = line.one(coverage)
    line.clock.set_back(timedelta(hours=1))
    with line.work() as work:
        set_timer(work, coverage_job.WATCH, coverage_job.SUBJECT, work.at, call_id=None)
    compute(line)
    assert line.one(coverage).computed_for == first.computed_for - timedelta(hours=1)
    assert "more than a day ago" not in shown(line)


def test_what_cannot_be_computed_is_begun_again_at_the_next_look(line: Line) -> None:
    compute(line)
    kept = line.one(coverage)
    apply(line, training_holds_long)
    line.clock.advance(coverage_job.EVERY)
    fire_due_timers(line.services)
    item = line.rows(outbox, kind=coverage_job.COMPUTE)[-1]
    coverage_job.give_up(line.services, item)
    assert line.one(coverage).id == kept.id
    line.clock.advance(coverage_job.EVERY)
    compute(line)
    assert line.one(coverage).revision_id == 2


def test_one_that_was_begun_meanwhile_outlives_the_end_of_the_one_before(line: Line) -> None:
    look(line)
    (older,) = line.rows(coverage)
    apply(line, training_holds_long)
    line.clock.advance(coverage_job.EVERY)
    fire_due_timers(line.services)
    with line.work() as work:
        coverage_store.finish(work.connection, older.id, 0, [], work.at)
    assert [row.revision_id for row in sorted(line.rows(coverage), key=lambda row: row.number)] == [1, 2]


def test_nothing_about_patients_is_kept(line: Line) -> None:
    line.ill_caller()
    look(line)
    while drain_outbox(line.services):
        pass
    kept = repr((line.rows(coverage), line.rows(coverage_cause), line.rows(coverage_part)))
    assert "quokkamarker" not in kept
    assert "+1312" not in kept


def test_the_picture_is_one_and_needs_no_style_that_the_pages_forbid(line: Line) -> None:
    compute(line)
    answer = line.client("supervisor").get("/coverage/map.svg")
    assert answer.mimetype == "image/svg+xml"
    drawn = ElementTree.fromstring(answer.data)
    assert drawn.attrib["role"] == "img"
    assert all("style" not in one.attrib and not one.tag.endswith(("style", "script")) for one in drawn.iter())


def test_the_navigation_leads_there(line: Line) -> None:
    assert 'href="/coverage"' in line.client("supervisor").get("/alerts").get_data(as_text=True)
    assert 'href="/coverage"' not in line.client("agent").get("/messages").get_data(as_text=True)
    assert re.search('aria-current="page">Coverage<', shown(line))
