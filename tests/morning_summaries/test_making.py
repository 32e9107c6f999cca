"""A summary is made for each night, once, whoever was late or died; whoever waits is told once, and nothing of it."""

from __future__ import annotations

import json
import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from ivr.calls.places import Place
from ivr.closures.register import Closure, begin_closure, end_closure
from ivr.core.unit_of_work import Work
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of, read_folder
from ivr.directory.tables import config_activation
from ivr.jobs.tables import outbox
from ivr.morning_summaries import making, notices
from ivr.morning_summaries.tables import morning_summary
from phonesim import switch_off_all, switch_on
from rehearsals import ledger
from rehearsals.world import World
from routing.spans import Span
from tests.calls.office import CONFIG, NIGHT
from tests.morning_summaries.conftest import Opener
from tests.morning_summaries.mornings import MONDAY_NIGHT, WAITS_FOR_IT, chicago, nights, pass_time, texts

OPENS = chicago("2026-11-03 08:00")
A_MOMENT = timedelta(minutes=1)
ALERT = "morning-summary-not-texted"
LINK = re.compile(
    r"Sunline: the morning summary is ready\. Sign in to read it: https://\S+/morning-summaries/[0-9a-f]{24}"
)


def alerts(world: World) -> list[str]:
    return [row.data["what"] for row in ledger.events(world) if row.kind == "alert"]


def test_it_is_made_when_the_practice_opens_and_whoever_waits_is_told_once(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS - A_MOMENT)
    assert [row.ends_at for row in nights(world)][-1] < MONDAY_NIGHT
    before = len(texts(world))
    pass_time(world, OPENS)
    world.advance_to(OPENS + A_MOMENT)
    row = nights(world)[-1]
    assert (row.begins_at, row.ends_at) == (chicago("2026-11-02 17:00"), OPENS)
    (told,) = texts(world)[before:]
    assert LINK.fullmatch(told)
    assert told.endswith(row.id)
    pass_time(world, OPENS + timedelta(hours=9))
    assert len(texts(world)) == before + 1
    assert ALERT not in alerts(world)


def test_who_wishes_no_text_gets_none_and_the_summary_is_there(open_world: Opener) -> None:
    world = open_world()
    pass_time(world, OPENS)
    assert nights(world)[-1].ends_at == OPENS
    assert texts(world) == []


def test_after_days_without_a_clock_every_night_has_its_summary_and_the_last_is_told_of(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS + A_MOMENT)
    before = len(texts(world))
    world.advance_to(chicago("2026-11-06 09:00"))
    pass_time(world, chicago("2026-11-06 09:31"))
    world.advance_to(chicago("2026-11-06 09:32"))
    assert [row.ends_at for row in nights(world)][-4:] == [chicago(f"2026-11-0{day} 08:00") for day in (3, 4, 5, 6)]
    assert len(texts(world)) == before + 1


def test_whoever_is_told_too_late_is_not_woken_and_supervisors_know(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS + A_MOMENT)
    before = len(texts(world))
    world.advance_to(chicago("2026-11-04 23:00"))
    pass_time(world, chicago("2026-11-04 23:30"))
    assert nights(world)[-1].ends_at == chicago("2026-11-04 08:00")
    assert len(texts(world)) == before
    assert alerts(world).count(ALERT) == 1


