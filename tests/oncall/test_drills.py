"""Whoever goes on call is rung before their shift, and where they are not reached a backup is paged beside them."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, insert, select, update

from callflows.vocabulary import ConfirmReachable, Granted
from ivr.calls import legs
from ivr.calls.configuration import NO_PRACTICE, newest
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.directory import revisions
from ivr.directory.organisation import organisation_of, read_folder
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.jobs.tables import outbox
from ivr.oncall import drill_round, drills
from ivr.oncall.tables import page
from ivr.rotas.covers import cover, end_cover
from ivr.rotas.duties import list_on_duty
from ivr.rotas.tables import drill
from ivr.web.timeline import tell_story
from phonesim import switch_on
from phonesim.phone import Line
from rehearsals import ledger
from rehearsals.provisioning import PIN
from rehearsals.world import World
from routing.spans import Span
from tests.calls.office import CONFIG, NIGHT
from tests.calls.scenes import EMERGENCY, dial, goes_on
from tests.calls.worlds import any_world, furnished_postgres
from tests.races.threads import at_once

__all__ = ["any_world", "furnished_postgres"]

ROTA, MINUTE = "maple-physicians", timedelta(minutes=1)
LEE, OKAFOR, PATEL = "+13125550181", "+13125550182", "+13125550183"
BEGINS = NIGHT + timedelta(days=1, hours=6, minutes=30)
"""Monday at 08:00, when Dr Lee hands over to Dr Okafor."""
BOTH = "{kind: MD, state: IL, expires: 2027-07-31}, {kind: MD, state: TX, expires: 2027-07-31}"
RULE = "drill: {before: 30m, tries: 2, every: 10m}"


def load_rule(world: World, folder: Path, rule: str) -> None:
    """The example organisation with this rule on the rota of Maple, in force."""
    shutil.copytree(CONFIG, folder)
    file = folder / "oncall.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("    people: [dr-lee, dr-okafor]\n", f"    people: [dr-lee, dr-okafor]\n    {rule}\n"))
    with world.services.database.write() as connection:
        revisions.apply(connection, read_folder(folder, at=NIGHT), world.now, "rosa")


@pytest.fixture
def world(any_world: World, tmp_path: Path) -> World:
    """Dr Okafor's shift begins at 08:00 and is tested from 07:30 on, twice; it is 07:25."""
    load_rule(any_world, tmp_path / "tested", RULE)
    any_world.advance_to(BEGINS - 35 * MINUTE)
    return any_world


def pass_time(world: World, until: timedelta) -> None:
    """The rounds come every minute, until so long after the shift began."""
    while world.now < BEGINS + until:
        world.advance_to(min(BEGINS + until, world.now + MINUTE))
        carry_out_due_rounds(world.services)
        world.settle()


def before(minutes: float) -> timedelta:
    return -minutes * MINUTE


def rows(world: World, table: Any, *clauses: Any) -> list[Row[Any]]:
    with world.services.database.read() as connection:
        return list(connection.execute(select(table).where(*clauses)))


def rung(world: World) -> list[int]:
    """Minutes from the beginning of the shift at which somebody was rung for a test."""
    made = [row.created_at for row in rows(world, leg, leg.c.role == "drill")]
    return sorted(int((at - BEGINS) / MINUTE) for at in made)


def stand(world: World) -> list[tuple[str, str, int]]:
    found = sorted(rows(world, drill), key=lambda row: (row.made_at, row.id))
    return [(row.person_id, row.state, row.missed) for row in found]


def alerts(world: World) -> list[str]:
    """What supervisors were alerted to, and what of it was over by itself."""
    found = [row for row in ledger.events(world) if row.kind in ("alert", drills.OVER)]
    return [row.kind for row in found if row.data["what"] == drills.NOT_REACHED]


def unreached(world: World) -> str | None:
    """Who is on call at Maple and was not reached, by every list."""
    with world.services.database.read() as connection:
        (found,) = list_on_duty(connection, revisions.load(connection), world.now, (ROTA,))
    return found.on_call if found.unreached_since else None


def red_flag(world: World, from_: str = "+13125550199") -> None:
    """Somebody calls with chest pain and waits for a clinician."""
    goes_on(world, dial(world, from_=from_), EMERGENCY)
    wait(world)


def wait(world: World, seconds: float = 4) -> None:
    world.advance_to(world.now + timedelta(seconds=seconds))


