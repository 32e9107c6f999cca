"""The patient's phone rings because we promised to call back, or because the line dropped."""

from __future__ import annotations

from dataclasses import replace

from callflows.conversations.kept import keep_for_clinician
from callflows.conversations.symptom import emergency, page_clinician
from callflows.dialogues.call_back_times import choose_time
from callflows.dialogues.emergency_911 import red_flag_words
from callflows.dialogues.questions import SymptomHeard, WantsPerson, danger_of, is_alarming
from callflows.dialogues.screening import WARNED
from callflows.dialogues.talking import ClinicianAsked, heed_clinician, talk_through
from callflows.prompts import Line
from callflows.values import Call
from callflows.vocabulary import (
    Answer,
    Ask,
    CutShort,
    DialEnded,
    Dialogue,
    Do,
    Fact,
    Flow,
    HungUp,
    InVain,
    MovePromise,
    NoteCall,
    Outcome,
    Pressed,
    ReportCutShort,
    ReportReached,
    ResumeEscalation,
    Say,
)
from callflows.vocabulary.hearing import EMERGENT, FLAGGED, GRAVE

TRIES = range(2)
CALLED_BACK = Outcome("called back")
PUT_OFF = Outcome("put off")
LATER = Pressed("2")
EMERGENCIES = (EMERGENT, GRAVE, FLAGGED)
"""What a patient may tell of at the ring for which a clinician is paged, whoever had them rung."""
WHAT_FOLLOWS = {"again": "called_back.again"}
"""What a patient is told for whom nobody waits any more, by what :class:`InVain` tells."""


def called_back(call: Call) -> Flow:
    """Say nothing but the practice's name before a key is pressed: a machine or a relative may have answered.

    A patient who loses whoever had them rung, before both have talked, hears so and whether they are called again; one
    for whom a clinician was asked for meanwhile is kept for them.
    """
    try:
        return (yield from called_up(call))
    except ClinicianAsked as asked:
        kept = asked
    return (yield from keep_for_clinician(kept))


def called_up(call: Call) -> Flow:
    """Bring the patient to whoever had them rung. Returns the outcome. Raises ClinicianAsked as a talk does."""
    try:
        there = yield from somebody_there(call)
    except HungUp:
        there = False
    if there == PUT_OFF:
        return PUT_OFF
    waits = yield Do("reached", ReportReached(bool(there)))
    if not there:
        return Outcome("not reached")
    if isinstance(there, SymptomHeard):
        yield from note_illness(there)
        if isinstance(waits, InVain):
            return (yield from care_for(rung(call), there.danger))
        if there.danger in EMERGENCIES:
            yield from page_beside(call, there.danger)
    if isinstance(waits, InVain):
        yield Say("nobody", in_vain(call, waits))
        return Outcome("not reached")
    interpreter = yield Fact("interpreter", "interpreter")
    yield Say("joining", call.lines("called_back.joining"))
    if interpreter["coming"] == "yes":
        yield Say("interpreter-coming", call.lines("interpreter.coming"))
    try:
        ended = yield from talk_through(rung(call), CALLED_BACK, heeds=True)
    except HungUp:
        yield from heed_clinician(rung(call), "talk/gone", CALLED_BACK, None)
        talked = yield from have_talked()
        return CALLED_BACK if talked else Outcome("cut off")
    yield from heed_clinician(rung(call), "talk", CALLED_BACK, ended)
    talked = not isinstance(ended, CutShort)
    if isinstance(ended, DialEnded):
        talked = yield from have_talked()
    if not talked:
        follows = yield Do("cut", ReportCutShort())
        yield Say("cut-short", in_vain(call, follows))
        return Outcome("cut off")
    yield Say("goodbye", call.lines("farewell"))
    return CALLED_BACK


def rung(call: Call) -> Call:
    """The same call, as somebody meets it whom we rang: nobody else is looked for in line."""
    return replace(call, in_line=False)


def note_illness(heard: SymptomHeard) -> Dialogue:
    """Note the illness that a patient told of at the ring, in their words."""
    urgency = "emergent" if heard.danger in EMERGENCIES else "urgent"
    yield Do("ill/note", NoteCall(symptom=True, urgency=urgency, complaint=heard.words))


def page_beside(call: Call, danger: str) -> Dialogue:
    """Say the 911 words, unless they were signed away, and page a clinician beside whoever had the patient rung."""
    if danger != GRAVE:
        yield Say("ill/911", red_flag_words(call))
    yield Do("ill/page", ResumeEscalation("emergent"))


def care_for(call: Call, danger: str) -> Flow:
    """Bring a patient who told of an illness to a clinician, as whoever had them rung is gone. Returns the outcome."""
    warned = danger == GRAVE
    if danger not in EMERGENCIES:
        try:
            return (yield from page_clinician(call.in_care(), "urgent", "ill/urgent"))
        except SymptomHeard as heard:
            warned = heard.danger in (WARNED, GRAVE)
    return (yield from emergency(call, warned, key="ill/emergency"))


def have_talked() -> Dialogue:
    """Whether the patient has talked with whoever had them rung."""
    known = yield Fact("talked", "talked")
    return known["talked"] == "yes"


def in_vain(call: Call, why: Answer) -> tuple[Line, ...]:
    """What a patient hears who came to the phone and talked with nobody."""
    then = why.then if isinstance(why, InVain) else ""
    return call.lines("called_back.cut", WHAT_FOLLOWS.get(then, "called_back.call_us"), "wait.emergency")


def somebody_there(call: Call) -> Dialogue:
    """Whether a person pressed 1; the SymptomHeard where they told of an illness instead, and PUT_OFF where they chose
    another time.

    That is offered only for what is not urgent. Whoever asks for it and chooses none is asked once more.
    """
    told = call.line("called_back" if call.asked_back else "called_back.unasked", practice=call.practice.name)
    lines = (told, *(call.lines("called_back.later") if call.movable else ()))
    for attempt in TRIES:
        answer = yield Ask(f"ready/{attempt}", lines, speech=True, timeout=6, language=call.language)
        if is_alarming(answer):
            return SymptomHeard(answer.words, danger_of(answer))
        if answer == Pressed("1"):
            return True
        if answer == LATER and call.movable:
            ended = yield from put_off(call, f"later/{attempt}")
            if ended:
                return ended
    return False


def put_off(call: Call, key: str) -> Dialogue:
    """Move the call-back to the time that the patient chooses. Returns PUT_OFF, the SymptomHeard where they tell of an
    illness instead, and False where it stays as it is.
    """
    times = yield Fact(f"{key}/times", "call_back_windows")
    try:
        window = yield from choose_time(call, f"{key}/when", times)
    except SymptomHeard as heard:
        return heard
    except WantsPerson:
        return False
    if not window:
        return False
    moved = yield Do(f"{key}/move", MovePromise(window))
    if not moved.won:
        return False
    due = yield Fact(f"{key}/due", "promise_due", (("window", "yes"),))
    yield Say(f"{key}/told", (call.line("promise.window", time=due["spoken"]), *call.lines("farewell")))
    return PUT_OFF
