"""Rehearsal files say where they cannot be followed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import callflows
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


def test_within_may_end_the_line_or_stand_on_its_own(write: Write) -> None:
    steps = read_script(
        write(
            "page goes to: dr-lee within 1h 5m",
            "page goes to: dr-lee\n    within: 1h 5m",
            "ana's phone stops ringing within 65m",
            "connected within 65m: [caller, ana]",
        )
    ).steps
    assert [step.options["within"] for step in steps] == [timedelta(minutes=65)] * 4
    assert [step.value for step in steps] == ["dr-lee", "dr-lee", None, ("caller", "ana")]


@pytest.mark.parametrize(
    "step",
    [
        "connected: [caller, ana] within 1h 5m",
        "connected : [ caller , ana ]   within 1h5m  # in the end",
        "connected: [caller, ana]\n    within: 1h 5m",
        "connected:\n      - caller\n      - ana\n    within: 1h 5m",
        "ana's phone stops ringing\n    within: 1h 5m",
        "ana's call ends   # at last\n    # in the end\n\n    within: 65m",
        "promise kept\n    within: 65m",
        "in any order:\n      - connected: [caller, ana] within 65m\n      - ana's call ends\n        within: 65m",
    ],
)
def test_within_may_stand_after_a_list_and_under_a_step_without_a_value(write: Write, step: str) -> None:
    first, second = read_script(write(step, "caller hangs up")).steps
    timed = first.steps or (first,)
    assert [one.options["within"] for one in timed] == [timedelta(minutes=65)] * len(timed)
    assert (first.line, second.line) == (7, 8 + step.count("\n"))
    assert {one.value for one in timed} <= {("caller", "ana"), None}


def test_values_of_snippets_may_stand_in_a_list_with_a_time(write: Write, tmp_path: Path) -> None:
    (tmp_path / "joined.yaml").write_text(
        "snippet: they talk\nvalues: {agent: ana}\nsteps:\n  - connected: [caller, <agent>] within 5s\n", "utf-8"
    )
    (step,) = read_script(write("include: joined.yaml")).steps
    assert (step.value, step.options) == (("caller", "ana"), {"within": timedelta(seconds=5)})


def test_words_that_somebody_says_are_never_taken_for_a_time(write: Write) -> None:
    (step,) = read_script(write("caller says: call me within 5m")).steps
    assert step.value == "call me within 5m"


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
        ("caller hears in es-MX: hola", "'es-MX' cannot be read; write a language that prompts are spoken in"),
        (
            "caller hears the prompt: notise",
            "'notise' cannot be read; write the name of a prompt; did you mean 'notice'",
        ),
        ("caller hears only Spanish from now on", "'Spanish' cannot be read; write a language"),
        (
            "ana sees on the newest cal: x",
            "'the newest cal' cannot be read; write a page; did you mean 'the newest call'",
        ),
        ("ana sees on calls: x", "no step reads 'ana sees on calls'; did you mean 'ana sees on {page}'?"),
        ("fax recording lasts: 3s", "'fax' cannot be read; write call or message"),
        ("caller says: help\n    confidence: 70", "call.yaml:8: '70' cannot be read; write a number from 0 to 1"),
        ("time jumps by: tomorrow", "'tomorrow' cannot be read; write a duration"),
        ("connected: [caller, ana] in 20s", "call.yaml:7: this is not YAML"),
        ("ana's call ends\n    before: 3m", "call.yaml:8: \"{who}'s call ends\" has no 'before'; write one of: within"),
        ("ana's call ends\n    within: soon", "call.yaml:8: 'soon' cannot be read; write a duration such as 30s"),
        ("caller hangs up\n    within: 3m", "call.yaml:8: '{who} hangs up' has no 'within'"),
        ("page goes to: ana within 5 minutes", "call.yaml:7: the time after 'within' cannot be read; write a duration"),
        ("caller hears: 911 within 30 sec", "call.yaml:7: the time after 'within' cannot be read; write a duration"),
        ("caller waits: 99999999999h", "call.yaml:7: '99999999999h' cannot be read; write a duration such as 30s"),
        ("caller waits: 9000h", "call.yaml:7: '9000h' cannot be read; write a duration of at most a year"),
        ("caller hears: 911 within 99999999999h", "call.yaml:7: '99999999999h' cannot be read; write a duration"),
        ("caller waits no longer than: 99999999999h", "'99999999999h' cannot be read; write a duration such as 30s"),
        ("ana's phone is: broken", "'broken' cannot be read; write one of engaged, switched off, out of reach, free"),
        ("caller waits no longer than: forever", "'forever' cannot be read; write a duration such as 30s"),
        (
            "promise: callback by 2026-11-01 01:30 America/Chicago",
            "write 01:30 America/Chicago (first) or (second): clocks show 2026-11-01 01:30 twice",
        ),
        (
            "promise: callback by 2026-11-02 01:30 America/Chicago (second)",
            "write 01:30 America/Chicago without (second): clocks show 2026-11-02 01:30 once",
        ),
        (
            "promise: callback by 2026-03-08 02:30 America/Chicago",
            "write a time that clocks show: those of America/Chicago jump over 2026-03-08 02:30",
        ),
        ("promise: callback by 2026-02-30 12:00 America/Chicago", "write a promise such as"),
        ("promise: callback by 25:00 America/Chicago", "write a promise such as"),
        ("page goes to: ana within 5m\n    within: 3m", "call.yaml:7: 'within' is written more than once"),
        ("at once: ana answers", "call.yaml:7: 'at once' holds no list of steps; write two or more below it"),
        (
            "at once:\n      - caller hears: 911\n      - ana answers",
            "call.yaml:8: 'caller hears' cannot stand in 'at once', which holds steps in which somebody acts",
        ),
        (
            "in any order:\n      - caller hears: 911\n      - ana answers",
            "call.yaml:9: 'ana answers' cannot stand in 'in any order', which holds steps that expect something",
        ),
        (
            "in any order:\n      - caller heers: 911\n      - caller hears: 1",
            "call.yaml:8: no step reads 'caller heers'",
        ),
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
        (
            "rehearsal: x\nat: 0001-01-01 00:00 Asia/Manila",
            "call.yaml:2: '0001-01-01 00:00 Asia/Manila' cannot be read",
        ),
        ("rehearsal: x\nat: 9999-12-31 23:59 America/Chicago", "write an instant between 1970 and 2199"),
        ("rehearsal: x\nfrom: '+1312555019\uff19'", "cannot be read; write a phone number"),
        ("rehearsal: x\nallow warnings: '\u00b2'", "call.yaml:2: '\u00b2' cannot be read; write a whole number"),
        ("rehearsal: x\nunsigned protocols: yes", "call.yaml:2: 'yes' cannot be read; write allowed, or leave it out"),
        ("rehearsal: x\nfallback document: here", "'here' cannot be read; write elsewhere, or leave it out"),
        ("rehearsal: x\ndial: 911", "call.yaml:2: '911' cannot be read; write a phone number"),
        ("rehearsal: x\nsteps: none", "call.yaml:2: the steps are no list"),
        ("rehearsal: [", "this is not YAML"),
        ("- a list", "call.yaml:1: 'rehearsal' is missing"),
        (
            "people: {}\nrotas: {}",
            "call.yaml:1: this is not a rehearsal: it holds people and rotas, and looks like oncall",
        ),
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


def test_whoever_looks_at_no_pages_is_named_before_the_call_begins(write: Write) -> None:
    script = read_script(write("at once:\n      - annna answers\n      - caller hangs up", "supervisr signs in"))
    with pytest.raises(Unreadable) as refusal:
        rehearse(script)
    assert "call.yaml:8: nobody is called 'annna'; did you mean 'ana'?" in str(refusal.value)
    assert "call.yaml:10: nobody called 'supervisr' looks at pages; did you mean 'supervisor'?" in str(refusal.value)


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


@pytest.mark.parametrize(
    ("written", "first", "second"),
    [
        ("callback by 01:30 America/Chicago (first)", True, False),
        ("callback by 01:30 America/Chicago (second)", False, True),
        ("callback by 2026-11-01 01:30 America/Chicago (first)", True, False),
        ("callback by 2026-11-01 01:30 America/Chicago (second)", False, True),
        ("callback by 01:30 America/Chicago", True, True),
    ],
)
def test_a_promise_may_be_due_in_the_hour_that_comes_twice(written: str, first: bool, second: bool) -> None:
    due = reading.due(written)
    assert due.is_at(datetime(2026, 11, 1, 6, 30, tzinfo=UTC)) is first
    assert due.is_at(datetime(2026, 11, 1, 7, 30, tzinfo=UTC)) is second
    assert not due.is_at(datetime(2026, 11, 1, 8, 30, tzinfo=UTC))


def test_an_outcome_that_no_call_has_is_told_before_the_call_is_played(write: Write) -> None:
    with pytest.raises(Unreadable, match="'with an agnt' is none; did you mean 'with an agent'"):
        read_script(write("caller hears: 911", outcome="with an agnt"))
    with pytest.raises(Unreadable, match="'promissed' is none; did you mean 'promised'"):
        read_script(write("caller hears: 911", outcome="[with an agent, promissed]"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[hung up, care goes on, with a clinician]", ("hung up, care goes on", "with a clinician")),
        ("[hung up, promised]", ("hung up", "promised")),
        ('["hung up, care goes on", hung up]', ("hung up, care goes on", "hung up")),
        ("hung up, care goes on", ("hung up, care goes on",)),
    ],
)
def test_an_outcome_that_holds_a_comma_is_one_in_a_list_too(write: Write, written: str, read: tuple[str, ...]) -> None:
    assert read_script(write("caller hears: 911", outcome=written)).outcome == read


def test_every_outcome_of_a_flow_may_be_written() -> None:
    flows = "".join(path.read_text("utf-8") for path in Path(callflows.__file__).parent.glob("[cd]*s/*.py"))
    written = re.findall(r'Outcome\("([^"]+)"\)', flows)
    assert written
    assert set(written) <= set(reading.OUTCOMES)


def test_a_zone_that_does_not_exist_is_told_with_the_nearest(write: Write) -> None:
    told = (
        "write an instant such as 2026-11-02 09:00 America/Chicago: "
        "'America/Chicgo' is not a time zone; use an IANA name such as America/Chicago"
    )
    with pytest.raises(Unreadable, match=told):
        read_script(write("caller hears: 911", at="2026-11-17 01:30 America/Chicgo"))
