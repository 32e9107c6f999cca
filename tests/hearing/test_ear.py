"""What the ear hears of an answer: the same alone and among others, in whatever form it is written."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.core.settings import read_settings
from ivr.hearing.classifier import DIGITS
from ivr.hearing.ear import COOLDOWN, CannotHear, Ear, ear_for_answers
from ivr.hearing.heard import NOTHING, Class, judge
from ivr.hearing.weights_file import WeightsUnusable

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)

SAID = [
    "my chest is so heavy and my arm tingles",
    "i'd like to move my appointment to friday",
    "me arde cuando orino desde ayer",
    "hi yes good morning i was calling about my refill and oh my god my husband just fell and he won't wake up",
    "what's the weather like",
    "1",
]


def test_alone_and_among_others_an_answer_is_heard_alike(ear: Ear) -> None:
    alone, together = [ear.hear(text) for text in SAID], ear.hear_each(SAID)
    assert list(map(judge, alone)) == list(map(judge, together))
    for one, other in zip(alone, together, strict=True):
        for left, right in zip(astuple(one), astuple(other), strict=True):
            assert left == right or abs(left - right) <= 10**-DIGITS


def test_twice_the_same_is_heard_the_same_by_many_threads(ear: Ear) -> None:
    with ThreadPoolExecutor(4) as threads:
        heard = list(threads.map(ear.hear, SAID * 5))
    assert heard == [ear.hear(text) for text in SAID] * 5


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (SAID[0], Class.EMERGENT),
        (SAID[0].upper(), Class.EMERGENT),
        (SAID[1], Class.OFFICE),
        (SAID[3], Class.EMERGENT),
        ("no me llega el aire", Class.EMERGENT),
        ("my sugar is thirty eight", Class.EMERGENT),
        ("i've had a runny nose since monday", Class.CLINICAL),
        ("can you play some music", Class.EVERYDAY),
        ("", Class.NOTHING),
        ("¿...?", Class.NOTHING),
    ],
)
def test_an_answer_has_one_class(ear: Ear, said: str, found: Class) -> None:
    assert judge(ear.hear(said)) is found


def test_the_red_flag_that_is_heard_is_named(ear: Ear) -> None:
    assert ear.hear(SAID[0]).group == "heart"
    assert ear.hear("la oxigenación está en ochenta, el oxígeno le marca 80").group == "breathing"


def test_one_urgent_alternative_is_enough(ear: Ear) -> None:
    calm, urgent = "i'd like to move my appointment to friday", "my baby is limp and blue"
    assert ear.hear(calm, urgent) == ear.hear(urgent, calm) == ear.hear(urgent)
    assert ear.hear(calm, "what's the weather like") == ear.hear(calm)
    assert ear.hear() == NOTHING


def test_an_emergency_in_the_middle_of_ten_kilobytes_is_heard(ear: Ear) -> None:
    talk = "i went to the store and bought some bread and milk for the week and then i came home " * 60
    whole = ear.hear(f"{talk} i am choking on a bone and i can't breathe {talk}")
    assert (judge(whole), whole.group) == (Class.EMERGENT, "breathing")
    assert whole.emergent_stretch > 0.9 > ear.hear(talk).emergent_stretch


def test_an_ear_that_could_not_be_opened_is_left_alone_for_a_moment(tmp_path: Path) -> None:
    gone = replace(read_settings({"SUNLINE_MODE": "demo"}), hearing_sentences=tmp_path, data_dir=tmp_path)
    with pytest.raises(WeightsUnusable, match="there are no weights of the ear"):
        ear_for_answers(gone, NOON)
    for seconds in (0, 59):
        with pytest.raises(CannotHear):
            ear_for_answers(gone, NOON + timedelta(seconds=seconds))
    for later in (NOON + COOLDOWN, NOON - timedelta(hours=1)):
        with pytest.raises(WeightsUnusable):
            ear_for_answers(gone, later)


def test_a_process_whose_ear_is_open_keeps_it(ear: Ear) -> None:
    assert ear_for_answers(read_settings({"SUNLINE_MODE": "demo"}), NOON) is ear
