"""A number to which texts do not arrive is known, told of and forgotten again; telephones are rung all the same."""

from __future__ import annotations

import pytest

from ivr.calls.configuration import newest
from ivr.calls.event_tables import event
from ivr.core.unit_of_work import transaction
from ivr.oncall import text_troubles, texts
from ivr.oncall.tables import page, text_trouble
from ivr.oncall.text_troubles import OPTED_OUT, UNKNOWN, list_troubles, note_trouble
from phonesim import switch_on
from rehearsals.world import World
from tests.calls.office import Office
from tests.calls.scenes import DR_LEE, EMERGENCY, clinician_accepts, dial, goes_on, run
from tests.calls.worlds import any_world, furnished_postgres, world

__all__ = ["any_world", "furnished_postgres", "world"]

SENDER = "+13125550191"
"""The operator's own number, from which texts come."""


def paged_and_taken(world: World) -> None:
    """Dr Lee is paged, accepts by telephone, and all is told of the text."""
    caller = goes_on(world, dial(world), EMERGENCY)
    clinician = clinician_accepts(world)
    run(world, 90)
    caller.hang_up()
    clinician.hang_up()
    run(world, 10)


def note(world: World, person: str, number: str, code: int | None) -> None:
    with transaction(world.services) as work:
        note_trouble(work, person, number, code)


def known(world: World) -> list[tuple[str, str, int]]:
    return [(row.number, row.person_id, row.code) for row in Office(world).rows(text_trouble)]


def test_a_number_that_has_opted_out_is_rung_and_known_until_start_was_texted(any_world: World) -> None:
    any_world.net.phone(DR_LEE).text(SENDER, "STOP")
    paged_and_taken(any_world)
    assert known(any_world) == [(DR_LEE, "dr-lee", OPTED_OUT)]
    assert Office(any_world).alerts() == ["texts-opted-out", "page-not-texted", "effect-failed"]
    assert Office(any_world).one(page).state == "accepted"

    any_world.net.phone(DR_LEE).text(SENDER, "START")
    paged_and_taken(any_world)
    assert known(any_world) == []


@pytest.mark.parametrize("code", [30003, 30005, 30006, 30007])
def test_a_text_that_the_carrier_does_not_deliver_is_known_by_its_error(any_world: World, code: int) -> None:
    any_world.net.phone(DR_LEE).text_error = code
    paged_and_taken(any_world)
    assert known(any_world) == [(DR_LEE, "dr-lee", code)]
    assert Office(any_world).alerts() == ["texts-not-arriving"]
    assert Office(any_world).one(page).state == "accepted"
    any_world.net.phone(DR_LEE).text_error = None
    paged_and_taken(any_world)
    assert known(any_world) == []


def test_it_is_known_although_the_news_of_the_text_is_lost(world: World) -> None:
    switch_on(world.net, "callbacks-lost=1 on /message/")
    world.net.phone(DR_LEE).text_error = 30006
    paged_and_taken(world)
    assert known(world) == [(DR_LEE, "dr-lee", 30006)]


def test_supervisors_are_alerted_once_a_day_and_it_is_known_since_the_first_time(any_world: World) -> None:
    any_world.net.phone(DR_LEE).text_error = 30003
    paged_and_taken(any_world)
    since = Office(any_world).one(text_trouble).since
    paged_and_taken(any_world)
    assert Office(any_world).one(text_trouble).since == since
    assert Office(any_world).alerts() == ["texts-not-arriving"]
    alert = Office(any_world).one(event, event.c.kind == "alert")
    assert alert.data == {"what": "texts-not-arriving", "person": "dr-lee", "code": 30003}


def test_late_news_of_an_older_text_clears_nothing(world: World) -> None:
    paged_and_taken(world)
    row = Office(world).one(page)
    note(world, "dr-lee", DR_LEE, None)
    with transaction(world.services) as work:
        texts.note_status(work, row.id, row.message_sid, "delivered")
    assert known(world) == [(DR_LEE, "dr-lee", UNKNOWN)]


def test_a_number_that_is_nobodys_any_more_is_told_of_no_more(world: World) -> None:
    for number, person in ((DR_LEE, "dr-lee"), ("+13125550399", "dr-okafor"), ("+13125550398", "dr-who")):
        note(world, person, number, OPTED_OUT)
    with transaction(world.services) as work:
        organisation = newest(work)
        assert [one.number for one in list_troubles(work.connection, organisation)] == [DR_LEE]
        assert list_troubles(work.connection, organisation, ["dr-okafor"]) == []


def test_what_is_wrong_with_us_is_not_held_against_a_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_troubles, "OF_THE_NUMBER", ())
    world.net.phone(DR_LEE).text(SENDER, "STOP")
    paged_and_taken(world)
    assert known(world) == []
    assert Office(world).alerts() == ["page-not-texted", "effect-failed"]
