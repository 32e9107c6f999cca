"""Who is on call, who is on call at once with them, and who is next, answered as by somebody who watches the clock."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.rota import in_line, next_on_call, on_call, on_duty, turns
from tests.conftest import thorough
from tests.routing import oracle
from tests.routing.rota_oracle import Look, Plan
from tests.routing.rota_plans import any_plan, rota_of
from tests.routing.table import ZONES

MINUTE = timedelta(minutes=1)
YEARS = (2024, 2028)
NIGHTS = [(zone, at) for zone in ZONES for at in oracle.changes(zone, *YEARS)]
"""Every night of five years on which the clocks of a zone change."""


def agree(plan: Plan, at: datetime) -> bool:
    """Whether the two agree, and the hour is one that is read in two ways."""
    rota, look = rota_of(plan), Look(plan, at)
    assert on_duty(rota, at) == look.on_duty(), (plan, at)
    assert in_line(rota, at) == look.line(), (plan, at)
    assert on_call(rota, at) == look.line()[0]
    return len({look.on_duty(starts, ends) for starts, ends in ((0, 1), (0, 0), (1, 1))}) > 1


@pytest.mark.parametrize("part", range(11))
def test_on_every_night_of_five_years_on_which_clocks_change(part: int) -> None:
    chance, disputed = random.Random(part), 0
    nights = NIGHTS[part::11]
    for zone, night in nights:
        plan = any_plan(chance, zone, night)
        disputed += sum(agree(plan, night + chance.randint(-7200, 7200) * timedelta(seconds=1)) for _ in range(8))
    assert len(nights) > 15
    assert disputed > 2


@pytest.mark.parametrize("seed", [0, 1, 2, 3, *(thorough(one) for one in range(4, 40))])
def test_at_any_instant_of_five_years_in_every_zone(seed: int) -> None:
    chance = random.Random(seed)
    for zone in ZONES[seed % 4 :: 4]:
        around = datetime(YEARS[0], 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(5 * 365 * 1440))
        for _ in range(4):
            plan = any_plan(chance, zone, around)
            for _ in range(6):
                agree(plan, around + timedelta(minutes=chance.randint(-1440, 1440)))


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(NIGHTS), st.integers(-180, 180))
def test_a_plan_that_is_made_up_is_read_alike(chance: random.Random, night: tuple[str, datetime], minute: int) -> None:
    zone, at = night
    agree(any_plan(chance, zone, at), at + minute * MINUTE)


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(NIGHTS))
def test_turns_leave_no_gap_and_hold_throughout(chance: random.Random, night: tuple[str, datetime]) -> None:
    zone, at = night
    rota = rota_of(any_plan(chance, zone, at))
    start, end = at - timedelta(hours=30), at + timedelta(hours=30)
    found = turns(rota, start, end)
    assert (found[0].start, found[-1].end) == (start, end)
    for one in found:
        for moment in (one.start, one.start + (one.end - one.start) / 2, one.end - timedelta(microseconds=1)):
            assert on_duty(rota, moment) == (one.person, *one.beside)
            assert next_on_call(rota, moment) != one.person
    assert all(one.end == other.start for one, other in pairwise(found))
