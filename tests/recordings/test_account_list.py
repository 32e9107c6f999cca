"""Everything that Twilio has recorded comes into custody or is told of: nothing stays there for ever unseen."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, update

from ivr import cli
from ivr.calls.tables import leg
from ivr.core.unit_of_work import transaction
from ivr.installation.command_line import Installation
from ivr.jobs.rounds import carry_out_due_rounds
from ivr.jobs.tables import outbox, timer
from ivr.jobs.timers import cancel_timer
from ivr.privacy.keys import KeyStore
from ivr.privacy.master import LocalMaster
from ivr.recordings import account_list
from ivr.recordings.tables import recording, stray_recording
from ivr.twilio.rest_api import recordings as rest
from phonesim import switch_off_all, switch_on
from rehearsals.world import World
from tests.calls.office import CALLER, MAPLE, Office
from tests.calls.scenes import dial, goes_on, run

ELSEWHERE = "https://elsewhere.example/recorded"


def rounds(world: World, count: int = 1) -> None:
    """The clock process compares the account's recordings, and what follows is done."""
    for _ in range(count):
        run(world, account_list.EVERY.total_seconds())
        carry_out_due_rounds(world.services)
        run(world, 30)


def recorded_call(world: World, from_: str = CALLER) -> None:
    """A call that was recorded and is over."""
    line = goes_on(world, dial(world, from_=from_), ("1", "2"))
    run(world, 20)
    line.hang_up()


def at_twilio(world: World) -> list[str]:
    return [one.status for one in world.net.recordings.values()]


def forget(world: World) -> None:
    """As after a database was restored from an older copy: its rows and timers of recordings are gone."""
    with world.services.database.write() as connection:
        connection.execute(delete(recording))
        connection.execute(delete(timer).where(timer.c.kind == "check_recording"))
        connection.execute(delete(outbox).where(outbox.c.kind.like("%recording%")))


def test_a_recording_whose_row_and_news_are_both_lost_comes_into_custody(any_world: World) -> None:
    switch_on(any_world.net, "callbacks-lost=1 on /recording/")
    recorded_call(any_world)
    forget(any_world)
    rounds(any_world, 2)
    office = Office(any_world)
    row = office.one(recording)
    assert (row.state, row.call_id) == ("released", office.one(leg).call_id)
    assert at_twilio(any_world) == ["deleted"]


def test_a_recording_that_has_just_been_made_is_left_to_its_call(world: World) -> None:
    switch_on(world.net, "callbacks-lost=1 on /recording/")
    recorded_call(world)
    forget(world)
    run(world, 60)
    carry_out_due_rounds(world.services)
    assert Office(world).rows(recording) == []


@pytest.mark.parametrize("kind", ["fetch_recording", "delete_recording"])
def test_what_was_given_up_is_tried_again_until_it_is_done(any_world: World, kind: str) -> None:
    place = ".wav" if kind == "fetch_recording" else "DELETE"
    switch_on(any_world.net, f"rest-failing=503 on {place}")
    recorded_call(any_world)
    run(any_world, 10)
    with any_world.services.database.write() as connection:
        mine = outbox.c.kind == kind
        connection.execute(update(outbox).where(mine).values(state="failed", done_at=any_world.now))
    rounds(any_world, 2)
    assert at_twilio(any_world) == ["completed"]
    assert len(Office(any_world).rows(outbox, outbox.c.kind == kind)) == 2
    switch_off_all(any_world.net)
    run(any_world, 60)
    assert at_twilio(any_world) == ["deleted"]


def test_a_deletion_that_another_region_answered_is_repeated(world: World) -> None:
    switch_on(world.net, "wrong-region on DELETE")
    recorded_call(world)
    run(world, 60)
    assert (Office(world).one(recording).state, at_twilio(world)) == ("released", ["completed"])
    switch_off_all(world.net)
    rounds(world, 2)
    assert at_twilio(world) == ["deleted"]


def test_a_recording_that_was_taken_for_absent_comes_into_custody_after_all(any_world: World) -> None:
    switch_on(any_world.net, "callbacks-lost=1 on /recording/")
    switch_on(any_world.net, "rest-failing=503 on GET")
    recorded_call(any_world)
    with transaction(any_world.services) as work:
        row = Office(any_world).one(recording)
        cancel_timer(work, "check_recording", row.id)
    with any_world.services.database.write() as connection:
        connection.execute(update(recording).values(state="absent"))
    assert row.twilio_sid is not None
    switch_off_all(any_world.net)
    rounds(any_world, 2)
    assert sorted(one.state for one in Office(any_world).rows(recording)) == ["absent", "released"]
    assert at_twilio(any_world) == ["deleted"]


