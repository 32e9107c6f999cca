"""Somebody feels ill: reach a licensed clinician, now or by a promise. No step here asks who is calling.

Nothing in this file lowers an urgency, and from the first word of a symptom a dropped line no longer ends
the care: an urgent call-back is opened and whoever is being paged goes on being paged.
"""

from __future__ import annotations

from callflows.dialogues.emergency_911 import danger_words, red_flag_words
from callflows.dialogues.fallback import no_clinician, taken_over, to_fallback
from callflows.dialogues.people import ROUNDS, talk, with_a
from callflows.dialogues.questions import GONE, TAKEN_OVER, SymptomHeard, WantsPerson, again, ask, judge, reply_of
from callflows.dialogues.whereabouts import NOT_KNOWN, whereabouts
from callflows.prompts import Line, own_words
from callflows.values import Call, Question, more_urgent
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
    OpenPromise,
    Outcome,
    Pressed,
    Say,
    Silence,
    Spoke,
    StartEscalation,
    StartRecording,
    TakenOver,
    Wait,
)
from callflows.vocabulary.hearing import EMERGENT, FLAGGED, NO, PERSON, SUSPECT

WARNED = "warned"
"""An emergency for which the 911 words were said already, or are not to be said."""


def symptom(call: Call, words: str, danger: str, noticed: bool) -> Flow:
    """Care for a caller who told of an illness in ``words``, or asked for a nurse. Returns the outcome.

    ``danger`` is that of the SymptomHeard. ``noticed``: the caller was told of recordings.
    """
    call, service = call.in_care(), call.practice.clinical_service()
    known = NoteCall(symptom=True, urgency="urgent", service=service.name, language=call.language)
    yield Do("symptom/note", known)
    try:
        return (yield from supervised(call, words, danger, noticed))
    except HungUp:
        yield Do("symptom/dropped", urgent_callback(call))
        return Outcome("hung up, care goes on")


def supervised(call: Call, words: str, danger: str, noticed: bool) -> Flow:
    """Care for the caller, unless a supervisor takes over. Returns the outcome."""
    try:
        return (yield from assess_and_connect(call, words, danger, noticed))
    except TakenOver:
        return (yield from taken_over(call, "symptom/takeover"))


def assess_and_connect(call: Call, words: str, danger: str, noticed: bool) -> Flow:
    """Listen, screen, and bring in whoever the urgency asks for. Returns the outcome."""
    if danger == GONE:
        raise HungUp
    if danger == TAKEN_OVER:
        raise TakenOver
    if noticed:
        yield Do("symptom/record", StartRecording())
    try:
        return (yield from assessed(call, words, danger))
    except SymptomHeard as heard:
        warned = heard.danger == WARNED
    return (yield from emergency(call, warned))


def assessed(call: Call, words: str, danger: str) -> Flow:
    """The same, until a red flag is heard or it gets worse: then SymptomHeard is raised. Returns the outcome."""
    try:
        urgency = yield from assess(call, words, danger)
        state = yield from whereabouts(call)
    except WantsPerson:
        return (yield from page_clinician(call, "urgent", "clinician"))
    return (yield from nurse_then_clinician(call, urgency, state))


def assess(call: Call, words: str, danger: str) -> Dialogue:
    """Listen and screen. Returns the urgency; raises SymptomHeard as soon as there is an emergency."""
    yield from take_complaint(call, words)
    if danger == FLAGGED:
        raise SymptomHeard
    if danger == PERSON:
        raise WantsPerson
    if danger in (SUSPECT, EMERGENT):
        endangered = yield from is_in_danger(call)
        if endangered:
            raise SymptomHeard("", WARNED)
    return (yield from triage(call))


def take_complaint(call: Call, words: str) -> Dialogue:
    """Note what is wrong, and ask for it where no ``words`` told. Raises SymptomHeard at words of an emergency."""
    if words:
        yield Do("symptom/complaint", NoteCall(complaint=words))
        return
    answer = yield ask(call, "symptom/words/0", call.lines("symptom.words"))
    yield Do("symptom/complaint", NoteCall(complaint=answer.words if isinstance(answer, Spoke) else ""))
    judge(call, answer)


def is_in_danger(call: Call) -> Dialogue:
    """Say the 911 words and ask in the same breath whether somebody is in danger: all but a clear no says so."""
    answer = yield ask(call, "danger", (*danger_words(call), *call.lines("danger.ask")))
    try:
        return is_raised(call, answer)
    except WantsPerson:
        return True


