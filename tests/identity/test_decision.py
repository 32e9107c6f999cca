"""One record, one more item, or nobody: never the wrong record, and never a word about which item failed."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.identity import ITEMS, Decision, Held, Rule, Said, Weight, decide, weigh
from callflows.identity.decision import MARGIN, THRESHOLD

FATHER = Held("Tomasz Petrov", "1951-03-14", "60614", "M20417", "+13125550142")
SON = replace(FATHER, date_of_birth="1980-11-02", mrn="M31999")
TWIN = replace(SON, name="Rosalind Petrov", mrn="M31998")
NEIGHBOUR = Held("Lakshmi Abernathy", "1980-11-02", "60614", "M77001", "+13125550188")
EVERYBODY = [FATHER, SON, TWIN, NEIGHBOUR]

GIVEN = st.sampled_from(["Tomasz", "Rosalind", "Lakshmi", "Georgina", "Oluwaseun", "Bartholomew"])
FAMILY = st.sampled_from(["Petrov", "Abernathy", "Castellanos", "Ng", "Garcia"])
DATES = st.sampled_from(["1951-03-14", "1980-11-02", "1980-11-03", "2009-07-30"])
ZIPS = st.sampled_from(["60614", "60618", "33101"])
PHONES = st.sampled_from(["+13125550142", "+13125550188", "+17735550100"])
RECORDS = st.builds(Held, st.builds("{} {}".format, GIVEN, FAMILY), DATES, ZIPS, st.just(""), PHONES)
HOUSEHOLDS = st.lists(RECORDS, min_size=1, max_size=6, unique=True).map(
    lambda some: [replace(each, mrn=f"M{place:05}") for place, each in enumerate(some)]
)


def told(held: Held, *items: str) -> dict[str, tuple[Said, ...]]:
    """What somebody says who reads a record out, of some items."""
    return {item: ((getattr(held, item),),) for item in items}


def test_a_date_and_one_more_item_are_enough() -> None:
    for item in ("name", "zip", "mrn", "phone_on_file"):
        assert decide(told(FATHER, "date_of_birth", item), EVERYBODY[:1], Rule()) == Decision("one", 0)


@pytest.mark.parametrize("item", ITEMS)
def test_one_item_is_not_enough(item: str) -> None:
    assert decide(told(FATHER, item), [FATHER], Rule()) == Decision("none", None)


def test_what_is_required_cannot_be_made_up_for() -> None:
    said = told(FATHER, "name", "zip", "mrn", "phone_on_file")
    assert decide(said, [FATHER], Rule()) == Decision("none", None)
    assert decide(said, [FATHER], Rule(require=())).kind == "one"
    assert decide(told(FATHER, "date_of_birth", "zip"), [FATHER], Rule(need=3)).kind == "none"


def test_father_and_son_of_one_name_are_told_apart_by_their_dates() -> None:
    for index, held in enumerate((FATHER, SON)):
        assert decide(told(held, "date_of_birth", "name"), [FATHER, SON], Rule()) == Decision("one", index)


def test_twins_at_one_address_are_never_chosen_between() -> None:
    household = [FATHER, SON, TWIN]
    assert decide(told(SON, "date_of_birth", "zip"), household, Rule()).kind == "more"
    assert decide(told(SON, "date_of_birth", "phone_on_file"), household, Rule()).kind == "more"
    assert decide(told(TWIN, "date_of_birth", "zip", "name"), household, Rule()) == Decision("one", 2)
    assert decide(told(SON, "date_of_birth", "mrn"), household, Rule()) == Decision("one", 1)


def test_a_record_that_lacks_an_item_gets_no_evidence_from_it() -> None:
    bare = replace(FATHER, zip="", phone_on_file="")
    said = told(FATHER, "date_of_birth", "name", "zip", "phone_on_file")
    assert decide(said, [bare], Rule()) == Decision("one", 0)
    assert decide(told(FATHER, "date_of_birth", "zip"), [bare], Rule()).kind == "none"
    for item in ITEMS:
        assert weigh(item, ((getattr(FATHER, item),),), "", "en-US") == Weight(0.0, False)
        assert weigh(item, (), getattr(FATHER, item), "en-US") == Weight(0.0, False)
        assert weigh(item, ((), ("",)), getattr(FATHER, item), "en-US") == Weight(0.0, False)


def test_a_lone_item_that_is_wrong_among_right_ones_may_still_be_outweighed() -> None:
    said = told(FATHER, "date_of_birth", "name") | {"zip": (("33101",),)}
    assert decide(said, [FATHER], Rule()) == Decision("one", 0)


@given(HOUSEHOLDS, st.data())
def test_nobody_is_taken_for_another_in_their_household(household: list[Held], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(household) - 1))
    items = data.draw(st.sets(st.sampled_from(ITEMS)))
    found = decide(told(household[index], *items), household, Rule())
    assert found.kind != "one" or found.index == index
    alike = [
        each for each in household if all(getattr(each, item) == getattr(household[index], item) for item in items)
    ]
    assert len(alike) == 1 or found.kind != "one"


@given(HOUSEHOLDS, st.data())
def test_whoever_tells_everything_is_found(household: list[Held], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(household) - 1))
    assert decide(told(household[index], *ITEMS), household, Rule()) == Decision("one", index)


@given(HOUSEHOLDS, RECORDS, st.data())
def test_a_stranger_is_nobody_whichever_item_is_wrong(
    household: list[Held], stranger: Held, data: st.DataObject
) -> None:
    """The whole result is the same, so that no field of it can tell; only who has all that is asked is found."""
    victim = household[data.draw(st.integers(0, len(household) - 1))]
    wrong = replace(stranger, name="Winifred Umbridge", date_of_birth="1933-05-05", zip="90210")
    results = {
        decide(told(wrong, item) | told(victim, *({"name", "date_of_birth", "zip"} - {item})), [victim], Rule(need=3))
        for item in ("name", "date_of_birth", "zip")
    }
    assert results == {Decision("none", None)}


@given(HOUSEHOLDS)
def test_the_order_of_records_changes_nothing_but_the_index(household: list[Held]) -> None:
    said = told(household[0], "date_of_birth", "name", "zip")
    one, other = decide(said, household, Rule()), decide(said, household[::-1], Rule())
    assert one.kind == other.kind
    if one.kind == "one":
        assert one.index is not None
        assert other.index == len(household) - 1 - one.index


def test_every_item_of_every_record_is_weighed_whatever_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what is done nor how long it takes depends on the item that fails."""
    weighed: list[tuple[str, str]] = []

    def counting(item: str, said: object, language: str) -> object:
        return lambda held: (weighed.append((item, held)), Weight(0.0, False))[1]

    monkeypatch.setattr("callflows.identity.decision.weigher", counting)
    for said in ({}, told(FATHER, "zip"), told(FATHER, *ITEMS)):
        weighed.clear()
        decide(said, EVERYBODY, Rule())
        assert sorted(weighed) == sorted((item, getattr(held, item)) for held in EVERYBODY for item in ITEMS)


