"""Names agree with what people say for them, and with nobody else's."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.identity import sound_keys, weigh
from callflows.identity.skeletons import skeleton
from tests.identity.spelled import spelled

GIVEN = ("Rosalind", "Max", "Georgina", "Tom", "Bartholomew", "Ann", "Lakshmi", "Oluwaseun")
FAMILY = ("Savage", "Okonkwo", "Fitzgerald", "Ng", "Wu", "Petrov", "Castellanos", "Abernathy")
NAMES = st.builds("{} {}".format, st.sampled_from(GIVEN), st.sampled_from(FAMILY))

SAME = [
    ("Max Savage", "Max Savage"),
    ("Max Savage", "my name is max savage"),
    ("Max Savage", "Savage, Max"),
    ("Max Savage", "Mac's salvage"),
    ("Savage, Max", "max savage"),
    ("Robert Fitzgerald", "Bob Fitzgerald"),
    ("Bob Fitzgerald", "Robert Fitzgerald"),
    ("Elizabeth Okonkwo", "this is Liz Okonkwo speaking"),
    ("Francisco Castellanos", "Paco Castellanos"),
    ("José Luis García López", "jose garcia"),
    ("José Luis García López", "José Luis García"),
    ("María Núñez", "maria nunez"),
    ("María del Carmen Núñez", "me llamo María Núñez"),
    ("Sean O'Connor", "Shaun O Connor"),
    ("Sean O’Connor", "sean oconnor"),
    ("Mary Smith-Jones", "Mary Smith Jones"),
    ("Mary Smith-Jones", "Mary Jones"),
    ("Mary-Anne Petrov", "Mary Anne Petrov"),
    ("Dr. Max Savage Jr.", "max savage"),
    ("Vincent van der Berg", "Vincent Vander Berg"),
    ("Anh Le", "Anh Le"),
    ("Don Abernathy", "don abernathy"),
    ("Catherine Bell", "Kathryn Bell"),
    ("Carl Barker", "call Barka"),
    ("Florence Allen", "Florin Sallen"),
    ("Justin Petrov", "just in Petrov"),
    ("Prince", "Prince"),
    ("Max Savage", "m a x s a v a g e"),
    ("Max Savage", "M as in Mary A X ray, S as in Sam A V for Victor A G E"),
    ("Veronica Tanner", "V ER O NI c a TA n n Er"),
    ("Molly Ng", "mike oscar double lima yankee november golf"),
]
RUN_TOGETHER = ("Florin Sallen", "call Barka")
"""Heard so far off that only a comparison finds them, and no key."""
OTHERS = [
    ("Max Savage", "Anna Savage"),
    ("Max Savage", "Max Petrov"),
    ("Max Savage", "Max"),
    ("Max Savage", "Savage"),
    ("Max Savage", "yes please"),
    ("Robert Fitzgerald", "Michael Fitzgerald"),
    ("Mary Smith-Jones", "Mary Petrov"),
    ("José Luis García López", "jose luis"),
    ("José Luis García López", "José Luis Castellanos"),
    ("María Núñez", "Mario Castellanos"),
    ("Anh Le", "Anh Tran"),
    ("Al Smith", "Mark Smith"),
    ("Max Savage", "m a x"),
    ("Max Savage", "max max"),
]


@pytest.mark.parametrize(("held", "said"), SAME)
def test_a_name_agrees_with_what_people_say_for_it(held: str, said: str) -> None:
    weight = weigh("name", ((said,),), held, "en-US")
    assert weight.agrees, weight
    assert weight.log_ratio > 2


@pytest.mark.parametrize(("held", "said"), OTHERS)
def test_half_a_name_and_another_name_do_not_agree(held: str, said: str) -> None:
    assert not weigh("name", ((said,),), held, "en-US").agrees


@given(NAMES, st.integers(0, 3))
def test_a_name_that_is_spelled_agrees(name: str, style: int) -> None:
    assert weigh("name", ((spelled(name, style),),), name, "en-US").agrees


@given(NAMES, NAMES)
def test_a_name_agrees_with_another_only_where_both_are_alike(one: str, other: str) -> None:
    assert weigh("name", ((one,),), other, "en-US").agrees == (one == other)


def test_a_frequent_name_says_less_than_a_rare_one() -> None:
    frequent = weigh("name", (("Maria Garcia",),), "Maria Garcia", "en-US")
    rare = weigh("name", (("Lakshmi Abernathy",),), "Lakshmi Abernathy", "en-US")
    assert frequent.log_ratio < rare.log_ratio - 1


def test_given_name_and_family_name_may_be_told_at_different_attempts() -> None:
    assert weigh("name", (("savage",), ("m a x",)), "Max Savage", "en-US").agrees


def test_further_alternatives_count_a_little_less() -> None:
    first = weigh("name", (("Maria Garcia", "marina garage"),), "Maria Garcia", "en-US")
    second = weigh("name", (("marina garage", "Maria Garcia"),), "Maria Garcia", "en-US")
    assert second.agrees
    assert second.log_ratio < first.log_ratio


def test_more_words_are_not_more_chances() -> None:
    listed = "Anna Rosalind Max Tom Georgina Savage"
    assert not weigh("name", ((listed,),), "Max Wu", "en-US").agrees
    assert (
        weigh("name", ((listed,),), "Max Savage", "en-US").log_ratio
        < weigh("name", (("Max Savage",),), "Max Savage", "en-US").log_ratio
    )


@pytest.mark.parametrize("name", ["Ana Ruiz", "Evelyn Carter", "Olga Barnes"])
@pytest.mark.parametrize(
    "listed",
    [
        "Ana Ruiz Evelyn Carter Olga Barnes",
        "my name is Ana Ruiz, Evelyn Carter or Olga Barnes",
        "Ana Ruiz Barnes Evelyn Olga Carter Ana Ruiz",
        "Ana Evelyn Olga Ruiz Carter Barnes Petrov Savage Wu",
    ],
)
def test_whoever_lists_names_has_none_of_them(name: str, listed: str) -> None:
    assert not weigh("name", ((listed,),), name, "en-US").agrees


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("José Luis García López", "José Luis García López"),
        ("María José de la Luz García López", "me llamo María José de la Luz García López"),
        ("Evelyn Carter", "Evelyn Carter, Evelyn Carter, yes, Evelyn Carter"),
    ],
)
def test_a_long_name_and_one_that_is_said_again_are_no_list(held: str, said: str) -> None:
    assert weigh("name", ((said,),), held, "en-US").agrees


@pytest.mark.parametrize(
    ("held", "said"), [pair for pair in SAME if 2 <= len(pair[1].split()) < 4 and pair[1] not in RUN_TOGETHER]
)
def test_what_is_said_for_a_name_shares_a_key_with_it(held: str, said: str) -> None:
    assert set(sound_keys(held)) & set(sound_keys(said))


@given(st.text(max_size=400))
def test_keys_are_few_short_and_the_same_each_time(name: str) -> None:
    keys = sound_keys(name)
    assert keys == sound_keys(name)
    assert len(keys) == len(set(keys)) <= 8
    assert all(0 < len(key) <= 4 and set(key) <= set(string.ascii_uppercase + "0") for key in keys)


def test_nothing_has_no_key() -> None:
    assert sound_keys("") == sound_keys("  ") == sound_keys("123 !") == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("bolt", "polt"), ("tad", "dat"), ("zoo", "sue"), ("phil", "vil"), ("knight", "nite"), ("clark", "clock")],
)
def test_words_that_a_telephone_makes_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("max", "tom"), ("savage", "petrov"), ("ann", "tan"), ("john", "don"), ("cab", "car")]
)
def test_words_that_sound_otherwise_have_another(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)
