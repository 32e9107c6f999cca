"""How the text of a page fares is known, whether or not Twilio tells, and nobody is texted twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from ivr.calls.event_tables import event
from ivr.calls.talks import TALKED_AFTER
from ivr.core.unit_of_work import transaction
from ivr.jobs.tables import outbox, timer
from ivr.oncall import old_numbers, texts
from ivr.oncall.tables import page
from phonesim import switch_off_all, switch_on
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import DR_LEE, EMERGENCY, clinician_accepts, dial, goes_on, run
from tests.calls.worlds import any_world, furnished_postgres, world

__all__ = ["any_world", "furnished_postgres", "world"]

OLD = "+13125550176"


def test_a_text_that_does_not_arrive_is_told_of_although_its_news_is_lost(any_world: World) -> None:
    switch_on(any_world.net, "texts-failing")
    switch_on(any_world.net, "callbacks-lost=1 on /message/")
    goes_on(any_world, dial(any_world), EMERGENCY)
    run(any_world, 240)
    office = Office(any_world)
    first = office.rows(page, page.c.person_id == "dr-lee")[0]
    assert first.message_status in texts.NOT_DELIVERED
    told = office.rows(event, event.c.kind == "text-not-delivered")
    assert len(told) == len(office.rows(page, page.c.message_status.in_(texts.NOT_DELIVERED)))


def test_a_text_that_has_arrived_is_asked_about_no_more(any_world: World) -> None:
    goes_on(any_world, dial(any_world), EMERGENCY)
    clinician_accepts(any_world)
    run(any_world, 300)
    office = Office(any_world)
    assert office.one(page).message_status == "delivered"
    assert office.rows(outbox, outbox.c.kind == "ask_text") == []
    assert office.rows(timer, timer.c.kind == "check_text", timer.c.state == "waiting") == []


@pytest.mark.parametrize("late", ["sent", "undelivered"])
def test_news_that_comes_after_the_end_of_a_text_changes_nothing(any_world: World, late: str) -> None:
    goes_on(any_world, dial(any_world), EMERGENCY)
    clinician_accepts(any_world)
    run(any_world, 20)
    office = Office(any_world)
    row = office.one(page)
    with transaction(any_world.services) as work:
        texts.note_status(work, row.id, row.message_sid, late)
        texts.note_status(work, row.id, "SM" + "0" * 32, late)
        texts.note_status(work, "nobody", row.message_sid, late)
    assert office.one(page) == row
    assert office.rows(event, event.c.kind == "text-not-delivered") == []


def test_a_text_whose_answer_was_lost_is_found_in_the_list_although_its_page_is_over(any_world: World) -> None:
    switch_on(any_world.net, "rest-lost-answer on Messages.json")
    switch_on(any_world.net, "rest-slow=86400 on GET Messages.json")
    switch_on(any_world.net, "callbacks-lost=1 on /message/")
    goes_on(any_world, dial(any_world), EMERGENCY)
    clinician_accepts(any_world)
    run(any_world, 20)
    office = Office(any_world)
    assert office.one(page).message_sid is None
    switch_off_all(any_world.net)
    run(any_world, 180)
    (sent,) = any_world.net.texts.values()
    assert (office.one(page).message_sid, office.one(page).message_status) == (sent.sid, "delivered")
    assert len(any_world.net.phone(DR_LEE).messages) == 1


@pytest.mark.parametrize("texted", ["the usual number", "the number of before"])
def test_a_text_is_known_again_although_it_would_name_another_number_by_now(
    world: World, monkeypatch: pytest.MonkeyPatch, texted: str
) -> None:
    """The configuration is changed after the text was sent and before that is noted."""
    if texted == "the number of before":
        monkeypatch.setattr(texts, "find_old_text", lambda *_: OLD)
        monkeypatch.setattr(old_numbers, "find_old_text", lambda *_: OLD)
    number = OLD if texted == "the number of before" else DR_LEE
    switch_on(world.net, "rest-lost-answer on Messages.json")
    switch_on(world.net, "rest-slow=86400 on GET Messages.json")
    switch_on(world.net, "callbacks-lost=1 on /message/")
    goes_on(world, dial(world), EMERGENCY)
    run(world, 5)
    assert len(world.net.phone(number).messages) == 1
    monkeypatch.setattr(texts, "find_practice_number", lambda *_: "+13125550177")
    switch_off_all(world.net)
    office, kind = Office(world), "text_page" if number == DR_LEE else "text_old_number"
    with world.services.database.write() as connection:
        connection.execute(update(outbox).where(outbox.c.kind == kind).values(attempts=2))
    {"text_page": texts.send_text, "text_old_number": old_numbers.text_page}[kind](
        world.services, office.one(outbox, outbox.c.kind == kind)
    )
    assert office.one(page).state == "open", "or it would not be sent in any case"
    run(world, 5)
    assert len(world.net.phone(number).messages) == 1


def test_twilio_is_asked_ever_more_seldom_how_a_text_fares(world: World) -> None:
    switch_on(world.net, "callbacks-lost=1 on /message/")
    switch_on(world.net, "rest-failing=503 on GET Messages")
    line = goes_on(world, dial(world), EMERGENCY)
    clinician_accepts(world)
    run(world, 2 * TALKED_AFTER.total_seconds())
    line.hang_up()
    run(world, timedelta(hours=8).total_seconds())
    assert 5 <= len(Office(world).rows(outbox, outbox.c.kind == "ask_text")) <= 10
