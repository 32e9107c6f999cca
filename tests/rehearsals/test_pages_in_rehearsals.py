"""What people see on Sunline's own pages in the middle of a call, signed in as they really sign in."""

from __future__ import annotations

import pytest

from tests.rehearsals.conftest import TO_A_PAGE, TO_ANA, Play

PAGED = (*TO_A_PAGE, "page goes to: dr-okafor", "text goes to: dr-okafor")
TAKEN = ("dr-okafor answers", "dr-okafor enters: PIN", "dr-okafor hears: chest", "dr-okafor presses: 1")
TALKED = (*TAKEN, "connected: [caller, dr-okafor]", "caller waits: 22s", "caller hangs up")


def test_a_clinician_reads_the_story_behind_the_link_and_the_pin_only(play: Play) -> None:
    result = play(
        *PAGED,
        "dr-okafor sees on /oncall: Enter your PIN",
        "dr-okafor sees nothing of: chest",
        "dr-okafor signs in: wrong PIN",
        "dr-okafor sees nothing of: Maple",
        "dr-okafor signs in",
        "dr-okafor sees on /oncall: my chest hurts",
        *TALKED,
        "dr-okafor sees on /oncall: 'You have talked: write the outcome'",
        outcome="with a clinician",
    )
    assert result.passed, result.failure


def test_supervisors_see_the_call_without_what_was_said_and_administrators_reach_nothing_of_it(play: Play) -> None:
    result = play(
        *PAGED,
        "supervisor sees on /calls: Sign in",
        "supervisor signs in",
        "supervisor sees on /calls: in progress",
        "supervisor sees on the newest call: dr-okafor",
        *TALKED,
        "supervisor sees on /calls: with a clinician within 1m",
        "supervisor does not see on /calls: in progress",
        "supervisor does not see on the newest call: my chest hurts",
        "admin signs in",
        "admin sees nothing of: my chest hurts",
        outcome="with a clinician",
    )
    assert result.passed, result.failure


def test_an_agent_may_open_messages_and_their_own_call_and_a_button_does_what_it_says(play: Play) -> None:
    result = play(
        *PAGED,
        "ana signs in",
        "ana may not open /calls",
        "ana sees on /messages: No messages yet",
        "ana sees on /my-call: You are in no call now",
        "dr-okafor signs in",
        "time jumps by: 20s",
        "dr-okafor clicks: Ring me now",
        "dr-okafor sees on /oncall: You are being paged",
        "dr-okafor's phone rings",
        *TALKED,
        outcome="with a clinician",
    )
    assert result.passed, result.failure


@pytest.mark.parametrize(
    ("steps", "expected", "found"),
    [
        (("dr-okafor sees on /oncall: chest",), "a link in a text to dr-okafor", "none came"),
        ((*PAGED, "dr-okafor sees on /oncall: chest"), "dr-okafor to see 'chest' on /oncall", "Enter your PIN"),
        (
            (*PAGED, "dr-okafor signs in", "dr-okafor does not see on /oncall: my chest"),
            "dr-okafor not to see 'my chest' on /oncall",
            "You are being paged",
        ),
        (
            (*PAGED, "dr-okafor signs in", "dr-okafor sees nothing of: my chest"),
            "dr-okafor to see nothing of 'my chest'",
            "it is on /oncall/",
        ),
        (("supervisor signs in", "supervisor clicks: Dance"), "a button 'Dance' for supervisor", "Sign out"),
        (("supervisor signs in", "supervisor may not open /calls"), "/calls to be refused to supervisor", "(200)"),
        (("ana signs in", "ana sees on the newest message: x"), "the newest message for ana", "No messages yet"),
        ((*TO_ANA, "ana sees on /calls: call"), "ana to see 'call' on /calls", "/sign-in (200) shows"),
    ],
)
def test_a_page_that_is_not_as_written_is_named(play: Play, steps: tuple[str, ...], expected: str, found: str) -> None:
    failure = play(*steps).failure
    assert failure is not None
    assert failure.step is not None
    assert failure.step.text == steps[-1]
    assert failure.expected.startswith(expected)
    assert found in failure.found
