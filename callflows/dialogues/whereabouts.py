"""Where the patient is now: whoever gives clinical advice must be licensed there, and help must find them.

A nurse is chosen by the state, so that it is asked before one is looked for; a page needs no place, so that everything
is asked while it runs. Never before the screening has ended. However it is answered, care goes on: where the state
cannot be had it is noted as not known, so that no nurse is looked for and the clinician on call is paged at once.
"""

from __future__ import annotations

from callflows.dialogues.promises import confirmed
from callflows.dialogues.questions import SearchEnded, WantsPerson, ask, digits, judge, reply_of, yes_or_no
from callflows.prompts.states import state_name
from callflows.values import Call
from callflows.vocabulary import Dialogue, Do, Fact, NoteCall, Silence
from callflows.vocabulary.hearing import NO, YES

ADDRESS, STATE, NUMBER = EVERYTHING = ("address", "state", "number")
"""What may be asked while somebody is being paged: where to send help, who may advise, and where to call back."""

NOT_KNOWN = ""
ONE_TRY = range(1)
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


def list_wanted(call: Call, *wanted: str) -> tuple[str, ...]:
    """What is ``wanted``, and a number of callers whose own cannot be rung: a line may drop before anybody came."""
    return wanted if call.urgent_number or call.number else (*wanted, NUMBER)


def ask_number(call: Call) -> Dialogue:
    """The call, with a number to call back at where the caller's own cannot be rung and they give one."""
    if not list_wanted(call):
        return call
    try:
        number = yield from number_meanwhile(call, "symptom/number")
    except WantsPerson:
        return call
    return call.reached_at(number)


def ask_where(call: Call, key: str, wanted: tuple[str, ...]) -> Dialogue:
    """Ask for what is ``wanted`` while somebody is being rung. What is said is kept as every answer is.

    Whoever is silent at the address cannot speak and is asked nothing more, nor is whoever asks for a person. A number
    that was given is not asked for again, and the state is asked at length where no address is. Returns the call, with
    the number to call back where one was given, and who came meanwhile: None where nobody has yet.
    """
    paged = call.while_paged()
    try:
        if ADDRESS in wanted:
            answer = yield ask(paged, f"{key}/address", call.lines("where.address"))
            judge(paged, answer)
            if answer == Silence():
                return call, None
        if STATE in wanted:
            yield from (state_in_one(paged) if ADDRESS in wanted else whereabouts(paged))
        if NUMBER not in wanted or call.number:
            return call, None
        number = yield from number_meanwhile(paged, f"{key}/number")
    except SearchEnded as ended:
        return call, ended.answer
    except WantsPerson:
        return call, None
    return call.reached_at(number), None


def state_in_one(call: Call) -> Dialogue:
    """Note the state, asked for once: nobody in an emergency is asked for a ZIP code."""
    state = call.practice.state
    if state == NOT_KNOWN:
        return
    answer = yield ask(call, "where/state", (call.line("symptom.here", state=state_name(state, call.language)),))
    here = reply_of(call, answer) == YES
    yield Do("where/noted", NoteCall(patient_state=state if here else NOT_KNOWN))


def number_meanwhile(call: Call, key: str) -> Dialogue:
    """The number to call back, in one try: "" for the one the caller calls from. Raises as ``judge`` does."""
    lines = call.lines("promise.anonymous")
    if call.urgent_number:
        answer = yield ask(call, f"{key}/same", call.lines("where.number"))
        if reply_of(call, answer) != NO:
            return ""
        lines = call.lines("promise.digits")
    keyed = yield from digits(call, f"{key}/digits", lines, 10, tries=ONE_TRY)
    checked = yield Fact(f"{key}/check", "number_to_ring", (("number", keyed),))
    if checked["fit"] != "yes":
        return ""
    right = yield from confirmed(call, f"{key}/right", checked["spoken"])
    return keyed if right else ""
