"""Somebody feels ill: reach a licensed clinician, now or by a promise. No step here asks who is calling.

Nothing in this file lowers an urgency, and from the first word of a symptom a dropped line no longer ends
the care: an urgent call-back is opened and whoever is being paged goes on being paged.
"""

from __future__ import annotations

from callflows.dialogues.assessing import assess
from callflows.dialogues.emergency_911 import red_flag_words
from callflows.dialogues.fallback import no_clinician, taken_over, talk_or_owe, to_fallback
from callflows.dialogues.help_lines import HELP_KEY, connect_help_line, help_words, offer_help_line
from callflows.dialogues.listed import prove_organisation
from callflows.dialogues.people import with_a
from callflows.dialogues.promises import urgent_callback
from callflows.dialogues.questions import (
    GONE,
    TAKEN_OVER,
    SymptomHeard,
    is_worse,
    raise_if_worse,
)
from callflows.dialogues.screening import WARNED
from callflows.dialogues.whereabouts import (
    ADDRESS,
    EVERYTHING,
    NOT_KNOWN,
    NUMBER,
    STATE,
    ask_number,
    ask_where,
    list_wanted,
    whereabouts,
)
from callflows.prompts import Line
from callflows.values import Call
from callflows.vocabulary import (
    Answer,
    Dialogue,
    Do,
    EnterWaitingRoom,
    Flow,
    HungUp,
    Joined,
    LeaveWaitingRoom,
    NoteCall,
    Outcome,
    Pressed,
    Say,
    StartEscalation,
    StartRecording,
    TakenOver,
    Wait,
)
from callflows.vocabulary.hearing import GRAVE

HELP_CALLS = range(2)
"""How often a caller may be connected to a help line from one wait."""


def symptom(call: Call, words: str, danger: str, noticed: bool, help_line: str = "") -> Flow:
    """Care for whoever told of an illness in ``words``, or asked for a nurse. ``noticed``: they know of recordings.

    ``danger`` and ``help_line`` are those of the SymptomHeard. Returns the outcome.
    """
    call, service = call.in_care(), call.practice.clinical_service()
    known = NoteCall(symptom=True, urgency="urgent", service=service.name, language=call.language)
    yield Do("symptom/note", known)
    try:
        return (yield from supervised(call, words, danger, noticed, help_line))
    except HungUp:
        yield Do("symptom/dropped", urgent_callback(call))
        return Outcome("hung up, care goes on")


def supervised(call: Call, words: str, danger: str, noticed: bool, help_line: str) -> Flow:
    """Care for the caller, unless a supervisor takes over. Returns the outcome."""
    try:
        return (yield from assess_and_connect(call, words, danger, noticed, help_line))
    except TakenOver:
        return (yield from taken_over(call, "symptom/takeover"))


def assess_and_connect(call: Call, words: str, danger: str, noticed: bool, help_line: str) -> Flow:
    """Listen, screen, and bring in whoever the urgency asks for. Returns the outcome."""
    if danger == GONE:
        raise HungUp
    if danger == TAKEN_OVER:
        raise TakenOver
    if noticed:
        yield Do("symptom/record", StartRecording())
    wanted: tuple[str, ...] = EVERYTHING
    try:
        urgency = yield from assess(call, words, danger, help_line)
        if not urgency:
            return (yield from page_clinician(call, "urgent", "clinician", wanted=list_wanted(call)))
        wanted = (ADDRESS, NUMBER)
        if not call.practice.clinical_service().nurses_first:
            return (yield from page_clinician(call, urgency, "clinician", wanted=list_wanted(call, STATE)))
        state = yield from whereabouts(call)
        if state != NOT_KNOWN:
            # Where it is not, somebody is paged at once, and asked while that runs.
            call = yield from ask_number(call)
        return (yield from nurse_then_clinician(call, urgency, state))
    except SymptomHeard as heard:
        warned, help_line, call = heard.danger in (WARNED, GRAVE), heard.help_line, call.reached_at(heard.number)
    return (yield from emergency(call, warned, help_line, wanted))


def emergency(
    call: Call,
    warned: bool = False,
    help_line: str = "",
    wanted: tuple[str, ...] = (),
    *,
    proves: bool = False,
    key: str = "emergency",
) -> Flow:
    """Say the 911 words, unless the caller was ``warned``, and page a clinician meanwhile. Returns the outcome.

    What is ``wanted`` of where the patient is is asked once the page runs; so is what ``proves`` for whom they call.
    """
    call = call.in_emergency()
    yield Do(f"{key}/note", NoteCall(urgency="emergent"))
    if not warned:
        yield Say(f"{key}/911", red_flag_words(call))
    return (yield from page_clinician(call, "emergent", f"{key}", help_line, wanted, proves=proves))


