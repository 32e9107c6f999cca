"""A rehearsal that does not happen as written says what went wrong, where."""

from __future__ import annotations

import pytest

from tests.rehearsals.conftest import TO_A_PAGE, TO_ANA, Play

PAGED = (*TO_A_PAGE, "page goes to: dr-okafor", "text goes to: dr-okafor")
BILLING = (
    "caller hears: press 1",
    "caller presses: 1",
    "caller hears: for billing",
    "caller presses: 4",
    "caller hears: press 2",
    "caller presses: 2",
    "caller hears: we can call you back",
    "caller presses: 1",
    "promise: callback by 12:00 America/Chicago",
)
ANSWERED = (*TO_ANA, "ana answers", "ana presses: 1", "connected: [caller, ana]")


def test_a_call_that_goes_as_written_passes(play: Play) -> None:
    result = play(*ANSWERED, "caller waits: 22s", "caller hangs up")
    assert result.passed, result.failure


@pytest.mark.parametrize(
    ("steps", "expected", "found"),
    [
        ((*TO_ANA[:-1], "call is offered to: benjie"), "benjie's phone to ring within 30s", "ana's phone rang instead"),
        ((*TO_A_PAGE, "page goes to: dr-lee"), "dr-lee's phone to ring within 30s", "dr-okafor's phone rang instead"),
        (("page goes to: ana",), "ana to be paged", "ana is no clinician"),
        (("call is offered to: dr-lee",), "dr-lee to be offered the call", "dr-lee is no agent"),
        (("dr-lee signs out",), "dr-lee to work as an agent", "dr-lee is no agent"),
        (("dr-garza stands in: maple-physicians",), "dr-garza to stand in", "no licence that is valid in IL"),
        (("ana is ready",), "ana to be set aside or away", "ana is neither"),
        (("ana's phone rings",), "ana's phone to ring within 30s", "it did not ring"),
        (("caller hears: hang up and dial 112",), "caller to hear 'hang up and dial 112'", "the last words were"),
        (("ana hears: hello",), "ana to hear 'hello'", "nothing was said to them"),
        (("caller hears: 911", "caller does not hear: 911"), "caller not to hear '911'", "it was said at 02:00:03"),
        (("ana presses: 1",), "ana to be on the phone", "ana is in no call"),
        (("ana answers",), "ana's phone to be ringing", "it does not ring"),
        ((*TO_ANA, "connected: [caller, ana]"), "caller, ana to be connected", "caller cannot talk with ana"),
        ((*ANSWERED, "not connected: [caller, ana]"), "caller, ana not to be connected", "caller talks with ana"),
        ((*TO_ANA, "nothing for: 1m"), "no phone to ring", "benjie's phone rang"),
        (("nothing for: 30s", "promise kept"), "every promise kept", "they are none"),
        (("promise: callback by 12:00 America/Chicago",), "the promise callback by 12:00", "promised was nothing"),
        (("recordings in vault: 1",), "1 recording in the vault", "0 there"),
        ((*ANSWERED, "no recording"), "no recording", "something was recorded"),
        (("alert: safe-landing",), "the alert safe-landing", "alerts: none"),
        (("time jumps to: 2026-11-03 19:00 America/Chicago",), "to jump to 2026-11-04 01:00", "not in the future"),
        (("text goes to: dr-lee",), "a text to dr-lee", "none came"),
        ((*ANSWERED, "caller hangs up", "caller waits: 1m"), "caller to be on the phone", "caller is in no call"),
        (
            (*TO_ANA, "ana's phone stops ringing:\n    within: 5s"),
            "ana's phone to stop ringing within 5s",
            "still rings",
        ),
        ((*TO_ANA, "ana's phone stops ringing within 5s"), "ana's phone to stop ringing within 5s", "still rings"),
        (("caller hears in es-US: dial 911",), "caller to hear 'dial 911' in es-US", "the last words were"),
        (("caller hears the prompt: closed",), "caller to hear the prompt closed", "the last words were"),
        (
            (*TO_ANA, "caller does not hear the prompt: notice"),
            "caller not to hear the prompt notice",
            "it was said at 02:00:",
        ),
        (
            ("caller hears: for English", "caller hears only es-US from now on", "caller waits: 20s"),
            "caller to hear only es-US",
            "was said in en-US",
        ),
        (("promise kept by: ana",), "ana to have kept the promise", "it was nobody"),
        (("promise missed",), "a promise to be missed", "they are none"),
        ((*BILLING, "no promise"), "no promise", "callback was promised"),
        (("message recording lasts: 8s",), "a message recording of 8s", "the newest has no seconds"),
        (("text to dr-lee says: hello",), "a text to dr-lee with 'hello'", "none came"),
        ((*PAGED, "text to dr-okafor says: a pony"), "a text to dr-okafor with 'a pony'", "the last one was"),
        ((*PAGED, "no text says: you are being paged"), "no text with 'you are being paged'", "dr-okafor got one"),
        (("decision: offered to ana",), "the decision 'offered to ana'", "decided since then: a call arrives"),
        ((*TO_ANA, "decision: a call arrives", "decision: a call arrives"), "the decision", "offered to ana"),
        ((*TO_ANA, "no decision: offered to ana"), "no decision 'offered to ana'", "it was made: offered to ana"),
    ],
)
def test_the_first_step_that_does_not_happen_is_named(
    play: Play, steps: tuple[str, ...], expected: str, found: str
) -> None:
    failure = play(*steps).failure
    assert failure is not None
    assert failure.step is not None
    assert failure.step.text == steps[-1].partition(":\n")[0]
    assert failure.expected.startswith(expected)
    assert found in failure.found