def picks_up(world: World, number: str) -> Line:
    """The phone rings, or does so in a moment, and is answered; the first words are heard."""
    phone = world.net.phone(number)
    assert world.advance(lambda: phone.ringing, timedelta(seconds=20))
    line = phone.answer()
    wait(world)
    return line


def told(line: Line) -> str:
    return " ".join(one.text for one in line.heard)


def confirm(world: World, number: str = OKAFOR) -> None:
    picks_up(world, number).press("1")
    wait(world)


def accept(world: World, number: str) -> Line:
    line = picks_up(world, number)
    for keys in (f"{PIN}#", "1"):
        line.press(keys)
        wait(world)
    return line


def ringing(world: World, *numbers: str) -> list[bool]:
    """Which of the phones ring, or do so in a moment."""
    wait(world)
    return [world.net.phone(number).ringing for number in numbers]


def test_whoever_presses_1_has_confirmed_the_shift_and_is_left_in_peace(world: World) -> None:
    pass_time(world, before(31))
    assert rung(world) == []
    pass_time(world, before(30))
    line = picks_up(world, OKAFOR)
    line.press("1")
    wait(world, 30)
    heard = told(line)
    assert "This is a test of the on-call line of Maple Family Medicine." in heard
    assert "Thank you. You can be reached." in heard
    pass_time(world, timedelta(hours=2))
    assert rung(world) == [-30]
    assert stand(world) == [("dr-okafor", "reached", 0)]
    assert (alerts(world), unreached(world)) == ([], None)
    (made,) = rows(world, call)
    assert (made.direction, made.outcome, made.caller_sealed) == ("outbound", "reached", None)
    assert made.ended_at is not None


@pytest.mark.parametrize("behaviour", ["ignore", "busy", "decline", "voicemail", "unreachable", "switched-off"])
def test_whoever_is_not_reached_is_rung_again_and_then_the_shift_is_at_risk(world: World, behaviour: str) -> None:
    world.net.phone(OKAFOR).behaviour = behaviour
    pass_time(world, before(21))
    assert (rung(world), alerts(world), stand(world)) == ([-30], [], [("dr-okafor", "due", 1)])
    pass_time(world, before(15))
    assert (len(rung(world)), alerts(world)) == (2, ["alert"])
    assert stand(world) == [("dr-okafor", "due", 2)]
    pass_time(world, before(1))
    assert len(rung(world)) == 2
    pass_time(world, timedelta(minutes=40))
    assert rung(world)[2:] == [0]
    assert (stand(world), alerts(world), unreached(world)) == ([("dr-okafor", "due", 3)], ["alert"], "dr-okafor")


def test_the_telephone_is_rung_that_a_page_will_ring_when_the_shift_has_begun(world: World) -> None:
    by_day = "+13125550391"
    with transaction(world.services) as work:
        tree = json.loads(newest(work).body)
        rule = {"from": "08:00", "to": "18:00", "voice": by_day}
        tree["oncall"]["people"]["dr-okafor"] |= {"timezone": "America/Chicago", "contact": [rule]}
        revisions.apply(work.connection, organisation_of(tree), work.at, "test")
    pass_time(world, before(30))
    confirm(world, by_day)
    assert stand(world) == [("dr-okafor", "reached", 0)]


def test_a_wrong_key_is_no_yes(world: World) -> None:
    pass_time(world, before(30))
    line = picks_up(world, OKAFOR)
    for key in "25":
        line.press(key)
        wait(world)
    pass_time(world, before(25))
    assert stand(world) == [("dr-okafor", "due", 1)]
    assert "The key 1 was not pressed" in told(line)


def test_a_later_ring_that_is_answered_ends_the_risk(world: World) -> None:
    world.net.phone(OKAFOR).behaviour = "ignore"
    pass_time(world, before(5))
    assert alerts(world) == ["alert"]
    world.net.phone(OKAFOR).behaviour = "manual"
    pass_time(world, timedelta())
    assert unreached(world) == "dr-okafor"
    confirm(world)
    assert (alerts(world), unreached(world)) == (["alert", "alert-over"], None)
    assert stand(world) == [("dr-okafor", "reached", 2)]


