"""Bringing the caller to an agent, and what happens when nobody comes."""

from __future__ import annotations

from callflows.dialogues.promises import keep_promise, leave_message
from callflows.dialogues.questions import SymptomHeard, WantsPerson, ask, danger_of, help_line_in, reply_of
from callflows.dialogues.talking import heed_clinician, talk_through
from callflows.values import Call, Service
from callflows.vocabulary import (
    Answer,
    CutShort,
    DialEnded,
    Dialogue,
    Do,
    EnterWaitingRoom,
    Fact,
    Flow,
    HungUp,
    Joined,
    LeaveWaitingRoom,
    NobodyCame,
    Outcome,
    PersonLeft,
    Pressed,
    Say,
    Spoke,
    Wait,
    WaitBroke,
)
from callflows.vocabulary.hearing import DOUBT, YES

WAITS = range(6)
"""How many keys may be pressed in one wait before it ends in a promise.

The shell hands the flow no key that its wait does not name; logs of older calls may hold some.
"""

SHORT_TALK = Outcome("short talk")
"""The disposition of a call that was answered and was over before both had talked.

Whether the line broke or whoever called hung up, nobody knows.
"""


def handled(call: Call, service: Service, *, is_open: bool) -> Flow:
    """Do what the practice wants at this hour: "message", "callback", or else an agent. Returns the outcome."""
    how = service.when_open if is_open else service.after_hours
    preface = () if is_open else call.lines("closed")
    if how == "message":
        return (yield from leave_message(call, service, "office/message", preface))
    if how == "callback":
        return (yield from keep_promise(call, service, "office/promise", preface))
    return (yield from reach_agent(call, service))


def reach_agent(call: Call, service: Service, key: str = "agent", urgency: str = "routine") -> Flow:
    """Wait for an agent and talk, or promise where nobody comes. Returns the outcome.

    Raises SymptomHeard when the caller tells that somebody feels worse.
    """
    rounds = range(call.patience.rounds)
    for turn in rounds:
        yield Do(f"{key}/{turn}/search", EnterWaitingRoom(service.name, call.language, urgency))
        came = yield from wait_in_line(call, f"{key}/{turn}")
        if not isinstance(came, Joined):
            return (yield from nobody_came(call, service, key, came))
        reached = with_a(came)
        try:
            again = yield from talk(call, came, f"{key}/{turn}", last=turn == rounds[-1])
        except HungUp:
            return SHORT_TALK
        if not again:
            return reached
    return (yield from keep_promise(call, service, f"{key}/promise"))


def wait_in_line(call: Call, key: str) -> Dialogue:
    """Wait if there is somebody to wait for and room to wait in; otherwise say at once that nobody comes."""
    room = yield Fact(f"{key}/room", "waiting_room")
    if room["refused"]:
        return NobodyCame(room["refused"])
    return (yield from wait_for_agent(call, key))


def wait_for_agent(call: Call, key: str) -> Dialogue:
    """Keep the caller company. Returns the answer that ended the wait: a person, nobody, or a key with a meaning."""
    for turn in WAITS:
        answer = yield Wait(
            f"{key}/wait/{turn}",
            call.lines("wait.comfort", "wait.keys"),
            keys="12",
            language=call.language,
            position=True,
            between=call.lines("wait.still.1", "wait.still.2", "wait.still.3", "wait.still.4", "wait.still.5"),
            otherwise=call.lines("wait.in_line", "wait.keys"),
            alarms=call.alarms,
        )
        if isinstance(answer, Joined | NobodyCame | WaitBroke | Spoke) or answer in WAIT_KEYS:
            return answer
    return NobodyCame("too-long")


WAIT_KEYS = (Pressed("1"), Pressed("2"))
"""1: call me back instead. 2: somebody feels worse."""


def talk(call: Call, joined: Joined, key: str, *, last: bool = False) -> Dialogue:
    """Talk until one side ends it. Returns whether the caller was left alone and wants somebody again.

    Whoever is cut off before both have talked is not asked: they still want whom they waited for. ``last`` offers
    nobody again, because nobody would be looked for. Raises HungUp where the caller's line broke before that, and
    ClinicianAsked where a clinician was asked for in the talk, and the caller is in no talk any more.
    """
    reached, heeds = with_a(joined), heeds_clinician(call, joined)
    try:
        if joined.interpreter:
            yield Say(f"{key}/interpreter", call.lines("interpreter.coming"))
        answer = yield from talk_through(call, reached, f"{key}/", heeds=heeds)
        if not isinstance(answer, PersonLeft | DialEnded | Joined | NobodyCame):
            return False
        if heeds:
            yield from heed_clinician(call, key, reached, answer)
        return (yield from _alone_again(call, answer, key, last))
    except HungUp:
        if heeds:
            yield from heed_clinician(call, f"{key}/gone", reached, None)
        known = yield Fact(f"{key}/talked", "talked")
        if known["talked"] == "no":
            raise
        return False


def heeds_clinician(call: Call, joined: Joined) -> bool:
    """Whether it matters who is asked for in a talk: whoever talks with a clinician asks for no other."""
    return call.keeps and joined.role != "clinician"


def _alone_again(call: Call, answer: Answer, key: str, last: bool) -> Dialogue:
    """Ask whoever a talk left alone whether they want somebody again. Returns whether they do."""
    if isinstance(answer, CutShort):
        yield Say(f"{key}/cut-short", call.lines("person.cut"))
        return True
    if last:
        yield Say(f"{key}/goodbye", call.lines("goodbye" if call.in_line else "farewell"))
        return False
    how = "person.left" if isinstance(answer, PersonLeft) else "person.cut"
    choice = yield ask(call, f"{key}/left", call.lines(how, "person.again"))
    return is_wanted_again(call, choice)


def is_wanted_again(call: Call, choice: Answer) -> bool:
    """Whether somebody who is alone again wants a person. Raises SymptomHeard at words that tell of an illness."""
    try:
        return reply_of(call, choice) in (YES, DOUBT)
    except WantsPerson:
        return True


def nobody_came(call: Call, service: Service, key: str, why: Answer) -> Flow:
    """Stop looking; then care for a symptom, take a message or promise a call-back. Returns the outcome."""
    yield Do(f"{key}/stop", LeaveWaitingRoom())
    if why == Pressed("2"):
        raise SymptomHeard
    if isinstance(why, Spoke):
        raise SymptomHeard(why.words, danger_of(why), help_line_in(call, why))
    if why == Pressed("1"):
        return (yield from keep_promise(call, service, f"{key}/promise", in_turn=True))
    preface = call.lines(in_vain(why))
    if service.after_hours == "message" and isinstance(why, NobodyCame):
        return (yield from leave_message(call, service, f"{key}/message", preface))
    return (yield from keep_promise(call, service, f"{key}/promise", preface))


def in_vain(why: Answer) -> str:
    """The prompt that says why nobody came."""
    if isinstance(why, WaitBroke):
        return "person.broke"
    return "person.full" if why == NobodyCame("full") else "person.none"


def with_a(joined: Joined) -> Outcome:
    """The disposition of a call that reached somebody."""
    return Outcome(f"with a {joined.role}" if joined.role == "clinician" else f"with an {joined.role}")
