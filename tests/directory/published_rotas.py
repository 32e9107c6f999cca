"""What two open on-call systems publish as right, GoAlert and Grafana OnCall, as rotas of ours with their answers.

Each case is written down anew: who takes turns as oncall.yaml has it, and who is on call when. Where the answer there
is "nobody", ours is ``rest``, who has the turns at the bottom of each of these rotas: ours always has an answer.

Not written down, because a rota of ours cannot say it:

* somebody is taken off and nobody put in their place (GoAlert: RemoveOverride, "active rotation participant is
  removed", "user is removed", the third override of OverrideCalculator): a cover names who covers;
* what was on call in the past by a history that was kept apart from the rules (GoAlert: History, HistoryRemainder,
  the first shifts of Rotation and DailyRotation): ours is worked out from what is written, and pages are kept;
* the position in the turns as a stored number (GoAlert: ResolvedRotation_UserID, CurrentIndex): ours counts from a day;
* names, lengths and identifiers that are refused (GoAlert: Normalize; test_broken_configuration has ours);
* a daily rotation of every seventh day without weekdays (Grafana 21): marked there as not what it should be;
* shifts of ten minutes in every second hour (Grafana: interval_hourly, diff_start_hourly): our windows are of a day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ALL = "mon-sun"
A_TO_J = tuple("abcdefghij")
REST = {"rotation": "none", "hand_over": "00:00", "from": "2000-01-01", "people": ["rest"]}


@dataclass(frozen=True)
class Case:
    """A rota, and whoever is on call at times of its clocks; ``changes``: every hand-over, with its hours from UTC."""

    name: str
    rota: dict[str, Any]
    on_call: dict[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()


def turns(zone: str, unit: str, hand_over: str, starts: str, people: Any = A_TO_J, every: int = 1) -> dict[str, Any]:
    """A rota of nothing but turns."""
    made = {"timezone": zone, "rotation": unit, "hand_over": hand_over, "from": starts, "people": list(people)}
    return {**made, "every": str(every)}


def over(*layers: dict[str, Any], zone: str = "UTC", **more: Any) -> dict[str, Any]:
    """A rota with layers over ``rest``."""
    return {"timezone": zone, **REST, "layers": list(layers), **more}


def layer(people: Any, when: Any = None, unit: str = "none", starts: str = "2000-01-03", **more: str) -> dict[str, Any]:
    """A layer; ``when`` by days."""
    made: dict[str, Any] = {"rotation": unit, "from": starts, "people": people, **more}
    return made if when is None else {**made, "when": when}


def daily(start: str, end: str, days: str = ALL) -> dict[str, list[str]]:
    """The same window on some days."""
    return {days: [f"{start}-{end}"]}


def stretch(start: str, end: str, person: Any, **more: str) -> dict[str, Any]:
    """A shift or an override."""
    return {"from": start, "until": end, "person": person, **more}


CHICAGO, LORD_HOWE = "America/Chicago", "Australia/Lord_Howe"

_HAND_OVERS = [
    # zone, unit, every, hand-over, first day, hand-overs in a row
    (
        CHICAGO,
        "hourly",
        24,
        "01:30",
        "2020-10-20",
        "2020-10-30 01:30-5 10-31 01:30-5 11-01 01:30-5 11-02 01:30-6 11-03 01:30-6",
    ),
    (
        CHICAGO,
        "daily",
        1,
        "01:30",
        "2020-10-20",
        "2020-10-30 01:30-5 10-31 01:30-5 11-01 01:30-5 11-02 01:30-6 11-03 01:30-6",
    ),
    (
        CHICAGO,
        "daily",
        1,
        "02:30",
        "2020-03-01",
        "2020-03-06 02:30-6 03-07 02:30-6 03-08 03:00-5 03-09 02:30-5 03-10 02:30-5",
    ),
    (
        CHICAGO,
        "hourly",
        1,
        "02:30",
        "2020-03-06",
        "2020-03-08 00:30-6 03-08 01:30-6 03-08 03:00-5 03-08 03:30-5 03-08 04:30-5",
    ),
    (CHICAGO, "hourly", 1, "02:00", "2020-03-06", "2020-03-08 01:00-6 03-08 03:00-5 03-08 04:00-5 03-08 05:00-5"),
    (
        CHICAGO,
        "hourly",
        1,
        "02:30",
        "2020-07-06",
        "2020-10-31 23:30-5 11-01 00:30-5 11-01 01:30-5 11-01 02:30-6 11-01 03:30-6",
    ),
    (
        CHICAGO,
        "hourly",
        1,
        "02:00",
        "2020-07-06",
        "2020-11-01 00:00-5 11-01 01:00-5 11-01 02:00-6 11-01 03:00-6 11-01 04:00-6",
    ),
    (CHICAGO, "monthly", 1, "2 01:30", "2020-01-02", "2020-04-02 01:30-5 05-02 01:30-5 06-02 01:30-5 07-02 01:30-5"),
    (
        CHICAGO,
        "monthly",
        1,
        "1 01:30",
        "2020-09-01",
        "2020-10-01 01:30-5 11-01 01:30-5 12-01 01:30-6 2021-01-01 01:30-6",
    ),
    (
        LORD_HOWE,
        "hourly",
        1,
        "02:30",
        "2021-04-03",
        "2021-04-04 00:30+11 04-04 01:30+11 04-04 02:30+10.5 04-04 03:30+10.5",
    ),
    (
        LORD_HOWE,
        "daily",
        1,
        "02:30",
        "2021-03-25",
        "2021-04-02 02:30+11 04-03 02:30+11 04-04 02:30+10.5 04-05 02:30+10.5",
    ),
    (
        LORD_HOWE,
        "daily",
        1,
        "02:00",
        "2021-03-25",
        "2021-04-02 02:00+11 04-03 02:00+11 04-04 02:00+10.5 04-05 02:00+10.5",
    ),
    (
        LORD_HOWE,
        "hourly",
        24,
        "02:00",
        "2021-03-25",
        "2021-04-02 02:00+11 04-03 02:00+11 04-04 02:00+10.5 04-05 02:00+10.5",
    ),
    (
        LORD_HOWE,
        "hourly",
        24,
        "01:30",
        "2020-09-25",
        "2020-10-02 01:30+10.5 10-03 01:30+10.5 10-04 01:30+10.5 10-05 01:30+11",
    ),
    (
        LORD_HOWE,
        "daily",
        1,
        "01:30",
        "2020-09-25",
        "2020-10-02 01:30+10.5 10-03 01:30+10.5 10-04 01:30+10.5 10-05 01:30+11",
    ),
    (
        LORD_HOWE,
        "daily",
        1,
        "02:15",
        "2020-09-25",
        "2020-10-02 02:15+10.5 10-03 02:15+10.5 10-04 02:30+11 10-05 02:15+11",
    ),
    # the turn that the clocks jump over, and the one that has two hours
    (CHICAGO, "hourly", 1, "01:00", "2017-03-10", "2017-03-12 01:00-6 03-12 03:00-5"),
    (CHICAGO, "hourly", 1, "01:00", "2017-11-01", "2017-11-05 01:00-5 11-05 02:00-6"),
    (CHICAGO, "hourly", 12, "00:00", "2017-01-01", "2017-01-03 00:00-6 01-03 12:00-6"),
    ("UTC", "hourly", 10, "03:00", "2020-05-31", "2020-06-01 19:00+0 06-02 05:00+0 06-02 15:00+0"),
    # how long a turn is
    (CHICAGO, "monthly", 1, "1 00:00", "2017-05-01", "2017-06-01 00:00-5 07-01 00:00-5"),
    (CHICAGO, "monthly", 2, "1 00:00", "2017-05-01", "2017-07-01 00:00-5 09-01 00:00-5"),
    (CHICAGO, "monthly", 1, "1 00:00", "2017-02-01", "2017-03-01 00:00-6 04-01 00:00-5"),
    (CHICAGO, "monthly", 2, "1 00:00", "2017-09-01", "2017-11-01 00:00-5 2018-01-01 00:00-6"),
    (CHICAGO, "weekly", 1, "sat 08:00", "2017-06-03", "2017-06-10 08:00-5 06-17 08:00-5"),
    (CHICAGO, "weekly", 2, "sat 08:00", "2017-05-27", "2017-06-10 08:00-5 06-24 08:00-5"),
    (CHICAGO, "weekly", 1, "fri 08:00", "2017-03-03", "2017-03-10 08:00-6 03-17 08:00-5"),
    (CHICAGO, "weekly", 1, "sat 08:00", "2017-10-28", "2017-11-04 08:00-5 11-11 08:00-6"),
    (CHICAGO, "daily", 1, "08:00", "2017-06-01", "2017-06-10 08:00-5 06-11 08:00-5"),
    (CHICAGO, "daily", 2, "08:00", "2017-06-08", "2017-06-10 08:00-5 06-12 08:00-5"),
    (CHICAGO, "daily", 1, "08:00", "2017-03-01", "2017-03-11 08:00-6 03-12 08:00-5"),
    (CHICAGO, "daily", 1, "08:00", "2017-11-01", "2017-11-04 08:00-5 11-05 08:00-6"),
    (CHICAGO, "hourly", 1, "08:00", "2017-06-09", "2017-06-10 08:00-5 06-10 09:00-5"),
    (CHICAGO, "hourly", 2, "08:00", "2017-06-09", "2017-06-10 08:00-5 06-10 10:00-5"),
    (CHICAGO, "hourly", 3, "00:00", "2017-03-11", "2017-03-12 00:00-6 03-12 03:00-5"),
    (CHICAGO, "hourly", 3, "00:00", "2017-11-04", "2017-11-05 00:00-5 11-05 03:00-6"),
    ("UTC", "hourly", 1, "00:00", "2019-12-30", "2019-12-31 22:00+0 12-31 23:00+0 2020-01-01 00:00+0 01-01 01:00+0"),
    ("UTC", "daily", 1, "00:00", "2019-12-01", "2019-12-30 00:00+0 12-31 00:00+0 2020-01-01 00:00+0 01-02 00:00+0"),
    (
        "UTC",
        "monthly",
        1,
        "10 00:00",
        "2019-09-10",
        "2019-11-10 00:00+0 12-10 00:00+0 2020-01-10 00:00+0 02-10 00:00+0",
    ),
    # Grafana: a week on the clocks of Chicago, over both changes
    (CHICAGO, "weekly", 1, "tue 00:00", "2024-10-01", "2024-10-29 00:00-5 11-05 00:00-6 11-12 00:00-6"),
    (CHICAGO, "weekly", 1, "tue 00:00", "2024-10-01", "2025-03-04 00:00-6 03-11 00:00-5 03-18 00:00-5"),
]

HAND_OVERS = [
    Case(f"{zone} {unit} {every} at {at}, {row[:10]}", turns(zone, unit, at, first, every=every), changes=(row,))
    for zone, unit, every, at, first, row in _HAND_OVERS
]


def _answers(*rows: str) -> dict[str, str]:
    """``2017-07-24 08:00 a``: a time, and whoever is on call then."""
    return {row[:16]: row[17:] for row in rows}


MONDAY, MONDAY_NIGHT = layer("a", daily("08:00", "20:00", "mon")), layer("a", daily("20:00", "08:00", "mon"))
WINDOWS = [
    Case(
        "one weekday",
        over(MONDAY),
        _answers(
            "2017-07-20 08:00 rest",
            "2017-07-25 08:00 rest",
            "2017-07-24 08:00 a",
            "2017-07-24 20:00 rest",
            "2017-07-24 09:00 a",
        ),
    ),
    Case(
        "one night",
        over(MONDAY_NIGHT),
        _answers(
            "2017-07-20 08:00 rest",
            "2017-07-26 08:00 rest",
            "2017-07-24 20:00 a",
            "2017-07-25 08:00 rest",
            "2017-07-24 09:00 rest",
            "2017-07-24 21:00 a",
            "2017-07-25 07:00 a",
        ),
    ),
    Case(
        "working days",
        over(layer("a", daily("08:00", "20:00", "mon-fri"))),
        _answers(*(f"2017-07-{day} 08:00 {'a' if 24 <= day <= 28 else 'rest'}" for day in range(23, 30))),
    ),
    Case(
        "working days around the clock, from eight to eight",
        over(
            layer("a", daily("08:00", "08:00", "mon-fri"))
            | {"when": {"mon": ["08:00-24:00"], "tue-fri": ["00:00-24:00"], "sat": ["00:00-08:00"]}}
        ),
        _answers(
            "2017-07-23 08:00 rest",
            "2017-07-24 07:00 rest",
            "2017-07-24 08:00 a",
            "2017-07-25 08:00 a",
            "2017-07-26 08:00 a",
            "2017-07-27 08:00 a",
            "2017-07-28 08:00 a",
            "2017-07-29 07:00 a",
            "2017-07-29 08:00 rest",
        ),
    ),
    Case(
        "nights of working days",
        over(layer("a", daily("20:00", "08:00", "mon-fri"))),
        _answers(
            *(f"2017-07-{day} 20:00 {'a' if 24 <= day <= 28 else 'rest'}" for day in range(23, 30)),
            *(f"2017-07-{day} 07:00 {'a' if 25 <= day <= 29 else 'rest'}" for day in range(24, 31)),
        ),
    ),
]

_EDGES = [
    # GoAlert, when a window begins and ends that holds an instant or comes after it
    ("mon and tue", daily("08:00", "20:00", "mon-tue"), "2017-07-25 00:00", "2017-07-25 08:00+0 07-25 20:00+0"),
    ("the next monday", daily("08:00", "20:00", "mon"), "2017-07-20 08:00", "2017-07-24 08:00+0 07-24 20:00+0"),
    ("the monday after it", daily("08:00", "20:00", "mon"), "2017-07-24 20:00", "2017-07-31 08:00+0 07-31 20:00+0"),
    (
        "fri, sat and mon",
        {"fri-sat": ["08:00-20:00"], "mon": ["08:00-20:00"]},
        "2017-07-21 20:00",
        "2017-07-22 08:00+0 07-22 20:00+0 07-24 08:00+0 07-24 20:00+0 07-28 08:00+0 07-28 20:00+0",
    ),
    (
        "two days without a break",
        {"mon": ["08:00-24:00"], "tue": ["00:00-24:00"], "wed": ["00:00-08:00"]},
        "2017-07-20 08:00",
        "2017-07-24 08:00+0 07-26 08:00+0 07-31 08:00+0",
    ),
    ("every day", daily("08:00", "20:00"), "2017-07-24 00:00", "2017-07-24 08:00+0 07-24 20:00+0 07-25 08:00+0"),
    (
        "a monday night",
        daily("20:00", "08:00", "mon"),
        "2017-07-20 08:00",
        "2017-07-24 20:00+0 07-25 08:00+0 07-31 20:00+0",
    ),
    ("every night", daily("20:00", "08:00"), "2017-07-24 09:00", "2017-07-24 20:00+0 07-25 08:00+0 07-25 20:00+0"),
    ("two minutes", daily("03:05", "03:07"), "2000-01-04 03:04", "2000-01-04 03:05+0 01-04 03:07+0 01-05 03:05+0"),
    (
        "an hour of a week",
        daily("08:00", "09:00"),
        "2018-01-01 00:00",
        "2018-01-01 08:00+0 01-01 09:00+0 01-02 08:00+0 01-02 09:00+0",
    ),
]

WINDOW_EDGES = [Case(f"window: {name}", over(layer("a", when)), changes=(row,)) for name, when, _, row in _EDGES]

FOOBAR = layer("foobar", daily("08:00", "10:00"), starts="2018-01-01")
GOALERT = [
    Case(
        "Simple", over(FOOBAR), _answers("2018-01-01 07:59 rest", "2018-01-01 08:00 foobar", "2018-01-01 08:59 foobar")
    ),
    Case(
        "ActiveFuture: one always, another from half past eight on Mondays",
        over(layer("still"), layer("gap", {"mon": ["08:30-10:00"]}, beside="true")),
        _answers("2018-01-01 08:00 still", "2018-01-01 08:30 still gap", "2018-01-02 08:30 still"),
    ),
    Case(
        "Temporary Schedule, whose gaps the rota fills here",
        over(
            FOOBAR,
            temporary=[
                {
                    "from": "2018-01-01 08:15",
                    "until": "2018-01-01 08:45",
                    "shifts": [stretch("2018-01-01 08:25", "2018-01-01 08:35", "baz")],
                }
            ],
        ),
        _answers(
            "2018-01-01 08:00 foobar",
            "2018-01-01 08:25 baz",
            "2018-01-01 08:34 baz",
            "2018-01-01 08:35 foobar",
            "2018-01-01 08:45 foobar",
        ),
    ),
    Case(
        "ReplaceOverride",
        over(FOOBAR, overrides=[stretch("2018-01-01 08:30", "2018-01-01 08:45", "binbaz", instead_of="foobar")]),
        _answers("2018-01-01 08:29 foobar", "2018-01-01 08:30 binbaz", "2018-01-01 08:45 foobar"),
    ),
    Case(
        "AddOverride",
        over(
            FOOBAR,
            overrides=[
                stretch("2018-01-01 08:30", "2018-01-01 08:45", "binbaz", beside="true"),
                stretch("2018-01-01 08:00", "2018-01-01 08:15", "binbaz", beside="true"),
            ],
        ),
        _answers(
            "2018-01-01 08:00 foobar binbaz",
            "2018-01-01 08:15 foobar",
            "2018-01-01 08:30 foobar binbaz",
            "2018-01-01 08:45 foobar",
        ),
    ),
    Case(
        "Rotation: a week of six, in the evenings of Sunday to Wednesday",
        over(
            layer(
                ["javon", "nora", "coby"],
                {"sun": ["19:40-22:53"], "mon-wed": ["19:40-22:53"]},
                "weekly",
                "2018-08-30",
                every="6",
                hand_over="thu 21:54",
            )
        ),
        _answers(
            *(f"2018-09-{day} 19:40 {who}" for day, who in ((10, "javon"), (11, "javon"), (12, "javon"), (13, "rest"))),
            "2018-09-16 22:52 javon",
            "2018-09-16 22:53 rest",
        ),
    ),
    Case(
        "DailyRotation: days and nights in turn",
        over(
            layer(["donna", "aru", "craig"], daily("08:00", "20:00"), "daily", "2018-09-10", hand_over="08:00"),
            layer(["caza", "cook"], daily("20:00", "08:00"), "daily", "2018-09-12", hand_over="08:00"),
            zone=CHICAGO,
        ),
        _answers(
            "2018-09-12 08:05 craig",
            "2018-09-12 20:00 caza",
            "2018-09-13 07:59 caza",
            "2018-09-13 08:00 donna",
            "2018-09-13 20:00 cook",
            "2018-09-14 08:00 aru",
            "2018-09-14 20:00 caza",
            "2018-09-15 08:00 craig",
            "2018-09-15 20:00 cook",
            "2018-09-16 07:59 cook",
        ),
    ),
    Case(
        "a rotation alone", turns("UTC", "weekly", "mon 15:04", "2006-01-02", ["u1"]), _answers("2026-01-01 00:00 u1")
    ),
    Case(
        "added where nobody is",
        over(overrides=[stretch("2006-01-02 15:04", "4006-01-02 15:04", "u1")]),
        _answers("2026-01-01 00:00 u1"),
    ),
    Case(
        "replaced in a rule",
        over(layer("u2"), overrides=[stretch("2006-01-02 15:04", "4006-01-02 15:04", "u1", instead_of="u2")]),
        _answers("2026-01-01 00:00 u1"),
    ),
    Case("not replaced in a rule", over(layer("u2")), _answers("2026-01-01 00:00 u2")),
    Case(
        "replaced in a rotation",
        over(
            layer(["u2"], unit="weekly", starts="2006-01-02", hand_over="mon 15:04"),
            overrides=[stretch("2006-01-02 15:04", "4006-01-02 15:04", "u1", instead_of="u2")],
        ),
        _answers("2026-01-01 00:00 u1"),
    ),
    Case(
        "not replaced in a rotation",
        over(layer(["u2"], unit="weekly", starts="2006-01-02", hand_over="mon 15:04")),
        _answers("2026-01-01 00:00 u2"),
    ),
    Case(
        "OverrideCalculator: replaced and added for a minute",
        over(
            layer([{"person": ["rab", "bin"]}]),
            overrides=[
                stretch("2000-01-04 03:05", "2000-01-04 03:06", "foo", beside="true"),
                stretch("2000-01-04 03:05", "2000-01-04 03:06", "bar", instead_of="rab"),
            ],
        ),
        _answers("2000-01-04 03:04 rab bin", "2000-01-04 03:05 bar bin foo", "2000-01-04 03:06 rab bin"),
    ),
    Case(
        "TrimEnd, TrimStart and deleteFixedShifts: a temporary schedule that is cut in two by another",
        over(
            temporary=[
                {
                    "from": "2001-01-01 10:00",
                    "until": "2001-01-01 20:00",
                    "shifts": [
                        stretch("2001-01-01 12:00", "2001-01-01 18:00", "foo"),
                        stretch("2001-01-01 12:00", "2001-01-01 15:00", "bar"),
                    ],
                },
                {
                    "from": "2001-01-01 14:00",
                    "until": "2001-01-01 16:00",
                    "shifts": [stretch("2001-01-01 14:00", "2001-01-01 16:00", "rest")],
                },
            ]
        ),
        _answers(
            "2001-01-01 11:00 rest",
            "2001-01-01 12:00 foo bar",
            "2001-01-01 13:59 foo bar",
            "2001-01-01 14:00 rest",
            "2001-01-01 15:59 rest",
            "2001-01-01 16:00 foo",
            "2001-01-01 18:00 rest",
        ),
    ),
    Case(
        "MergeTemporarySchedules: shifts that overlap are one",
        over(
            temporary=[
                {
                    "from": "2001-01-01 09:00",
                    "until": "2001-01-01 20:00",
                    "shifts": [
                        stretch("2001-01-01 12:00", "2001-01-01 18:00", "foo"),
                        stretch("2001-01-01 12:00", "2001-01-01 15:00", "bar"),
                        stretch("2001-01-01 11:00", "2001-01-01 12:00", "foo"),
                        stretch("2001-01-01 14:00", "2001-01-01 16:00", "bar"),
                        stretch("2001-01-01 11:00", "2001-01-01 15:00", "bar"),
                    ],
                },
                {
                    "from": "2001-01-01 21:00",
                    "until": "2001-01-01 22:00",
                    "shifts": [stretch("2001-01-01 21:00", "2001-01-01 23:00", "bar")],
                },
            ]
        ),
        _answers(
            "2001-01-01 10:59 rest",
            "2001-01-01 11:00 foo bar",
            "2001-01-01 13:00 foo bar",
            "2001-01-01 15:30 foo bar",
            "2001-01-01 16:00 foo",
            "2001-01-01 18:00 rest",
            "2001-01-01 21:00 bar",
            "2001-01-01 22:00 rest",
        ),
    ),
]


def _days_of(year: str, people: str, first: int, month: str = "08") -> dict[str, str]:
    """``ab..c``: who has each day, from the first; a dot is nobody's."""
    return {f"{year}-{month}-{first + step:02} 12:00": {".": "rest"}.get(who, who) for step, who in enumerate(people)}


