"""Whoever wishes it is texted before a shift of theirs: once, where and when it begins, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.directory.organisation import read_folder
from ivr.directory.revisions import load
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.oncall import reminders
from ivr.rotas.covers import cover
from phonesim import switch_off_all, switch_on
from rehearsals import ledger
from rehearsals.world import World
from routing.spans import Span
from tests.calls.office import CONFIG, NIGHT

MONDAY = NIGHT + timedelta(days=1, hours=7, minutes=30)
OKAFOR = "+13125550182"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Dr Okafor, whose week begins on Monday at 08:00, wishes to be reminded two hours before."""
    folder = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    file = folder / "oncall.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("{name: Dr Okafor,", "{name: Dr Okafor, remind: 2h,"), "utf-8")
    with World(read_folder(folder, at=NIGHT), NIGHT) as made:
        yield made


def pass_time(world: World, until: timedelta) -> None:
    """The rounds come again and again."""
    while world.now < NIGHT + until:
        world.advance_to(min(NIGHT + until, world.now + timedelta(minutes=30)))
        carry_out_due_rounds(world.services)
        world.settle()


def texts(world: World) -> list[str]:
    return [one.body for one in world.net.phone(OKAFOR).messages]


def test_a_shift_is_told_of_once_before_it_begins(world: World) -> None:
    pass_time(world, timedelta(days=1, hours=5))
    assert texts(world) == []
    pass_time(world, timedelta(days=1, hours=9))
    assert texts(world) == ["Sunline: you are on call, maple-physicians, from Mon Nov 02 08:00 America/Chicago."]


def test_a_shift_that_somebody_else_has_taken_is_not_told_of(world: World) -> None:
    with world.services.database.write() as connection:
        organisation = load(connection)
        span = Span(MONDAY - timedelta(hours=1), MONDAY + timedelta(days=1))
        cover(connection, organisation, "c", "maple-physicians", "dr-patel", span, NIGHT, "rosa")
    pass_time(world, timedelta(days=1, hours=9))
    assert texts(world) == []


def test_a_text_whose_answer_was_lost_is_sent_once(world: World) -> None:
    switch_on(world.net, "rest-lost-answer on Messages.json")
    pass_time(world, timedelta(days=1, hours=9))
    assert len(texts(world)) == 1


def test_whoever_cannot_be_texted_before_the_shift_is_not_texted_after_it_has_begun(world: World) -> None:
    switch_on(world.net, "rest-failing=503 on Messages.json")
    pass_time(world, timedelta(days=1, hours=8))
    switch_off_all(world.net)
    pass_time(world, timedelta(days=1, hours=12))
    assert texts(world) == []


def test_a_number_that_may_not_be_texted_is_told_of_to_the_supervisors(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "judge_address", lambda *_arguments: None)
    pass_time(world, timedelta(days=1, hours=9))
    assert texts(world) == []
    assert "shift-not-reminded" in [row.data["what"] for row in ledger.events(world) if row.kind == "alert"]
