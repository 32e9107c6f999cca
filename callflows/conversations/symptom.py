"""Somebody feels ill: reach a licensed clinician, now or by a promise. No step here asks who is calling.

Nothing in this file lowers an urgency, and from the first word of a symptom a dropped line no longer ends
the care: an urgent call-back is opened and whoever is being paged goes on being paged.
"""

from __future__ import annotations

from callflows.dialogues.emergency_911 import red_flag_words
from callflows.dialogues.fallback import no_clinician, taken_over, to_fallback
from callflows.dialogues.people import ROUNDS, talk, with_a
from callflows.dialogues.questions import SymptomHeard, WantsPerson, free_words, yes_or_no
from callflows.dialogues.red_flags import raises
from callflows.dialogues.whereabouts import NOT_KNOWN, whereabouts
from callflows.prompts import Line, own_words
from callflows.values import Call, Question, more_urgent
from callflows.vocabulary import (
    Dialogue,
    Do,
    EnterWaitingRoom,
    Flow,
    HungUp,
    Joined,
    LeaveWaitingRoom,
    NoteCall,
    OpenPromise,
    Outcome,
    Pressed,
    Say,
    StartEscalation,
    StartRecording,
    TakenOver,
    Wait,
)


def symptom(call: Call, words: str = "") -> Flow:
    """Care for a caller who named a symptom or asked for a nurse. Returns the outcome."""
    call, service = call.in_care(), call.practice.clinical_service().name
    yield Do("symptom/note", NoteCall(symptom=True, urgency="urgent", service=service))
    try:
        return (yield from supervised(call, words))
    except HungUp:
        yield Do("symptom/dropped", urgent_callback(call))
        return Outcome("hung up, care goes on")


def supervised(call: Call, words: str) -> Flow:
    """Care for the caller, unless a supervisor takes over. Returns the outcome."""
    try:
        return (yield from assess_and_connect(call, words))
    except TakenOver:
        return (yield from taken_over(call, "symptom/takeover"))


def assess_and_connect(call: Call, words: str) -> Flow:
    """Listen, screen, and bring in whoever the urgency asks for. Returns the outcome."""
    yield Do("symptom/record", StartRecording())
    try:
        return (yield from assessed(call, words))
    except SymptomHeard:
        return (yield from emergency(call))


def assessed(call: Call, words: str) -> Flow:
    """The same, until a red flag is heard or it gets worse: then SymptomHeard is raised. Returns the outcome."""
    try:
        urgency = yield from assess(call, words)
        state = yield from whereabouts(call)
    except WantsPerson:
        return (yield from page_clinician(call, "urgent", "clinician"))
    return (yield from nurse_then_clinician(call, urgency, state))


def assess(call: Call, words: str) -> Dialogue:
    """Listen and screen. Returns the urgency; raises SymptomHeard as soon as a red flag is heard."""
    if not words:
        words = yield from free_words(call, "symptom/words", call.lines("symptom.words"))
    yield Do("symptom/complaint", NoteCall(complaint=words))
    if raises(words, call.practice.protocol.red_flags):
        raise SymptomHeard(words)
    return (yield from triage(call))


def emergency(call: Call) -> Flow:
    """Say the 911 words at once and page a clinician meanwhile. Returns the outcome."""
    yield Do("emergency/note", NoteCall(urgency="emergent"))
    yield Say("emergency/911", red_flag_words(call))
    try:
        return (yield from page_clinician(call, "emergent", "emergency"))
    except HungUp:
        yield Do("symptom/dropped", urgent_callback(call, "emergent"))
        return Outcome("hung up, care goes on")


def triage(call: Call) -> Dialogue:
    """Ask the protocol's questions from the highest acuity down. The first yes or doubt gives the urgency.

    Raises SymptomHeard at a yes that is a red flag.
    """
    questions = call.practice.protocol.questions
    for question in questions:
        answer = yield from yes_or_no(call, f"triage/{question.key}", question_lines(call, question))
        if answer == "yes" and is_red_flag(question):
            raise SymptomHeard("")
        if answer == "yes":
            return more_urgent("urgent", question.raises_to)
        if answer == "unclear":
            return "urgent"
    return "urgent"


