"""Answers survive being written down."""

from __future__ import annotations

import inspect
import json
import traceback
from dataclasses import dataclass, fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflows import vocabulary
from callflows.engine.answers import STORED, Format, Stored, UnreadableAnswer, read, write
from callflows.vocabulary import (
    Answer,
    CodeChecked,
    CutShort,
    DialEnded,
    Done,
    Granted,
    Interrupted,
    InVain,
    Joined,
    Known,
    MessageLeft,
    NobodyCame,
    NotReached,
    PersonLeft,
    PinChecked,
    Pressed,
    SetAside,
    Silence,
    Spoke,
    WaitBroke,
)

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


ANSWERS = st.sampled_from(KINDS).flatmap(any_of)
FORMS = st.booleans()

BY_POSITION = {
    '["Pressed", "12"]': Pressed("12"),
    '["Spoke", "a cita", 0.87]': Spoke("a cita", 0.87),
    '["Spoke", "a cita", null]': Spoke("a cita"),
    '["Spoke", "a cita"]': Spoke("a cita"),
    '["Silence"]': Silence(),
    '["PinChecked", false]': PinChecked(False),
    '{"CodeChecked": {"how": "wrong"}}': CodeChecked("wrong"),
    '["MessageLeft", "rec-1", 47]': MessageLeft("rec-1", 47),
    '["Joined", "ana", "agent", true]': Joined("ana", "agent", interpreter=True),
    '["Joined", "dr-lee", "clinician"]': Joined("dr-lee", "clinician"),
    '["NobodyCame", "no-one-awake"]': NobodyCame("no-one-awake"),
    '["WaitBroke", "queue-full"]': WaitBroke("queue-full"),
    '["PersonLeft", "agent"]': PersonLeft("agent"),
    '{"CutShort": {"role": "agent"}}': CutShort("agent"),
    '{"SetAside": {}}': SetAside(),
    '["NotReached"]': NotReached(),
    '["DialEnded", true]': DialEnded(True),
    '["Known", [["kept", "no"], ["place", "3"]]]': Known((("kept", "no"), ("place", "3"))),
    '{"InVain": {"then": "again", "rung": false}}': InVain("again", rung=False),
    '["Done"]': Done(),
    '["Granted", true, false]': Granted(True, caller_here=False),
    '["Granted", true]': Granted(True),
    '["Interrupted", "taken-over"]': Interrupted("taken-over"),
}
"""Rows as they were written before there were names, and the row of a kind that came later."""

BY_NAME = {
    '{"Pressed": {"digits": "12"}}': Pressed("12"),
    '{"Spoke": {"words": "a cita", "confidence": 0.87}}': Spoke("a cita", 0.87),
    '{"Spoke": {"words": "a cita"}}': Spoke("a cita"),
    '{"Silence": {}}': Silence(),
    '{"PinChecked": {"right": false}}': PinChecked(False),
    '{"CodeChecked": {"how": "right"}}': CodeChecked("right"),
    '{"MessageLeft": {"recording": "rec-1", "seconds": 47}}': MessageLeft("rec-1", 47),
    '{"Joined": {"person": "ana", "role": "agent", "interpreter": true}}': Joined("ana", "agent", interpreter=True),
    '{"Joined": {"person": "ana", "role": "agent"}}': Joined("ana", "agent"),
    '{"NobodyCame": {"why": "full"}}': NobodyCame("full"),
    '{"WaitBroke": {"why": "queue-full"}}': WaitBroke("queue-full"),
    '{"PersonLeft": {"person": "agent"}}': PersonLeft("agent"),
    '{"CutShort": {"role": "agent"}}': CutShort("agent"),
    '{"SetAside": {}}': SetAside(),
    '{"NotReached": {}}': NotReached(),
    '{"InVain": {"then": "given-up"}}': InVain("given-up"),
    '{"Granted": {"won": true, "caller_here": false, "number": false}}': Granted(True, False, False),
    '{"DialEnded": {"connected": true}}': DialEnded(True),
    '{"Known": {"value": [["kept", "no"]]}}': Known((("kept", "no"),)),
    '{"Done": {}}': Done(),
    '{"Granted": {"won": true, "caller_here": false}}': Granted(True, caller_here=False),
    '{"Granted": {"won": true}}': Granted(True),
    '{"Interrupted": {"how": "hung-up"}}': Interrupted("hung-up"),
}


@given(ANSWERS, FORMS)
def test_what_is_written_is_read_back_exactly(answer: Answer, by_name: bool) -> None:
    assert read(write(answer, by_name=by_name)) == answer


@given(ANSWERS, FORMS)
def test_an_answer_is_one_line(answer: Answer, by_name: bool) -> None:
    assert "\n" not in write(answer, by_name=by_name)


@pytest.mark.parametrize("text", BY_POSITION)
def test_a_row_of_values_means_what_it_meant_when_it_was_written(text: str) -> None:
    assert read(text) == BY_POSITION[text]


@pytest.mark.parametrize("text", BY_NAME)
def test_a_row_of_names_is_read_and_written_to_the_letter(text: str) -> None:
    assert read(text) == BY_NAME[text]
    assert write(BY_NAME[text]) == text


@pytest.mark.parametrize("recorded", [BY_POSITION, BY_NAME])
def test_every_kind_of_answer_has_a_recorded_row(recorded: dict[str, Answer]) -> None:
    assert {type(answer) for answer in recorded.values()} == set(KINDS) == {one.kind for one in STORED.values()}


