"""How the ear is measured on its own sentences: what is heard was never learned."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ivr.hearing import trials
from ivr.hearing.ear import Ear
from ivr.hearing.sentences import Sentence
from ivr.hearing.trials import Lesson, by_hand, in_styles, is_spare, left_out, lesson_of

HANDS = "ac"
"""One who wrote emergencies, and one who wrote wishes."""


@pytest.fixture(scope="module")
def lesson(ear: Ear, sentences: list[Sentence]) -> Lesson:
    chosen = [one for one in sentences if one.hand in HANDS][::15]
    return lesson_of(ear.encoder, chosen)


def test_what_a_hand_wrote_is_heard_by_an_ear_that_learned_neither_it_nor_the_wishes_before_it(
    lesson: Lesson, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[Sequence[Sentence]] = []
    learn = Lesson.learn

    def watched(self: Lesson, wanted: trials.Wanted) -> object:
        learned.append([one for one in self.sentences if wanted(one)])
        return learn(self, wanted)

    monkeypatch.setattr(Lesson, "learn", watched)
    styled = in_styles(lesson.sentences, ear.encoder)
    heard = left_out(lesson, by_hand, styled)
    assert list(heard) == ["as is", "one word in ten lost", "behind a wish"]
    for hand, sentences in zip(HANDS, learned, strict=True):
        assert sentences
        assert not [one for one in sentences if by_hand(one) == hand or is_spare(one)]
    assert [one for one, _ in heard["behind a wish"]] == [one for one, _ in heard["one word in ten lost"]]


def test_emergencies_stand_behind_spare_wishes_in_their_language_the_same_in_every_run(
    lesson: Lesson, ear: Ear
) -> None:
    behind = in_styles(lesson.sentences, ear.encoder)["behind a wish"]
    spare = [one for one in lesson.sentences if is_spare(one)]
    for one, (whole, *_) in zip(behind.sentences, behind.listened.stretches, strict=True):
        before = [wish for wish in spare if whole.startswith(" ".join(wish.text.lower().split()[:2]))]
        assert one.language in {wish.language for wish in before}
    again = in_styles(lesson.sentences, ear.encoder)["behind a wish"]
    assert again.listened.stretches == behind.listened.stretches
