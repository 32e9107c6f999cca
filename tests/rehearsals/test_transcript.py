"""A call in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ivr.calls.events import tell_code
from phonesim import Heard, Trace
from rehearsals.speech_matching import Point, find, words
from rehearsals.transcript import stamp, told
from tests.rehearsals.conftest import TO_ANA, Play

AT = datetime(2026, 11, 3, tzinfo=UTC)


def _press(key: str, seconds: float, who: str = "+13125550199") -> Trace:
    return Trace(AT + timedelta(seconds=seconds), "press", who, {"key": key})


def _said(text: str, seconds: float, *, cut_after: float | None = None) -> Heard:
    lasted = seconds if cut_after is None else cut_after
    return Heard(AT, AT + timedelta(seconds=lasted), text, "say", cut=cut_after is not None, planned=seconds)


def test_keys_pressed_in_one_go_are_one_line() -> None:
    trace = [_press("1", 0), _press("2", 0.1), _press("9", 0.1, "client:ana"), _press("3", 0.2), _press("4", 5)]
    assert [entry.detail["key"] for entry in told(trace)] == ["123", "9", "4"]


def test_a_call_that_we_answer_is_no_answer_of_the_caller_though_the_trace_comes_in_pieces() -> None:
    dialled: dict[str, str] = {}
    dials = Trace(AT, "dial", "+13125550199", {"call_sid": "CA1", "to": "+13125550100"})
    answers = [Trace(AT, "answer", who, {"call_sid": sid}) for who, sid in (("+13125550199", "CA1"), ("ana", "CA2"))]
    assert told([dials], dialled) == [dials]
    assert told(answers, dialled) == answers[1:]


def test_what_was_noted_and_which_step_it_is_are_told_in_words() -> None:
    assert tell_code("symptom", "True") == "symptom yes"
    assert tell_code("rung", 0) == "step 1"
    assert tell_code("identity_level", "L1") == "identity level L1"


def test_hours_are_told_only_where_there_are_any() -> None:
    assert stamp(AT + timedelta(seconds=75), AT) == "01:15"
    assert stamp(AT + timedelta(hours=12, seconds=5), AT) == "12:00:05"


def test_a_transcript_tells_every_decision_right_after_what_led_to_it(play: Play) -> None:
    lines = play(*TO_ANA, "ana answers", "ana presses: 1", "caller hangs up").lines
    pressed = lines.index("00:23 caller presses 0")
    assert lines[pressed + 1] == "00:23   decision: looking for somebody: scheduling, en-US, routine"
    assert lines[pressed + 2].startswith("00:23   decision: offered to ana because pool manila is awake (10:00 there)")
    assert "00:27   decision: ana accepted" in lines


def test_words_are_found_whatever_their_case_and_accents() -> None:
    place = find([_said("Oprima 2 para ESPAÑOL, por favor.", 4)], words("para Espanol"))
    assert place is not None
    assert AT < place.at < AT + timedelta(seconds=4)


def test_words_count_as_heard_once_they_were_spoken() -> None:
    place = find([_said("abcdefghij", 10)], words("cde"))
    assert place is not None
    assert place.at == AT + timedelta(seconds=5)


def test_words_that_a_cut_left_unspoken_were_not_heard() -> None:
    assert find([_said("press one or press two", 10, cut_after=5)], words("press two")) is None
    assert find([_said("press one or press two", 10, cut_after=5)], words("press one")) is not None


def test_each_search_begins_where_the_last_one_ended() -> None:
    heard = [_said("dial 911 or dial 112", 4), _said("dial 911", 2)]
    first = find(heard, words("dial"))
    assert first is not None
    second = find(heard, words("dial"), first.end)
    assert second is not None
    assert (first.end, second.end) == (Point(0, 4), Point(0, 16))
    third = find(heard, words("911"), second.end)
    assert third is not None
    assert third.end == Point(1, 8)
