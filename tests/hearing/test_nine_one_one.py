"""Whoever names 911 is heard, however the recogniser writes it."""

from __future__ import annotations

import pytest

from ivr.hearing.ear import HELP, Ear
from ivr.hearing.heard import Class, is_grave, judge
from ivr.hearing.nine_one_one import names_911

NAMED = (
    "911", "9-1-1", "9 1 1", "nine one one", "nine-one-one", "call 911", "can you call nine one one for me",
    "Llame al 911", "nueve uno uno", "por favor llamen al nueve once", "novecientos once",
    "911 911", "9-1-1 9-1-1", "please nine one one nine one one", "nueve once nueve once",
)  # fmt: skip


@pytest.mark.parametrize("said", NAMED)
def test_whoever_names_911_has_an_emergency(ear: Ear, said: str) -> None:
    heard = ear.hear(said)
    assert (judge(heard), is_grave(heard), heard.group) == (Class.EMERGENT, True, HELP)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "my number is 312 911 4000",
        "three one two nine one one four",
        "nine one one zero one",
        "it is 91101",
        "born on nine eleven eighty",
        "the bill says $9.11",
        "my appointment was on 9/11",
        "room one nine one one",
    ],
)
def test_other_numbers_are_not_taken_for_it(said: str) -> None:
    assert not names_911(said)
