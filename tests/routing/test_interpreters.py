"""Who interprets, in which order they are rung, and what is left of a schedule where nobody does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from routing.interpreters import ROUNDS, Interpreter, interpreted, turns
from routing.relax import USUAL, without_interpreter

LANGUAGES = ("es-US", "fil-PH", "zh-CN")


def interpreters() -> st.SearchStrategy[list[Interpreter]]:
    tongues = st.lists(st.frozensets(st.sampled_from(LANGUAGES), min_size=1), max_size=5)
    return tongues.map(
        lambda drawn: [Interpreter(f"i{index}", f"+1312555019{index}", spoken) for index, spoken in enumerate(drawn)]
    )


@given(interpreters(), st.sampled_from(LANGUAGES))
def test_everybody_with_the_language_is_rung_in_the_written_order_and_then_once_more(
    known: list[Interpreter], language: str
) -> None:
    able = [one.id for one in known if language in one.languages]
    assert turns(known, language) == tuple(able * ROUNDS)
    assert interpreted(known, language) == bool(turns(known, language))


def test_a_schedule_without_an_interpreter_keeps_everything_else_in_its_place() -> None:
    kept = without_interpreter(USUAL)
    assert [step.give for step in kept] == ["level", "level", "edges", "overflow"]
    assert set(kept) < set(USUAL)
    assert without_interpreter(kept) == kept