def nurse_then_clinician(call: Call, urgency: str, state: str) -> Flow:
    """Look for a nurse licensed where the patient is, and page the clinician on call otherwise. Returns the outcome.

    Raises SymptomHeard when the caller tells that it gets worse.
    """
    service = call.practice.clinical_service()
    if state == NOT_KNOWN:
        return (yield from page_clinician(call, urgency, "clinician", wanted=list_wanted(call)))
    yield Say("nurse/getting", call.lines("symptom.nurse"))
    yield Do("nurse/search", EnterWaitingRoom(service.name, call.language, urgency))
    try:
        came = yield Wait(
            "nurse/wait",
            call.lines("wait.clinician", "wait.worse"),
            keys="2",
            language=call.language,
            between=call.lines("wait.nurse.1", "wait.nurse.2", "wait.nurse.3"),
            otherwise=call.lines("wait.clinician", "wait.worse"),
            alarms=call.alarms,
        )
    except HungUp:
        yield Do("symptom/dropped", urgent_callback(call, urgency))
        return Outcome("hung up, care goes on")
    if isinstance(came, Joined):
        reached = with_a(came)
        again_wanted = yield from talk_or_owe(call, came, "nurse", urgent_callback(call, urgency))
        if not again_wanted:
            return reached
    yield Do("nurse/stop", LeaveWaitingRoom())
    raise_if_worse(call, came)
    return (yield from page_clinician(call, urgency, "clinician"))


def page_clinician(
    call: Call, urgency: str, key: str, help_line: str = "", wanted: tuple[str, ...] = (), *, proves: bool = False
) -> Flow:
    """Page until a clinician accepts, and turn to the fallback where none does. Returns the outcome.

    1. The page begins. 2. The caller is offered the ``help_line``, and asked what is ``wanted``, and what ``proves``
    for whom they call; whoever accepts ends that. 3. The caller waits. Raises SymptomHeard when it gets worse.
    """
    try:
        yield from start_paging(call, urgency, f"{key}/page/0", f"{key}/paging/0")
        came = None
        if help_line:
            came = yield from offer_help_line(call, f"{key}/help", help_line)
        if wanted and came is None:
            call, came = yield from ask_where(call, f"{key}/where", wanted)
            if came is None:
                yield Say(f"{key}/where/then", call.lines("where.then"))
        if proves and came is None:
            came = yield from prove_organisation(call, f"{key}/listed", urgent_callback(call, urgency))
        if isinstance(came, Outcome):
            return came
        return (yield from stay_until_reached(call, urgency, key, came, help_line))
    except HungUp:
        yield Do(f"{key}/dropped", urgent_callback(call, urgency))
        return Outcome("hung up, care goes on")


def stay_until_reached(call: Call, urgency: str, key: str, came: Answer | None = None, help_line: str = "") -> Flow:
    """Stay with a caller for whom a page runs until they have talked with a clinician. Returns the outcome.

    ``came`` is who has come already, or that nobody will. Raises SymptomHeard as :func:`page_clinician` does.
    """
    rounds = range(call.patience.rounds)
    for turn in rounds:
        if came is None:
            came = yield from wait_while_paged(call, urgency, f"{key}", turn, help_line)
        if not isinstance(came, Joined):
            return (yield from no_clinician(call, urgent_callback(call, urgency), f"{key}/house"))
        reached = with_a(came)
        again_wanted = yield from talk_or_owe(call, came, f"{key}/{turn}", urgent_callback(call, urgency))
        if not again_wanted:
            return reached
        if turn != rounds[-1]:
            yield from start_paging(call, urgency, f"{key}/page/{turn + 1}", f"{key}/paging/{turn + 1}")
        came, help_line = None, ""
    return (yield from to_fallback(call, f"{key}/house", promise=urgent_callback(call, urgency)))


def start_paging(call: Call, urgency: str, key: str, told: str) -> Dialogue:
    """Page, and tell the caller."""
    yield Do(f"{key}", StartEscalation(urgency))
    yield Say(f"{told}", call.lines("symptom.clinician"))


def wait_while_paged(call: Call, urgency: str, key: str, turn: int, help_line: str) -> Dialogue:
    """Wait for whoever is on call. Returns the answer that ended it. Raises SymptomHeard when it gets worse.

    An emergency cannot get worse: the 911 words are said again and the wait goes on.
    """
    came = yield from wait_or_help(call, f"{key}/wait/{turn}", help_line, "2")
    if not is_worse(came):
        return came
    if urgency != "emergent":
        raise_if_worse(call, came)
    yield Say(f"{key}/worse/{turn}/911", red_flag_words(call))
    yield Do(f"{key}/worse/{turn}/page", StartEscalation(urgency))
    return (yield from wait_or_help(call, f"{key}/worse/{turn}", help_line, ""))


def wait_or_help(call: Call, key: str, help_line: str, keys: str) -> Dialogue:
    """Wait, and connect whoever wants the ``help_line`` meanwhile. Returns the answer that ended the wait."""
    if help_line:
        for turn in HELP_CALLS:
            came = yield clinician_wait(call, f"{key}/help/{turn}", keys, help_line)
            if came != Pressed(HELP_KEY):
                return came
            joined = yield from connect_help_line(call, f"{key}/line/{turn}", help_line)
            if joined is not None:
                return joined
    return (yield clinician_wait(call, f"{key}", keys))


def clinician_wait(call: Call, key: str, keys: str, help_line: str = "") -> Wait:
    """The wait for whoever is on call. It goes on saying when to dial 911, and which ``keys`` there are."""
    worse = call.lines("wait.worse") if keys else ()
    offered: tuple[Line, ...] = help_words(call, help_line) if help_line else ()
    told = (*call.lines("wait.clinician"), *worse, *offered)
    return Wait(
        f"{key}",
        told,
        keys=keys + (HELP_KEY if help_line else ""),
        language=call.language,
        between=call.lines("wait.clinician.1", "wait.clinician.2", "wait.clinician.3"),
        otherwise=told,
        alarms=call.alarms,
    )