def question_lines(call: Call, question: Question) -> tuple[Line, ...]:
    """The protocol's own words, in the caller's language where it has them, and how to answer."""
    words = dict(question.ask)
    language = call.language if call.language in words else question.ask[0][0]
    return (own_words(words[language], language), *call.lines("symptom.yes_no"))


def is_red_flag(question: Question) -> bool:
    """Whether a yes to ``question`` calls for the 911 words."""
    return question.says_911 or question.raises_to == "emergent"


def nurse_then_clinician(call: Call, urgency: str, state: str) -> Flow:
    """Look for a nurse licensed where the patient is, and page the clinician on call otherwise. Returns the outcome.

    Raises SymptomHeard when the caller presses that it gets worse.
    """
    service = call.practice.clinical_service()
    if not service.nurses_first or state == NOT_KNOWN:
        return (yield from page_clinician(call, urgency, "clinician"))
    yield Say("nurse/getting", call.lines("symptom.nurse"))
    yield Do("nurse/search", EnterWaitingRoom(service.name, call.language, urgency))
    came = yield Wait(
        "nurse/wait",
        call.lines("wait.clinician", "wait.worse"),
        keys="2",
        language=call.language,
        between=call.lines("wait.nurse.1", "wait.nurse.2", "wait.nurse.3"),
        otherwise=call.lines("wait.clinician", "wait.worse"),
    )
    worse = came == Pressed("2")
    if isinstance(came, Joined):
        reached = with_a(came)
        again = yield from talk(call, came, "nurse")
        if not again:
            return reached
    yield Do("nurse/stop", LeaveWaitingRoom())
    if worse:
        raise SymptomHeard("")
    return (yield from page_clinician(call, urgency, "clinician"))


def page_clinician(call: Call, urgency: str, key: str) -> Flow:
    """Page until a clinician accepts, and turn to the fallback where none does. Returns the outcome.

    Raises SymptomHeard when it gets worse than ``urgency``; what is emergent already has the 911 words said again.
    """
    for turn in ROUNDS:
        yield Do(f"{key}/page/{turn}", StartEscalation(urgency))
        yield Say(f"{key}/paging/{turn}", call.lines("symptom.clinician"))
        came = yield clinician_wait(call, f"{key}/wait/{turn}", "wait.worse", keys="2")
        if came == Pressed("2"):
            if urgency != "emergent":
                raise SymptomHeard("")
            yield Say(f"{key}/worse/{turn}/911", red_flag_words(call))
            yield Do(f"{key}/worse/{turn}/page", StartEscalation(urgency))
            came = yield clinician_wait(call, f"{key}/worse/{turn}")
        if not isinstance(came, Joined):
            return (yield from no_clinician(call, urgent_callback(call, urgency), f"{key}/house"))
        reached = with_a(came)
        again = yield from talk(call, came, f"{key}/{turn}")
        if not again:
            return reached
    return (yield from to_fallback(call, f"{key}/house", promise=urgent_callback(call, urgency)))


def clinician_wait(call: Call, key: str, *more: str, keys: str = "") -> Wait:
    """The wait for whoever is on call. It goes on saying when to dial 911."""
    return Wait(
        f"{key}",
        call.lines("wait.clinician", *more),
        keys=keys,
        language=call.language,
        between=call.lines("wait.clinician.1", "wait.clinician.2", "wait.clinician.3"),
        otherwise=call.lines("wait.clinician", *more),
    )


def urgent_callback(call: Call, urgency: str = "urgent") -> OpenPromise:
    """The call-back the clinical lead allows for a symptom of that urgency. It keeps a page going, or starts one."""
    due = dict(call.practice.protocol.answer_within).get(urgency, "now + 15m")
    return OpenPromise("urgent-callback", call.practice.clinical_service().name, due, urgency=urgency)
