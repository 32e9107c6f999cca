"""Sentences are read whole or refused with the file and the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.hearing.held_out import HeldOut, read_held_out
from ivr.hearing.kinds import GROUPS, SERVICES
from ivr.hearing.sentences import Sentence, UnreadableSentences, fingerprint_of, read_sentences
from ivr.hearing.windows import plain_words

GOOD = 'language: en-US\nhand: z\nkind: emergent\nsentences:\n  heart:\n    - "my chest is in a vice"\n'


def write(folder: Path, text: str, name: str = "emergent-z.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("kind: emergent", "kind: dreadful"), "kind is dreadful; give one of"),
        (GOOD.replace("en-US", "fr-FR"), "language is fr-FR; give one of en-US, es-US"),
        (GOOD.replace("heart", "elbow"), "elbow is nothing that a file of kind emergent can hold"),
        (GOOD.replace('    - "my', '    "my'), "emergent-z.yaml"),
        (GOOD.replace('"my chest is in a vice"', '"..."'), "no list of sentences in quotes"),
        ("- a\n- b\n", "is not as a file of sentences should be"),
        ('a: "', "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_mend(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UnreadableSentences, match=r"emergent-z\.yaml") as refused:
        read_sentences([write(tmp_path / "own", text)])
    assert told in str(refused.value)


def test_the_same_words_cannot_teach_two_things(tmp_path: Path) -> None:
    write(tmp_path / "own", GOOD)
    write(tmp_path / "own", GOOD.replace("heart", "eye").replace("my chest", "MY chest"), "emergent-y.yaml")
    with pytest.raises(UnreadableSentences, match="leave it where a nurse would put it"):
        read_sentences([tmp_path / "own"])


def test_the_fingerprint_changes_with_any_word_and_with_no_line_ending(tmp_path: Path) -> None:
    before = fingerprint_of([write(tmp_path / "own", GOOD)])
    (tmp_path / "own" / "emergent-z.yaml").write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert fingerprint_of([tmp_path / "own"]) == before
    assert fingerprint_of([write(tmp_path / "own", GOOD.replace("vice", "vise"))]) != before


def test_an_empty_folder_is_no_folder_of_sentences(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSentences, match="holds no sentences"):
        read_sentences([tmp_path])


def test_every_group_and_service_is_written_by_several_hands_in_both_languages(sentences: list[Sentence]) -> None:
    for label in (*GROUPS, *SERVICES):
        for language in ("en-US", "es-US"):
            hands = {one.hand for one in sentences if (one.label, one.language) == (label, language)}
            assert len(hands) >= 3, (label, language)


def test_few_held_out_sentences_are_word_for_word_among_those_that_are_learned(
    sentences: list[Sentence], held_out: HeldOut
) -> None:
    """Different people find the same plain words; more than a few would make the figures too good."""
    learned = {tuple(plain_words(one.text)) for one in sentences}
    held = held_out.sentences
    assert sum(tuple(plain_words(one.text)) in learned for one in held) <= len(held) * 0.01


HELD_OUT = 'language: en-US\neveryday:\n  filler:\n    - "{}"\nwrappers: {{{}}}\n'


def test_a_folder_within_held_out_sentences_is_another_set(tmp_path: Path) -> None:
    """Were both read as one, the frames of the first would be lost behind those of the second."""
    write(tmp_path, HELD_OUT.format("hm well", 'story: ["so {words}"]'))
    write(tmp_path / "second", HELD_OUT.format("oh I see", ""))

    first, second = read_held_out(tmp_path), read_held_out(tmp_path / "second")

    assert [one.text for one in first.sentences] == ["hm well"]
    assert first.frames["en-US"] == {"story": ["so {words}"]}
    assert [one.text for one in second.sentences] == ["oh I see"]


def test_a_folder_of_held_out_sets_is_no_set(tmp_path: Path) -> None:
    write(tmp_path / "second", HELD_OUT.format("oh I see", ""))
    with pytest.raises(UnreadableSentences, match="name a folder in it"):
        read_held_out(tmp_path)
