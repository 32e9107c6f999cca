"""The last resorts: the operator's fallback pool, its fallback number, and an urgent promise with an alarm."""

from __future__ import annotations

from callflows.dialogues.people import talk, with_a
from callflows.dialogues.promises import with_number
from callflows.prompts import Line
from callflows.values import Call
from callflows.vocabulary import (
    DialEnded,
    DialHouse,
    Dialogue,
    Do,
    EnterWaitingRoom,
    Fact,
    Flow,
    HungUp,
    Joined,
    LeaveWaitingRoom,
    OpenPromise,
    Outcome,
    RaiseAlert,
    Say,
    TakenOver,
    Wait,
)


def no_clinician(call: Call, promise: OpenPromise, key: str) -> Flow:
    """Raise an alarm as no clinician accepted, tell the caller, promise, and stay with them. Returns the outcome."""
    yield Do(f"{key}/alert", RaiseAlert("no-clinician-accepted"))
    yield Say(f"{key}/none", call.lines("clinician.none"))
    promised = yield from with_number(call, f"{key}/number", promise)
    yield Do(f"{key}/promise", promised)
    try:
        return (yield from to_fallback(call, key, promised=promised))
    except HungUp:
        return Outcome("hung up, care goes on")


def talk_or_owe(call: Call, came: Joined, key: str, owed: OpenPromise) -> Dialogue:
    """Talk, and owe a call-back to whoever is gone before both have had contact. Returns whether they want somebody.

    Whom a caller came to is one thing, contact another: the care goes on, and the outcome says who came.
    """
    try:
        return (yield from talk(call, came, key))
    except HungUp:
        yield Do(f"{key}/dropped", owed)
        return False


def taken_over(call: Call, key: str) -> Flow:
    """Stop looking for anybody else and bring the caller to a person now. Returns the outcome."""
    yield Do(f"{key}/leave", LeaveWaitingRoom())
    return (yield from to_fallback(call, key))


def to_fallback(
    call: Call, key: str, *, promise: OpenPromise | None = None, promised: OpenPromise | None = None
) -> Flow:
    """Bring the caller to somebody of the operator's own; a takeover starts this once more. Returns the outcome.

    If nobody comes, the caller is given ``promise``, an urgent call-back by default, unless one was ``promised``.
    """
    call, owed = call.in_need(), promise or fallback_promise(call)
    call = call.while_kept() if promised else call
    try:
        return (yield from _fallback(call, key, owed, promised))
    except TakenOver:
        yield Do(f"{key}/again/leave", LeaveWaitingRoom())
        return (yield from _fallback(call, f"{key}/again", owed, promised))


def _fallback(call: Call, key: str, owed: OpenPromise, promised: OpenPromise | None) -> Flow:
    if call.in_line:
        reached = yield from _fallback_pool(call, key)
        if isinstance(reached, Outcome):
            return reached
    dialled = yield DialHouse(f"{key}/dial", call.fallback_number, call.lines("wait.house"))
    if dialled == DialEnded(True):
        return Outcome("with the house")
    if isinstance(dialled, Joined):
        reached = with_a(dialled)
        yield Say(f"{key}/clinician", call.lines("help.clinician"))
        again = yield from talk(call, dialled, f"{key}/clinician", last=True)
        if not again:
            return reached
    if promised is None:
        promised = yield from with_number(call, f"{key}/number", owed)
        yield Do(f"{key}/promise", promised)
    due = yield Fact(f"{key}/due", "promise_due")
    yield Say(f"{key}/told", (what_is_promised(call, promised, due["spoken"]),))
    return Outcome("promised")


def _fallback_pool(call: Call, key: str) -> Dialogue:
    """Bring the caller to somebody of the pool. Returns the outcome, or None where nobody comes."""
    yield Do(
        f"{key}/search",
        EnterWaitingRoom(call.practice.any_service().name, call.language, "emergent", pool=call.fallback_pool),
    )
    came = yield Wait(
        f"{key}/wait",
        call.lines("wait.house", "wait.emergency"),
        language=call.language,
        between=call.lines("wait.house.1", "wait.house.2"),
        otherwise=call.lines("wait.house", "wait.emergency"),
    )
    if isinstance(came, Joined):
        reached = with_a(came)
        again = yield from talk(call, came, key, last=True)
        if not again:
            return reached
    yield Do(f"{key}/stop", LeaveWaitingRoom())
    return None


def what_is_promised(call: Call, promised: OpenPromise, time: str) -> Line:
    """Who will call back, and by when; nobody can where we have no number."""
    if not (promised.number or call.urgent_number):
        return call.line("clinician.no_number")
    return call.line("clinician.promise" if call.clinicians else "person.promise", time=time)


def fallback_promise(call: Call) -> OpenPromise:
    """The last thing anybody can be told: an urgent call-back."""
    return OpenPromise("urgent-callback", call.practice.any_service().name, "now + 15m", urgency="urgent")