def test_a_page_rings_whoever_was_not_reached_and_the_backup_at_once(world: World) -> None:
    world.net.phone(OKAFOR).behaviour = "switched-off"
    pass_time(world, timedelta(minutes=5))
    world.net.phone(OKAFOR).behaviour = "manual"
    red_flag(world)
    assert ringing(world, OKAFOR, LEE, PATEL) == [True, True, False]
    assert [row.state for row in rows(world, page)] == ["open", "open"]


def test_somebody_who_was_reached_is_paged_alone(world: World) -> None:
    pass_time(world, before(30))
    confirm(world)
    pass_time(world, timedelta(minutes=5))
    red_flag(world)
    assert ringing(world, OKAFOR, LEE) == [True, False]


def test_the_named_backup_is_paged_at_once(any_world: World, tmp_path: Path) -> None:
    load_rule(any_world, tmp_path / "tested", "drill: {before: 30m, tries: 1, every: 10m, backup: dr-patel}")
    any_world.advance_to(BEGINS - 35 * MINUTE)
    any_world.net.phone(OKAFOR).behaviour = "switched-off"
    pass_time(any_world, timedelta(minutes=5))
    red_flag(any_world)
    assert ringing(any_world, LEE, PATEL) == [False, True]


def test_before_the_shift_begins_whoever_is_on_call_is_paged_alone(world: World) -> None:
    world.net.phone(OKAFOR).behaviour = "switched-off"
    pass_time(world, before(10))
    assert alerts(world) == ["alert"]
    red_flag(world)
    assert ringing(world, LEE, PATEL) == [True, False]
    with world.services.database.read() as connection:
        (duty,) = list_on_duty(connection, revisions.load(connection), world.now, (ROTA,))
    assert (duty.on_call, duty.unreached_since, duty.next_unreached) == ("dr-lee", None, "dr-okafor")


def test_an_accepted_page_tells_that_they_can_be_reached(world: World) -> None:
    world.net.phone(OKAFOR).behaviour = "switched-off"
    pass_time(world, timedelta(minutes=5))
    world.net.phone(OKAFOR).behaviour = "manual"
    red_flag(world)
    line = accept(world, OKAFOR)
    assert (alerts(world), unreached(world)) == (["alert", "alert-over"], None)
    assert ringing(world, LEE) == [False]
    wait(world, 30)
    line.hang_up()
    wait(world)
    red_flag(world, "+13125550195")
    assert ringing(world, OKAFOR, LEE) == [True, False]


def test_nobody_is_rung_who_is_being_paged_and_a_page_ends_a_test(world: World) -> None:
    with world.services.database.write() as connection:
        span = Span(world.now, BEGINS)
        cover(connection, revisions.load(connection), "c", ROTA, "dr-okafor", span, world.now, "rosa")
    pass_time(world, before(34))
    assert ringing(world, OKAFOR) == [True]
    (testing,) = rows(world, leg, leg.c.role == "drill")
    red_flag(world)
    (over,) = rows(world, leg, leg.c.id == testing.id)
    assert over.state == "ended"
    assert stand(world) == [("dr-okafor", "due", 0)]
    pass_time(world, before(32))
    assert (len(world.net.phone(OKAFOR).waiting()), len(rung(world))) == (1, 1)


def test_somebody_in_a_talk_is_rung_after_it(world: World) -> None:
    pass_time(world, before(32))
    red_flag(world)
    assert ringing(world, LEE) == [True]
    world.net.phone(LEE).decline()
    line = accept(world, OKAFOR)
    pass_time(world, before(25))
    assert rung(world) == []
    assert stand(world) == [("dr-okafor", "due", 0)]
    line.hang_up()
    wait(world)
    pass_time(world, before(23))
    assert len(rung(world)) == 1


def test_a_shift_that_somebody_else_takes_is_tested_with_them_at_once(world: World) -> None:
    world.net.phone(OKAFOR).behaviour = "ignore"
    pass_time(world, before(5))
    assert alerts(world) == ["alert"]
    with world.services.database.write() as connection:
        span = Span(BEGINS - 4 * MINUTE, BEGINS + timedelta(days=1))
        cover(connection, revisions.load(connection), "c", ROTA, "dr-patel", span, world.now, "rosa")
    pass_time(world, before(4))
    assert alerts(world) == ["alert", "alert-over"]
    confirm(world, PATEL)
    assert stand(world) == [("dr-okafor", "over", 2), ("dr-patel", "reached", 0)]
    pass_time(world, timedelta(minutes=20))
    assert len(rung(world)) == 3


