"""Who may make surer of a caller, and what comes of a checklist."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.identity import by_person
from callflows.identity.by_person import (
    BY_CODE,
    BY_PERSON,
    MOST_FAILED,
    NOT_PROVED,
    PROVED,
    REASONS,
    USUAL_CHECKLIST,
    TalkStanding,
    disprove,
    find_hindrance,
    find_hindrance_of_code,
    prove,
)

LIST = tuple(USUAL_CHECKLIST)
READY = TalkStanding(BY_CODE, talking=True, present=True, checklist=LIST)
STANDINGS = st.builds(
    TalkStanding,
    level=st.sampled_from(("L0", "L1", "L2", "L3")),
    represented=st.booleans(),
    talking=st.booleans(),
    present=st.booleans(),
    supervises=st.booleans(),
    current=st.booleans(),
    checklist=st.sampled_from(((), LIST, LIST[:1])),
    decided=st.sampled_from(("", PROVED, NOT_PROVED)),
    failed=st.integers(0, MOST_FAILED + 1),
)
TICKED = st.lists(st.sampled_from((*LIST, "forged")))
REASON = st.sampled_from((*REASONS, "", "forged"))


def test_every_item_ticked_after_a_code_raises_to_l3() -> None:
    assert prove(READY, LIST) == by_person.Checked(PROVED, BY_PERSON, LIST)


@pytest.mark.parametrize("left_out", LIST)
def test_a_list_with_one_item_left_out_raises_nobody(left_out: str) -> None:
    checked = prove(READY, set(LIST) - {left_out})
    assert (checked.result, checked.level, checked.counts) == (by_person.INCOMPLETE, BY_CODE, False)


@pytest.mark.parametrize(
    ("changed", "hindrance"),
    [
        ({"talking": False}, by_person.NO_TALK),
        ({"present": False}, by_person.NO_TALK),
        ({"talking": False, "supervises": True}, by_person.NO_TALK),
        ({"level": "L0"}, by_person.NOBODY_MATCHED),
        ({"level": "L1"}, by_person.NEEDS_CODE),
        ({"level": "L3"}, by_person.PROVED_ALREADY),
        ({"represented": True}, by_person.SPEAKS_FOR),
        ({"current": False}, by_person.SEEN_BEFORE),
        ({"checklist": ()}, by_person.NO_LIST),
        ({"decided": NOT_PROVED}, by_person.FOR_SUPERVISOR),
        ({"failed": MOST_FAILED}, by_person.FOR_SUPERVISOR),
    ],
)
def test_what_stands_in_the_way_is_named_and_nothing_is_written(changed: dict[str, object], hindrance: str) -> None:
    checked = prove(replace(READY, **changed), LIST)  # type: ignore[arg-type]
    assert (checked.result, checked.counts) == (hindrance, False)


@pytest.mark.parametrize("doubt", [{"decided": NOT_PROVED}, {"failed": MOST_FAILED}, {"present": False}])
def test_a_supervisor_decides_anew_and_from_beside_the_talk(doubt: dict[str, object]) -> None:
    assert prove(replace(READY, supervises=True, **doubt), LIST).result == PROVED  # type: ignore[arg-type]


@pytest.mark.parametrize("level", ["L1", "L2"])
@pytest.mark.parametrize("reason", REASONS)
def test_a_caller_is_not_proved_for_a_reason_of_the_list_and_keeps_the_level(level: str, reason: str) -> None:
    checked = disprove(replace(READY, level=level), LIST[:2], reason)
    assert checked == by_person.Checked(NOT_PROVED, level, LIST[:2])
    assert disprove(READY, LIST, "because I say so").result == by_person.NO_REASON


@pytest.mark.parametrize(
    ("level", "hindrance"), [("L1", ""), ("L2", by_person.PROVED_ALREADY), ("L3", "proved-already")]
)
def test_a_code_raises_from_l1_only(level: str, hindrance: str) -> None:
    assert find_hindrance_of_code(replace(READY, level=level)) == hindrance


def test_who_was_proved_may_be_doubted_in_the_same_talk() -> None:
    proved = replace(READY, level=BY_PERSON, decided=PROVED)
    assert disprove(proved, (), "prompted") == by_person.Checked(NOT_PROVED, BY_CODE, ())
    assert disprove(replace(proved, talking=False), (), "prompted").level == BY_PERSON


@given(STANDINGS, TICKED, REASON)
def test_only_a_whole_list_in_a_talk_of_ones_own_raises_and_only_doubt_takes_it_back(
    standing: TalkStanding, ticked: list[str], reason: str
) -> None:
    proved, disproved = prove(standing, ticked), disprove(standing, ticked, reason)
    assert disproved.level == (BY_CODE if disproved.counts and standing.level == BY_PERSON else standing.level)
    assert proved.level in (standing.level, BY_PERSON)
    if proved.level != standing.level:
        assert standing.level == BY_CODE
        assert standing.talking
        assert standing.present or standing.supervises
        assert standing.current
        assert not standing.represented
        assert standing.checklist
        assert set(standing.checklist) <= set(ticked)
    assert (proved.result == PROVED) == (proved.level != standing.level)
    if find_hindrance(standing):
        assert not proved.counts
        assert not disproved.counts


@given(STANDINGS, TICKED)
def test_neither_order_nor_what_is_ticked_twice_nor_what_is_on_no_list_changes_anything(
    standing: TalkStanding, ticked: list[str]
) -> None:
    plain = sorted({item for item in ticked if item in standing.checklist})
    assert prove(standing, ticked) == prove(standing, plain) == prove(standing, [*reversed(ticked), *ticked])
    assert "forged" not in prove(standing, ticked).ticked


@given(STANDINGS, TICKED)
def test_a_supervisor_may_whatever_an_agent_may(standing: TalkStanding, ticked: list[str]) -> None:
    if prove(replace(standing, supervises=False), ticked).result == PROVED:
        assert prove(replace(standing, supervises=True), ticked).result == PROVED


def test_the_usual_list_is_the_one_of_the_document() -> None:
    text = Path(__file__).resolve().parents[2].joinpath("docs", "identity.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `([a-z-]+)` \| ([A-Z][^|]+) \|$", text, re.MULTILINE))
    assert listed == dict(USUAL_CHECKLIST)
