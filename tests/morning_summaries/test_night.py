"""What a night at Maple is told as in the morning: calls are played on the phones, and the summary is read."""

from __future__ import annotations

from datetime import timedelta

from ivr.calls import legs
from ivr.clinicians import items
from ivr.core.unit_of_work import transaction
from ivr.directory.revisions import load
from ivr.morning_summaries.summary import MorningSummary
from ivr.morning_summaries.telling import tell_lines
from ivr.responsibility import outcomes
from rehearsals.world import World
from tests.calls.office import BACKLINE
from tests.calls.scenes import EMERGENCY, clinician_accepts, dial, goes_on, run
from tests.morning_summaries.conftest import Opener
from tests.morning_summaries.mornings import OKAFOR, WAITS_FOR_IT, chicago, last_summary, pass_time, texts

OPENS = chicago("2026-11-03 08:00")
EARLY = chicago("2026-11-03 07:35")
"""Ladders are climbed for as long as nobody had contact, which takes a machine long to play."""
LOST, PATIENT, LABORATORY = "+13125550121", "+13125550122", "+13125550123"
WORDS = "quokkamarker my chest hurts"


def night(world: World) -> None:
    """One is talked with and has no outcome, one is promised a call that nobody makes, one hangs up."""
    dial(world, from_=LOST).hang_up()
    run(world, 5)
    line = goes_on(world, dial(world), EMERGENCY)
    clinician_accepts(world, OKAFOR)
    run(world, 60)
    line.hang_up()
    run(world, 40)
    ill = goes_on(world, dial(world, from_=PATIENT), ("1", "1", WORDS))
    run(world, 20)
    ill.hang_up()
    run(world, 30)


def lines(world: World, summary: MorningSummary) -> list[str]:
    with world.services.database.read() as connection:
        names = load(connection).names
    return [f"{line.part}: {line.what}" for line in tell_lines(summary, names)]


def test_a_night_is_told_with_who_was_ill_who_was_paged_and_what_is_open(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT, EARLY)
    night(world)
    pass_time(world, OPENS)
    summary = last_summary(world)
    assert summary.kinds == {"clinical": 2, "nothing chosen": 1}
    assert (summary.total, summary.is_quiet) == (3, False)
    talked, promised = summary.clinical
    assert (talked.row.urgency, talked.row.outcome, talked.contact_minutes) == ("emergent", "with a clinician", 0)
    assert (promised.row.urgency, promised.contact_at) == ("emergent", None)
    accepted, *in_vain = summary.pages
    assert (accepted.call_id, accepted.person_id, accepted.end, accepted.times) == (
        talked.row.id,
        "dr-okafor",
        "accepted",
        1,
    )
    assert accepted.seconds is not None
    assert 0 < accepted.seconds < 60
    assert {(one.person_id, one.end) for one in in_vain} == {
        ("dr-okafor", "no accept in time"),
        ("dr-lee", "no accept in time"),
        ("dr-patel", "no accept in time"),
    }
    assert all(one.times > 1 and one.call_id == promised.row.id for one in in_vain)
    (owed,) = summary.promises.overdue
    assert (owed.call_id, owed.kind) == (promised.row.id, "urgent-callback")
    first, second = summary.open_calls
    assert (first.call.id, first.person_id, first.no_contact, first.no_outcome) == (
        talked.row.id,
        "dr-okafor",
        False,
        True,
    )
    assert (second.call.id, second.person_id, second.no_contact) == (promised.row.id, "", True)
    assert [one.id for one in summary.dropped if not one.symptom] != []
    assert {one.what for one in summary.alerts} >= {"promise-overdue", "ladder-exhausted"}
    assert all(one.times > 1 for one in summary.alerts if one.what == "promise-overdue")


def test_what_is_done_after_the_opening_is_still_told_as_it_was_and_that_it_is_done(open_world: Opener) -> None:
    world = open_world(at=EARLY)
    night(world)
    pass_time(world, OPENS)
    talked, promised = (one.row.id for one in last_summary(world).clinical)
    with transaction(world.services) as work:
        legs.lock_call(work, talked)
        items.write_outcome(work, talked, "advised", "none")
    with transaction(world.services) as work:
        outcomes.report_contact(work, promised, "rosa", "cared-for-elsewhere")
    pass_time(world, OPENS + timedelta(hours=2))
    summary = last_summary(world)
    assert [(one.call.id, one.no_contact, one.no_outcome, one.since_closed) for one in summary.open_calls] == [
        (talked, False, True, True),
        (promised, True, False, True),
    ]
    told = lines(world, summary)
    assert "Clinical calls: emergent; contact after 0 minutes; advised, follow-up none" in told
    assert "Still open: emergent: no outcome at the opening, with Dr Okafor; closed since" in told


def test_what_is_open_from_nights_before_is_told_until_it_is_done(open_world: Opener) -> None:
    world = open_world(at=EARLY)
    night(world)
    pass_time(world, OPENS)
    talked, promised = (one.row.id for one in last_summary(world).clinical)
    with transaction(world.services) as work:
        outcomes.report_contact(work, promised, "rosa", "cared-for-elsewhere")
    pass_time(world, chicago("2026-11-04 08:00"))
    summary = last_summary(world)
    assert (summary.kinds, [one.call.id for one in summary.open_calls]) == ({}, [talked])
    with transaction(world.services) as work:
        legs.lock_call(work, talked)
        items.write_outcome(work, talked, "advised", "none")
    pass_time(world, chicago("2026-11-05 08:00"))
    summary = last_summary(world)
    assert (summary.open_calls, summary.promises.open, summary.promises.overdue) == ([], [], [])


def test_a_colleague_on_the_backline_is_counted_apart(open_world: Opener) -> None:
    world = open_world(at=chicago("2026-11-03 07:55"))
    dial(world, to=BACKLINE, from_=LABORATORY).hang_up()
    pass_time(world, OPENS)
    assert last_summary(world).kinds == {"professional": 1}


def test_a_night_in_which_nobody_called_is_quiet(open_world: Opener) -> None:
    world = open_world()
    pass_time(world, OPENS)
    summary = last_summary(world)
    assert summary.is_quiet
    assert lines(world, summary) == []


def test_what_happened_in_opening_hours_or_elsewhere_is_not_of_the_night(open_world: Opener) -> None:
    world = open_world(at=chicago("2026-11-02 16:58"))
    dial(world, from_=LOST).hang_up()
    dial(world, to="+12105550110", from_=PATIENT).hang_up()
    world.advance_to(chicago("2026-11-02 17:00"))
    kept = dial(world, from_=LABORATORY)
    run(world, 2)
    kept.hang_up()
    pass_time(world, OPENS)
    (dropped,) = last_summary(world).dropped
    assert dropped.created_at >= chicago("2026-11-02 17:00")
    assert last_summary(world).total == 1


def test_nothing_that_was_said_leaves_by_text_or_is_written_beside_the_seal(open_world: Opener) -> None:
    world = open_world(WAITS_FOR_IT, EARLY)
    night(world)
    pass_time(world, OPENS + timedelta(minutes=1))
    world.advance_to(OPENS + timedelta(minutes=2))
    (told,) = texts(world)
    assert told.split("https://")[0] == "Sunline: the morning summary is ready. Sign in to read it: "
    everywhere = (*lines(world, last_summary(world)), *texts(world), *texts(world, OKAFOR), str(world.log))
    assert not [one for one in everywhere if "quokkamarker" in one or PATIENT in one]
