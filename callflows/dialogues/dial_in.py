"""A clinician dials the number of the practice and presses star: the code of a page and their PIN lead to its call."""

from __future__ import annotations

from callflows.dialogues.questions import TRIES, judge
from callflows.values import Call
from callflows.vocabulary import AskDialIn, Dialogue, PinChecked

DIALLED_IN = "dialled in"
"""The outcome with which the telephone call goes on in the conversation of a clinician about the call of the page."""


class DialledIn(Exception):
    """Code and PIN were right: whoever called is a clinician, and no patient."""


def dial_in(call: Call, key: str) -> Dialogue:
    """Take the code of a page with the PIN. Raises DialledIn where they were right, and as ``judge`` does at words.

    Whoever pressed star by mistake is back as soon as they key nothing or anything else, and so is whoever is wrong
    three times. Nothing is said of any call.
    """
    prompt = "dial_in"
    for attempt in TRIES:
        answer = yield AskDialIn(f"{key}/{attempt}", call.lines(prompt), speech=True, timeout=8, language=call.language)
        if answer == PinChecked(True):
            raise DialledIn
        judge(call, answer)
        if not isinstance(answer, PinChecked):
            return
        prompt = "dial_in.wrong"