def recorded_elsewhere(world: World) -> str:
    """Another program of the account records a call of its own; Twilio's name for that."""
    made = world.services.twilio.create_call(
        to=CALLER,
        from_=MAPLE,
        url="https://elsewhere.example/voice",
        status_callback="https://elsewhere.example/status",
        events=("completed",),
        timeout=60,
        time_limit=3600,
    )
    run(world, 10)
    world.net.phone(CALLER).answer()
    run(world, 1)
    sid = world.services.twilio.start_recording(made, ELSEWHERE)
    run(world, 20)
    world.services.twilio.end_call(made)
    run(world, 10)
    return sid


def test_a_recording_of_no_call_of_ours_stays_is_told_once_and_listed(any_world: World) -> None:
    sids = [recorded_elsewhere(any_world) for _ in range(2)]
    rounds(any_world, 4)
    office = Office(any_world)
    assert office.alerts() == ["recordings-of-no-call"]
    assert at_twilio(any_world) == ["completed"] * 2
    assert {row.twilio_sid for row in office.rows(stray_recording)} == set(sids)
    listed = run_command(any_world, "vault", "unmatched")
    assert listed.output.splitlines()[-1] == "2 recordings"
    assert all(sid in listed.output for sid in sids)

    switch_on(any_world.net, "wrong-region")
    rounds(any_world)
    assert run_command(any_world, "vault", "unmatched").output == "0 recordings\n"
    switch_off_all(any_world.net)
    rounds(any_world)
    assert office.alerts() == ["recordings-of-no-call"]
    assert run_command(any_world, "vault", "unmatched").output.splitlines()[-1] == "2 recordings"

    any_world.services.twilio.delete_recording(sids[0])
    rounds(any_world)
    assert run_command(any_world, "vault", "unmatched").output.splitlines()[-1] == "1 recording"


def run_command(world: World, *words: str) -> Result:
    """A command of the installation of the world, by its clock."""
    services = world.services
    folder = services.settings.data_dir
    master = LocalMaster(folder / "master.key")
    installation = Installation(services.database, KeyStore(services.database, master), world.clock, "rosa", True)
    environ = {
        "SUNLINE_MODE": "demo",
        "SUNLINE_DATA_DIR": str(folder),
        "SUNLINE_STORAGE_URL": services.settings.storage_url,
        "SUNLINE_MASTER_KEY": f"file:{folder}/master.key",
    }
    return CliRunner().invoke(cli.main, list(words), obj=installation, env=environ)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has two recordings, and one look two pages."""
    monkeypatch.setattr(rest, "LARGEST_PAGE", 2)
    monkeypatch.setattr(rest, "MOST_LISTED", 4)


@pytest.mark.usefixtures("small_pages")
def test_a_recording_behind_many_of_others_is_found_page_by_page(world: World) -> None:
    switch_on(world.net, "callbacks-lost=1 on /recording/")
    recorded_call(world)
    forget(world)
    for _ in range(9):
        recorded_elsewhere(world)
    lists = []
    for _ in range(4):
        run(world, account_list.EVERY.total_seconds())
        before = asked(world)
        carry_out_due_rounds(world.services)
        lists.append(asked(world) - before)
    run(world, 30)
    assert Office(world).one(recording).state == "released"
    # Two pages of the newest and two of older ones, whatever there is.
    assert max(lists) == 4
    assert len(Office(world).rows(stray_recording)) == 9


def asked(world: World) -> int:
    """How many lists of recordings the phone network was asked for."""
    return sum(entry.kind == "rest" and entry.detail["path"].endswith("/Recordings.json") for entry in world.net.trace)


def test_an_account_of_many_recordings_is_taken_in_a_few_at_a_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_list, "MOST_AT_ONCE", 2)
    switch_on(world.net, "callbacks-lost=1 on /recording/")
    switch_on(world.net, "rest-failing=503 on GET /Recordings")
    for number in range(5):
        recorded_call(world, f"+1312555020{number}")
    forget(world)
    switch_off_all(world.net)
    run(world, account_list.SETTLED.total_seconds() + 60)
    taken = []
    for _ in range(3):
        carry_out_due_rounds(world.services)
        taken.append(len(Office(world).rows(recording)))
        run(world, account_list.EVERY.total_seconds())
    assert taken == [2, 4, 5]
    assert at_twilio(world) == ["deleted"] * 5
