"""What is promised to a caller whom nobody can serve now: a call-back, or an answer to a message."""

from __future__ import annotations

from dataclasses import replace

from callflows.dialogues.call_back_times import choose_time
from callflows.dialogues.emergency_911 import danger_words
from callflows.dialogues.illness import danger_told, words_of_illness
from callflows.dialogues.questions import (
    Option,
    SymptomHeard,
    WantsPerson,
    ask,
    digits,
    help_line_in,
    is_alarming,
    menu,
    reply_of,
)
from callflows.prompts import Line
from callflows.values import Call, Service
from callflows.vocabulary import (
    Answer,
    Dialogue,
    Do,
    Fact,
    Flow,
    HungUp,
    LeaveMessage,
    MessageLeft,
    OpenPromise,
    Outcome,
    Say,
)
from callflows.vocabulary.hearing import DOUBT, GRAVE, NO, YES


class NoNumber(Exception):
    """A caller whose own number cannot be rung gave none: nobody could call back, so they need a person now."""


def keep_promise(
    call: Call, service: Service, key: str, preface: tuple[Line, ...] = (), *, in_turn: bool = False
) -> Flow:
    """Agree on a number and promise a call-back by a stated time, or ``in_turn`` and by then. Returns the outcome.

    A caller who hangs up half-way is still called back, on the number they called from. Raises NoNumber.
    """
    promise = OpenPromise("callback", service.name, service.promise, in_turn=in_turn)
    try:
        agreed = yield from agreed_call_back(call, key, preface, promise)
    except HungUp:
        if call.caller_id:
            yield Do(f"{key}/open-anyway", promise)
        return Outcome("promised" if call.caller_id else "hung-up")
    if not (agreed.number or call.caller_id):
        raise NoNumber
    yield Do(f"{key}/open", agreed)
    chosen = (("window", "yes"),) if agreed.window else ()
    due = yield Fact(f"{key}/due", "promise_due", (("service", service.name), *chosen))
    told = "promise.window" if chosen else "promise.in_turn" if in_turn else "promise.made"
    yield Say(f"{key}/told", (call.line(told, time=due["spoken"]), call.line("goodbye")))
    return Outcome("promised")


def agreed_call_back(call: Call, key: str, preface: tuple[Line, ...], promise: OpenPromise) -> Dialogue:
    """The promise with the number to call back: the one the caller is calling from, or ten digits.

    Others may have been promised a call-back on the same number. Only the caller can tell whether that was they: all
    are offered to say so, in words that give away nothing about anybody else. Who chooses when they are called gives up
    their place in line for that.
    """
    if not call.caller_id:
        number = yield from typed_number(call, f"{key}/digits", (*preface, call.line("promise.anonymous")))
        return replace(promise, number=number)
    lines = (*preface, *call.lines("promise.number", "promise.asked_before", "promise.when"))
    try:
        choice = yield from menu(call, f"{key}/number", lines, NUMBERS)
        if choice in (WHEN, MOVE):
            promise = replace(promise, asked_before=choice == MOVE)
            times = yield Fact(f"{key}/times", "call_back_windows")
            window = yield from choose_time(call, f"{key}/when", times)
            return replace(promise, window=window, in_turn=promise.in_turn and not window)
    except WantsPerson:
        return promise
    if choice == "other":
        number = yield from typed_number(call, f"{key}/digits", call.lines("promise.digits"))
        return replace(promise, number=number)
    return replace(promise, asked_before=choice == "asked-before")


def with_number(call: Call, key: str, promise: OpenPromise) -> Dialogue:
    """The urgent ``promise`` with a number that can be rung. A red flag that is heard meanwhile makes it emergent."""
    if promise.number:
        return promise
    try:
        number = yield from number_if_hidden(call, key)
    except SymptomHeard as heard:
        if heard.danger != GRAVE:
            yield Say(f"{key}/911", danger_words(call))
        number = yield from number_if_hidden(call.in_emergency(), f"{key}/again")
        return replace(promise, number=number, urgency="emergent")
    return replace(promise, number=number)


def number_if_hidden(call: Call, key: str) -> Dialogue:
    """The number for an urgent call-back where the caller's own cannot be rung; "" where it can, or none can be had."""
    if call.urgent_number:
        return ""
    return (yield from typed_number(call, key, call.lines("promise.anonymous")))


def typed_number(call: Call, key: str, lines: tuple[Line, ...]) -> Dialogue:
    """Ten digits that may be rung and were spoken back, or "" when they cannot be had.

    The caller's own number, if it may be rung, then stands. A typed one that may not be is asked again, because else
    nothing might be left to ring.
    """
    for attempt in NUMBERS_TYPED:
        try:
            number = yield from digits(call, f"{key}/{attempt}", lines, 10)
        except WantsPerson:
            return ""
        checked = yield Fact(f"{key}/check/{attempt}", "number_to_ring", (("number", number),))
        if checked["fit"] == "yes":
            right = yield from confirmed(call, f"{key}/right/{attempt}", checked["spoken"])
            if right:
                return number
        lines = call.lines("promise.digits" if checked["fit"] == "yes" else "promise.unfit")
    return ""


def confirmed(call: Call, key: str, number: str) -> Dialogue:
    """Speak the number back once. Returns False only if the caller wants to change it: silence keeps what was typed."""
    answer = yield ask(call, f"{key}/0", (call.line("promise.confirm", number=number),))
    try:
        return reply_of(call, answer) != NO
    except WantsPerson:
        return True


def leave_message(call: Call, service: Service, key: str, preface: tuple[Line, ...] = ()) -> Flow:
    """Take a message and promise an answer, or a call-back where nothing was said. Returns the outcome.

    Nobody hears a message at once, so it is asked before whether somebody is ill. Raises SymptomHeard where one is.
    """
    answer = yield ask(call, f"{key}/ill", (*preface, *call.lines("message.ill")), timeout=4)
    if is_told_ill(call, answer):
        raise SymptomHeard(words_of_illness(answer), danger_told(answer), help_line_in(call, answer))
    left = yield LeaveMessage(f"{key}/record", call.lines("message.leave"))
    if not isinstance(left, MessageLeft):
        return (yield from keep_promise(call, service, f"{key}/instead", call.lines("message.none")))
    promise = OpenPromise("message", service.name, service.promise, recording=left.recording)
    yield Do(f"{key}/open", promise)
    due = yield Fact(f"{key}/due", "promise_due", (("service", service.name),))
    yield Say(f"{key}/told", (*call.lines("message.thanks"), call.line("promise.message", time=due["spoken"])))
    return Outcome("message left")


def is_told_ill(call: Call, answer: Answer) -> bool:
    """Whether somebody says that it is about an illness. Whoever wants a person can only leave a message here."""
    try:
        return reply_of(call.in_care(), answer) in (YES, DOUBT) or is_alarming(answer)
    except WantsPerson:
        return False


NUMBERS_TYPED = range(2)
"""How many numbers may be typed: each is asked for up to three times."""
WHEN, MOVE = "when", "move"
NUMBERS = (
    *(Option("1", "same"), Option("2", "other"), Option("3", "asked-before")),
    *(Option("4", WHEN), Option("5", MOVE)),
)


def urgent_callback(call: Call, urgency: str = "urgent") -> OpenPromise:
    """The call-back the clinical lead allows for a symptom of that urgency. It keeps a page going, or starts one.

    It goes to the number that the caller gave for it, if they did.
    """
    due = dict(call.practice.answer_within).get(urgency, "now + 15m")
    service = call.practice.clinical_service().name
    return OpenPromise("urgent-callback", service, due, urgency=urgency, number=call.number)