def by_shift(people: str, days: dict[str, list[str]], starts: str, every: int = 1) -> dict[str, Any]:
    """A layer by shifts of whole days."""
    return over(layer(list(people), days, "shift", starts, every=str(every)))


def by_week(
    people: str, days: dict[str, list[str]], starts: str, unit: str = "weekly", hand_over: str = "mon 00:00"
) -> dict[str, Any]:
    """A layer by weeks or months, on some of their days."""
    return over(layer(list(people), days, unit, starts, hand_over=hand_over))


FRIDAYS, WORKDAYS = {"fri": ["00:00-24:00"]}, {"mon-fri": ["00:00-24:00"]}
WEEKENDS, MONDAYS = {"sat-sun": ["00:00-24:00"]}, {"mon": ["00:00-24:00"]}
ODD_DAYS = {"mon": ["00:00-03:00"], "wed": ["00:00-03:00"], "fri": ["00:00-03:00"]}

GRAFANA_DAYS = [
    Case("0 Fridays", by_shift("abc", FRIDAYS, "2024-08-01"), _days_of("2024", ".a......b......c", 1)),
    Case(
        "1 working days, each another", by_shift("abcde", WORKDAYS, "2024-08-05"), _days_of("2024", "abcde..abcde", 5)
    ),
    Case("2 two working days each", by_shift("abcd", WORKDAYS, "2024-08-05", 2), _days_of("2024", "aabbc..cddaa", 5)),
    Case("3 working weeks", by_week("abcde", WORKDAYS, "2024-08-05"), _days_of("2024", "aaaaa..bbbbb", 5)),
    Case(
        "4 months of working days",
        by_week("abcde", WORKDAYS, "2024-08-26", "monthly", "1 00:00"),
        _days_of("2024", "aaaaa.", 26) | _days_of("2024", ".bbbbb", 1, "09"),
    ),
    Case(
        "5 working days from a Thursday",
        by_shift("abcde", WORKDAYS, "2024-08-08"),
        _days_of("2024", "ab..cdeab..cde", 8),
    ),
    Case(
        "6 working weeks from a Thursday",
        by_week("abcde", WORKDAYS, "2024-08-08"),
        _days_of("2024", "aa..bbbbb..ccc", 8),
    ),
    Case(
        "7 months from a Thursday",
        by_week("abcde", WORKDAYS, "2024-08-29", "monthly", "1 00:00"),
        _days_of("2024", "aa.", 29) | _days_of("2024", ".bbbbb..bbb", 1, "09"),
    ),
    Case(
        "8 two at once and one, by days",
        over(layer([{"person": ["a", "b"]}, "c"], unit="daily", starts="2024-08-14")),
        {f"2024-08-{14 + day} 12:00": "a b" if day % 2 == 0 else "c" for day in range(9)},
    ),
    Case("9 weekend days", by_shift("abc", WEEKENDS, "2024-08-03"), _days_of("2024", "ab.....ca.....b", 3)),
    Case(
        "10 more people than weekend days", by_shift("abcde", WEEKENDS, "2024-08-03"), _days_of("2024", "ab.....cd", 3)
    ),
    Case("11 the same again", by_shift("abcde", WEEKENDS, "2024-08-03"), _days_of("2024", "ab.....cd.....ea", 3)),
    Case("12 one person at weekends", by_shift("a", WEEKENDS, "2024-08-01"), _days_of("2024", "..aa.", 1)),
    Case(
        "13 weekend days from a Thursday",
        by_shift("abc", WEEKENDS, "2024-08-01"),
        _days_of("2024", "..ab.....ca.....b", 1),
    ),
    Case(
        "14 six people at weekends",
        by_shift("abcdef", WEEKENDS, "2024-08-01"),
        _days_of("2024", "..ab.....cd.....e", 1),
    ),
    Case(
        "15 two weekend days each", by_shift("abc", WEEKENDS, "2024-08-01", 2), _days_of("2024", "..aa.....bb.....c", 1)
    ),
    Case("16 weekends in turn", by_week("abc", WEEKENDS, "2024-08-01"), _days_of("2024", "..aa.....bb.....cc", 1)),
    Case(
        "17 every second weekend",
        over(
            layer(
                ["a", "nobody", "b", "nobody", "c", "nobody"], WEEKENDS, "weekly", "2024-08-01", hand_over="mon 00:00"
            )
        ),
        _days_of("2024", "..aa............bb", 1),
    ),
    Case(
        "18 weekends by months",
        by_week("abc", WEEKENDS, "2024-08-29", "monthly", "1 00:00"),
        _days_of("2024", "..a", 29) | _days_of("2024", "b.....bb.....bb", 1, "09"),
    ),
    Case(
        "19 every day another of ten",
        over(layer(list(A_TO_J), unit="daily", starts="2024-09-30")),
        _days_of("2024", "a", 30, "09") | _days_of("2024", "bcdefghijabcdefgh", 1, "10"),
    ),
    Case(
        "20 every day, by its weekdays",
        by_shift("abcdefghij", {"mon-sun": ["00:00-24:00"]}, "2024-09-30"),
        _days_of("2024", "a", 30, "09") | _days_of("2024", "bcdefghijabcdefgh", 1, "10"),
    ),
    Case(
        "22 seven days each",
        by_shift("abcdefghij", {"mon-sun": ["00:00-24:00"]}, "2024-09-30", 7),
        _days_of("2024", "a", 30, "09") | _days_of("2024", "aaaaaabbbbbbbcccc", 1, "10"),
    ),
    Case("23 one person on Mondays", by_shift("a", MONDAYS, "2024-08-01"), _days_of("2024", "....a......a..", 1)),
    Case(
        "daily_by_day: Monday, Wednesday and Friday in turn",
        by_shift("ab", ODD_DAYS, "2024-08-05"),
        {
            f"2024-08-{5 + day:02} 00:05": who
            for day, who in enumerate(("a", "rest", "b", "rest", "a", "rest", "rest", "b", "rest", "a"))
        },
    ),
    Case(
        "daily_by_day with an interval of two",
        by_shift("ab", ODD_DAYS, "2024-07-01", 2),
        {
            f"2024-07-{1 + day:02} 00:05": who
            for day, who in (
                (0, "a"),
                (2, "a"),
                (4, "b"),
                (7, "b"),
                (9, "a"),
                (11, "a"),
                (14, "b"),
                (16, "b"),
                (18, "a"),
                (21, "a"),
                (1, "rest"),
                (5, "rest"),
                (23, "b"),
                (28, "a"),
            )
        },
    ),
    Case(
        "daily_by_day that begins on another day",
        by_shift("a", {"wed": ["00:00-03:00"], "fri": ["00:00-03:00"]}, "2024-08-05"),
        {
            f"2024-08-{5 + day:02} 00:05": who
            for day, who in enumerate(("rest", "rest", "a", "rest", "a", "rest", "rest"))
        },
    ),
    Case(
        "every second day",
        over(layer(["a", "nobody"], daily("10:00", "13:00"), "daily", "2024-08-05")),
        {f"2024-08-{5 + day:02} 10:05": who for day, who in enumerate(("a", "rest", "a"))},
    ),
    Case(
        "every second day, two in turn",
        over(layer(["a", "nobody", "b", "nobody"], daily("10:00", "13:00"), "daily", "2024-08-05")),
        {f"2024-08-{5 + day:02} 10:05": who for day, who in enumerate(("a", "rest", "b", "rest", "a", "rest", "b"))},
    ),
    Case(
        "every second week, two in turn",
        over(
            layer(
                ["b", "nobody", "a", "nobody"], {"mon": ["10:00-13:00"]}, "weekly", "2024-08-19", hand_over="mon 00:00"
            )
        ),
        {
            "2024-08-05 10:05": "rest",
            "2024-08-12 10:05": "rest",
            "2024-08-19 10:05": "b",
            "2024-08-26 10:05": "rest",
            "2024-09-02 10:05": "a",
            "2024-09-16 10:05": "b",
        },
    ),
    Case(
        "every second month",
        over(
            layer(["b", "nobody", "a", "nobody"], daily("10:30", "13:30"), "monthly", "2022-12-01", hand_over="1 00:00")
        ),
        {
            "2022-10-01 10:35": "rest",
            "2022-11-01 10:35": "rest",
            "2022-12-01 10:35": "b",
            "2023-01-01 10:35": "rest",
            "2023-02-01 10:35": "a",
        },
    ),
    Case(
        "days from a later start until an end",
        over(layer(["c", "a", "b"], daily("10:00", "10:30"), "daily", "2024-08-07", until="2024-08-11 10:10")),
        {
            f"2024-08-{5 + day:02} 10:05": who
            for day, who in enumerate(("rest", "rest", "c", "a", "b", "c", "a", "rest"))
        },
    ),
    Case(
        "weeks from a later start until an end",
        over(
            layer(
                ["c", "a", "b"],
                {"mon": ["10:00-10:30"]},
                "weekly",
                "2024-08-19",
                hand_over="mon 00:00",
                until="2024-09-16 10:10",
            )
        ),
        {
            "2024-08-05 10:05": "rest",
            "2024-08-12 10:05": "rest",
            "2024-08-19 10:05": "c",
            "2024-08-26 10:05": "a",
            "2024-09-02 10:05": "b",
            "2024-09-09 10:05": "c",
            "2024-09-16 10:05": "a",
            "2024-09-17 10:05": "rest",
        },
    ),
    Case(
        "weekends from a later start until an end",
        over(
            layer(
                ["b", "c", "a"],
                {"sat-sun": ["00:00-00:30"]},
                "weekly",
                "2024-08-05",
                hand_over="mon 00:00",
                until="2024-09-04 00:01",
            )
        ),
        {
            "2024-08-03 00:05": "rest",
            "2024-08-10 00:05": "b",
            "2024-08-17 00:05": "c",
            "2024-08-18 00:05": "c",
            "2024-08-19 00:05": "rest",
            "2024-08-25 00:05": "a",
            "2024-09-01 00:05": "b",
            "2024-09-09 00:05": "rest",
        },
    ),
    Case(
        "months from a later start until an end",
        over(
            layer(
                ["b", "c"],
                daily("10:30", "11:00"),
                "monthly",
                "2023-01-01",
                hand_over="1 00:00",
                until="2023-02-11 10:31",
            )
        ),
        {
            "2022-12-01 10:35": "rest",
            "2022-12-31 10:35": "rest",
            "2023-01-01 10:35": "b",
            "2023-02-01 10:35": "c",
            "2023-02-12 10:35": "rest",
        },
    ),
    Case(
        "an end in the middle of a turn",
        over(layer("a", daily("10:00", "11:00"), "daily", "2024-08-05", until="2024-08-05 10:40")),
        {"2024-08-05 10:12": "a", "2024-08-05 10:37": "a", "2024-08-05 10:42": "rest"},
    ),
    Case(
        "a single event",
        over(shifts=[stretch("2024-08-05 10:00", "2024-08-05 13:00", "a")]),
        {"2024-08-05 10:05": "a", "2024-08-05 13:00": "rest"},
    ),
    Case(
        "an override where nobody is",
        over(overrides=[stretch("2024-08-05 10:00", "2024-08-05 13:00", "a")]),
        {"2024-08-05 10:05": "a", "2024-08-05 13:00": "rest"},
    ),
    Case(
        "an override that ends before its length",
        over(overrides=[stretch("2024-08-05 10:00", "2024-08-05 11:00", "a")]),
        {"2024-08-05 10:05": "a", "2024-08-05 12:05": "rest"},
    ),
]