def test_nobody_is_found_among_no_records() -> None:
    assert decide(told(FATHER, *ITEMS), [], Rule()) == Decision("none", None)


def test_attempts_add_up_but_are_not_independent() -> None:
    once = weigh("zip", (("NG9 2TD",),), "NG9 2TD", "en-GB").log_ratio
    twice = weigh("zip", (("NG9 2TD",), ("NG9 2TD",)), "NG9 2TD", "en-GB").log_ratio
    then_wrong = weigh("zip", (("NG9 2TD",), ("LE4 6QP",)), "NG9 2TD", "en-GB").log_ratio
    assert then_wrong < once < twice < 2 * once


def test_more_attempts_than_anybody_is_asked_are_not_more_chances() -> None:
    guesses = tuple((f"{year}-05-04",) for year in range(1950, 1990))
    assert not weigh("date_of_birth", guesses, "1960-05-04", "en-US").agrees
    assert weigh("date_of_birth", guesses, "1989-05-04", "en-US").agrees


def test_a_guesser_of_dates_gets_less_than_who_knows() -> None:
    guessed = weigh("date_of_birth", (("1971-05-04",), ("1972-05-04",), ("1973-05-04",)), "1973-05-04", "en-US")
    known = weigh("date_of_birth", (("1973-05-04",),), "1973-05-04", "en-US")
    assert guessed.log_ratio <= known.log_ratio + 2


def test_the_threshold_is_more_than_a_date_alone_can_say_and_the_margin_is_real() -> None:
    assert weigh("date_of_birth", ((FATHER.date_of_birth,),), FATHER.date_of_birth, "en-US").log_ratio < THRESHOLD
    assert MARGIN > 0


def test_no_value_shows_a_patient_in_its_repr() -> None:
    for each in fields(Held):
        value = getattr(FATHER, each.name)
        assert value not in repr(FATHER)


def test_a_decision_has_no_room_for_an_item() -> None:
    assert {each.name for each in fields(Decision)} == {"kind", "index"}