@given(ANSWERS)
def test_the_order_of_the_names_means_nothing(answer: Answer) -> None:
    ((kind, held),) = json.loads(write(answer)).items()
    assert read(json.dumps({kind: dict(reversed(held.items()))})) == answer


# -- the classes change, the rows do not ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arrived(Answer):
    """``Joined`` after years: renamed, its fields in another order, one renamed, and one new."""

    role: str
    who: str
    interpreter: bool = False
    by: str = "telephone"


@dataclass(frozen=True, slots=True)
class Hummed(Answer):
    """A kind of answer that the older form never held."""

    tune: str


LATER = Format(
    {
        "Joined": Stored(Arrived, ("person", "role", "interpreter"), words=(("who", "person"),)),
        "Hummed": Stored(Hummed),
    }
)


@pytest.mark.parametrize(
    "row",
    [
        '["Joined", "ana", "agent", true]',
        '{"Joined": {"person": "ana", "role": "agent", "interpreter": true}}',
    ],
)
def test_a_renamed_and_reordered_class_reads_its_old_rows(row: str) -> None:
    assert LATER.read(row) == Arrived(who="ana", role="agent", interpreter=True)


def test_a_renamed_and_reordered_class_writes_what_the_release_before_it_reads() -> None:
    arrived = Arrived(who="ana", role="agent", interpreter=True)
    assert LATER.write(arrived, by_name=False) == '["Joined", "ana", "agent", true]'
    assert read(LATER.write(arrived)) == Joined("ana", "agent", interpreter=True)


def test_what_the_older_form_cannot_hold_is_written_by_name() -> None:
    online = Arrived(who="ana", role="agent", by="internet")
    assert LATER.read(LATER.write(online, by_name=False)) == online
    assert LATER.write(Hummed("la"), by_name=False) == '{"Hummed": {"tune": "la"}}'
    with pytest.raises(UnreadableAnswer):
        LATER.read('["Hummed", "la"]')


def test_a_field_that_this_release_does_not_know_is_refused_rather_than_passed_over() -> None:
    with pytest.raises(UnreadableAnswer):
        read(LATER.write(Arrived(who="ana", role="agent", by="internet")))


# -- a process of the release before runs beside this one -----------------------------------------


def read_by_the_release_before(text: str) -> Answer:
    """The reader of the last release that knew positions only, word for word."""
    kinds = {kind.__name__: kind for kind in KINDS}
    try:
        kind, *values = json.loads(text)
        return frozen_by_the_release_before(kinds[kind](*values))
    except (ValueError, KeyError, TypeError):
        raise UnreadableAnswer from None


def frozen_by_the_release_before(answer: Answer) -> Answer:
    if isinstance(answer, Known):
        return Known(tuple((str(name), str(value)) for name, value in answer.value))
    return answer


@given(ANSWERS)
def test_the_release_before_reads_what_is_written_by_position(answer: Answer) -> None:
    written = write(answer, by_name=False)
    if written.startswith("["):
        assert read_by_the_release_before(written) == answer


@given(ANSWERS)
def test_only_what_the_release_before_did_not_have_is_not_written_by_position(answer: Answer) -> None:
    marked = isinstance(answer, Spoke) and any((answer.danger, answer.reply, answer.wish, answer.flag))
    later = (
        isinstance(answer, CodeChecked | InVain | CutShort | SetAside)
        or (isinstance(answer, Granted) and not answer.number)
        or marked
    )
    assert write(answer, by_name=False).startswith("{" if later else "[")


@given(ANSWERS)
def test_the_release_before_takes_no_row_of_names_for_something_else(answer: Answer) -> None:
    try:
        assert read_by_the_release_before(write(answer)) == answer
    except UnreadableAnswer:
        assert fields(answer)


# -- damage --------------------------------------------------------------------------------------

DAMAGED = (
    *("", "Pressed", "5", "null", '"Pressed"', "[]", "[[]]", "{}", '["Pressed"]', '["Pressed", "1", "2"]'),
    *('["Unheard", "1"]', '["Known", 5]', '{"Pressed": {}}', '{"Pressed": ["1"]}', '{"Pressed": "1"}'),
    *('{"Pressed": {"keys": "1"}}', '{"Unheard": {}}', '{"Pressed": {"digits": "1"}, "Done": {}}', "[" * 100_000),
)


@pytest.mark.parametrize("damaged", DAMAGED, ids=range(len(DAMAGED)))
def test_damaged_text_is_refused(damaged: str) -> None:
    with pytest.raises(UnreadableAnswer):
        read(damaged)


@given(ANSWERS, FORMS, st.data())
def test_a_row_that_was_cut_short_is_refused(answer: Answer, by_name: bool, data: Any) -> None:
    text = write(answer, by_name=by_name)
    with pytest.raises(UnreadableAnswer):
        read(text[: data.draw(st.integers(0, len(text) - 1))])


@pytest.mark.parametrize("damaged", ['["Known", [["complaint"]]]', '["Known", [["private words", "b", "c"]]]'])
def test_a_damaged_fact_is_refused(damaged: str) -> None:
    with pytest.raises(UnreadableAnswer):
        read(damaged)


@pytest.mark.parametrize(
    "damaged",
    [
        *('["Pressed", "canary"', '["canary"]', '["Known", [["canary", "b", "c"]]]', '{"Pressed": {"canary": "1"}}'),
        *('{"canary": {}}', '{"Known": {"value": "canary"}}'),
    ],
)
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
