"""A professional calls: hospital, laboratory or pharmacy, straight to the clinician on call.

Where the practice lists organisations, they may prove for which one they call, while the page runs.
"""

from __future__ import annotations

from callflows.conversations.kept import keep_for_clinician
from callflows.conversations.symptom import emergency, page_clinician
from callflows.dialogues.emergency_911 import emergency_words
from callflows.dialogues.fallback import taken_over
from callflows.dialogues.promises import urgent_callback
from callflows.dialogues.questions import (
    Option,
    SymptomHeard,
    WantsPerson,
    ask,
    choose_language,
    judge,
    judge_language,
    menu,
)
from callflows.dialogues.talking import ClinicianAsked
from callflows.values import Call
from callflows.vocabulary import (
    Answer,
    Dialogue,
    Do,
    Flow,
    HungUp,
    NoteCall,
    Outcome,
    Say,
    Spoke,
    StartRecording,
    TakenOver,
)
from callflows.vocabulary.hearing import GRAVE

CALLERS = (
    Option("1", "hospital"),
    Option("2", "laboratory"),
    Option("3", "pharmacy"),
)
UNKNOWN = "professional"


def backline(call: Call) -> Flow:
    """Ask who calls and about what, then page whoever is on call. A dropped line does not end the page.

    That somebody is ill is no news here: professionals call about patients.
    """
    yield Say("emergency", emergency_words(call.practice.languages))
    try:
        return (yield from supervised(call.in_care()))
    except HungUp:
        yield Do("backline/dropped", urgent_callback(call))
        return Outcome("hung up, care goes on")
    except ClinicianAsked as asked:
        kept = asked
    return (yield from keep_for_clinician(kept))


def supervised(call: Call) -> Flow:
    """Handle the professional's matter, unless a supervisor takes over. Returns the outcome."""
    call = call.speaking(call.practice.languages[0])
    try:
        call, answer = yield from choose_language(call)
        return (yield from professional(call, answer))
    except TakenOver:
        return (yield from taken_over(call, "takeover"))


def professional(call: Call, answer: Answer) -> Flow:
    """Take the matter in a few words and page; words of an emergency go before all else. Returns the outcome.

    ``answer`` is what was said when the caller was asked for the language.
    """
    proves = call.practice.lists_professionals
    try:
        judge_language(call, answer)
        yield from take_call(call)
    except SymptomHeard as heard:
        return (yield from raised(call, heard.words, heard.danger, proves=proves))
    try:
        return (yield from page_clinician(call, "urgent", "backline", proves=proves))
    except SymptomHeard as heard:
        words, danger = heard.words, heard.danger
    # Whoever tells of an emergency while they are asked for a code, or wait, is asked nothing more.
    return (yield from raised(call, words, danger))


def raised(call: Call, words: str, danger: str, *, proves: bool = False) -> Flow:
    """Page for an emergency that was told in ``words``. Returns the outcome."""
    yield Do("backline/emergency", NoteCall(language=call.language, urgency="urgent", symptom=True, complaint=words))
    return (yield from emergency(call, danger == GRAVE, proves=proves))


def take_call(call: Call) -> Dialogue:
    """Learn who calls and about what. Raises SymptomHeard."""
    yield Say("backline/notice", call.lines("notice"))
    source = yield from who_calls(call)
    service = f"backline-{source}"
    yield Do("backline/note", NoteCall(language=call.language, service=service, urgency="urgent", symptom=True))
    yield Do("backline/record", StartRecording())
    yield from take_matter(call, known=source != UNKNOWN)


def who_calls(call: Call) -> Dialogue:
    """Returns the kind of professional. That it stayed unclear must not hold up a result."""
    try:
        return (yield from menu(call, "backline/who", call.lines("backline.who"), CALLERS))
    except WantsPerson:
        return UNKNOWN


def take_matter(call: Call, *, known: bool) -> Dialogue:
    """Ask what the call is about and note it; of somebody not ``known`` nothing more is asked.

    Raises SymptomHeard at words that tell of an emergency.
    """
    if not known:
        yield Do("backline/complaint", NoteCall(complaint=""))
        return
    answer = yield ask(call, "backline/words/0", call.lines("backline.reason"))
    yield Do("backline/complaint", NoteCall(complaint=answer.words if isinstance(answer, Spoke) else ""))
    try:
        judge(call, answer)
    except WantsPerson:
        return