def emergency(call: Call, warned: bool = False) -> Flow:
    """Say the 911 words, unless the caller was ``warned``, and page a clinician meanwhile. Returns the outcome."""
    call = call.in_emergency()
    yield Do("emergency/note", NoteCall(urgency="emergent"))
    if not warned:
        yield Say("emergency/911", red_flag_words(call))
    try:
        return (yield from page_clinician(call, "emergent", "emergency"))
    except HungUp:
        yield Do("symptom/dropped", urgent_callback(call, "emergent"))
        return Outcome("hung up, care goes on")


def triage(call: Call) -> Dialogue:
    """Ask the protocol's questions from the highest acuity down, all of them unless one finds an emergency.

    Returns the highest urgency that an answer raised to. The 911 words are said where the protocol says so; at an
    emergency SymptomHeard is raised for them.
    """
    urgency = "urgent"
    questions = call.practice.protocol.questions
    for question in questions:
        raised = yield from is_question_raised(call, question)
        if raised:
            urgency = more_urgent(urgency, question.raises_to)
            if question.says_911 and urgency == "emergent":
                raise SymptomHeard
            if urgency == "emergent":
                raise SymptomHeard("", WARNED)
    return urgency


def is_question_raised(call: Call, question: Question) -> Dialogue:
    """Ask one question; all but a clear no raises. What could not be understood is asked once more, silence never."""
    lines = question_lines(call, question)
    answer = yield ask(call, f"triage/{question.key}/0", lines)
    if answer == Silence() or reply_of(call, answer):
        return is_raised(call, answer)
    answer = yield ask(call, f"triage/{question.key}/1", (*again(call, answer), *lines))
    return is_raised(call, answer)


def is_raised(call: Call, answer: Answer) -> bool:
    """Whether an answer to a question about danger is anything but a clear no. Raises as ``judge`` does."""
    return reply_of(call, answer) != NO


def question_lines(call: Call, question: Question) -> tuple[Line, ...]:
    """The protocol's own words, in the caller's language where it has them, and how to answer."""
    words = dict(question.ask)
    language = call.language if call.language in words else question.ask[0][0]
    return (own_words(words[language], language), *call.lines("symptom.yes_no"))


def nurse_then_clinician(call: Call, urgency: str, state: str) -> Flow:
    """Look for a nurse licensed where the patient is, and page the clinician on call otherwise. Returns the outcome.

    Raises SymptomHeard when the caller tells that it gets worse.
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
        alarms=call.alarms,
    )
    if isinstance(came, Joined):
        reached = with_a(came)
        again_wanted = yield from talk(call, came, "nurse")
        if not again_wanted:
            return reached
    yield Do("nurse/stop", LeaveWaitingRoom())
    if is_worse(came):
        raise SymptomHeard
    return (yield from page_clinician(call, urgency, "clinician"))


def is_worse(came: Answer) -> bool:
    """Whether a wait ended because the caller told that it gets worse, by the key or in words."""
    return came == Pressed("2") or isinstance(came, Spoke)


def page_clinician(call: Call, urgency: str, key: str) -> Flow:
    """Page until a clinician accepts, and turn to the fallback where none does. Returns the outcome.

    Raises SymptomHeard when it gets worse than ``urgency``; what is emergent already has the 911 words said again.
    """
    for turn in ROUNDS:
        yield Do(f"{key}/page/{turn}", StartEscalation(urgency))
        yield Say(f"{key}/paging/{turn}", call.lines("symptom.clinician"))
        came = yield clinician_wait(call, f"{key}/wait/{turn}", "wait.worse", keys="2")
        if is_worse(came):
            if urgency != "emergent":
                raise SymptomHeard
            yield Say(f"{key}/worse/{turn}/911", red_flag_words(call))
            yield Do(f"{key}/worse/{turn}/page", StartEscalation(urgency))
            came = yield clinician_wait(call, f"{key}/worse/{turn}")
        if not isinstance(came, Joined):
            return (yield from no_clinician(call, urgent_callback(call, urgency), f"{key}/house"))
        reached = with_a(came)
        again_wanted = yield from talk(call, came, f"{key}/{turn}")
        if not again_wanted:
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
        alarms=call.alarms,
    )


def urgent_callback(call: Call, urgency: str = "urgent") -> OpenPromise:
    """The call-back the clinical lead allows for a symptom of that urgency. It keeps a page going, or starts one."""
    due = dict(call.practice.protocol.answer_within).get(urgency, "now + 15m")
    return OpenPromise("urgent-callback", call.practice.clinical_service().name, due, urgency=urgency)
