"""Whether an illness that is told of again is the one told of before."""

from __future__ import annotations

import pytest

from routing.same_person import may_be_one_story


@pytest.mark.parametrize(
    ("before", "now", "one"),
    [
        (None, None, True),
        ("maria", None, True),
        (None, "maria", True),
        ("maria", "maria", True),
        ("maria", "jose", False),
    ],
)
def test_two_calls_are_one_story_unless_they_are_known_to_be_of_two_patients(
    before: str | None, now: str | None, one: bool
) -> None:
    assert may_be_one_story(before, now) is one
