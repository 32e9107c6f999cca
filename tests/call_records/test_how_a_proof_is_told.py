"""How far a professional has proved for whom they call, in the words of the record and of the clinician's page."""

from __future__ import annotations

import pytest

from callflows.call_record.callers import describe_proof
from ivr.professionals.proof import CODE, NONE, REACHED, RINGS, UNANSWERED


@pytest.mark.parametrize("how", [NONE, CODE, RINGS, UNANSWERED, REACHED])
def test_each_state_is_told_apart_and_only_the_last_as_level_p(how: str) -> None:
    told = {one: describe_proof(one, "Lakeside") for one in (NONE, CODE, RINGS, UNANSWERED, REACHED)}
    assert len(set(told.values())) == len(told)
    assert ("Lakeside" in told[how]) is (how != NONE)
    assert ("level P" in told[how]) is (how == REACHED)


def test_where_the_question_does_not_arise_nothing_is_told() -> None:
    assert describe_proof("", "") == ""
