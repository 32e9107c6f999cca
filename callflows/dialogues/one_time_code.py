"""Making surer of a caller who was matched: a one-time code, texted to the number on file, raises the call to L2.

Nothing is lost by failing but the level: whoever has no phone at hand, or gets no text, goes on to a person at L1. The
number is never said. That no code can be texted is said in the same words whatever the reason is.
"""

from __future__ import annotations

from callflows.dialogues.questions import again, judge, repeatable
from callflows.prompts import Line
from callflows.values import Call
from callflows.vocabulary import (
    Answer,
    AskCode,
    AwaitCode,
    CodeChecked,
    Dialogue,
    Do,
    NoteCall,
    Pressed,
    Say,
    SendCode,
    Silence,
    Spoke,
)

CODES = range(2)
"""How many codes are sent in one call by its flow. The one before dies when the next is made."""
TRIES = range(3)
"""How often a code is asked for. The shell counts as many wrong ones, whoever gives them."""
DIGITS = 6
MOST_WAITING = 10
"""Seconds of silence after which whoever waits for a check goes on without it."""
WAITS = range(2)
"""How often they are asked to wait for one check, where they press or say something meanwhile."""

RIGHT, WRONG, OVER, UNSENT = map(CodeChecked, ("right", "wrong", "over", "unsent"))
CHECKING, UNCHECKED = map(CodeChecked, ("checking", "unchecked"))
ANOTHER = Pressed("2")
WHY_NOT: dict[Answer, str] = {UNSENT: "code.unsent", OVER: "code.over", UNCHECKED: "code.unchecked"}
"""What is said of a code that is not asked for any more."""


def prove_by_code(call: Call) -> Dialogue:
    """Raise a call that is known to L1 to L2, where the practice texts codes and the caller gives the right one."""
    if not call.practice.identity.codes:
        return
    for turn in CODES:
        sent = yield Do(f"code/{turn}/send", SendCode())
        if isinstance(sent, CodeChecked):
            if sent == UNSENT:
                yield Say(f"code/{turn}/unsent", call.lines("code.unsent"))
            return
        wants_another = yield from ask_code(call, f"code/{turn}")
        if not wants_another:
            return


def ask_code(call: Call, key: str) -> Dialogue:
    """Ask for the code that was texted. Returns whether another one is wanted. Raises as ``judge`` does."""
    preface, lines = call.lines("code.sent"), call.lines("code.enter")
    for attempt in TRIES:
        question = AskCode(f"{key}/{attempt}", lines, DIGITS, speech=True, timeout=20, language=call.language)
        answer = yield from repeatable(question, preface)
        if answer == CHECKING:
            answer = yield from await_check(call, f"{key}/{attempt}/checked")
        judge(call, answer)
        if answer == RIGHT:
            yield Do(f"{key}/known", NoteCall(identity_level="L2"))
            yield Say(f"{key}/right", call.lines("code.right"))
            return False
        if answer in WHY_NOT:
            yield Say(f"{key}/gone", call.lines(WHY_NOT[answer]))
            return answer == OVER
        if answer in (ANOTHER, Silence()):
            return answer == ANOTHER
        preface = call.lines("code.wrong") if answer == WRONG else again(call, answer)
    yield Say(f"{key}/given-up", given_up(call, answer))
    return False


def await_check(call: Call, key: str) -> Dialogue:
    """What came of a code that is being checked. Raises as ``judge`` does, and waits no longer than a short time."""
    lines = call.lines("code.checking")
    for turn in WAITS:
        answer = yield AwaitCode(f"{key}/{turn}", lines, speech=True, timeout=MOST_WAITING, language=call.language)
        judge(call, answer)
        if not isinstance(answer, Pressed | Spoke):
            break
    return answer if isinstance(answer, CodeChecked) else UNCHECKED


def given_up(call: Call, answer: Answer) -> tuple[Line, ...]:
    """What whoever has no more tries hears."""
    return call.lines("code.failed") if answer == WRONG else ()
