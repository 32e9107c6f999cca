"""Yes, no and doubt in callers' words. What is unclear is never a no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows.vocabulary.hearing import DOUBT, NO, YES
from ivr.hearing.replies import DOUBTS, NOES, YESES, denies_wellness, plain_reply, read_reply

ENOUGH = 60
"""Forms of each reply in each language."""
SAID = "no | yes | not | maybe | chest | pain | sí | nada | he | is | isn't | a | little | refill | don't | think | so"
WORDS = st.sampled_from(SAID.split(" | "))


@pytest.mark.parametrize(
    "words",
    [
        *(
            "yes",
            "Yes.",
            "yeah",
            "YEP",
            "uh huh",
            "mm-hmm",
            "yes he does",
            "um well yes",
            "yes please",
            "oh my god yes",
        ),
        *("of course", "absolutely", "I am", "she has", "afraid so", "both", "yes get me a person", "that's right"),
        *(
            "sí",
            "si",
            "Sí, mucho",
            "claro que sí",
            "así es",
            "le duele",
            "sí señora",
            "por supuesto",
            "tiene mucha fiebre",
        ),
    ],
)
def test_a_yes_is_one_whatever_follows(words: str) -> None:
    assert read_reply(words) == YES


@pytest.mark.parametrize(
    "words",
    [
        *(
            "no",
            "No, no",
            "nope",
            "no thank you",
            "not at all",
            "no I don't",
            "he isn't",
            "no it is not",
            "of course not",
        ),
        *("none of that", "nothing like that", "I'm fine", "no sir", "um no", "no we're fine thanks"),
        *("no señora", "para nada", "no, para nada", "claro que no", "nada de eso", "no tiene nada", "no gracias"),
        *("ninguno de esos", "tampoco", "no hay nadie", "todos estamos bien"),
    ],
)
def test_a_short_no_and_nothing_else_is_one(words: str) -> None:
    assert read_reply(words) == NO


@pytest.mark.parametrize(
    "words",
    [
        *("maybe", "I think so", "I don't think so", "not really", "a little", "kind of", "I don't know", "not sure"),
        *("yes no I mean", "no, well, maybe", "I guess", "what?", "it depends", "no, a little", "yes I think so"),
        *("no sé", "No sé, un poquito", "creo que no", "tal vez", "más o menos", "quién sabe", "no mucho", "a veces"),
        *("sí y no", "mande", "no que yo sepa"),
    ],
)
def test_a_doubt_is_neither_yes_nor_no(words: str) -> None:
    assert read_reply(words) == DOUBT


@pytest.mark.parametrize(
    "words",
    [
        *("", "   ", "blue umbrella", "no he's not breathing", "no just a refill please", "I need a nurse", "1980"),
        *("no but his lips are blue", "no puede respirar", "no lo veo despertar desde hace rato", "agent"),
    ],
)
def test_a_no_that_goes_on_is_no_reply(words: str) -> None:
    assert read_reply(words) not in (YES, NO)


@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_a_no_never_holds_a_yes_a_doubt_or_an_illness(words: str) -> None:
    if read_reply(words) == NO:
        assert not {"yes", "sí", "maybe", "pain", "chest", "little", "think"} & set(words.split())


@given(st.text(max_size=80))
def test_whatever_is_said_is_read(words: str) -> None:
    assert read_reply(words) in (YES, NO, DOUBT, "")


@pytest.mark.parametrize("forms", [YESES, NOES, DOUBTS], ids=["yes", "no", "doubt"])
def test_there_are_enough_forms_and_none_has_two_meanings(forms: tuple[tuple[str, ...], ...]) -> None:
    assert len(forms) >= 1.7 * ENOUGH
    assert sum(form in YESES for form in forms) + sum(form in NOES for form in forms) + sum(
        form in DOUBTS for form in forms
    ) == len(forms)


@pytest.mark.parametrize(
    "words",
    [
        *("I'm not well", "they are not well", "we aren't well", "she isn't okay", "it's not okay", "not at all well"),
        *("oh no I'm not well", "definitely not well", "nobody is okay", "no one is well", "I don't feel good"),
        *("he doesn't feel right", "I'm not myself", "she is not doing so well", "no I'm not feeling very well"),
        *(
            "no estoy bien",
            "no estoy bueno",
            "no está bueno",
            "no me siento bien",
            "no, no está bien",
            "nadie está bien",
        ),
        *("no es el mismo", "no se siente muy bien", "that's not right", "it ain't right"),
    ],
)
def test_a_no_to_being_well_is_no_clear_no(words: str) -> None:
    assert read_reply(words) == DOUBT


@pytest.mark.parametrize("words", ["no, I'm fine", "no we're fine", "no, okay", "no, bueno, gracias", "no, all good"])
def test_a_no_beside_being_well_is_one_where_it_denies_something_else(words: str) -> None:
    assert read_reply(words) == NO


@pytest.mark.parametrize("words", ["that's not the right number", "I don't have the right one", "not the same one"])
def test_what_is_not_the_right_thing_is_nobodys_illness(words: str) -> None:
    assert not denies_wellness(plain_reply(words))