def test_a_cover_that_is_taken_back_has_the_shift_tested_anew(world: World) -> None:
    pass_time(world, before(30))
    with world.services.database.write() as connection:
        span = Span(BEGINS, BEGINS + timedelta(days=1))
        cover(connection, revisions.load(connection), "c", ROTA, "dr-patel", span, world.now, "rosa")
    pass_time(world, before(28))
    assert stand(world)[0] == ("dr-okafor", "over", 1)
    with world.services.database.write() as connection:
        end_cover(connection, "c", world.now, "rosa")
    pass_time(world, before(18))
    assert sorted(stand(world)) == [("dr-okafor", "due", 1), ("dr-okafor", "over", 1), ("dr-patel", "over", 1)]


def test_a_key_that_comes_after_the_shift_was_taken_confirms_nothing(world: World) -> None:
    pass_time(world, before(30))
    line = picks_up(world, OKAFOR)
    with world.services.database.write() as connection:
        span = Span(world.now, BEGINS + timedelta(days=1))
        cover(connection, revisions.load(connection), "c", ROTA, "dr-patel", span, world.now, "rosa")
    line.press("1")
    world.advance_to(world.now + timedelta(seconds=20))
    assert stand(world)[0] == ("dr-okafor", "over", 0)
    assert "This test is over by now." in told(line)


@pytest.mark.parametrize(
    "fault", ["webhooks-twice", "webhooks-twice-fresh", "callbacks-twice", "callbacks-late", "callbacks-reordered"]
)
def test_webhooks_that_come_twice_late_or_out_of_order_change_nothing(world: World, fault: str) -> None:
    switch_on(world.net, fault)
    pass_time(world, before(30))
    picks_up(world, OKAFOR).press("2")
    wait(world)
    pass_time(world, before(22))
    assert stand(world) == [("dr-okafor", "due", 1)]
    pass_time(world, before(19))
    confirm(world)
    pass_time(world, timedelta(minutes=10))
    assert (len(rung(world)), stand(world), alerts(world)) == (2, [("dr-okafor", "reached", 1)], [])


def test_a_dial_whose_answer_was_lost_rings_once(world: World) -> None:
    switch_on(world.net, "rest-lost-answer on Calls.json 1 time")
    pass_time(world, before(30))
    wait(world, 25)
    assert len(world.net.phone(OKAFOR).waiting()) == 1
    pass_time(world, before(25))
    assert stand(world) == [("dr-okafor", "due", 1)]


def test_two_rounds_at_once_ring_once(world: World) -> None:
    world.advance_to(BEGINS - 29 * MINUTE)
    at_once(*[lambda: drill_round.drill_shifts(world.services, "")] * 2)
    drill_round.drill_shifts(world.services, "")
    assert len(rows(world, drill)) == 1
    assert len(rows(world, outbox, outbox.c.kind == "dial_leg")) == 1


def test_a_round_that_died_after_it_wrote_the_test_down_is_taken_up_by_the_next(world: World) -> None:
    world.advance_to(BEGINS - 29 * MINUTE)
    with world.services.database.write() as connection:
        made = {"id": "d", "rota_id": ROTA, "person_id": "dr-okafor", "shift_starts_at": BEGINS, "asked_for": False}
        connection.execute(insert(drill).values(**made, state="due", missed=0, next_at=world.now, made_at=world.now))
    pass_time(world, before(28))
    assert (len(rung(world)), len(stand(world))) == (1, 1)
    assert ringing(world, OKAFOR) == [True]


def test_a_late_key_of_an_earlier_ring_confirms_nothing(world: World) -> None:
    world.net.phone(OKAFOR).behaviour = "switched-off"
    pass_time(world, before(25))
    (first,) = rows(world, leg, leg.c.role == "drill")
    pass_time(world, before(15))

    def claim(work: Work) -> Any:
        effect = world.services.features.effects[ConfirmReachable]
        return effect(work, legs.lock(work, first.id), "confirm", ConfirmReachable())

    assert in_transaction(world.services, claim) == Granted(False, caller_here=False)
    assert stand(world) == [("dr-okafor", "due", 2)]


