"""What follows from scores: one class, and urgency that is only ever added."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.hearing import thresholds
from ivr.hearing.classifier import Scores
from ivr.hearing.heard import NOTHING, Class, Heard, Sureness, heard_in, judge, most_urgent, sureness
from ivr.hearing.kinds import SERVICES
from ivr.hearing.meters import Alarm

ORDER = [Class.NOTHING, Class.EVERYDAY, Class.OFFICE, Class.CLINICAL, Class.EMERGENT]


@st.composite
def scores(draw: st.DrawFn) -> Scores:
    parts = [draw(st.floats(0.001, 1)) for _ in range(4)]
    emergent, clinical, office, everyday = (round(part / sum(parts), 4) for part in parts)
    wishes = {name: draw(st.floats(0, 1)) for name in SERVICES}
    return Scores(emergent, clinical, office, everyday, wishes, {"heart": emergent, "eye": 0.0})


def rank(heard: Heard) -> int:
    return max(0, ORDER.index(judge(heard)) - 2)


@given(st.lists(scores(), min_size=1, max_size=5), scores())
def test_one_more_stretch_never_makes_an_answer_less_urgent(stretches: list[Scores], more: Scores) -> None:
    assert rank(heard_in([*stretches, more])) >= rank(heard_in(stretches))


@given(st.lists(scores(), min_size=1, max_size=4))
def test_a_reading_never_makes_an_answer_less_urgent(stretches: list[Scores]) -> None:
    for alarm in (Alarm(), Alarm("diabetes")):
        assert rank(heard_in(stretches, alarm)) >= rank(heard_in(stretches))
    assert judge(heard_in(stretches, Alarm("diabetes"))) is Class.EMERGENT
    assert judge(heard_in(stretches, Alarm())) in (Class.CLINICAL, Class.EMERGENT)


@given(st.lists(scores().map(lambda one: heard_in([one])), min_size=1, max_size=5))
def test_the_most_urgent_way_to_write_an_answer_counts(alternatives: list[Heard]) -> None:
    chosen = most_urgent(alternatives)
    assert chosen in alternatives
    assert rank(chosen) == max(map(rank, alternatives))


def test_among_calm_alternatives_the_likeliest_counts() -> None:
    first = Heard(office=0.9, service="billing", service_score=0.6)
    assert most_urgent([first, Heard(office=0.9, service="hours", service_score=0.9)]) == first
    assert most_urgent([NOTHING, first]) == first
    assert most_urgent([]) == NOTHING


def test_silence_is_nothing() -> None:
    assert judge(heard_in([])) is Class.NOTHING


def test_a_service_is_sure_or_one_of_two_or_asked_by_menu() -> None:
    found = [
        sureness(Heard(office=1, service_score=score))
        for score in (thresholds.SURE, thresholds.SURE - 0.0001, thresholds.UNSURE, thresholds.UNSURE - 0.0001)
    ]
    assert found == [Sureness.SURE, Sureness.BEST_TWO, Sureness.BEST_TWO, Sureness.UNSURE]


def test_illness_is_asked_about_only_where_an_emergency_is_possible() -> None:
    assert judge(Heard(emergent=0.02, ill=0.97)) is Class.CLINICAL
    assert judge(Heard(emergent=thresholds.POSSIBLE, ill=0.97)) is Class.EMERGENT
