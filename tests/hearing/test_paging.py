"""What is counted as paged before anybody has answered a question is what calls do, by their own protocols."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from callflows.vocabulary import Spoke
from callflows.vocabulary.hearing import CALM, FLAGGED, GRAVE
from ivr.calls.hearing import danger_by_phrases
from ivr.directory.emergent_phrases import NoPhrases, read_emergent_phrases
from ivr.directory.problems import ConfigurationError
from ivr.directory.signing import read_protocol
from ivr.hearing.heard import NOTHING, Heard
from ivr.hearing.held_out import HeldOut
from ivr.hearing.paging import paged_by
from ivr.hearing.places import PROTOCOLS
from ivr.hearing.sentences import Sentence
from ivr.hearing.thresholds import GRAVE as GRAVE_FROM

ERRAND = Sentence("what do i owe you", "billing", "office", "billing", "en-US", "z")
ALARMING = replace(ERRAND, text="i fell and hit my head and there is chest pain")


def test_what_a_call_flags_by_its_phrases_is_counted_and_nothing_else(held_out: HeldOut) -> None:
    at_the_menu, _ = paged_by(read_emergent_phrases(PROTOCOLS))
    protocols = tuple(read_protocol(path)[1] for path in sorted(PROTOCOLS.glob("*.yaml")))
    counted = [at_the_menu(one, NOTHING) for one in held_out.sentences]
    assert counted == [
        danger_by_phrases(protocols, Spoke(one.text, danger=CALM))[0] in (FLAGGED, GRAVE) for one in held_out.sentences
    ]
    assert 0 < sum(counted) < len(counted)


def test_what_the_ear_alone_finds_grave_pages_only_where_care_has_begun() -> None:
    at_the_menu, in_care = paged_by(read_emergent_phrases(PROTOCOLS))
    grave = Heard(emergent=GRAVE_FROM)
    assert (at_the_menu(ERRAND, grave), in_care(ERRAND, grave)) == (False, True)
    assert (at_the_menu(ERRAND, NOTHING), in_care(ERRAND, NOTHING)) == (False, False)
    assert (at_the_menu(ALARMING, NOTHING), in_care(ALARMING, NOTHING)) == (True, True)


def test_a_folder_without_phrases_and_a_file_that_is_none_are_named(tmp_path: Path) -> None:
    with pytest.raises(NoPhrases, match="name the folder of protocols"):
        read_emergent_phrases(tmp_path)
    (tmp_path / "adult.yaml").write_text("questions: [1]\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"adult\.yaml:1: questions.0: this is not a mapping"):
        read_emergent_phrases(tmp_path)
