"""Rehearsal files say where they cannot be followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rehearsals import reading
from rehearsals.errors import Unreadable
from rehearsals.language import read_script
from rehearsals.running import rehearse
from tests.rehearsals.conftest import Write


def test_values_stay_the_text_that_was_written(write: Write) -> None:
    script = read_script(write("caller presses: 03141980", 'caller presses: "*"', "caller presses: 0"))
    assert [step.value for step in script.steps] == ["03141980", "*", "0"]


def test_a_step_knows_its_line_and_its_words(write: Write) -> None:
    first, second = read_script(write("caller hears: 911", "page goes to: dr-lee\n    within: 3m")).steps
    assert (first.line, first.text) == (7, "caller hears: 911")
    assert (second.line, second.text, second.options) == (8, "page goes to: dr-lee", {"within": timedelta(minutes=3)})


def test_the_instant_may_be_the_second_of_a_repeated_hour(write: Write) -> None:
    script = read_script(write("caller hangs up", at="2026-11-01 01:30 America/Chicago (second)"))
    assert script.at == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("caller heers: 911", "call.yaml:7: no step reads 'caller heers'; did you mean"),
        ("caller hears:", "call.yaml:7: '' cannot be read; write words"),
        ("caller presses: five", "call.yaml:7: 'five' cannot be read; write keys of a phone"),
        ("caller waits: a bit", "call.yaml:7: 'a bit' cannot be read; write a duration such as 30s"),
        ("caller hangs up: now", "call.yaml:7: '{who} hangs up' takes nothing; remove what follows it"),
        ("caller hears: 911\n    before: 3m", "call.yaml:8: '{who} hears' has no 'before'; write one of: within"),
        ("connected: caller", "call.yaml:7: 'caller' cannot be read; write at least two people"),
        ("promise: a pony", "write a promise such as: callback by 12:00 America/Chicago"),
        ("promise: callback by 12:00 Mars/Base", "write a promise such as: callback by 12:00 America/Chicago"),
        ("time jumps to: tomorrow", "'tomorrow' is not an instant"),
        ("recordings in vault: many", "write a whole number"),
        ("[caller, hears]", "call.yaml:7: no step reads ''"),
    ],
)
def test_a_step_that_cannot_be_followed_is_named_with_its_line_and_the_mend(
    write: Write, step: str, problem: str
) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_script(write(step))
    assert problem in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("at: 2026-11-03", "call.yaml:1: 'rehearsal' is missing; write rehearsal: ..."),
        ("rehearsal: x\ncolour: red", "call.yaml:2: unknown key 'colour'"),
        ("rehearsal: x\nrehearsal: y", "call.yaml:2: the key 'rehearsal' is written twice"),
        ("rehearsal: x\nat: 2026-11-01 01:30 America/Chicago", "call.yaml:2:"),
        ("rehearsal: x\ndial: 911", "call.yaml:2: '911' cannot be read; write a phone number"),
        ("rehearsal: x\nsteps: none", "call.yaml:2: the steps are no list"),
        ("rehearsal: [", "this is not YAML"),
        ("- a list", "call.yaml:1: 'rehearsal' is missing"),
    ],
)
def test_a_header_that_cannot_be_followed_is_named_with_its_line_and_the_mend(
    tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "call.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(Unreadable) as refusal:
        read_script(path)
    assert problem in str(refusal.value)


def test_somebody_whom_nobody_knows_is_named_before_the_call_begins(write: Write) -> None:
    script = read_script(write("caller hears: 911", "page goes to: dr-leo", "connected: [caller, annna]"))
    with pytest.raises(Unreadable) as refusal:
        rehearse(script)
    assert "call.yaml:8: nobody is called 'dr-leo'; did you mean 'dr-lee'?" in str(refusal.value)
    assert "call.yaml:9: nobody is called 'annna'; did you mean 'ana'?" in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("2m", 120), ("1h 30m", 5400), ("1h30m5s", 5405), ("150s", 150)]
)
def test_durations_are_read_as_people_write_them(text: str, seconds: int) -> None:
    assert reading.duration(text) == timedelta(seconds=seconds)


def test_a_promise_without_a_day_may_be_due_on_any_day() -> None:
    noon = datetime(2026, 11, 4, 18, tzinfo=UTC)
    assert reading.due("callback by 12:00 America/Chicago").is_at(noon)
    assert reading.due("callback by 12:00 America/Chicago").is_at(noon + timedelta(days=1))
    assert not reading.due("callback by 2026-11-04 12:00 America/Chicago").is_at(noon + timedelta(days=1))
    assert not reading.due("callback by 12:00 America/New_York").is_at(noon)
