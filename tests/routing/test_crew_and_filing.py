"""What is worked out once a minute is what would be worked out each time; the heads of cells are the best agents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.agents import ANY_LANGUAGE, ANYBODY, Agent, Available, Licence, Need, as_anybody
from routing.cells import Cells
from routing.crew import AHEAD, Crew
from routing.eligible import is_eligible, refusals
from routing.filing import Filing
from routing.hours import is_open
from routing.prefer import order

NurseMaker = Callable[..., Agent]
MORNING = datetime(2026, 11, 1, 11, 58, tzinfo=UTC)
"""Two minutes before Bogota's shift begins, on the day on which the clocks of the United States go back."""

LICENCES = st.sampled_from(
    [
        (),
        (Licence("RN", "IL", date(2026, 10, 31)),),
        (Licence("RN", "IL", date(2027, 1, 1)),),
        (Licence("RN", "TX", date(2026, 11, 1), compact=True),),
        (Licence("LPN", "TX", date(2027, 1, 1), compact=True), Licence("MD", "IL", date(2027, 1, 1))),
    ]
)
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["manila", "cape-town", "bogota", "front-desk"]),
        st.integers(1, 5),
        st.sampled_from([frozenset({"en-US"}), frozenset({"es-US"}), frozenset({"en-US", "es-US"})]),
        LICENCES,
        st.sampled_from([None, date(2026, 10, 31), date(2026, 11, 1), date(2027, 1, 1)]),
    ),
    max_size=8,
)
NEEDS = st.builds(
    Need,
    practice=st.just("maple"),
    service=st.just("nurse"),
    skill=st.sampled_from(["triage_rn", "triage_rn", "knitting"]),
    level=st.integers(1, 5),
    language=st.sampled_from(["en-US", "es-US"]),
    licensed_kind=st.sampled_from([None, "RN", "LPN"]),
    patient_state=st.sampled_from(["IL", "TX", "FL", None]),
    pools=st.sampled_from([None, ("manila",), ("front-desk", "bogota")]),
    edge_margin=st.sampled_from([timedelta(), timedelta(minutes=30), timedelta(seconds=45)]),
    interpreter=st.booleans(),
    barred=st.sampled_from([(), ("bogota",)]),
)
MOMENTS = st.integers(0, 2 * 86400).map(lambda seconds: MORNING + timedelta(seconds=seconds))


def people(nurse: NurseMaker, found: list[tuple[str, int, frozenset[str], tuple[Licence, ...], date | None]]) -> Crew:
    return Crew(
        nurse(f"n{i}", pool, skills={"triage_rn": level}, languages=tongues, licences=held, trained_until=trained)
        for i, (pool, level, tongues, held, trained) in enumerate(found)
    )


@settings(deadline=None)
@given(PEOPLE, NEEDS, st.lists(MOMENTS, min_size=1, max_size=3))
def test_everybody_may_take_a_call_or_is_refused_by_the_first_reason_whoever_asked_before(
    nurse: NurseMaker, found: list[tuple[str, int, frozenset[str], tuple[Licence, ...], date | None]],
    need: Need, moments: list[datetime],
) -> None:  # fmt: skip
    crew = people(nurse, found)
    for moment in moments:
        for at in (moment, moment.replace(second=59), moment + timedelta(minutes=1)):
            able = [agent for agent in crew.agents if is_eligible(agent, need, at)]
            assert list(crew.able(need, at)) == able
            first = {agent.id: refusals(agent, need, at)[0] for agent in crew.agents if agent not in able}
            told = {name: reason for reason, names in crew.refused(need, at).items() for name in names}
            assert told == first


