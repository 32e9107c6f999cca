"""Who is at work: pools and agents with breaks, shifts and days of their own, and how deep in the shift."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from routing.agents import Agent, Need
from routing.coverage import gaps
from routing.eligible import refusals
from routing.hours import Calendar, HolidayRules, closed_during, is_open, next_open, parse_weekly, parse_windows, state
from routing.prefer import shift_penalty
from routing.promises import due
from routing.shifts import FAR, Depth, at_work, depth, signed_out_until
from routing.sites import Pool, Site
from routing.spans import Span, joined, within, without
from routing.windows import HoursError, outside
from routing.zones import to_utc

NurseMaker = Callable[..., Agent]
MANILA, CHICAGO = "Asia/Manila", "America/Chicago"
DAY_SHIFT = parse_weekly({"mon-sun": ["07:00-19:00"]})
LUNCH = parse_weekly({"mon-sun": ["12:00-12:30"]})
HOUR = timedelta(hours=1)


def at(text: str, zone: str = MANILA) -> datetime:
    return to_utc(datetime.fromisoformat(text), zone, missing="refuse", repeated="refuse")


@pytest.fixture
def manila() -> Pool:
    """A pool that eats at noon, works short on one day and not at all on another, at a site closed for a holiday."""
    holidays = HolidayRules("PH", closed=(date(2026, 12, 31),))
    days = {date(2026, 12, 24): parse_windows(["07:00-12:00"]), date(2026, 12, 26): (), date(2026, 12, 31): ()}
    return Pool("manila", Site("manila", MANILA, "PH", holidays=holidays), DAY_SHIFT, LUNCH, days)


def test_a_pool_on_its_break_is_not_at_work_and_says_so(manila: Pool) -> None:
    found = state(manila.calendar, at("2026-11-04T12:10"))
    assert (found.open, found.reason, found.until) == (False, "break", at("2026-11-04T12:30"))
    assert [is_open(manila.calendar, at(f"2026-11-04T{clock}")) for clock in ("11:59", "12:00", "12:29", "12:30")] == [
        True,
        False,
        False,
        True,
    ]


def test_a_break_outside_the_hours_of_a_day_is_nothing(manila: Pool) -> None:
    assert state(manila.calendar, at("2026-12-26T12:10")).reason == "closed"
    assert state(manila.calendar, at("2026-12-25T12:10")).reason == "holiday"


def test_the_days_of_a_pool_go_before_the_closures_of_its_site(manila: Pool) -> None:
    short = state(manila.calendar, at("2026-12-24T08:00"))
    assert (short.reason, short.until) == ("special", at("2026-12-24T12:00"))
    working = Pool("manila", manila.site, DAY_SHIFT, days={date(2026, 12, 31): parse_windows(["07:00-19:00"])})
    assert is_open(working.calendar, at("2026-12-31T08:00"))
    assert not is_open(Pool("manila", manila.site, DAY_SHIFT).calendar, at("2026-12-31T08:00"))


def test_an_agent_without_hours_of_their_own_works_when_the_pool_does(nurse: NurseMaker, manila: Pool) -> None:
    joy = Agent("joy", manila, "client:joy", frozenset(), {})
    assert joy.calendar is manila.calendar


@pytest.mark.parametrize(
    ("own", "working"),
    [
        ({}, [False, True, False, True, True]),
        ({"shift": parse_weekly({"wed": ["05:00-13:00"]})}, [True, True, True, False, False]),
        ({"breaks": parse_weekly({"wed": ["08:00-08:30"]})}, [False, False, True, True, True]),
        (
            {"shift": parse_weekly({"wed": ["05:00-13:00"]}), "breaks": parse_weekly({"wed": ["08:00-08:30"]})},
            [True, False, True, False, False],
        ),
        ({"days": {date(2026, 11, 4): ()}}, [False] * 5),
        ({"days": {date(2026, 11, 4): parse_windows(["12:00-15:00"])}}, [False, False, False, True, False]),
    ],
)
def test_what_is_an_agents_own_goes_before_what_is_the_pools(
    manila: Pool, own: dict[str, object], working: list[bool]
) -> None:
    agent = Agent("joy", manila, "client:joy", frozenset(), {}, **own)  # type: ignore[arg-type]
    clocks = ("05:30", "08:10", "12:10", "13:30", "18:00")
    assert [is_open(agent.calendar, at(f"2026-11-04T{clock}")) for clock in clocks] == working


def test_who_is_at_work_leaves_out_whoever_is_on_a_break(manila: Pool) -> None:
    joy = Agent("joy", manila, "client:joy", frozenset(), {})
    early = replace(joy, id="early", shift=parse_weekly({"wed": ["05:00-13:00"]}))
    moments = [at(f"2026-11-04T{clock}") for clock in ("05:30", "08:00", "12:10", "18:00", "20:00")]
    assert [at_work([joy, early], moment) for moment in moments] == [
        ("early",),
        ("joy", "early"),
        ("early",),
        ("joy",),
        (),
    ]


def test_an_agent_on_a_break_is_refused_and_leaves_a_gap(nurse: NurseMaker, pools: Mapping[str, Pool]) -> None:
    need = Need("maple", "nurse", "triage_rn", edge_margin=timedelta(minutes=15))
    joy = nurse(breaks=parse_weekly({"mon-sun": ["12:00-12:30"]}))
    clocks = ("11:40", "11:50", "12:10", "12:30")
    assert [refusals(joy, need, at(f"2026-11-04T{clock}")) for clock in clocks] == [
        (),
        ("shift-edge",),
        ("not-in-shift",),
        (),
    ]
    plain = replace(need, edge_margin=timedelta())
    missing = gaps([joy], plain, at("2026-11-04T07:00"), at("2026-11-04T19:00"))
    assert missing == (Span(at("2026-11-04T12:00"), at("2026-11-04T12:30")),)


def test_a_break_interrupts_a_shift_and_does_not_end_it(manila: Pool) -> None:
    over = 5 * HOUR + timedelta(minutes=10)
    assert depth(manila.calendar, at("2026-11-04T12:10")) == Depth(over, 12 * HOUR - over)
    assert shift_penalty(manila, at("2026-11-04T12:45")) == 0


@pytest.mark.parametrize(
    ("clock", "share", "to_edge"), [("07:00", 0.0, 0), ("10:00", 0.25, 3), ("13:00", 0.5, 6), ("18:00", 11 / 12, 1)]
)
def test_depth_is_told_as_a_share_and_as_the_way_to_the_nearer_edge(
    manila: Pool, clock: str, share: float, to_edge: int
) -> None:
    here = depth(manila.calendar, at(f"2026-11-04T{clock}"))
    assert here is not None
    assert (here.share, here.to_edge) == (share, to_edge * HOUR)


def test_outside_a_shift_there_is_no_depth_and_around_the_clock_no_edge(manila: Pool) -> None:
    assert depth(manila.calendar, at("2026-11-04T06:59")) is None
    always = Calendar(MANILA, parse_weekly({"mon-sun": ["00:00-24:00"]}))
    assert depth(always, at("2026-11-04T12:00")) == Depth(FAR, FAR)


def test_a_break_in_the_repeated_hour_is_taken_once_and_in_the_missing_hour_not_at_all() -> None:
    night = Calendar(
        CHICAGO, parse_weekly({"mon-sun": ["22:00-06:00"]}), breaks=parse_weekly({"mon-sun": ["01:15-01:30"]})
    )
    first = datetime(2026, 11, 1, 6, tzinfo=UTC)
    away = [minute for minute in range(120) if not is_open(night, first + timedelta(minutes=minute))]
    assert away == list(range(75, 90))
    crossing = replace(night, breaks=parse_weekly({"mon-sun": ["00:45-01:15"]}))
    away = [minute for minute in range(-60, 120) if not is_open(crossing, first + timedelta(minutes=minute))]
    assert away == list(range(-15, 15))
    short = replace(night, breaks=parse_weekly({"mon-sun": ["02:15-02:30"]}))
    spring = datetime(2026, 3, 8, 6, tzinfo=UTC)
    assert all(is_open(short, spring + timedelta(minutes=minute)) for minute in range(240))


OFFICE = Calendar(CHICAGO, parse_weekly({"mon-fri": ["08:00-12:00", "13:00-17:00"]}))
STORM = Span(at("2026-11-04T10:00", CHICAGO), at("2026-11-05T12:00", CHICAGO))


def test_a_closure_at_once_closes_whatever_the_hours_say_and_promises_wait_for_its_end() -> None:
    closed = closed_during(OFFICE, [STORM])
    found = state(closed, at("2026-11-04T10:00", CHICAGO))
    assert (found.open, found.reason, found.until) == (False, "emergency", at("2026-11-05T13:00", CHICAGO))
    assert state(closed, at("2026-11-04T09:59", CHICAGO)).until == STORM.start
    assert next_open(closed, STORM.start) == at("2026-11-05T13:00", CHICAGO)
    assert due("next_open + 2h", closed, STORM.start) == at("2026-11-05T15:00", CHICAGO)
    assert state(closed, at("2026-11-04T20:00", CHICAGO)).reason == "emergency"


def test_no_closure_leaves_the_calendar_as_it_is_and_several_add_up() -> None:
    assert closed_during(OFFICE, []) is OFFICE
    later = Span(STORM.end - HOUR, STORM.end + 3 * HOUR)
    assert closed_during(closed_during(OFFICE, [STORM]), [later]).closures == (Span(STORM.start, later.end),)


@pytest.mark.parametrize(
    ("breaks", "found"),
    [
        ({"mon": ["12:00-12:30"]}, ()),
        ({"mon": ["07:00-07:30"]}, ()),
        ({"mon": ["06:45-07:15"]}, ("mon 06:45",)),
        ({"sat-sun": ["12:00-12:30"]}, ("sat 12:00", "sun 12:00")),
        ({"tue": ["01:00-01:30"]}, ()),
        ({"wed": ["01:00-01:30"]}, ("wed 01:00",)),
    ],
)
def test_breaks_outside_the_shift_are_found_by_day_and_time(
    breaks: dict[str, list[str]], found: tuple[str, ...]
) -> None:
    shift = parse_weekly({"mon": ["07:00-19:00", "22:00-06:00"]})
    assert outside(parse_weekly(breaks), shift) == found


@pytest.mark.parametrize(
    ("week", "told"),
    [
        ({"mon": ["22:00-06:00"], "tue": ["05:00-13:00"]}, "mon 22:00 and tue 05:00 overlap past midnight"),
        ({"sun": ["22:00-06:00"], "mon": ["05:59-13:00"]}, "sun 22:00 and mon 05:59 overlap past midnight"),
    ],
)
def test_a_night_that_runs_into_the_next_shift_is_refused(week: dict[str, list[str]], told: str) -> None:
    with pytest.raises(HoursError, match=told):
        parse_weekly(week)
    assert parse_weekly({"sun": ["22:00-06:00"], "mon": ["06:00-13:00"]})


def test_stretches_are_joined_cut_and_taken_out_of_one_another() -> None:
    def span(start: int, end: int) -> Span:
        return Span(*(datetime(2026, 11, 4, hour, tzinfo=UTC) for hour in (start, end)))

    assert list(joined([span(1, 3), span(2, 4), span(4, 5), span(7, 7), span(8, 9)])) == [span(1, 5), span(8, 9)]
    assert list(within([span(1, 5), span(8, 9)], span(3, 8))) == [span(3, 5)]
    holes = [span(2, 3), span(4, 6), span(8, 9)]
    assert list(without([span(1, 5), span(8, 9), span(10, 11)], holes)) == [span(1, 2), span(3, 4), span(10, 11)]


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("2026-11-04T07:00", "2026-11-04T19:00"),  # at its first instant
        ("2026-11-04T12:10", "2026-11-04T19:00"),  # a break does not end it
        ("2026-11-04T19:00", "2026-11-05T19:00"),  # over: the next one
        ("2026-11-05T02:00", "2026-11-05T19:00"),
    ],
)
def test_whoever_signs_out_is_away_to_the_end_of_this_shift_or_the_next(
    nurse: NurseMaker, moment: str, until: str
) -> None:
    joy = nurse(breaks=parse_weekly({"mon-sun": ["12:00-12:30"]}))
    assert signed_out_until(joy.calendar, at(moment)) == at(until)


def test_a_sign_out_without_an_end_of_a_shift_ends_all_the_same() -> None:
    noon = at("2026-11-04T12:00")
    always, never = (Calendar(MANILA, parse_weekly(week)) for week in ({"mon-sun": ["00:00-24:00"]}, {}))
    assert [signed_out_until(calendar, noon) for calendar in (always, never)] == [noon + FAR] * 2
