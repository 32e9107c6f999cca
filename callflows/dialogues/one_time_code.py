"""Making surer of a caller who was matched: a one-time code, texted to the number on file, raises the call to L2.

Nothing is lost by failing but the level: whoever has no phone at hand, or gets no text, goes on to a person at L1. The
number is never said, nor why none can be texted.
"""

from __future__ import annotations

from callflows.dialogues.questions import again, judge
from callflows.prompts import Line
from callflows.values import Call
from callflows.vocabulary import Answer, AskCode, CodeChecked, Dialogue, Do, NoteCall, Pressed, Say, SendCode, Silence

CODES = range(2)
"""How many codes are sent in one call by its flow. The one before dies when the next is made."""
TRIES = range(3)
"""How often a code is asked for. The shell counts as many wrong ones, whoever gives them."""
DIGITS = 6

RIGHT, WRONG, OVER, UNSENT = map(CodeChecked, ("right", "wrong", "over", "unsent"))
ANOTHER = Pressed("2")
WHY_NOT: dict[Answer, str] = {UNSENT: "code.unsent", OVER: "code.over"}
"""What is said of a code that is not asked for any more."""


def prove_by_code(call: Call) -> Dialogue:
    """Raise a call that is known to L1 to L2, where the practice texts codes and the caller gives the right one."""
    if not call.practice.identity.codes:
        return
    for turn in CODES:
        sent = yield Do(f"code/{turn}/send", SendCode())
        if isinstance(sent, CodeChecked):
            return
        wants_another = yield from ask_code(call, f"code/{turn}")
        if not wants_another:
            return


def ask_code(call: Call, key: str) -> Dialogue:
    """Ask for the code that was texted. Returns whether another one is wanted. Raises as ``judge`` does."""
    preface = call.lines("code.sent")
    for attempt in TRIES:
        lines = (*preface, *call.lines("code.enter"))
        answer = yield AskCode(f"{key}/{attempt}", lines, DIGITS, speech=True, timeout=20, language=call.language)
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


def given_up(call: Call, answer: Answer) -> tuple[Line, ...]:
    """What whoever has no more tries hears."""
    return call.lines("code.failed") if answer == WRONG else ()