@settings(deadline=None)
@given(PEOPLE, MOMENTS)
def test_the_next_shift_is_the_first_minute_at_which_somebody_comes_to_work(
    nurse: NurseMaker, found: list[tuple[str, int, frozenset[str], tuple[Licence, ...], date | None]], at: datetime
) -> None:
    crew = people(nurse, found)
    minute = at.replace(second=0, microsecond=0)
    calendars = {agent.calendar for agent in crew.agents}
    minutes = [minute + timedelta(minutes=one) for one in range(1, int(AHEAD.total_seconds()) // 60)]
    began = [
        one
        for one in minutes
        if any(is_open(hours, one) and not is_open(hours, one - timedelta(minutes=1)) for hours in calendars)
    ]
    assert crew.next_shift(at) == min(
        (one for one in began if any(is_open(hours, one) and not is_open(hours, minute) for hours in calendars)),
        default=None,
    )


def best_by_cells(filing: Filing, idle: list[Available], need: Need, at: datetime) -> str | None:
    """Who stands at the head of the first tier with anybody."""
    cells = Cells(filing)
    for one in idle:
        cells.put(one.agent.id, one.idle_since)
    return cells.best(filing.tiers(Crew(one.agent for one in idle), need, at), need.level)


@settings(deadline=None, max_examples=300)
@given(PEOPLE, NEEDS, MOMENTS, st.lists(st.integers(0, 10_000), min_size=8, max_size=8))
def test_the_head_of_the_first_tier_with_anybody_is_the_best_agent(
    nurse: NurseMaker, found: list[tuple[str, int, frozenset[str], tuple[Licence, ...], date | None]],
    need: Need, at: datetime, idle_for: list[int],
) -> None:  # fmt: skip
    crew = people(nurse, [(*one[:4], None) for one in found])
    idle = [Available(agent, at - timedelta(seconds=one)) for agent, one in zip(crew.agents, idle_for, strict=False)]
    filing = Filing(crew.agents, {"RN", "LPN"}, at)
    best = order(idle, need, at)
    assert best_by_cells(filing, idle, need, at) == (best[0].id if best else None)


@settings(deadline=None)
@given(PEOPLE, NEEDS, MOMENTS, st.lists(st.integers(0, 9), max_size=30))
def test_taking_out_the_best_again_and_again_gives_everybody_in_the_order_of_rank(
    nurse: NurseMaker, found: list[tuple[str, int, frozenset[str], tuple[Licence, ...], date | None]],
    need: Need, at: datetime, back: list[int],
) -> None:  # fmt: skip
    crew = people(nurse, [(*one[:4], None) for one in found])
    filing = Filing(crew.agents, {"RN", "LPN"}, at)
    cells, tiers = Cells(filing), filing.tiers(crew, need, at)
    idle = {agent.id: at for agent in crew.agents}
    for name in idle:
        cells.put(name, at)
    for number, agent in zip(back, crew.agents, strict=False):
        cells.take(agent.id)
        idle[agent.id] = at - timedelta(seconds=number)
        cells.put(agent.id, idle[agent.id])
    ranked = [one.id for one in order([Available(one, idle[one.id]) for one in crew.agents], need, at)]
    passed: list[str] = []
    while (best := cells.best(tiers, need.level, passed)) is not None:
        passed.append(best)
    assert passed == ranked
    for name in ranked:
        assert cells.best(tiers, need.level) == name
        cells.take(name)
        cells.take(name)
    assert cells.best(tiers, need.level) is None


def test_nobody_is_filed_under_what_they_cannot_do(nurse: NurseMaker) -> None:
    joy = nurse(languages=frozenset({"en-US"}), skills={"triage_rn": 4, "billing": 2})
    filed = Filing([joy], {"RN"}, MORNING).of("joy")
    assert {(*one.cell.split("/")[:2], one.level) for one in filed} == {
        ("triage_rn", "en-US", 4), ("triage_rn", "*", 4), ("billing", "en-US", 2), ("billing", "*", 2),
        (ANYBODY, ANY_LANGUAGE, 1),
    }  # fmt: skip
    assert Filing([joy], {"RN"}, MORNING).of("bea") == ()


def test_whoever_is_at_work_is_found_for_a_call_for_which_anybody_will_do(nurse: NurseMaker) -> None:
    joy = nurse(pool="cape-town")
    need, at = Need("stranger", ANYBODY, ANYBODY, language=ANY_LANGUAGE, pools=("cape-town",)), MORNING
    idle = [Available(as_anybody(joy), at)]
    assert best_by_cells(Filing([joy], {"RN"}, at), idle, need, at) == "joy"


def test_colleagues_with_licences_that_reach_the_same_states_are_one_team(nurse: NurseMaker) -> None:
    held = [("TX", True), ("FL", True), ("IL", False), ("TX", False)]
    nurses = [
        nurse(f"n{i}", licences=(Licence("RN", state, date(2027, 1, 1), compact),))
        for i, (state, compact) in enumerate(held)
    ]
    filing = Filing(nurses, {"RN"}, MORNING)
    teams = [filing.of(one.id)[0].cell.split("/")[2] for one in nurses]
    assert teams[0] == teams[1]
    assert len(set(teams)) == 3