def test_of_several_people_at_once_the_one_who_cannot_is_named(play: Play) -> None:
    failure = play(*TO_ANA, "at once:\n      - caller presses: 2\n      - benjie answers").failure
    assert failure is not None
    assert failure.step is not None
    assert failure.step.text == "benjie answers"
    assert failure.step.line == 14
    assert failure.expected == "benjie's phone to be ringing"


def test_of_several_things_in_any_order_the_one_that_does_not_come_is_named(play: Play) -> None:
    failure = play(
        *TO_A_PAGE,
        "in any order:\n      - text goes to: dr-lee within 40s\n      - page goes to: dr-okafor",
    ).failure
    assert failure is not None
    assert failure.step is not None
    assert failure.step.text == "text goes to: dr-lee within 40s"
    assert (failure.expected, failure.found) == ("in time: text goes to: dr-lee within 40s", "none came")


def test_another_outcome_than_the_written_one_fails(play: Play) -> None:
    failure = play(*ANSWERED, "caller waits: 22s", "caller hangs up", outcome="promised").failure
    assert failure is not None
    assert failure.step is None
    assert "the outcome was 'with an agent', not 'promised'" in failure.found


def test_a_call_that_nobody_ends_fails(play: Play) -> None:
    failure = play(*ANSWERED).failure
    assert failure is not None
    assert "the call of caller is still in-progress" in failure.found
    assert "agents still held: ana" in failure.found


def test_a_ring_that_no_step_mentions_fails(play: Play) -> None:
    failure = play(*TO_ANA[:-1], "caller hears: number 1 in line", "caller hangs up", outcome="hung-up").failure
    assert failure is not None
    assert "ana's phone rang at 02:00:24 UTC, which no step mentions" in failure.found


def test_phones_may_ring_unmentioned_once_nobody_else_answers(play: Play) -> None:
    steps = (*TO_ANA[:-1], "nobody else answers", "caller hears: number 1 in line", "caller hangs up")
    assert play(*steps, outcome="hung-up").passed


def test_an_alert_that_no_step_mentions_fails(play: Play) -> None:
    steps = (
        *TO_A_PAGE, "page goes to: dr-okafor", "dr-okafor declines", "page goes to: dr-lee", "dr-lee declines",
        "page goes to: dr-patel", "dr-patel declines", "house's phone rings", "house answers",
        "house hears: press 1", "house presses: 1", "connected: [caller, house]", "house hangs up",
    )  # fmt: skip
    failure = play(*steps, outcome="with the house").failure
    assert failure is not None
    assert "no step mentions: ladder-exhausted" in failure.found
    assert "no step mentions: no-clinician-accepted" in failure.found
    assert play(*steps, outcome="with the house", extra=EXPECTED).passed


EXPECTED = "expect alerts: [ladder-exhausted, no-clinician-accepted]"


def test_an_expected_alert_that_does_not_come_fails(play: Play) -> None:
    failure = play(*ANSWERED, "caller hangs up", extra="expect alerts: unknown-number").failure
    assert failure is not None
    assert "the alert unknown-number was expected and did not come" in failure.found


def test_an_error_in_the_log_fails(play: Play) -> None:
    steps = (*TO_ANA[:3], "database stops", "caller presses: 0", "house's phone rings", "database returns")
    failure = play(*steps, "caller hangs up", outcome="hung-up").failure
    assert failure is not None
    assert "an error was logged: document_failed" in failure.found
