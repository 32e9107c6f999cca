"""What happens to phones and lines can be said: engaged, lost, rung before, waited for too long, cut short."""

from __future__ import annotations

import pytest

from tests.rehearsals.conftest import TO_A_PAGE, TO_ANA, Play

ANSWERED = (*TO_ANA, "ana answers", "ana presses: 1", "connected: [caller, ana] within 20s")


def test_an_old_ring_is_not_taken_for_the_one_that_is_asked_for(play: Play) -> None:
    again = (
        *TO_ANA, "nobody else answers", "ana declines", "call is offered to: benjie", "caller waits: 3m",
        "benjie's phone stops ringing",
    )  # fmt: skip
    failure = play(*again, "call is offered to: benjie within 1s").failure
    assert failure is not None
    assert (failure.expected, failure.step and failure.step.text) == (
        "benjie's phone to ring within 1s",
        "call is offered to: benjie within 1s",
    )


def test_a_ring_that_was_over_before_the_step_is_told_with_its_time(play: Play) -> None:
    steps = (*TO_ANA[:-1], "nobody else answers", "caller waits: 1m", "caller hangs up", "time jumps by: 1m")
    failure = play(*steps, "call is offered to: ana within 5s").failure
    assert failure is not None
    assert failure.found.startswith("it did not ring; it had rung at 02:00:")
    assert failure.found.endswith("which was over before this step")


@pytest.mark.parametrize("state", ["engaged", "switched off", "out of reach"])
def test_a_phone_that_cannot_ring_is_called_in_vain_and_the_next_one_rings(play: Play, state: str) -> None:
    """A telephone that is off takes no text either, of which supervisors hear."""
    reached = ("dr-lee answers", "dr-lee enters: PIN", "dr-lee hears the prompt: page.accept", "dr-lee presses: 1")
    result = play(
        f"dr-okafor's phone is: {state}",
        *TO_A_PAGE,
        "dr-okafor is called in vain",
        "page goes to: dr-lee within 3m",
        *reached,
        "connected: [caller, dr-lee] within 20s",
        "caller waits: 22s",
        "caller hangs up",
        outcome="with a clinician",
        extra="" if state == "engaged" else "expect alerts: [texts-not-arriving]",
    )
    assert result.passed, result.failure


def test_a_phone_that_is_free_again_rings(play: Play) -> None:
    steps = ("ana's phone is: engaged", "ana's phone is: free", *ANSWERED, "caller waits: 22s", "caller hangs up")
    assert play(*steps).passed


@pytest.mark.parametrize(
    ("steps", "found"),
    [((), "nobody called dr-okafor"), ((*TO_A_PAGE, "page goes to: dr-okafor"), "it rang")],
)
def test_a_phone_that_was_not_called_in_vain_is_told_so(play: Play, steps: tuple[str, ...], found: str) -> None:
    failure = play(*steps, "dr-okafor is called in vain within 5s").failure
    assert failure is not None
    assert (failure.expected, failure.found) == ("dr-okafor to be called in vain within 5s", found)


def test_a_line_that_breaks_is_told_apart_from_one_that_is_hung_up(play: Play) -> None:
    broken, hung_up = (
        play(*TO_ANA, step, "ana's phone stops ringing", outcome="hung-up")
        for step in ("caller's line breaks", "caller hangs up")
    )
    assert broken.passed, broken.failure
    assert hung_up.passed, hung_up.failure
    assert any(line.endswith("caller's line breaks") for line in broken.lines)
    assert not any("breaks" in line for line in hung_up.lines)


def test_a_line_breaks_in_the_instant_in_which_somebody_accepts(play: Play) -> None:
    at_once = "at once:\n      - caller's line breaks\n      - ana presses: 1"
    result = play(*TO_ANA, "ana answers", at_once, "ana's call ends", outcome="hung-up")
    assert result.passed, result.failure


def test_a_wait_that_is_longer_than_the_call_says_when_that_ended_and_what_to_write(play: Play) -> None:
    failure = play("caller waits: 3h").failure
    assert failure is not None
    assert failure.expected == "caller to stay on the line for 10800s"
    assert failure.found.startswith("the call ended after ")
    assert failure.found.endswith("write a shorter wait, or: caller's call ends within 10800s")


def test_somebody_who_waits_too_long_fails_the_rehearsal(play: Play) -> None:
    steps = ("caller waits no longer than: 40s", *ANSWERED, "caller waits: 5m")
    assert play(*steps, "caller hangs up").passed
    failure = play("caller waits no longer than: 10s", *ANSWERED).failure
    assert failure is not None
    assert failure.expected == "caller to wait no longer than 10s"
    assert failure.found.startswith("caller waited ")


def test_a_wait_within_one_long_step_is_seen_too(play: Play) -> None:
    steps = (*ANSWERED, "caller waits no longer than: 5s", "nobody else answers")
    failure = play(*steps, "ana hangs up", "caller waits: 8s").failure
    assert failure is not None
    assert failure.expected == "caller to wait no longer than 5s"


@pytest.mark.parametrize(
    "step", ["caller hears the prompt cut short: menu.option", "caller hears cut short: for appointments, press 2"]
)
def test_a_prompt_that_is_cut_short_can_be_said(play: Play, step: str) -> None:
    begun = (*TO_ANA[:2], "caller hears: for appointments", "caller presses: 0", step)
    result = play(*begun, "call is offered to: ana", "caller hangs up", outcome="hung-up")
    assert result.passed, result.failure
    failure = play(*begun[:-1], "caller hears: appointments, press 2 within 1s").failure
    assert failure is not None
    assert failure.found.startswith("it was cut short at 02:00:")


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("caller hears the prompt cut short: language.option within 9s", "it was spoken to its end at"),
        ("caller hears cut short: no such words within 1s", "the last words were"),
    ],
)
def test_a_prompt_that_is_not_cut_short_is_told_so(play: Play, step: str, found: str) -> None:
    failure = play(step).failure
    assert failure is not None
    assert "cut short" in failure.expected
    assert failure.found.startswith(found)