_A_DAY = [
    layer("a", {ALL: ["10:00-15:00", "16:00-19:00", "21:00-22:00"]}),
    layer("b", {ALL: ["22:00-24:00"]}),
    layer("c", {ALL: ["12:00-14:00"]}),
    layer("d", {ALL: ["14:00-15:00", "17:00-18:00", "20:00-23:00"]}),
    layer("b", {ALL: ["11:00-12:00"]}, beside="true"),
]
GRAFANA_FINAL = [
    Case(
        "two priorities and two overrides",
        over(
            *_A_DAY,
            overrides=[
                stretch("2024-08-05 22:00", "2024-08-05 23:00", "e"),
                stretch("2024-08-05 22:00", "2024-08-05 22:30", "a"),
            ],
        ),
        _answers(
            "2024-08-05 09:59 rest",
            "2024-08-05 10:00 a",
            "2024-08-05 11:00 a b",
            "2024-08-05 12:00 c",
            "2024-08-05 13:59 c",
            "2024-08-05 14:00 d",
            "2024-08-05 15:00 rest",
            "2024-08-05 16:00 a",
            "2024-08-05 17:00 d",
            "2024-08-05 18:00 a",
            "2024-08-05 19:00 rest",
            "2024-08-05 20:00 d",
            "2024-08-05 22:00 a",
            "2024-08-05 22:30 e",
            "2024-08-05 23:00 b",
        ),
    ),
    Case(
        "an override of a whole shift",
        over(layer("a", daily("10:00", "15:00")), overrides=[stretch("2024-08-05 10:00", "2024-08-05 15:00", "b")]),
        _answers("2024-08-05 09:59 rest", "2024-08-05 10:00 b", "2024-08-05 14:59 b", "2024-08-05 15:00 rest"),
    ),
    Case(
        "an override of the first part of a shift",
        over(layer("a", daily("10:00", "15:00")), overrides=[stretch("2024-08-05 10:00", "2024-08-05 14:00", "b")]),
        _answers("2024-08-05 10:00 b", "2024-08-05 13:59 b", "2024-08-05 14:00 a"),
    ),
    Case(
        "a shift that a higher one splits",
        over(
            layer("a", daily("10:00", "20:00")),
            layer("c", daily("15:00", "18:00")),
            layer("b", daily("12:00", "15:00"), beside="true"),
        ),
        _answers("2024-08-05 10:00 a", "2024-08-05 12:00 a b", "2024-08-05 15:00 c", "2024-08-05 18:00 a"),
    ),
    Case(
        "two at once under a higher one",
        over(layer([{"person": ["a", "b"]}], daily("10:00", "20:00")), layer("c", daily("10:00", "13:00"))),
        _answers("2024-08-05 10:00 c", "2024-08-05 13:00 a b", "2024-08-05 19:59 a b"),
    ),
    *(
        Case(
            f"a swap of {name} that was taken",
            over(layer("user", daily(*hours)), overrides=[stretch(start, end, "other", instead_of="user")]),
            _answers(*rows),
        )
        for name, hours, start, end, rows in (
            (
                "the end of a shift",
                ("12:00", "15:00"),
                "2024-08-06 13:00",
                "2024-08-06 18:00",
                (
                    "2024-08-05 12:00 user",
                    "2024-08-06 12:00 user",
                    "2024-08-06 13:00 other",
                    "2024-08-06 14:59 other",
                    "2024-08-06 15:00 rest",
                ),
            ),
            (
                "the beginning of a shift",
                ("12:00", "15:00"),
                "2024-08-06 10:00",
                "2024-08-06 13:00",
                ("2024-08-06 11:00 rest", "2024-08-06 12:00 other", "2024-08-06 13:00 user"),
            ),
            (
                "the last hours of a day",
                ("10:00", "18:00"),
                "2024-08-06 16:00",
                "2024-08-06 18:00",
                ("2024-08-06 15:59 user", "2024-08-06 16:10 other", "2024-08-06 18:00 rest"),
            ),
            (
                "the middle of a shift",
                ("12:00", "15:00"),
                "2024-08-06 13:00",
                "2024-08-06 14:00",
                ("2024-08-06 12:00 user", "2024-08-06 13:00 other", "2024-08-06 14:00 user"),
            ),
            (
                "a whole shift",
                ("12:00", "15:00"),
                "2024-08-06 15:00",
                "2024-08-08 12:00",
                ("2024-08-06 12:00 user", "2024-08-07 12:00 other", "2024-08-07 14:59 other", "2024-08-08 12:00 user"),
            ),
        )
    ),
    Case(
        "a swap of one of two at once",
        over(
            layer([{"person": ["user", "third"]}], daily("12:00", "15:00")),
            overrides=[stretch("2024-08-06 13:00", "2024-08-06 18:00", "other", instead_of="user")],
        ),
        _answers("2024-08-06 12:00 user third", "2024-08-06 13:00 other third"),
    ),
    Case(
        "a swap of somebody who has no shift then",
        over(
            layer("third", daily("12:00", "15:00")),
            overrides=[stretch("2024-08-06 10:00", "2024-08-06 18:00", "other", instead_of="user")],
        ),
        _answers("2024-08-06 12:00 third", "2024-08-06 16:00 rest"),
    ),
]

CASES = [*HAND_OVERS, *WINDOWS, *WINDOW_EDGES, *GOALERT, *GRAFANA_DAYS, *GRAFANA_FINAL]
