"""A professional proves for which listed organisation they call: by its code, and by a call-back to its listed number.

It is asked while a clinician is being rung, so that no page waits for it, and whoever accepts ends it. Nothing is lost
by failing but the proof. Nobody hears which organisations are listed, which number is, or what was wrong with a code.
"""

from __future__ import annotations

from dataclasses import replace

from callflows.dialogues.questions import SearchEnded, WantsPerson, ask, judge, reply_of
from callflows.values import Call
from callflows.vocabulary import (
    AskOrganisationCode,
    CodeChecked,
    Dialogue,
    Do,
    Fact,
    OpenPromise,
    Outcome,
    PauseRecording,
    ResumeRecording,
    RingListed,
    Say,
    TakenOver,
)
from callflows.vocabulary.hearing import YES

PROVED = "P"
"""The level of a professional who gave the code of their organisation and was reached at its listed number."""
TRIES = range(2)
SELECTOR_DIGITS, SECRET_DIGITS = 3, 6
DIGITS = SELECTOR_DIGITS + SECRET_DIGITS
"""A code: the first digits tell of which organisation it is, the others are its secret."""
RIGHT, WRONG = CodeChecked("right"), CodeChecked("wrong")
RUNG_BACK = Outcome("rung back")
"""The disposition of a line that was ended so that the listed number can be rung."""


def prove_organisation(call: Call, key: str, promise: OpenPromise) -> Dialogue:
    """Ask for the code and offer the call-back, while a clinician is being rung; in an emergency the line is kept.

    Returns RUNG_BACK where the line ends for it, with ``promise`` open; else who came meanwhile, None where nobody has
    yet. Raises SymptomHeard.
    """
    paged = call.while_paged()
    try:
        is_right = yield from ask_code(paged, f"{key}/code")
        if not is_right:
            return None
        if promise.urgency == "emergent":
            yield Say(f"{key}/known", paged.lines("listed.right"))
            return None
        return (yield from offer_call_back(paged, key, promise))
    except SearchEnded as ended:
        return ended.answer
    except WantsPerson:
        return None


def ask_code(call: Call, key: str) -> Dialogue:
    """Whether the right code was given. Raises as ``judge`` does.

    Nothing is recorded meanwhile: a recording would hold the code.
    """
    yield Do(f"{key}/unrecorded", PauseRecording())
    try:
        answer = yield from take_code(call, key)
    except TakenOver:
        yield Do(f"{key}/taken/recorded", ResumeRecording())
        raise
    yield Do(f"{key}/recorded", ResumeRecording())
    judge(call, answer)
    if answer == WRONG:
        yield Say(f"{key}/given-up", call.lines("listed.failed"))
    return answer == RIGHT


def take_code(call: Call, key: str) -> Dialogue:
    """What came of the code; a wrong one may be given anew once."""
    lines = call.lines("listed.code")
    for attempt in TRIES:
        answer = yield AskOrganisationCode(
            f"{key}/{attempt}", lines, DIGITS, speech=True, timeout=10, language=call.language
        )
        if answer != WRONG:
            return answer
        lines = call.lines("listed.wrong")
    return WRONG


def offer_call_back(call: Call, key: str, promise: OpenPromise) -> Dialogue:
    """Offer to ring the listed number now. Returns RUNG_BACK where that was wanted and can be, else None.

    The promise goes to the listed number where the one that they call from cannot be rung.
    """
    answer = yield ask(call, f"{key}/offer", call.lines("listed.right", "listed.offer"))
    if reply_of(call, answer) != YES:
        return None
    granted = yield Do(f"{key}/ring", RingListed())
    if not granted.won:
        yield Say(f"{key}/not-now", call.lines("listed.not_now"))
        return None
    if not (promise.number or call.urgent_number):
        known = yield Fact(f"{key}/number", "listed_number")
        promise = replace(promise, number=known["number"])
    yield Do(f"{key}/promise", promise)
    due = yield Fact(f"{key}/due", "promise_due")
    yield Say(f"{key}/hanging-up", (call.line("listed.hanging_up", time=due["spoken"]),))
    return RUNG_BACK