def test_two_clocks_at_once_make_it_once(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS - A_MOMENT)
    world.clock.move_to(OPENS)
    before, count = len(nights(world)), 6
    gate = threading.Barrier(count)

    def come() -> None:
        gate.wait()
        making.make_summaries(world.services, "")

    clocks = [threading.Thread(target=come) for _ in range(count)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert len(nights(world)) == before + 1
    assert "morning_summary_failed" not in [entry["event"] for entry in world.log]
    with world.services.database.read() as connection:
        mine = select(func.count()).where(outbox.c.kind == notices.KIND, outbox.c.subject == nights(world)[-1].id)
        assert connection.execute(mine).scalar_one() == 1


def test_a_text_whose_answer_was_lost_is_sent_once(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS - A_MOMENT)
    before = len(texts(world))
    switch_on(world.net, "rest-lost-answer on Messages.json")
    pass_time(world, OPENS + timedelta(hours=2))
    assert len(texts(world)) == before + 1


def test_a_worker_that_died_with_the_text_in_its_hands_sends_it_once(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS + A_MOMENT)
    before = len(texts(world))
    assert before == 1
    with world.services.database.write() as connection:
        died = {"state": "leased", "leased_until": OPENS, "done_at": None, "attempts": 1}
        mine = outbox.c.kind == notices.KIND, outbox.c.subject == nights(world)[-1].id
        assert connection.execute(update(outbox).where(*mine).values(died)).rowcount == 1
    pass_time(world, OPENS + timedelta(minutes=30))
    assert len(texts(world)) == before


def test_a_summary_that_cannot_be_told_of_is_an_alert_and_is_there(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS - A_MOMENT)
    before = len(texts(world))
    switch_on(world.net, "rest-failing=503 on Messages.json")
    pass_time(world, OPENS + timedelta(hours=13))
    switch_off_all(world.net)
    pass_time(world, OPENS + timedelta(hours=20))
    assert len(texts(world)) == before
    assert ALERT in alerts(world)
    assert nights(world)[-1].ends_at == OPENS


def test_a_number_that_may_not_be_texted_is_an_alert(open_world: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    world = open_world(WAITS_FOR_IT)
    monkeypatch.setattr(notices, "judge_address", lambda *_arguments: None)
    pass_time(world, OPENS)
    assert ALERT in alerts(world)


def test_a_number_that_was_taken_out_meanwhile_is_told_nothing(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS - A_MOMENT)
    before = len(texts(world))
    switch_on(world.net, "rest-failing=503 on Messages.json")
    pass_time(world, OPENS)
    with world.services.database.write() as connection:
        revisions.apply(connection, read_folder(CONFIG, at=NIGHT), world.now, "rosa")
    switch_off_all(world.net)
    pass_time(world, OPENS + timedelta(hours=2))
    assert len(texts(world)) == before


def test_a_day_closed_at_once_has_no_summary_and_the_next_has_everything_since(open_world: Opener) -> None:
    world = open_world()
    pass_time(world, chicago("2026-11-03 10:00"))
    closed = Closure("maple", None, Span(world.now, chicago("2026-11-04 23:00")), {}, "water in the cellar")
    with world.services.database.write() as connection:
        begin_closure(connection, "flood", closed, world.now, "rosa")
    pass_time(world, chicago("2026-11-05 09:00"))
    assert (nights(world)[-1].begins_at, nights(world)[-1].ends_at) == (closed.span.start, chicago("2026-11-05 08:00"))
    assert nights(world)[-2].ends_at == OPENS


def test_a_closure_that_was_ended_early_counts_for_as_long_as_it_stood(open_world: Opener) -> None:
    world = open_world()
    pass_time(world, chicago("2026-11-03 10:00"))
    closed = Closure("maple", None, Span(world.now, chicago("2026-11-05 23:00")), {}, "water in the cellar")
    with world.services.database.write() as connection:
        begin_closure(connection, "flood", closed, world.now, "rosa")
    pass_time(world, chicago("2026-11-04 10:30"))
    with world.services.database.write() as connection:
        end_closure(connection, "flood", world.now, "rosa")
    pass_time(world, chicago("2026-11-04 11:30"))
    assert (nights(world)[-1].begins_at, nights(world)[-1].ends_at) == (closed.span.start, chicago("2026-11-04 10:30"))


def test_each_location_may_have_its_own(open_world: Opener) -> None:
    world = open_world()
    tree = json.loads(world.organisation.body)
    tree["practices"]["riverside"]["morning_summary"] = {"each": "location"}
    with world.services.database.write() as connection:
        revisions.apply(connection, organisation_of(tree), world.now, "rosa")
    pass_time(world, chicago("2026-11-03 09:30"))
    downtown, westside = (nights(world, "riverside", one)[-1] for one in ("downtown", "westside"))
    assert (downtown.begins_at, downtown.ends_at) == (chicago("2026-11-02 18:00"), chicago("2026-11-03 07:30"))
    assert (westside.begins_at, westside.ends_at) == (chicago("2026-11-02 17:00"), chicago("2026-11-03 09:00"))
    assert nights(world, "riverside") == []


def test_a_fault_at_one_practice_keeps_no_other_from_its_summary_and_is_made_up_for(
    open_world: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS - timedelta(hours=1))
    whole = making.write_down

    def fail_for_maple(work: Work, place: Place, night: Span) -> str | None:
        if place.practice_id == "maple":
            raise RuntimeError("out of order")
        return whole(work, place, night)

    monkeypatch.setattr(making, "write_down", fail_for_maple)
    pass_time(world, OPENS, step=timedelta(hours=1))
    assert nights(world, "riverside")[-1].ends_at == chicago("2026-11-03 07:30")
    assert nights(world)[-1].ends_at < OPENS
    assert "morning_summary_failed" in [entry["event"] for entry in world.log]
    monkeypatch.undo()
    pass_time(world, OPENS + A_MOMENT)
    world.advance_to(OPENS + 2 * A_MOMENT)
    assert nights(world)[-1].ends_at == OPENS
    assert len(texts(world)) == 1


def test_a_clock_that_is_set_back_over_the_opening_makes_nothing_twice(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT)
    pass_time(world, OPENS + A_MOMENT)
    with world.services.database.read() as connection:
        again = [list(making.list_due(connection, at)) for at in (OPENS - timedelta(hours=1), OPENS)]
    assert [[one.place for one in due if one.place.practice_id == "maple"] for due in again] == [[], []]


def test_a_practice_that_wishes_none_has_none(open_world: Opener) -> None:
    world = open_world("morning_summary: {made: false}")
    pass_time(world, OPENS)
    assert nights(world) == []


def test_before_any_configuration_there_is_nothing_to_make(open_world: Opener) -> None:
    world = open_world()
    with world.services.database.write() as connection:
        connection.execute(delete(morning_summary))
        connection.execute(delete(config_activation))
    assert making.make_summaries(world.services, "") == ""
    assert nights(world) == []
