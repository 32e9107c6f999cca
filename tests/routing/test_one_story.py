"""Whether an illness that is told of again is the one told of before."""

from __future__ import annotations

import pytest

from routing.same_person import may_be_one_story


@pytest.mark.parametrize(
    ("before", "now", "was_over", "of_many", "one"),
    [
        (None, None, True, False, True),
        (None, None, False, False, False),
        (None, None, True, True, False),
        ("maria", None, True, False, True),
        ("maria", None, False, False, False),
        (None, "maria", True, False, True),
        (None, "maria", True, True, False),
        ("maria", "maria", False, True, True),
        ("maria", "jose", True, False, False),
    ],
)
def test_two_calls_are_one_story_where_they_may_be_of_one_patient(
    before: str | None, now: str | None, was_over: bool, of_many: bool, one: bool
) -> None:
    assert may_be_one_story(before, now, was_over=was_over, of_many=of_many) is one
