"""One item by which a caller is known, spoken or keyed: its question, and whether its answer can be one.

What was said stays in the log. The shell reads it there by the key of its question, and tells whether it can be read.
"""

from __future__ import annotations

from callflows.dialogues.questions import (
    TRIES,
    NotUnderstood,
    again,
    ask,
    judge,
    keys_asked,
    kind_of_question,
    repeatable,
    reply_of,
)
from callflows.prompts import Line
from callflows.values import Call
from callflows.vocabulary import Answer, Ask, Dialogue, Fact, Pressed, Silence, Spoke
from callflows.vocabulary.hearing import NO, YES
from callflows.vocabulary.requests import CONFIRM

KEYS_OF: dict[str, int | None] = {"date_of_birth": 8, "zip": 5, "phone_on_file": 10, "mrn": None, "name": None}
"""How many keys give an item. A record number ends with pound, and a name has none."""
SPOKEN_ONLY = ("name",)
READ_BACK = ("date_of_birth",)
"""Items whose words are read back: recognisers mishear dates more than anything else."""
IN_CALENDAR = ("date_of_birth",)
"""Items of which keys, too, may be none that there is: whether they are needs to be looked up."""
ASKED_AS = {"date_of_birth": "birth"}
"""Words in keys and prompts that differ from the configuration's."""


PATIENT, CALLER = "identity", "caller"
"""Whose items are asked for: what begins the keys of their questions and the names of the prompts."""


def question_key(item: str, attempt: int, whose: str = PATIENT) -> str:
    """The key of the question for an item. The last of its tries, ``KEY/0`` and so on, is the one that counts."""
    return f"{whose}/{ASKED_AS.get(item, item)}/{attempt}"


def question_keys(items: tuple[str, ...], attempt: int, whose: str = PATIENT) -> tuple[tuple[str, str], ...]:
    """Where the log has what was given in all attempts so far: for each item the keys of its questions."""
    attempts = range(attempt + 1)
    return tuple((item, " ".join(question_key(item, each, whose) for each in attempts)) for item in items)


def give_item(call: Call, item: str, attempt: int, *, needed: bool = True, whose: str = PATIENT) -> Dialogue:
    """Ask for an item three times, until it was given or passed over. Raises NotUnderstood where it was neither.

    What is not ``needed``, and a name, which has no keys, may be passed over, and is after three tries.
    """
    key, needed, preface = question_key(item, attempt, whose), needed and item not in SPOKEN_ONLY, ()
    for turn in TRIES:
        asked = question(call, item, f"{key}/{turn}", wording(call, item, whose, needed))
        answer = yield from repeatable(asked, preface)
        judge(call, answer)
        # Pound alone arrives as nothing, like silence.
        if isinstance(answer, Silence) and not needed:
            return
        preface = yield from said_before_again(call, item, f"{key}/{turn}", answer)
        if preface is None:
            return
    if needed:
        raise NotUnderstood


def give_items(call: Call, items: tuple[str, ...], attempt: int, whose: str = PATIENT) -> Dialogue:
    """Ask for several items, one after the other."""
    for item in items:
        yield from give_item(call, item, attempt, whose=whose)


def wording(call: Call, item: str, whose: str, needed: bool) -> tuple[Line, ...]:
    """The words that ask for an item."""
    lines = call.lines(f"{whose}.{ASKED_AS.get(item, item)}")
    return lines if needed else (*lines, *call.lines("identity.pound"))


def question(call: Call, item: str, key: str, asked: tuple[Line, ...]) -> Ask:
    """The question for an item, answered in words or by keys."""
    kind = kind_of_question(call)
    return kind(key, asked, digits=KEYS_OF[item], speech=True, timeout=10, language=call.language, item=item)


def said_before_again(call: Call, item: str, key: str, answer: Answer) -> Dialogue:
    """What to say before asking for the item once more; None where it was given.

    Words give it once the shell has read them, keys by their number, and a date if the calendar has it.
    """
    is_given, is_said, otherwise = is_keyed(item, answer), isinstance(answer, Spoke), again(call, answer)
    if is_said or (is_given and item in IN_CALENDAR):
        heard = yield Fact(f"{key}/heard", "spoken_item", spoken(call, item, key))
        is_given = heard["understood"] == "yes"
        if is_given and is_said:
            return (yield from confirmed(call, item, key, heard["spoken"]))
    return None if is_given else otherwise


def spoken(call: Call, item: str, key: str) -> tuple[tuple[str, str], ...]:
    """What the shell needs to know to read an answer: under which of these keys is the last one."""
    return (("item", item), ("answer", " ".join(keys_asked(key))), ("language", call.language))


def is_keyed(item: str, answer: Answer) -> bool:
    """Whether keys give the item, as far as their number tells."""
    keyed = answer.digits if isinstance(answer, Pressed) else ""
    fits = KEYS_OF[item] is None or len(keyed) == KEYS_OF[item]
    return item not in SPOKEN_ONLY and keyed.isdigit() and fits


def confirmed(call: Call, item: str, key: str, words: str) -> Dialogue:
    """Read words back where the item needs it. Returns None at a yes, else what to say before asking once more."""
    if item not in READ_BACK:
        return None
    asked = ask(call, f"{key}/right", (call.line("identity.read_back", date=words),), item=CONFIRM)
    answer = yield from repeatable(asked)
    reply = reply_of(call, answer)
    if reply == YES:
        return None
    return call.lines("identity.once_more") if reply == NO else again(call, answer)
