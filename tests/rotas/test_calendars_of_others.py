"""Calendars as hospitals and clinicians keep them, with what is odd in each, as shifts of our people."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rotas.calendar_reading import MOST_EVENTS, UnreadableCalendar, read_calendar
from ivr.rotas.calendars_out import write_calendar
from ivr.rotas.duties import PersonalShift
from routing.zones import to_utc

CHICAGO = "America/Chicago"
NAMES = {"dr-lee": ["Dr Lee", "jane.lee@maple.example"], "dr-okafor": ["Dr Okafor", "Ngozi Okafor"]}
START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
CENTRAL = """BEGIN:VTIMEZONE
TZID:Hospital Time
BEGIN:DAYLIGHT
TZOFFSETFROM:-0600
TZOFFSETTO:-0500
TZNAME:CDT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0500
TZOFFSETTO:-0600
TZNAME:CST
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
"""


def calendar(*events: str, before: str = "") -> bytes:
    inner = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nDTSTAMP:20260901T000000Z\n{event.strip()}\nEND:VEVENT\n"
        if "UID:" not in event
        else f"BEGIN:VEVENT\nDTSTAMP:20260901T000000Z\n{event.strip()}\nEND:VEVENT\n"
        for number, event in enumerate(events)
    )
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{before}{inner}END:VCALENDAR\n"
    return whole.replace("\n", "\r\n").encode()


def at(text: str, zone: str = CHICAGO) -> datetime:
    return to_utc(datetime.fromisoformat(text), zone)


def read(text: bytes, zone: str = CHICAGO, start: datetime = START, end: datetime = END) -> list[tuple[str, ...]]:
    """Each shift as it is on the clocks of Chicago, and who has it."""
    found = read_calendar(text, zone, NAMES, start, end)
    return [(f"{begins:%m-%d %H:%M}", f"{ends:%m-%d %H:%M}", *people) for begins, ends, people in found.shifts]


LEE, OKAFOR = "SUMMARY:Dr Lee", "SUMMARY:Dr Okafor"
ALARM = "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT1H\nEND:VALARM"
TASK = "BEGIN:VTODO\nUID:t\nDTSTAMP:20260901T000000Z\nSUMMARY:Dr Okafor\nEND:VTODO\n"
ONE = "DTSTART:20261105T080000Z\nDTEND:20261106T080000Z"

WINDOWS = "Central Standard Time"
ODD: list[tuple[str, bytes, list[tuple[str, ...]]]] = [
    ("instants", calendar(f"{ONE}\n{LEE}"), [("11-05 08:00", "11-06 08:00", "dr-lee")]),
    (
        "a zone by its name, over the change of clocks",
        calendar(f"DTSTART;TZID={CHICAGO}:20261031T200000\nDTEND;TZID={CHICAGO}:20261101T080000\n{LEE}"),
        [("11-01 01:00", "11-01 14:00", "dr-lee")],
    ),
    (
        "a zone that the calendar describes itself",
        calendar(
            f"DTSTART;TZID=Hospital Time:20261031T200000\nDTEND;TZID=Hospital Time:20261101T080000\n{LEE}",
            before=CENTRAL,
        ),
        [("11-01 01:00", "11-01 14:00", "dr-lee")],
    ),
    (
        "a zone by the name that Windows has for it",
        calendar(f"DTSTART;TZID={WINDOWS}:20261105T080000\nDTEND;TZID={WINDOWS}:20261106T080000\n{LEE}"),
        [("11-05 14:00", "11-06 14:00", "dr-lee")],
    ),
    (
        "times without a zone are those of the rota",
        calendar(f"DTSTART:20261105T080000\nDTEND:20261106T080000\n{LEE}"),
        [("11-05 14:00", "11-06 14:00", "dr-lee")],
    ),
    (
        "days are whole, the last one left out",
        calendar(f"DTSTART;VALUE=DATE:20261101\nDTEND;VALUE=DATE:20261103\n{LEE}"),
        [("11-01 05:00", "11-03 06:00", "dr-lee")],
    ),
    (
        "one day without an end",
        calendar(f"DTSTART;VALUE=DATE:20261105\n{LEE}"),
        [("11-05 06:00", "11-06 06:00", "dr-lee")],
    ),
    (
        "a length instead of an end",
        calendar(f"DTSTART:20261105T080000Z\nDURATION:PT12H\n{LEE}"),
        [("11-05 08:00", "11-05 20:00", "dr-lee")],
    ),
    (
        "every week, at the same time of day in winter",
        calendar(
            f"DTSTART;TZID={CHICAGO}:20261026T080000\nDTEND;TZID={CHICAGO}:20261027T080000\n"
            f"RRULE:FREQ=WEEKLY;COUNT=3\n{LEE}"
        ),
        [
            ("10-26 13:00", "10-27 13:00", "dr-lee"),
            ("11-02 14:00", "11-03 14:00", "dr-lee"),
            ("11-09 14:00", "11-10 14:00", "dr-lee"),
        ],
    ),
    (
        "every second week until a day",
        calendar(f"{ONE}\nRRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20261120T000000Z\n{OKAFOR}"),
        [("11-05 08:00", "11-06 08:00", "dr-okafor"), ("11-19 08:00", "11-20 08:00", "dr-okafor")],
    ),
    (
        "the last Friday of the month",
        calendar(f"DTSTART:20261030T170000Z\nDURATION:PT3H\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2\n{LEE}"),
        [("10-30 17:00", "10-30 20:00", "dr-lee"), ("11-27 17:00", "11-27 20:00", "dr-lee")],
    ),
    (
        "one of a series left out",
        calendar(f"{ONE}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20261106T080000Z\n{LEE}"),
        [("11-05 08:00", "11-06 08:00", "dr-lee"), ("11-07 08:00", "11-08 08:00", "dr-lee")],
    ),
    (
        "a date beside the series",
        calendar(f"{ONE}\nRDATE:20261110T080000Z\n{LEE}"),
        [("11-05 08:00", "11-06 08:00", "dr-lee"), ("11-10 08:00", "11-11 08:00", "dr-lee")],
    ),
    (
        "one of a series moved to somebody else",
        calendar(
            f"UID:s\n{ONE}\nRRULE:FREQ=DAILY;COUNT=2\n{LEE}",
            f"UID:s\nRECURRENCE-ID:20261106T080000Z\nDTSTART:20261106T090000Z\nDTEND:20261107T090000Z\n{OKAFOR}",
        ),
        [("11-05 08:00", "11-06 08:00", "dr-lee"), ("11-06 09:00", "11-07 09:00", "dr-okafor")],
    ),
    (
        "one of a series cancelled by itself",
        calendar(
            f"UID:s\n{ONE}\nRRULE:FREQ=DAILY;COUNT=2\n{LEE}",
            f"UID:s\nRECURRENCE-ID:20261106T080000Z\nDTSTART:20261106T080000Z\nDTEND:20261107T080000Z\nSTATUS:CANCELLED\n{LEE}",
        ),
        [("11-05 08:00", "11-06 08:00", "dr-lee")],
    ),
    ("an event that is cancelled", calendar(f"{ONE}\nSTATUS:CANCELLED\n{LEE}"), []),
    ("an event that begins when it ends", calendar(f"DTSTART:20261105T080000Z\nDTEND:20261105T080000Z\n{LEE}"), []),
    (
        "an address of whoever attends, which goes before the title",
        calendar(f"{ONE}\nATTENDEE;CN=J. Lee:mailto:Jane.Lee@maple.example\nSUMMARY:Call for Dr Okafor"),
        [("11-05 08:00", "11-06 08:00", "dr-lee")],
    ),
    (
        "two in one title, the first responsible",
        calendar(f"{ONE}\nSUMMARY:On call: dr okafor / DR LEE (backup)"),
        [("11-05 08:00", "11-06 08:00", "dr-okafor", "dr-lee")],
    ),
    (
        "a name in another writing",
        calendar(f"{ONE}\nSUMMARY:Ngozí  Ökafor, tonight"),
        [("11-05 08:00", "11-06 08:00", "dr-okafor")],
    ),
    ("a name within a name is nobody's", calendar(f"{ONE}\nSUMMARY:Dr Leeson"), []),
    (
        "a title that is folded over lines",
        calendar(f"{ONE}\nSUMMARY:On call tonight\n : Dr\n  Lee"),
        [("11-05 08:00", "11-06 08:00", "dr-lee")],
    ),
    (
        "two at once, both on call",
        calendar(f"{ONE}\n{LEE}", f"{ONE}\n{OKAFOR}"),
        [("11-05 08:00", "11-06 08:00", "dr-lee"), ("11-05 08:00", "11-06 08:00", "dr-okafor")],
    ),
    (
        "the same event twice",
        calendar(f"UID:a\n{ONE}\n{LEE}", f"UID:b\n{ONE}\n{LEE}"),
        [("11-05 08:00", "11-06 08:00", "dr-lee")],
    ),
    (
        "tasks and alarms beside it",
        calendar(f"{ONE}\n{LEE}\n{ALARM}", before=TASK),
        [("11-05 08:00", "11-06 08:00", "dr-lee")],
    ),
    (
        "what was over before, and what is far ahead",
        calendar(
            f"DTSTART:20250105T080000Z\nDTEND:20250106T080000Z\n{LEE}",
            f"DTSTART:20300105T080000Z\nDTEND:20300106T080000Z\n{LEE}",
        ),
        [],
    ),
    (
        "a beginning that the clocks jump over",
        calendar(f"DTSTART;TZID={CHICAGO}:20260308T023000\nDTEND;TZID={CHICAGO}:20260308T080000\n{LEE}"),
        [],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*rest, id=name) for name, *rest in ODD])
def test_an_odd_calendar_is_read_as_it_is_meant(text: bytes, expected: list[tuple[str, ...]]) -> None:
    assert read(text) == expected


def test_a_beginning_that_the_clocks_jump_over_is_the_jump_and_one_shown_twice_the_first() -> None:
    year = datetime(2026, 1, 1, tzinfo=UTC)
    jumped = calendar(f"DTSTART;TZID={CHICAGO}:20260308T023000\nDTEND;TZID={CHICAGO}:20260308T080000\n{LEE}")
    assert read(jumped, start=year) == [("03-08 08:00", "03-08 13:00", "dr-lee")]
    twice = calendar(f"DTSTART:20261101T013000\nDTEND:20261101T080000\n{LEE}")
    assert read(twice) == [("11-01 06:30", "11-01 14:00", "dr-lee")]
    ends_twice = calendar(f"DTSTART:20261031T200000\nDTEND:20261101T013000\n{LEE}")
    assert read(ends_twice) == [("11-01 01:00", "11-01 07:30", "dr-lee")]


def test_how_many_events_name_nobody_is_told() -> None:
    found = read_calendar(calendar(f"{ONE}\nSUMMARY:Dr Who", f"{ONE}\n{LEE}"), CHICAGO, NAMES, START, END)
    assert (len(found.shifts), found.unknown) == (1, 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"<html>Sign in</html>", "unreadable"),
        (b"", "unreadable"),
        (b"\xff\xfe\x00nothing", "unreadable"),
        (calendar(f"{ONE}\n{LEE}")[:60], "unreadable"),
        (calendar(f"DTSTART:tomorrow\n{LEE}"), "unreadable"),
        (calendar(f"{ONE}\nRRULE:FREQ=SOMETIMES\n{LEE}"), "unreadable"),
        (calendar(f"{ONE}\nRRULE:FREQ=SECONDLY\n{LEE}"), "repeats-too-often"),
        (calendar(f"{ONE}\nRRULE:FREQ=MINUTELY;COUNT=3\n{LEE}"), "repeats-too-often"),
        (calendar(*[f"{ONE}\n{LEE}"] * (MOST_EVENTS + 1)), "too-many-events"),
        (calendar(*[f"{ONE}\nRRULE:FREQ=HOURLY\n{LEE}"] * 9), "too-many-events"),
    ],
)
def test_what_is_no_calendar_to_follow_is_refused(text: bytes, problem: str) -> None:
    with pytest.raises(UnreadableCalendar, match=problem):
        read_calendar(text, CHICAGO, NAMES, START, END)


def test_a_process_of_its_own_reads_the_same() -> None:
    asked = {
        "calendar": calendar(f"{ONE}\n{LEE}").decode("latin-1"),
        "zone": CHICAGO,
        "names": NAMES,
        "start": START.isoformat(),
        "end": END.isoformat(),
    }
    command = [sys.executable, "-m", "ivr.rotas.calendar_reading"]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    expected = ["2026-11-05T08:00:00+00:00", "2026-11-06T08:00:00+00:00", ["dr-lee"]]
    assert json.loads(done.stdout) == {"shifts": [expected], "unknown": 0}
    asked["calendar"] = "nothing"
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"problem": "unreadable"}


def test_shifts_do_not_depend_on_how_far_is_looked() -> None:
    text = calendar(f"{ONE}\nRRULE:FREQ=DAILY;COUNT=9\n{LEE}")
    whole = read_calendar(text, CHICAGO, NAMES, START, END).shifts
    parts: Sequence[tuple[datetime, datetime, tuple[str, ...]]] = [
        shift
        for day in range(20)
        for shift in read_calendar(
            text, CHICAGO, NAMES, START + timedelta(days=30 + day), START + timedelta(days=31 + day)
        ).shifts
    ]
    assert sorted(set(parts)) == sorted(whole)


STRETCHES = st.tuples(st.integers(0, 80_000), st.integers(1, 3000), st.sampled_from(sorted(NAMES)))


@settings(max_examples=15, deadline=None)
@given(st.lists(STRETCHES, max_size=6, unique_by=lambda one: (one[0], one[2])))
def test_what_is_written_as_a_calendar_reads_back_as_the_same_shifts(made: list[tuple[int, int, str]]) -> None:
    times = [(START + timedelta(minutes=at), START + timedelta(minutes=at + long), who) for at, long, who in made]
    shifts = [(who, PersonalShift("r", begins, ends, True)) for begins, ends, who in times]
    text = write_calendar("On call", shifts, {who: known[0] for who, known in NAMES.items()}, START)
    found = read_calendar(text, CHICAGO, NAMES, START, START + timedelta(minutes=90_000)).shifts
    assert list(found) == sorted((begins, ends, (who,)) for begins, ends, who in times)
