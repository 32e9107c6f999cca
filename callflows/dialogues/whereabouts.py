"""Where the patient is now: whoever gives clinical advice must be licensed there.

One question in the usual case, never before the screening has ended. However it is answered, care goes on: where the
state cannot be had it is noted as not known, so that no nurse is looked for and the clinician on call is paged at once.
"""

from __future__ import annotations

from callflows.dialogues.questions import WantsPerson, digits, yes_or_no
from callflows.prompts.states import state_name
from callflows.values import Call
from callflows.vocabulary import Dialogue, Do, Fact, NoteCall
from callflows.vocabulary.hearing import NO, YES

NOT_KNOWN = ""
ZIP_CODES = range(2)
"""How many ZIP codes may be given: callers are ill, and the clinician on call can ask as well."""


def whereabouts(call: Call) -> Dialogue:
    """The state in which the patient is now, noted on the call; NOT_KNOWN where it cannot be had.

    Raises SymptomHeard at words of a red flag.
    """
    state = call.practice.state
    answer = yield from is_in(call, "symptom/state", "symptom.here", state)
    if answer == YES:
        yield Do("symptom/here", NoteCall(patient_state=state))
        return state
    # Before anything else is asked: who hangs up now is called back by somebody who knows that much.
    yield Do("symptom/elsewhere", NoteCall(patient_state=NOT_KNOWN))
    if answer != NO:
        return NOT_KNOWN
    state = yield from state_by_zip(call)
    if state != NOT_KNOWN:
        yield Do("symptom/there", NoteCall(patient_state=state))
    return state


def state_by_zip(call: Call) -> Dialogue:
    """The state of a ZIP code that was typed and read back; NOT_KNOWN where the code tells none, or none is given."""
    lines = call.lines("symptom.zip")
    for attempt in ZIP_CODES:
        try:
            keyed = yield from digits(call, f"symptom/zip/{attempt}", lines, 5)
        except WantsPerson:
            return NOT_KNOWN
        found = yield Fact(f"symptom/zip/{attempt}/state", "state_of_zip", (("zip", keyed),))
        right = yield from is_in(call, f"symptom/there/{attempt}", "symptom.there", found["state"])
        if right == YES:
            return found["state"]
        if right != NO:
            return NOT_KNOWN
        lines = call.lines("symptom.zip_again")
    return NOT_KNOWN


def is_in(call: Call, key: str, prompt: str, state: str) -> Dialogue:
    """Whether the patient is in ``state``: YES, NO (at once where it is NOT_KNOWN), DOUBT or "unclear"."""
    if state == NOT_KNOWN:
        return NO
    try:
        answer = yield from yes_or_no(call, key, (call.line(prompt, state=state_name(state, call.language)),))
    except WantsPerson:
        return "unclear"
    return answer
