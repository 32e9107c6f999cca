"""The simulation of the router: it agrees with the formulas, and never leaves a call beside somebody idle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from math import inf
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.staffing.dice import arrivals, exponential, lognormal
from routing.agents import Agent, Need
from routing.erlang import erlang_a, erlang_c
from routing.hours import parse_weekly
from routing.relax import Widening
from routing.simulation.figures import estimate, figures
from routing.simulation.line import Caller
from routing.simulation.play import Outcome, Play
from routing.simulation.pooled import pooled_waits
from routing.sites import Pool, Site

START = datetime(2026, 11, 3, 12, tzinfo=UTC)
ROUND_THE_CLOCK = Pool("all", Site("all", "UTC", "US", "IL"), parse_weekly({"mon-sun": ["00:00-24:00"]}))
SKILLS = ("scheduling", "billing", "results")


def agent(number: int, pool: Pool = ROUND_THE_CLOCK, **other: Any) -> Agent:
    values: dict[str, Any] = {"languages": frozenset({"en-US"}), "skills": dict.fromkeys(SKILLS, 3)}
    return Agent(f"agent-{number:03}", pool, f"client:{number}", **(values | other))


def need(skill: str = "scheduling", **other: Any) -> Need:
    return Need("maple", skill, skill, **other)


def calls(load: float, count: int, patience: float = inf, seed: str = "calls") -> Iterator[Caller]:
    """Calls of ``load`` erlangs where a call lasts one second, of all kinds by turns of chance."""
    dice, waits = Random(seed), exponential("patience", patience)
    for at in islice(arrivals("arrivals", [load] * (int(count / load * 2) + 9), 1.0), count):
        yield Caller(at, need(dice.choice(SKILLS)), next(waits))


def play(
    agents: tuple[Agent, ...], callers: Iterator[Caller] | list[Caller], lasts: Iterator[float] | None = None
) -> list[Outcome]:
    run = Play(agents, lasts or exponential("handling", 1.0), START)
    return [outcome for _, outcome in run.run(callers)]


def in_order(outcomes: list[Outcome]) -> list[float]:
    return [one.waited for one in sorted(outcomes, key=lambda one: one.caller.at)]


def test_one_pool_waits_as_long_as_erlang_c_says() -> None:
    found = play(tuple(agent(number) for number in range(10)), calls(8, 40_000))
    sure = estimate(in_order(found)[2000:])
    assert sure.includes(erlang_c(10, 8).mean_wait)
    assert sure.half < 0.25 * sure.mean
    late = estimate([float(waited > 1 / 9) for waited in in_order(found)[2000:]])
    assert late.includes(1 - erlang_c(10, 8).answered_within(1 / 9))


def test_callers_who_lose_patience_are_as_many_as_erlang_a_says() -> None:
    found = sorted(play(tuple(agent(one) for one in range(10)), calls(10, 40_000, 2.0)), key=lambda one: one.caller.at)
    exact = erlang_a(10, 10, 0.5)
    assert estimate([float(one.agent is None) for one in found[2000:]]).includes(exact.abandoned)
    assert estimate([one.waited for one in found[2000:]]).includes(exact.mean_wait)
    quick = [float(one.agent is not None and one.waited <= 1 / 9) for one in found[2000:]]
    assert estimate(quick).includes(exact.answered_within(1 / 9))


def test_the_simulation_can_tell_one_agent_more_from_the_formula() -> None:
    found = play(tuple(agent(number) for number in range(11)), calls(8, 40_000))
    assert not estimate(in_order(found)[2000:]).includes(erlang_c(10, 8).mean_wait)


@pytest.mark.parametrize("patience", [inf, 0.7])
def test_where_everybody_can_take_everything_the_router_is_the_pooled_bound_itself(patience: float) -> None:
    team = tuple(agent(number) for number in range(8))
    bound = list(pooled_waits(calls(7, 3000, patience), lognormal("handling", 1.0, 1.96), 8))
    found = play(team, calls(7, 3000, patience), lognormal("handling", 1.0, 1.96))
    assert in_order(found) == pytest.approx(bound, abs=1e-6)


def test_no_router_with_skills_beats_the_pooled_bound() -> None:
    team = tuple(agent(one, skills={SKILLS[one % 3]: 3, SKILLS[(one + 1) % 3]: 2}) for one in range(9))
    bound = sum(pooled_waits(calls(8, 5000), exponential("handling", 1.0), 9))
    assert sum(in_order(play(team, calls(8, 5000)))) > bound


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from(SKILLS), min_size=1), st.booleans(), st.integers(1, 5)),
        min_size=1,
        max_size=9,
    ),
    st.integers(0, 99),
)
def test_no_call_waits_while_somebody_eligible_is_idle(team: list[tuple[set[str], bool, int]], seed: int) -> None:
    agents = tuple(
        agent(number, skills=dict.fromkeys(skills, level), languages=frozenset({"es-US" if spanish else "en-US"}))
        for number, (skills, spanish, level) in enumerate(team)
    )
    dice = Random(seed)
    callers = [
        replace(
            one,
            at=one.at * 60,
            patience=dice.expovariate(1 / 200),
            need=replace(one.need, level=dice.randint(1, 5), language=dice.choice(["en-US", "es-US"])),
            urgency=dice.choice(["routine", "urgent"]),
        )
        for one in calls(len(team) * 1.1, 150, seed=str(seed))
    ]
    run = Play(agents, exponential(f"handling {seed}", 60.0), START)
    ended = 0
    for now, _ in run.run(callers):
        ended += 1
        assert run.overlooked(now) == ()
    assert ended == len(callers)


def test_a_hundred_thousand_events_leave_nobody_beside_an_idle_agent() -> None:
    team = tuple(agent(one, skills={SKILLS[one % 3]: 4, SKILLS[(one + 1) % 3]: 2}) for one in range(12))
    run = Play(team, exponential("handling", 1.0), START)
    looked = sum(not run.overlooked(now) for now, _ in run.run(calls(11, 50_000)))
    assert looked == 50_000


def test_whoever_is_overlooked_would_be_seen() -> None:
    run = Play((agent(1),), exponential("handling", 1.0), START)
    run.waiting.add(run.line.join(Caller(0.0, need(), inf), 0.0))
    assert [(wanted.skill, one.id) for wanted, one in run.overlooked(1.0)] == [("scheduling", "agent-001")]


def test_the_same_dice_give_the_same_run() -> None:
    team = tuple(agent(number) for number in range(4))
    assert play(team, calls(5, 800, 1.0)) == play(team, calls(5, 800, 1.0))


def test_urgent_callers_go_before_everybody_who_waits() -> None:
    callers = [Caller(0.0, need(), inf), Caller(1.0, need(), inf), Caller(2.0, need(), inf, "urgent")]
    found = play((agent(1),), callers, iter([10.0, 10.0, 10.0]))
    assert [(one.caller.at, one.waited) for one in found] == [(0.0, 0.0), (2.0, 8.0), (1.0, 19.0)]


def test_a_caller_who_waits_is_taken_by_the_shift_that_begins(pools: Mapping[str, Pool]) -> None:
    night = datetime(2026, 11, 3, 3, tzinfo=UTC)
    run = Play((agent(1, pools["cape-town"]),), exponential("handling", 1.0), night)
    ((now, outcome),) = run.run([Caller(60.0, need(), inf)])
    assert night + timedelta(seconds=now) == datetime(2026, 11, 3, 5, tzinfo=UTC)
    assert (outcome.agent, outcome.waited) == ("agent-001", 7140.0)


def test_nobody_is_offered_a_call_after_the_shift(pools: Mapping[str, Pool]) -> None:
    evening = datetime(2026, 11, 3, 16, 59, tzinfo=UTC)
    run = Play((agent(1, pools["cape-town"]),), iter([30.0, 30.0]), evening)
    outcomes = [one for _, one in run.run([Caller(0.0, need(), 500.0), Caller(70.0, need(), 500.0)])]
    assert [one.agent for one in outcomes] == ["agent-001", None]


def test_time_widens_what_is_asked_for_and_the_place_is_kept() -> None:
    expert, beginner = agent(1, skills={"billing": 5}), agent(2, skills={"scheduling": 1})
    schedule = (Widening(timedelta(seconds=20), "level"),)
    asked = [(0.0, need(level=2)), (5.0, need(level=1)), (6.0, need())]
    callers = [Caller(at, wanted, inf, schedule=schedule) for at, wanted in asked]
    run = Play((expert, beginner), iter([30.0, 1.0, 1.0]), START)
    found = [(one.caller.at, one.waited) for _, one in run.run(callers)]
    assert found == [(5.0, 0.0), (0.0, 35.0), (6.0, 30.0)]


def test_a_run_ends_although_somebody_can_never_be_answered() -> None:
    run = Play((agent(1, skills={"billing": 1}),), iter([5.0]), START)
    outcomes = [one for _, one in run.run([Caller(0.0, need("results"), 900.0), Caller(1.0, need("billing"), inf)])]
    assert [(one.agent, one.waited) for one in outcomes] == [("agent-001", 0.0), (None, 900.0)]


def test_not_even_endless_patience_outlasts_a_week_of_shifts(pools: Mapping[str, Pool]) -> None:
    run = Play((agent(1, pools["manila"]),), iter([5.0]), START)
    ((_, outcome),) = run.run([Caller(0.0, need("results", pools=("bogota",)), inf)])
    assert (outcome.agent, outcome.waited) == (None, 7 * 86400.0)


def test_figures_count_shares_of_all_callers() -> None:
    caller = Caller(0.0, need(), inf)
    waits = [Outcome(caller, 1.0, "ana"), Outcome(caller, 30.0, "ana"), Outcome(caller, 10.0, None)]
    found = figures(waits, 20.0)
    assert (found.calls, found.within, found.lost, found.longest) == (3, 1 / 3, 1 / 3, 30.0)
    assert figures([], 20.0).calls == 0


def test_an_estimate_is_wider_where_values_hang_together() -> None:
    dice = Random("walk")
    free = [dice.random() for _ in range(2000)]
    tied = [value for value in free[::100] for _ in range(100)]
    assert estimate(tied).half > 5 * estimate(free).half
