"""Answers survive being written down."""

from __future__ import annotations

import inspect
import traceback
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows import vocabulary
from callflows.answers import UnreadableAnswer, read, write
from callflows.vocabulary import Answer, Known, Pressed

KINDS = [
    kind
    for _, kind in inspect.getmembers(vocabulary, inspect.isclass)
    if issubclass(kind, Answer) and kind is not Answer
]
TEXT = st.text(st.characters(codec="utf-8"))
VALUES = {
    "str": TEXT,
    "bool": st.booleans(),
    "int": st.integers(),
    "float | None": st.none() | st.floats(0, 1),
    "tuple[tuple[str, str], ...]": st.lists(st.tuples(TEXT, TEXT)).map(tuple),
}


def any_of(kind: type[Answer]) -> st.SearchStrategy[Answer]:
    return st.builds(kind, *(VALUES[str(field.type)] for field in fields(kind)))


@given(st.sampled_from(KINDS).flatmap(any_of))
def test_what_is_written_is_read_back_exactly(answer: Answer) -> None:
    assert read(write(answer)) == answer


@given(st.sampled_from(KINDS).flatmap(any_of))
def test_an_answer_is_one_line(answer: Answer) -> None:
    assert "\n" not in write(answer)


@pytest.mark.parametrize(
    "damaged",
    ["", "Pressed", "5", '"Pressed"', "[]", '["Pressed"]', '["Pressed", "1", "2"]', '["Unheard", "1"]', '["Known", 5]'],
)
def test_damaged_text_is_refused(damaged: str) -> None:
    with pytest.raises(UnreadableAnswer):
        read(damaged)


@pytest.mark.parametrize("damaged", ['["Known", [["complaint"]]]', '["Known", [["private words", "b", "c"]]]'])
def test_a_damaged_fact_is_refused(damaged: str) -> None:
    with pytest.raises(UnreadableAnswer):
        read(damaged)


@pytest.mark.parametrize("damaged", ['["Pressed", "canary"', '["canary"]', '["Known", [["canary", "b", "c"]]]'])
def test_what_the_caller_said_is_in_no_error(damaged: str) -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        read(damaged)
    shown = "".join(traceback.format_exception(caught.value, chain=True))
    assert "canary" not in shown.replace(damaged, "")
    assert caught.value.__suppress_context__


def test_a_fact_is_read_by_name() -> None:
    fact = Known((("found", "one"),))
    assert fact["found"] == "one"
    assert fact.get("patient") == ""


def test_no_other_name_leads_to_an_answer() -> None:
    assert read(write(Pressed("1"))) == Pressed("1")
    with pytest.raises(UnreadableAnswer):
        read('["Answer"]')
