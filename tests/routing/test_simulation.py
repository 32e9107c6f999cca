"""The simulation of the router: it agrees with the formulas, and never leaves a call beside somebody idle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice, repeat
from math import inf
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.workforce.random_arrivals import arrivals, exponential, lognormal, rings
from routing.agents import Agent, Licence, Need
from routing.decide import Known
from routing.erlang import erlang_a, erlang_c
from routing.hours import parse_weekly
from routing.relax import USUAL, Widening
from routing.simulation.figures import RUNS, controlled, estimate, figures
from routing.simulation.line import Caller, Waiting
from routing.simulation.play import Outcome, Play, Ring
from routing.simulation.pooled import pooled_waits
from routing.sites import Pool, Site
from tests.conftest import thorough

BEFORE_NOON = datetime(2026, 11, 3, 10, 55, tzinfo=UTC)
START = datetime(2026, 11, 3, 12, tzinfo=UTC)
ROUND_THE_CLOCK = Pool("all", Site("all", "UTC", "US", "IL"), parse_weekly({"mon-sun": ["00:00-24:00"]}))
HASTY = (Widening(timedelta(seconds=5), "interpreter"), Widening(timedelta(seconds=9), "edges"))
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


def tongues(spanish: bool) -> frozenset[str]:
    return frozenset({"es-US" if spanish else "en-US"})


def anybody(one: Caller, dice: Random) -> Caller:
    """A caller who wants and knows what the dice say, a minute for a second of the plain one."""
    wanted = replace(
        one.need,
        level=dice.randint(1, 5),
        language=dice.choice(["en-US", "es-US"]),
        edge_margin=dice.choice([timedelta(), timedelta(minutes=5)]),
        pools=dice.choice([None, ("front-desk", "manila")]),
        overflow_after=timedelta(seconds=15),
    )
    known = Known(f"agent-{dice.randrange(9):03}", timedelta(seconds=8)) if dice.random() < 0.2 else None
    urgency, patience = dice.choice(["routine", "urgent"]), dice.expovariate(1 / 200)
    return Caller(one.at * 60, wanted, patience, urgency, schedule=dice.choice([USUAL, (), HASTY]), known=known)


def in_order(outcomes: list[Outcome]) -> list[float]:
    return [one.waited for one in sorted(outcomes, key=lambda one: one.caller.at)]


LONG = pytest.mark.parametrize("count", [20_000, thorough(40_000)])
"""How many calls it takes for chance to be smaller than what is told apart."""


@LONG
def test_one_pool_waits_as_long_as_erlang_c_says(count: int) -> None:
    found = play(tuple(agent(number) for number in range(10)), calls(8, count))
    sure = estimate(in_order(found)[2000:])
    assert sure.includes(erlang_c(10, 8).mean_wait)
    assert sure.half < 0.25 * sure.mean
    late = estimate([float(waited > 1 / 9) for waited in in_order(found)[2000:]])
    assert late.includes(1 - erlang_c(10, 8).answered_within(1 / 9))


@LONG
def test_callers_who_lose_patience_are_as_many_as_erlang_a_says(count: int) -> None:
    found = sorted(play(tuple(agent(one) for one in range(10)), calls(10, count, 2.0)), key=lambda one: one.caller.at)
    exact = erlang_a(10, 10, 0.5)
    assert estimate([float(one.agent is None) for one in found[2000:]]).includes(exact.abandoned)
    assert estimate([one.waited for one in found[2000:]]).includes(exact.mean_wait)
    quick = [float(one.agent is not None and one.waited <= 1 / 9) for one in found[2000:]]
    assert estimate(quick).includes(exact.answered_within(1 / 9))


@LONG
def test_the_simulation_can_tell_one_agent_more_from_the_formula(count: int) -> None:
    found = play(tuple(agent(number) for number in range(11)), calls(8, count))
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


TEAMS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(SKILLS), min_size=1),
        st.booleans(),
        st.integers(1, 5),
        st.sampled_from(["manila", "bogota", "cape-town", "front-desk"]),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=40, deadline=None)
@given(TEAMS, st.integers(0, 99), st.sampled_from([0.0, 6.0]))
def test_no_call_waits_while_somebody_eligible_is_idle(
    pools: Mapping[str, Pool], team: list[tuple[set[str], bool, int, str]], seed: int, ring: float
) -> None:
    """Shifts begin and end meanwhile: it is five minutes to noon in Cape Town, and to seven in Bogota."""
    agents = tuple(
        agent(number, pools[pool], skills=dict.fromkeys(skills, level), languages=tongues(spanish))
        for number, (skills, spanish, level, pool) in enumerate(team)
    )
    callers = [anybody(one, Random(f"{seed} {one.at}")) for one in calls(len(team) * 1.1, 150, seed=str(seed))]
    run = Play(agents, exponential(f"handling {seed}", 60.0), BEFORE_NOON, rings("rings", ring, 0.0))
    for now in run.events(callers):
        assert run.overlooked(now) == ()
    assert len(run.ended) == len(callers)


@settings(max_examples=40, deadline=None)
@given(TEAMS, st.integers(0, 99))
def test_whoever_misses_offers_rests_and_callers_go_to_others_meanwhile(
    pools: Mapping[str, Pool], team: list[tuple[set[str], bool, int, str]], seed: int
) -> None:
    agents = tuple(
        agent(number, pools[pool], skills=dict.fromkeys(skills, level), languages=tongues(spanish))
        for number, (skills, spanish, level, pool) in enumerate(team)
    )
    callers = [anybody(one, Random(f"{seed} {one.at}")) for one in calls(len(team) * 0.9, 100, seed=str(seed))]
    run = Play(agents, exponential(f"handling {seed}", 60.0), BEFORE_NOON, rings(f"rings {seed}", 4.0, 0.3))
    was_offered = set()
    for now in run.events(callers):
        was_offered |= {one for one in run.lines.everybody() if one.offered is not None}
        assert all(one in was_offered and one.already_offered == () for one, _ in run.overlooked(now))
        doing = [one.doing for one in run.staff.people.values()]
        assert set(run.staff.idle) == {name for name, one in run.staff.people.items() if one.doing == "idle"}
        assert doing.count("offered") == sum(one.offered is not None for one in run.lines.everybody())
    assert len(run.ended) == len(callers)


@pytest.mark.parametrize("count", [8_000, thorough(40_000)])
def test_tens_of_thousands_of_events_leave_nobody_beside_an_idle_agent(count: int) -> None:
    team = tuple(agent(one, skills={SKILLS[one % 3]: 4, SKILLS[(one + 1) % 3]: 2}) for one in range(12))
    run = Play(team, exponential("handling", 1.0), START)
    looked = [run.overlooked(now) for now in run.events(calls(11, count))]
    assert len(looked) > 2.5 * count
    assert not any(looked)


def test_whoever_is_overlooked_would_be_seen() -> None:
    run = Play((agent(1),), exponential("handling", 1.0), START)
    run.lines.join(Waiting(Caller(0.0, need(), inf), run.staff.crew, START, 0.0))
    assert [(one.caller.at, chosen.id) for one, chosen in run.overlooked(1.0)] == [(0.0, "agent-001")]


def test_the_same_dice_give_the_same_run() -> None:
    team = tuple(agent(number) for number in range(4))
    assert play(team, calls(5, 800, 1.0)) == play(team, calls(5, 800, 1.0))


def test_urgent_callers_go_before_everybody_who_waits() -> None:
    callers = [Caller(0.0, need(), inf), Caller(1.0, need(), inf), Caller(2.0, need(), inf, "urgent")]
    found = play((agent(1),), callers, iter([10.0, 10.0, 10.0]))
    assert [(one.caller.at, one.waited) for one in found] == [(0.0, 0.0), (2.0, 8.0), (1.0, 19.0)]


def test_a_caller_who_waits_is_taken_by_the_shift_that_begins(pools: Mapping[str, Pool]) -> None:
    before_five = datetime(2026, 11, 3, 4, 50, tzinfo=UTC)
    team = (agent(1, pools["manila"]), agent(2, pools["cape-town"]))
    run = Play(team, iter([9000.0, 60.0, 60.0]), before_five)
    callers = [Caller(0.0, need(), inf), Caller(30.0, need(), inf), Caller(90.5, need(), inf, "urgent")]
    began = [(before_five + timedelta(seconds=now), one.caller.at, one.agent) for now, one in run.run(callers)]
    five = datetime(2026, 11, 3, 5, tzinfo=UTC)
    assert began == [
        (before_five, 0.0, "agent-001"),
        (five, 90.5, "agent-002"),
        (five + timedelta(minutes=1), 30.0, "agent-002"),
    ]


def test_nobody_is_offered_a_call_after_the_shift(pools: Mapping[str, Pool]) -> None:
    evening = datetime(2026, 11, 3, 16, 59, tzinfo=UTC)
    run = Play((agent(1, pools["cape-town"]),), iter([30.0, 30.0]), evening)
    outcomes = [one for _, one in run.run([Caller(0.0, need(), 500.0), Caller(70.0, need(), 500.0)])]
    assert [one.agent for one in outcomes] == ["agent-001", None]


def test_time_widens_what_is_asked_for_and_the_place_is_kept() -> None:
    busy, beginner = agent(1, skills={"scheduling": 2}), agent(2, skills={"scheduling": 1})
    schedule = (Widening(timedelta(seconds=20), "level"),)
    levels = [(0.0, 2), (5.0, 2), (6.0, 1), (7.0, 1)]
    callers = [Caller(at, need(level=level), inf, schedule=schedule) for at, level in levels]
    run = Play((busy, beginner), iter([100.0, 30.0, 1.0, 1.0]), START)
    found = [(one.caller.at, one.waited) for _, one in run.run(callers)]
    assert found == [(0.0, 0.0), (6.0, 0.0), (5.0, 31.0), (7.0, 30.0)]


def test_a_relaxation_step_with_nobody_to_wait_for_is_passed_at_once() -> None:
    beginner = agent(1, skills={"scheduling": 1})
    run = Play((beginner,), iter([30.0]), START)
    ((_, outcome),) = run.run([Caller(0.0, need(level=2), inf)])
    assert (outcome.agent, outcome.waited) == ("agent-001", 0.0)


def test_a_caller_is_kept_for_the_agent_they_know_until_the_band_is_over() -> None:
    known = Known("agent-001", timedelta(seconds=8))
    for talk, answered in ((5.0, ("agent-001", 4.0)), (50.0, ("agent-002", 8.0))):
        run = Play((agent(1), agent(2)), iter([talk, 1.0]), START)
        *_, (_, outcome) = run.run([Caller(0.0, need(), inf), Caller(1.0, need(), inf, known=known)])
        assert (outcome.agent, outcome.waited) == answered


def test_a_phone_rings_before_it_is_accepted_and_whoever_misses_it_rests() -> None:
    ringing = iter([Ring(20.0, False), Ring(5.0), Ring(20.0, False), Ring(4.0)])
    run = Play((agent(1), agent(2)), iter([10.0, 10.0]), START, ringing)
    found = [(one.caller.at, one.agent, one.waited) for _, one in run.run([Caller(0.0, need(), inf)])]
    # Agent 1 misses, agent 2 accepts.
    assert found == [(0.0, "agent-002", 25.0)]
    # At 35 both could be idle but for the rest: agent 2 misses at 60, and agent 1 is back at 80.
    found = [(one.caller.at, one.agent, one.waited) for _, one in run.run([Caller(40.0, need(), inf)])]
    assert found == [(40.0, "agent-001", 44.0)]


def test_whoever_hangs_up_while_a_phone_rings_leaves_the_agent_to_the_next() -> None:
    run = Play((agent(1),), iter([10.0]), START, repeat(Ring(15.0)))
    found = [
        (one.caller.at, one.agent, one.waited)
        for _, one in run.run([Caller(0.0, need(), 12.0), Caller(1.0, need(), inf)])
    ]
    assert found == [(0.0, None, 12.0), (1.0, "agent-001", 26.0)]


def test_nobody_awake_is_said_at_once_and_when_the_last_goes_home(pools: Mapping[str, Pool]) -> None:
    evening = datetime(2026, 11, 3, 16, 58, tzinfo=UTC)
    run = Play((agent(1, pools["cape-town"]),), iter([600.0]), evening)
    callers = [Caller(0.0, need(), inf), Caller(1.0, need("knitting"), inf), Caller(60.0, need(), inf)]
    outcomes = {one.caller.at: (one.agent, one.waited, one.nobody_awake) for _, one in run.run(callers)}
    assert outcomes == {0.0: ("agent-001", 0.0, False), 1.0: (None, 0.0, True), 60.0: (None, 60.0, True)}


def test_not_even_endless_patience_outlasts_a_week() -> None:
    run = Play((agent(1),), iter([5.0]), START, rings("rings", 5.0, 1.0))
    ((_, outcome),) = run.run([Caller(0.0, need(), inf)])
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


def test_a_control_whose_long_run_is_known_makes_an_estimate_surer() -> None:
    dice, held, halves = Random("control"), 0, []
    for _ in range(200):
        controls = [dice.gauss(12.4, 3.0) for _ in range(RUNS)]
        values = [2.0 + 1.1 * control + dice.gauss(0.0, 0.4) for control in controls]
        found = controlled(values, controls, 12.4)
        held += found.includes(2.0 + 1.1 * 12.4)
        halves.append(found.half)
    assert 0.90 <= held / 200 <= 0.99
    assert sum(halves) / 200 < 0.4, "without the control it would be over 2"
    assert controlled(controls, controls, 12.4) == pytest.approx((12.4, 0.0))


def answered_by(team: tuple[Agent, ...], asked: Need, start: datetime) -> list[str | None]:
    """By whom a call a minute before an hour after ``start`` is answered, and one a minute after it."""
    run = Play(team, repeat(5.0), start)
    return [one.agent for _, one in run.run([Caller(3540.0, asked, inf), Caller(3660.0, asked, inf)])]


def test_a_licence_that_ends_in_the_night_is_asked_for_until_midnight_and_not_after() -> None:
    ending, lasting = (Licence("RN", "IL", date(2026, 11, day)) for day in (3, 30))
    team = (agent(1, skills={"nurse": 5}, licences=(ending,)), agent(2, skills={"nurse": 3}, licences=(lasting,)))
    asked = need("nurse", licensed_kind="RN", patient_state="IL")
    assert answered_by(team, asked, datetime(2026, 11, 3, 23, tzinfo=UTC)) == ["agent-001", "agent-002"]


def test_a_training_that_ends_within_the_day_is_passed_over_from_then_on() -> None:
    there = replace(ROUND_THE_CLOCK, site=Site("manila", "Asia/Manila", "PH"))
    team = (agent(1, there, skills={"nurse": 5}, trained_until=date(2026, 11, 3)), agent(2, there, skills={"nurse": 3}))
    assert answered_by(team, need("nurse"), datetime(2026, 11, 3, 15, tzinfo=UTC)) == ["agent-001", "agent-002"]
    assert answered_by(team[:1], need("nurse"), datetime(2026, 11, 3, 15, tzinfo=UTC)) == ["agent-001", None]
