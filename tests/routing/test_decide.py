"""One decision: who is offered the call, why nobody else, and when to look again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.agents import Agent, Available, Doing, Licence, Need
from routing.crew import Crew
from routing.decide import RESERVED, Decision, Known, Question, decide
from routing.eligible import ORDER, first_refusal, refusals
from routing.relax import USUAL, Widening, relaxation_steps, standing, widened

NurseMaker = Callable[..., Agent]
SECOND = timedelta(seconds=1)
NIGHT = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
TRIAGE = Need("maple", "nurse", "triage_rn", level=3, licensed_kind="RN", patient_state="IL")


def there(agent: Agent, doing: Doing = "idle", minutes: int = 5) -> Available:
    return Available(agent, NIGHT - timedelta(minutes=minutes), doing)


def ask(need: Need, waited: int, candidates: Sequence[Available], known: Known | None = None) -> Question:
    """A question about a small crew, of whom it is known what each is doing."""
    away = frozenset(one.agent.id for one in candidates if one.doing == "away")
    return Question(need, waited * SECOND, Crew(one.agent for one in candidates), candidates, known=known, away=away)


def asked(*candidates: Available, waited: int = 0, known: Known | None = None, need: Need = TRIAGE) -> Decision:
    return decide(ask(need, waited, candidates, known), NIGHT)


def chosen(made: Decision) -> str | None:
    return made.chosen.id if made.chosen else None


WORST = {
    "pool": "bogota",
    "skills": {"billing": 5},
    "languages": frozenset({"fr-FR"}),
    "licences": (),
    "trained_until": date(2020, 1, 1),
}
STRICT = replace(TRIAGE, pools=("front-desk",), agents_outside_us=False, barred=("bogota",))
MENDED = [
    ("not-in-shift", {"pool": "manila"}, {"barred": ("manila",)}, "idle"),
    ("resting", {}, {}, "resting"),
    ("busy", {}, {}, "busy"),
    ("skill", {"skills": {"triage_rn": 5}}, {}, "idle"),
    ("language", {"languages": frozenset({"en-US"})}, {}, "idle"),
    ("pool", {}, {"pools": None}, "idle"),
    ("outside-us", {}, {"agents_outside_us": True}, "idle"),
    ("policy", {}, {"barred": ()}, "idle"),
    ("licence", {"licences": (Licence("RN", "IL", date(2030, 1, 1)),)}, {}, "idle"),
    ("training", {"trained_until": None}, {}, "idle"),
]


def test_the_first_reason_is_told_in_the_stated_order_as_one_after_the_other_is_mended(nurse: NurseMaker) -> None:
    agent, need, found = dict(WORST), STRICT, []
    for reason, of_agent, of_need, doing in MENDED:
        found.append(first_refusal(there(nurse(**agent), doing), need, NIGHT))  # type: ignore[arg-type]
        assert found[-1] == reason
        agent, need = agent | of_agent, replace(need, **of_need)  # type: ignore[arg-type]
    assert first_refusal(there(nurse(**agent)), need, NIGHT) is None
    assert found == sorted(found, key=ORDER.index)


@pytest.mark.parametrize("doing", [one for one in get_args(Doing) if one != "idle"])
def test_whoever_does_anything_is_offered_nothing(nurse: NurseMaker, doing: Doing) -> None:
    made = asked(there(nurse(), doing))
    assert (made.ranked, made.refused) == ((), {doing: ("joy",)})
    assert [one.id for one in made.awake] == ([] if doing == "away" else ["joy"])


def test_a_nurse_whose_licence_ended_yesterday_is_not_offered_however_long_the_wait(nurse: NurseMaker) -> None:
    lapsed = nurse(licences=(Licence("RN", "IL", (NIGHT - timedelta(days=1)).date()),))
    made = asked(there(lapsed), waited=3600)
    assert (chosen(made), made.refused, made.awake) == (None, {"licence": ("joy",)}, ())


def test_the_compact_carries_from_its_home_state_only_into_its_states(nurse: NurseMaker) -> None:
    compact = there(nurse(licences=(Licence("RN", "TX", date(2027, 5, 31), compact=True),)))
    assert chosen(asked(compact, need=replace(TRIAGE, patient_state="FL"))) == "joy"
    assert asked(compact).refused == {"licence": ("joy",)}


def test_a_relaxation_step_without_anybody_to_wait_for_is_passed_at_once(nurse: NurseMaker) -> None:
    need = replace(TRIAGE, level=5)
    made = asked(there(nurse(), "busy"), need=need)
    assert (made.standing.number, made.standing.need.level, made.until) == (1, 4, 40 * SECOND)
    assert made.refused == {"busy": ("joy",)}


def test_a_relaxation_step_is_waited_on_while_somebody_at_work_could_come_free(nurse: NurseMaker) -> None:
    need, best = replace(TRIAGE, level=5), nurse("bea", skills={"triage_rn": 5})
    made = asked(there(best, "busy"), there(nurse()), need=need)
    assert (made.standing.number, chosen(made), made.until) == (0, None, 20 * SECOND)
    assert chosen(asked(there(best, "busy"), there(nurse()), need=need, waited=20)) == "joy"


def test_the_agent_whom_the_patient_knows_has_the_call_for_themselves_for_a_moment(nurse: NurseMaker) -> None:
    bea, joy = there(nurse("bea"), "busy"), there(nurse())
    known = Known("bea", 8 * SECOND)
    early = asked(bea, joy, waited=7, known=known)
    assert (chosen(early), early.refused, early.until) == (None, {"busy": ("bea",), RESERVED: ("joy",)}, 8 * SECOND)
    assert chosen(asked(bea, joy, waited=8, known=known)) == "joy"
    assert chosen(asked(replace(bea, doing="idle"), joy, waited=7, known=known)) == "bea"


@pytest.mark.parametrize("doing", ["resting", "away", "asked"])
def test_nothing_is_kept_for_a_known_agent_who_cannot_come(nurse: NurseMaker, doing: Doing) -> None:
    known = Known("bea", 8 * SECOND)
    assert chosen(asked(there(nurse("bea"), doing), there(nurse()), known=known)) == "joy"
    unlicensed = there(nurse("bea", licences=()), "busy")
    assert chosen(asked(unlicensed, there(nurse()), known=known)) == "joy"
    assert chosen(asked(there(nurse()), known=known)) == "joy"


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["manila", "cape-town", "bogota", "front-desk"]),
        st.sampled_from(get_args(Doing)),
        st.integers(1, 5),
        st.sampled_from([frozenset({"en-US"}), frozenset({"es-US"}), frozenset({"en-US", "es-US"})]),
        st.booleans(),
    ),
    max_size=6,
)
NEEDS = st.builds(
    Need,
    practice=st.just("maple"),
    service=st.just("nurse"),
    skill=st.just("triage_rn"),
    level=st.integers(1, 5),
    language=st.sampled_from(["en-US", "es-US"]),
    licensed_kind=st.sampled_from([None, "RN"]),
    patient_state=st.just("IL"),
    pools=st.sampled_from([None, ("manila",), ("front-desk", "bogota")]),
    overflow_after=st.sampled_from([None, 40 * SECOND]),
    edge_margin=st.sampled_from([timedelta(), timedelta(minutes=30)]),
    barred=st.sampled_from([(), ("bogota",)]),
)
KNOWN = st.sampled_from([None, Known("n0"), Known("n1", 8 * SECOND)])


def crowd(nurse: NurseMaker, people: list[tuple[str, Doing, int, frozenset[str], bool]]) -> tuple[Available, ...]:
    return tuple(
        there(
            nurse(f"n{i}", pool, skills={"triage_rn": level}, languages=tongues, **({} if held else {"licences": ()})),
            doing,
            minutes=i,
        )
        for i, (pool, doing, level, tongues, held) in enumerate(people)
    )


@settings(deadline=None)
@given(PEOPLE, NEEDS, KNOWN, st.integers(0, 300), st.integers(0, 48))
def test_everybody_is_either_ranked_or_refused_once_and_nobody_idle_and_eligible_is_left_out(
    nurse: NurseMaker,
    people: list[tuple[str, Doing, int, frozenset[str], bool]],
    need: Need,
    known: Known | None,
    waited: int,
    hour: int,
) -> None:
    at, candidates = NIGHT + timedelta(hours=hour), crowd(nurse, people)
    made = decide(ask(need, waited, candidates, known), at)
    told = [one.agent.id for one in made.ranked] + [name for names in made.refused.values() for name in names]
    assert sorted(told) == sorted(one.agent.id for one in candidates)
    ranked, reserved = {one.agent.id for one in made.ranked}, set(made.refused.get(RESERVED, ()))
    for one in candidates:
        free = one.doing == "idle" and not refusals(one.agent, made.standing.need, at)
        assert free == (one.agent.id in ranked | reserved)
    assert not reserved or (known is not None and waited * SECOND < known.reserved)


@settings(deadline=None)
@given(PEOPLE, NEEDS, KNOWN, st.integers(0, 300))
def test_who_is_away_changes_nothing_but_the_reason_that_is_told_of_them(
    nurse: NurseMaker,
    people: list[tuple[str, Doing, int, frozenset[str], bool]],
    need: Need,
    known: Known | None,
    waited: int,
) -> None:
    candidates = crowd(nurse, people)
    made = decide(ask(need, waited, candidates, known), NIGHT)
    others = decide(ask(need, waited, [one for one in candidates if one.doing != "away"], known), NIGHT)
    assert (made.ranked, made.standing, made.awake) == (others.ranked, others.standing, others.awake)
    assert {reason: names for reason, names in made.refused.items() if reason == RESERVED} == {
        reason: names for reason, names in others.refused.items() if reason == RESERVED
    }


@settings(deadline=None)
@given(PEOPLE, NEEDS, KNOWN, st.integers(0, 300))
def test_the_answer_depends_on_no_order_of_those_asked_about(
    nurse: NurseMaker,
    people: list[tuple[str, Doing, int, frozenset[str], bool]],
    need: Need,
    known: Known | None,
    waited: int,
) -> None:
    candidates = crowd(nurse, people[:4])
    answers = [decide(ask(need, waited, shuffled, known), NIGHT) for shuffled in permutations(candidates)]
    assert len({(one.ranked, one.standing, one.until, frozenset(one.refused)) for one in answers}) == 1


@settings(deadline=None)
@given(PEOPLE, NEEDS, st.integers(0, 300))
def test_licence_training_and_policy_hold_on_every_relaxation_step(
    nurse: NurseMaker, people: list[tuple[str, Doing, int, frozenset[str], bool]], need: Need, waited: int
) -> None:
    made = decide(ask(need, waited, crowd(nurse, people)), NIGHT)
    for one in made.ranked:
        assert not {"licence", "training", "policy", "outside-us"} & set(refusals(one.agent, need, NIGHT))


@settings(deadline=None)
@given(NEEDS, st.integers(0, 300), st.sets(st.integers(0, 6)))
def test_a_caller_stands_on_the_first_relaxation_step_in_time_with_somebody_and_never_behind_its_time(
    need: Need, waited: int, peopled: set[int]
) -> None:
    steps = relaxation_steps(need)
    needs = [step.need for step in steps]
    found = standing(need, waited * SECOND, USUAL, lambda one: needs.index(one) in peopled)
    in_time = needs.index(widened(need, waited * SECOND))
    ahead = [number for number in range(in_time, len(steps)) if number in peopled]
    assert found.number == (ahead[0] if ahead else len(steps) - 1)
    assert found.until == (steps[found.number + 1].after if found.number + 1 < len(steps) else None)


def test_it_is_looked_again_the_moment_somebody_comes_to_work(nurse: NurseMaker) -> None:
    before = datetime(2026, 11, 2, 10, 59, 30, tzinfo=UTC)
    question = replace(ask(TRIAGE, 5, (there(nurse(), "busy"), there(nurse("sol", "bogota")))), schedule=())
    made = decide(question, before)
    assert (made.refused, made.until) == ({"not-in-shift": ("sol",), "busy": ("joy",)}, 35 * SECOND)
    sunrise = decide(replace(question, waited=35 * SECOND), before + 30 * SECOND)
    assert (chosen(sunrise), sunrise.refused) == ("sol", {"not-in-shift": ("joy",)})


def test_whoever_speaks_the_language_comes_before_whoever_needs_an_interpreter(nurse: NurseMaker) -> None:
    spanish = nurse("ines", languages=frozenset({"es-US"}), skills={"triage_rn": 3})
    need = replace(TRIAGE, language="es-US", interpreter=True)
    assert [one.agent.id for one in asked(there(nurse()), there(spanish), need=need).ranked] == ["ines", "joy"]


def test_a_service_that_relaxes_nothing_has_one_relaxation_step() -> None:
    assert [step.need for step in relaxation_steps(TRIAGE, ())] == [TRIAGE]


def test_steps_that_change_nothing_are_no_relaxation_steps() -> None:
    schedule = tuple(Widening(wait * SECOND, "level") for wait in (10, 20, 30, 40))
    assert [step.after for step in relaxation_steps(TRIAGE, schedule)] == [0 * SECOND, 10 * SECOND, 20 * SECOND]
