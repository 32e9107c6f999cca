from __future__ import annotations

import pytest

from callflows.vocabulary import Fact, Known, NoteCall, OpenPromise, Pressed, Spoke

PRIVATE = "Quillfeather"


@pytest.mark.parametrize(
    "value",
    [
        Pressed(PRIVATE),
        Spoke(PRIVATE, 0.9),
        Spoke("words", 0.9, danger=PRIVATE, reply=PRIVATE, wish=PRIVATE, flag=PRIVATE),
        Known((("complaint", PRIVATE),)),
        Fact("match", "patient_match", (("date_of_birth", PRIVATE),)),
        NoteCall(complaint=PRIVATE),
        NoteCall(patient_state=PRIVATE),
        OpenPromise("callback", "billing", "now + 1h", number=PRIVATE),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_patient_said_is_in_no_representation(value: object) -> None:
    assert PRIVATE not in repr(value)
    assert type(value).__name__ in repr(value)