def test_a_key_and_an_end_at_once_come_to_one_answer(world: World) -> None:
    pass_time(world, before(30))
    (testing,) = rows(world, leg, leg.c.role == "drill")

    def press() -> bool:
        effect = world.services.features.effects[ConfirmReachable]

        def act(work: Work) -> bool:
            return bool(effect(work, legs.lock(work, testing.id), "confirm", ConfirmReachable()).won)  # type: ignore[union-attr]

        return in_transaction(world.services, act)

    def end() -> bool:
        in_transaction(world.services, lambda work: legs.note_status(work, testing.id, "no-answer", None))
        return False

    won, _ = at_once(press, end)
    ((_, state, missed),) = stand(world)
    assert (state, missed) == (("reached", 0) if won else ("due", 1))


def test_a_test_that_nobody_wants_any_more_ends_with_its_rota(world: World, tmp_path: Path) -> None:
    world.net.phone(OKAFOR).behaviour = "switched-off"
    pass_time(world, before(10))
    assert alerts(world) == ["alert"]
    load_rule(world, tmp_path / "untested", "every: 1")
    pass_time(world, before(8))
    assert (stand(world)[0][1], alerts(world)) == ("over", ["alert", "alert-over"])


def test_the_risk_ends_with_the_shift(world: World) -> None:
    world.net.phone(OKAFOR).behaviour = "switched-off"
    pass_time(world, timedelta(minutes=2))
    assert alerts(world) == ["alert"]
    with world.services.database.write() as connection:
        span = Span(world.now, BEGINS + timedelta(days=1))
        cover(connection, revisions.load(connection), "c", ROTA, "dr-patel", span, world.now, "rosa")
    pass_time(world, timedelta(minutes=4))
    assert (alerts(world), unreached(world)) == (["alert", "alert-over"], None)


def test_a_clock_process_that_was_down_tests_late_and_not_for_a_shift_of_long_ago(world: World) -> None:
    world.advance_to(BEGINS + 10 * MINUTE)
    pass_time(world, timedelta(minutes=11))
    assert len(rung(world)) == 1
    with world.services.database.write() as connection:
        connection.execute(update(drill).values(state="over", ended_at=world.now))
    world.advance_to(BEGINS + 40 * MINUTE)
    pass_time(world, timedelta(minutes=42))
    assert len(rung(world)) == 1


def test_nothing_of_a_test_is_about_a_patient(world: World) -> None:
    pass_time(world, before(30))
    confirm(world)
    pass_time(world, before(20))
    with world.services.database.read() as connection:
        kinds = set(connection.execute(select(event.c.kind).where(event.c.kind.startswith("drill"))).scalars())
    assert kinds == {"drill-rung", "drill-reached", "drill-left", "drill-conversation-ended"}
    assert rows(world, page) == []


def test_the_pages_of_its_call_say_what_it_was(world: World) -> None:
    pass_time(world, before(30))
    confirm(world)
    pass_time(world, before(20))
    (made,) = rows(world, call)
    with world.services.database.read() as connection:
        story = tell_story(connection, world.services.cipher, made)
        record = world.services.features.read_call_record(connection, world.services.cipher, made.id)
    assert [(one.role, one.person_id, one.outcome) for one in story.legs] == [("drill", "dr-okafor", "reached")]
    assert record is not None
    assert {row.kind for row in ledger.events(world)} >= {"drill-rung", "drill-reached"}


def test_a_rota_of_several_practices_is_tested_in_the_name_of_the_operator(any_world: World, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CONFIG, tmp_path / "shared"))
    file, practice = folder / "oncall.yaml", folder / "practices" / "riverside.yaml"
    people = "    people: [dr-lee, dr-okafor]\n"
    text = file.read_text("utf-8").replace(people, f"{people}    {RULE}\n")
    text = text.replace("licences: [{kind: MD, state: IL, expires: 2027-07-31}]", f"licences: [{BOTH}]")
    file.write_text(text, "utf-8")
    practice.write_text(practice.read_text("utf-8").replace("riverside-physicians", ROTA), "utf-8")
    with any_world.services.database.write() as connection:
        revisions.apply(connection, read_folder(folder, at=NIGHT), any_world.now, "rosa")
    any_world.advance_to(BEGINS - 35 * MINUTE)
    pass_time(any_world, before(30))
    assert "the on-call line of Sunline" in told(picks_up(any_world, OKAFOR))
    assert [row.practice_id for row in rows(any_world, call)] == [NO_PRACTICE]
