"""Whatever is said, nothing raises, and the same gives the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.identity import ITEMS, Held, Rule, decide, read_dates, read_digits, sound_keys, weigh

LANGUAGES = ("en-US", "en-GB", "es-US", "es-MX", "")
HELD = Held("Rosalind Okonkwo-Hart", "1974-09-08", "60614", "MX20417", "+13125550142")
ABSURD = (
    *(
        "",
        " ",
        "\0",
        "\0\0 12",
        "😀 🎂 👨‍👩‍👧",
        "a" * 10_000,
        "one " * 2_500,
        "9" * 10_000,
        "may " * 2_500,
        "for " * 99,
    ),
    *("double", "double double double", "and", "y", "thousand", "mil mil mil", "hundred hundred", "x ray", "B as in"),
    *("٣ ٤ ١٩٨٠", "½ ²", "ß ı İ ﬁ", "-", "+", "&&&", "0", "00000000", "29 02 1900", "mm", "mmx", "1st", "Ⅷ"),
)
ODD_WORDS = "one twenty thousand hundred mil cien y and double triple oh march may 19 80 2000 0 st 1st for as in x ray"
WORDS = st.sampled_from(ODD_WORDS.split())
TEXTS = st.text(max_size=60) | st.lists(WORDS, max_size=14).map(" ".join)
ANSWERS = st.lists(TEXTS, max_size=4).map(tuple)


@pytest.mark.parametrize("text", ABSURD, ids=range(len(ABSURD)))
def test_absurd_words_are_read_without_harm(text: str) -> None:
    for language in LANGUAGES:
        read_dates((text,), language)
        read_digits((text,), language)
        for item in ITEMS:
            weigh(item, ((text,), (), ("", text)), getattr(HELD, item), language)
            weigh(item, ((text, text),), text, language)
    sound_keys(text)
    decide(dict.fromkeys(ITEMS, ((text,),)), [HELD, Held()], Rule())


@given(st.lists(ANSWERS, max_size=3), TEXTS, st.sampled_from(ITEMS), st.sampled_from(LANGUAGES))
def test_any_words_against_any_record_give_the_same_each_time(
    said: list[tuple[str, ...]], held: str, item: str, language: str
) -> None:
    weight = weigh(item, said, held, language)
    assert weight == weigh(item, said, held, language)
    assert -6 <= weight.log_ratio <= 12


@given(ANSWERS, st.sampled_from(LANGUAGES))
def test_what_is_read_is_a_date_or_digits(answer: tuple[str, ...], language: str) -> None:
    assert all(len(each) == 10 and each[4] == each[7] == "-" for each in read_dates(answer, language))
    assert all(each.isdigit() and each.isascii() for each in read_digits(answer, language))


def test_an_unknown_item_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        weigh("shoe_size", (("42",),), "42", "en-US")
