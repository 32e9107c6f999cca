"""Whose number was changed hears of it at the old one, once, and is reached there too for a while."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ivr.calls.configuration import newest
from ivr.core.ids import random_ids
from ivr.core.unit_of_work import transaction
from ivr.directory import revisions
from ivr.directory.organisation import Organisation, organisation_of
from ivr.oncall.changed_numbers import list_old_numbers, note_changes, with_old_numbers
from ivr.oncall.old_numbers import tell_old_numbers
from ivr.oncall.tables import page
from rehearsals.world import World
from routing.contact import ContactNumbers
from tests.calls.office import Office
from tests.calls.scenes import DR_LEE, EMERGENCY, clinician_accepts, dial, goes_on, run, rung, until_it_rings
from tests.calls.worlds import any_world, furnished_postgres, world

__all__ = ["any_world", "furnished_postgres", "world"]

NEW, NEWER = "+13125550381", "+13125550382"
DR_OKAFOR = "+13125550182"
CHANGED = "how you are reached when you are on call was changed"
DAY = timedelta(days=1)


def changed(organisation: Organisation, change: Callable[[dict[str, Any]], Any]) -> Organisation:
    """The organisation with another entry of Dr Lee."""
    tree = json.loads(organisation.body)
    change(tree["oncall"]["people"]["dr-lee"])
    return organisation_of(tree)


def load(world: World, **entry: Any) -> None:
    """Put a configuration in force in which these keys of Dr Lee are others, as ``sunline load`` does."""
    with transaction(world.services) as work:
        before = newest(work)
        after = changed(before, lambda lee: lee.update(entry))
        revisions.apply(work.connection, after, work.at, "test")
        note_changes(work.connection, random_ids(), before, after, work.at)


def told(world: World, number: str) -> int:
    """How many texts a number has had that say that it was changed."""
    tell_old_numbers(world.services, "")
    world.settle()
    run(world, 10)
    return sum(CHANGED in text.body for text in world.net.phone(number).messages)


def test_the_old_number_is_told_once_and_nothing_private(any_world: World) -> None:
    load(any_world, voice=NEW, sms=NEW)
    assert [told(any_world, DR_LEE) for _ in range(3)] == [1, 1, 1]
    (text,) = any_world.net.phone(DR_LEE).messages
    assert text.body == (
        "Sunline: how you are reached when you are on call was changed. "
        "If this was not you or your practice, tell Sunline Care, by a number that you know."
    )
    assert len(text.body) <= 160
    assert any_world.net.phone(NEW).messages == []


def test_a_load_twice_two_loads_and_an_undo_tell_each_old_number_once(any_world: World) -> None:
    for number in (NEW, NEW, NEWER, DR_LEE, NEW, DR_LEE):
        load(any_world, voice=number, sms=number)
        told(any_world, DR_LEE)
    assert [told(any_world, number) for number in (DR_LEE, NEW, NEWER)] == [1, 1, 1]


def test_what_is_undone_before_it_was_told_is_not_told(world: World) -> None:
    load(world, voice=NEW, sms=NEW)
    load(world, voice=DR_LEE, sms=DR_LEE)
    assert (told(world, DR_LEE), told(world, NEW)) == (0, 1)


def test_a_change_after_the_time_is_told_again(world: World) -> None:
    load(world, voice=NEW)
    load(world, voice=DR_LEE)
    told(world, NEW)
    run(world, DAY.total_seconds())
    load(world, voice=NEW)
    run(world, 1)
    load(world, voice=DR_LEE)
    assert told(world, NEW) == 2


def test_the_old_telephone_is_rung_second_and_texted_for_a_day(any_world: World) -> None:
    any_world.net.phone(NEW).behaviour = "ignore"
    load(any_world, voice=NEW, sms=NEW)
    goes_on(any_world, dial(any_world), EMERGENCY)
    until_it_rings(any_world, NEW)
    clinician_accepts(any_world)
    run(any_world, 5)
    bodies = [text.body for number in (NEW, DR_LEE) for text in any_world.net.phone(number).messages]
    pages = [body for body in bodies if "you are being paged" in body]
    assert len(pages) == 2
    assert len(set(pages)) == 1
    assert (Office(any_world).one(page).person_id, rung(any_world, DR_OKAFOR)) == ("dr-lee", 0)


def test_after_a_day_the_old_telephone_rings_no_more(world: World) -> None:
    load(world, voice=NEW, sms=NEW)
    run(world, DAY.total_seconds())
    world.net.phone(NEW).behaviour = "busy"
    goes_on(world, dial(world), EMERGENCY)
    until_it_rings(world, DR_OKAFOR)
    assert rung(world, DR_LEE) == 0
    assert not any("paged" in text.body for text in world.net.phone(DR_LEE).messages)


def test_an_old_telephone_goes_before_the_second_that_is_written_and_never_before_the_first(world: World) -> None:
    load(world, voice=NEW, contact=[{"second": NEWER}])
    with transaction(world.services) as work:
        numbers, texted = with_old_numbers(work.connection, "dr-lee", ContactNumbers(NEW, NEW, NEWER), work.at)
        assert (numbers, texted) == (ContactNumbers(NEW, NEW, DR_LEE), None)


def test_a_number_that_takes_no_texts_cannot_be_told_and_supervisors_hear_of_it(world: World) -> None:
    world.net.phone(DR_LEE).text("+13125550191", "STOP")
    load(world, voice=NEW, sms=NEW)
    assert told(world, DR_LEE) == 0
    assert "old-number-not-told" in Office(world).alerts()


@pytest.mark.parametrize(
    ("entry", "old"),
    [
        ({"voice": NEW, "sms": NEW}, [(DR_LEE, True, True)]),
        ({"voice": NEW}, [(DR_LEE, True, False)]),
        ({"sms": NEW}, [(DR_LEE, False, True)]),
        ({"voice": NEW, "contact": [{"second": DR_LEE}]}, [(DR_LEE, True, False)]),
        ({"contact": [{"voice": NEW}]}, [(DR_LEE, True, False)]),
        ({"contact": [{"second": NEW}]}, [(DR_LEE, True, False)]),
        ({"contact": [{"text": "no"}]}, [(DR_LEE, False, True)]),
        ({"name": "Dr Li", "timezone": "America/Denver", "remind": "2h"}, []),
    ],
)
def test_whoever_is_reached_otherwise_has_an_old_number(
    world: World, entry: dict[str, Any], old: list[tuple[str, bool, bool]]
) -> None:
    after = changed(world.organisation, lambda lee: lee.update(entry))
    found = list(list_old_numbers(world.organisation, after))
    assert [(one.person, one.number, one.rung, one.texted) for one in found] == [("dr-lee", *one) for one in old]


def test_other_times_of_a_rule_are_told_at_the_usual_number(world: World) -> None:
    night = {"from": "22:00", "to": "06:00", "voice": NEW}
    ruled = changed(world.organisation, lambda lee: lee.update(timezone="America/Chicago", contact=[night]))
    later = changed(ruled, lambda lee: lee.update(contact=[night | {"to": "12:00"}]))
    assert [(one.number, one.rung, one.texted) for one in list_old_numbers(ruled, later)] == [(DR_LEE, True, False)]
    away = changed(ruled, lambda lee: lee.update(timezone="America/Denver"))
    assert [one.number for one in list_old_numbers(ruled, away)] == [DR_LEE]
    gone = changed(ruled, lambda lee: lee.pop("contact"))
    assert [one.number for one in list_old_numbers(ruled, gone)] == [NEW]


def test_what_an_undone_change_had_brought_is_told_and_not_rung(world: World) -> None:
    load(world, voice=NEW, sms=NEW)
    load(world, voice=DR_LEE, sms=DR_LEE)
    usual = ContactNumbers(DR_LEE, DR_LEE)
    with transaction(world.services) as work:
        assert with_old_numbers(work.connection, "dr-lee", usual, work.at) == (usual, None)


def test_a_second_load_does_not_end_what_the_first_began(world: World) -> None:
    load(world, voice=NEW, sms=NEW)
    load(world, voice=NEWER, sms=NEWER)
    numbers = ContactNumbers(NEWER, NEWER)
    with transaction(world.services) as work:
        found = with_old_numbers(work.connection, "dr-lee", numbers, work.at)
    assert found == (ContactNumbers(NEWER, NEWER, DR_LEE), DR_LEE)
    assert [told(world, number) for number in (DR_LEE, NEW)] == [1, 1]


def test_whoever_has_left_the_configuration_is_told_of_nothing(world: World) -> None:
    tree = json.loads(world.organisation.body)
    del tree["oncall"]["people"]["dr-patel"]
    assert list(list_old_numbers(world.organisation, organisation_of(tree))) == []
