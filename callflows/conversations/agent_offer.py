"""An agent's phone rings: whisper, accept key, the call, and bringing in a clinician."""

from __future__ import annotations

from callflows.dialogues.accepting import accept_key, refusal
from callflows.dialogues.one_time_code import CHECKING, DIGITS, MOST_WAITING, OVER, RIGHT, UNCHECKED, UNSENT, WRONG
from callflows.dialogues.reasons import service_name
from callflows.dialogues.talking import CLINICIAN_LOST, NO_INTERPRETER
from callflows.prompts import Line, line
from callflows.prompts.states import state_name
from callflows.values import Offer
from callflows.vocabulary import (
    AcceptOffer,
    Answer,
    Ask,
    AskCode,
    AskInterpreter,
    AwaitCode,
    CallPatient,
    CodeChecked,
    DeclineOffer,
    DialEnded,
    Dialogue,
    Do,
    FinishConsult,
    Flow,
    HoldCaller,
    HungUp,
    InVain,
    Known,
    NobodyCame,
    NoteCall,
    NotReached,
    Outcome,
    PersonLeft,
    Pressed,
    Say,
    SendCode,
    SetCallerAside,
    StartConsult,
    WithPerson,
)

WHAT_FOLLOWS = {"again": ("offer.again",), "given-up": ("offer.last_try",), "": ()}
"""What is said of the next try, by what :class:`InVain` tells."""

SEND, CHECK = Pressed("4"), Pressed("5")
WHAT_CAME: dict[Answer, str] = {
    RIGHT: "step_out.code_right",
    WRONG: "step_out.code_wrong",
    OVER: "step_out.code_over",
    UNSENT: "step_out.code_unsent",
    UNCHECKED: "step_out.code_unchecked",
}
"""What an agent hears of a code."""

ASK, LEAVE, ASK_ALONE, CALL_OFF = Pressed("1"), Pressed("3"), Pressed("6"), Pressed("7")
RINGING, HERE = "ringing", "here"
"""How far a clinician is whom an agent has asked for: being called, or with them; empty where none is asked for."""
BACK, ALONE, GONE = "back", "alone", "gone"
"""Where an agent goes who stepped out: back to the caller, to the clinician while the caller is held, or away."""
LEFT = PersonLeft("agent")
"""In place of an answer: the agent has gone who was alone with a clinician."""
TURNS = range(12)
"""How often an agent may step out of one call and come back."""


def agent_offer(offer: Offer) -> Flow:
    """Nobody is connected before the accept key: a voicemail that answers never presses one."""
    answer = yield from accept_key(whisper(offer), timeout=6, language=offer.language)
    if answer != Pressed("1"):
        yield Do("decline", DeclineOffer(refusal(answer)))
        return Outcome("declined")
    granted = yield Do("accept", AcceptOffer())
    if not granted.won:
        yield Say("gone", (line("offer.gone", offer.language),))
        return Outcome("gone")
    if offer.interpreter:
        yield Do("interpreter", AskInterpreter())
    if offer.is_callback:
        yield Do("ring-patient", CallPatient())
    yield Say("joining", joining(offer))
    return (yield from in_conversation(offer))


def whisper(offer: Offer) -> tuple[Line, ...]:
    """What the agent hears before deciding: who is served, what for, in which language, how urgent."""
    spoken_language = line(f"language.{offer.caller_language}", offer.language).spoken()
    service = service_name(offer.service, offer.language)
    said = "offer.whisper_interpreted" if offer.interpreter else "offer.whisper"
    lead = line(said, offer.language, practice=offer.practice, service=service, spoken_language=spoken_language)
    urgent = (line("offer.urgent", offer.language),) if offer.urgency != "routine" else ()
    callback = (line("offer.callback", offer.language),) if offer.is_callback else ()
    waited = () if offer.is_callback else (line("offer.waited", offer.language, seconds=str(offer.waited_seconds)),)
    level = line("offer.identity", offer.language, level=offer.identity_level)
    missed = (line("offer.missed", offer.language, missed=str(offer.missed)),) if offer.missed else ()
    return (*urgent, *missed, lead, *callback, *waited, level, line("offer.accept", offer.language))


def elsewhere(offer: Offer) -> tuple[Line, ...]:
    """The line that says where the patient is, unless that is the state of the practice."""
    state = offer.patient_state
    return (line("offer.elsewhere", offer.language, state=state_name(state, offer.language)),) if state else ()


def speaking_for(offer: Offer) -> tuple[Line, ...]:
    """The line that says as what the caller speaks for the patient, if they do."""
    if not offer.relation:
        return ()
    relation = line(f"relation.{offer.relation}", offer.language).spoken()
    return (line("offer.speaks_for", offer.language, relation=relation),)


def joining(offer: Offer) -> tuple[Line, ...]:
    """The last words before the call."""
    coming = (line("offer.interpreter_coming", offer.language),) if offer.interpreter else ()
    return (*speaking_for(offer), *elsewhere(offer), line("offer.joining", offer.language), *coming)


def in_conversation(offer: Offer) -> Flow:
    """The agent talks, and presses star to step out and bring in a clinician. Returns the outcome.

    With a clinician whom they wanted to speak with first they are alone, and the caller is held, until they bring the
    caller in or leave the two together. Whatever else ends that brings the caller back.
    """
    where = BACK
    for turn in TURNS:
        answer = yield from talk(turn, where)
        if isinstance(answer, DialEnded):
            where = yield from step_out(offer, turn)
            if where == GONE:
                return Outcome("done")
            continue
        if where == ALONE:
            yield Do(f"talk/{turn}/unhold", HoldCaller(False))
        if answer == LEFT:
            return Outcome("done")
        if not isinstance(answer, NobodyCame):
            yield Say(f"ended/{turn}", ending(answer, offer.language))
            return Outcome("not reached" if isinstance(answer, NotReached) else "done")
        where = BACK
        yield Say(f"nobody/{turn}", (line(nobody(answer), offer.language),))
    return Outcome("done")


def talk(turn: int, where: str) -> Dialogue:
    """Talk until something ends it. Returns the answer, LEFT where an agent hangs up who is ALONE with a clinician."""
    try:
        return (yield WithPerson(f"talk/{turn}", "caller", may_step_out=True))
    except HungUp:
        if where != ALONE:
            raise
    return LEFT


def step_out(offer: Offer, turn: int) -> Dialogue:
    """Hold the caller while the agent chooses. Returns where the agent goes: BACK, ALONE or GONE."""
    held = yield Do(f"hold/{turn}", HoldCaller(True))
    # Whoever stepped out under a release that answered Done was offered no more than it had.
    state = held["clinician"] if isinstance(held, Known) else ""
    may_be_alone = turn != TURNS[-1] and isinstance(held, Known)
    try:
        lines = choices(offer, state, alone=may_be_alone)
        choice = yield Ask(f"step-out/{turn}", lines, language=offer.language)
        if offer.codes:
            yield from prove_caller(offer, turn, choice)
    except HungUp:
        yield Do(f"unhold/{turn}", HoldCaller(False))
        return GONE
    alone = may_be_alone and choice == ASK_ALONE
    if state != HERE and (choice == ASK or alone):
        yield Do(f"note/{turn}", NoteCall(urgency="urgent"))
        yield Do(f"consult/{turn}", StartConsult("urgent"))
        told = "step_out.calling_alone" if alone else "step_out.calling"
        yield Say(f"calling/{turn}", (line(told, offer.language),))
        if alone:
            yield Do(f"aside/{turn}", SetCallerAside())
            return ALONE
    if state == RINGING and choice == CALL_OFF:
        yield Do(f"call-off/{turn}", FinishConsult("called-off"))
        yield Say(f"called-off/{turn}", (line("step_out.called_off", offer.language),))
    yield Do(f"unhold/{turn}", HoldCaller(False))
    return GONE if choice == LEAVE else BACK


def choices(offer: Offer, state: str, *, alone: bool) -> tuple[Line, ...]:
    """What an agent who stepped out may do, by whether a clinician is being called for the talk, or is in it.

    ``alone``: speak with the clinician first.
    """
    if state == HERE:
        prompts: tuple[str, ...] = ("step_out.here",)
    else:
        may = (("step_out.alone", alone), ("step_out.call_off", state == RINGING))
        prompts = ("step_out", *(prompt for prompt, offered in may if offered))
    codes = ("step_out.codes",) if offer.codes else ()
    return tuple(line(prompt, offer.language) for prompt in (*prompts, *codes))


def prove_caller(offer: Offer, turn: int, choice: Answer) -> Dialogue:
    """Have a one-time code sent to the patient's number on file, or check the one that the caller has read out."""
    if choice == SEND:
        sent = yield Do(f"code/{turn}/send", SendCode())
        told = WHAT_CAME[sent] if isinstance(sent, CodeChecked) else "step_out.code_sent"
        yield Say(f"code/{turn}/sent", (line(told, offer.language),))
    if choice == CHECK:
        asked = (line("step_out.code", offer.language),)
        given = yield AskCode(f"code/{turn}", asked, DIGITS, timeout=10, language=offer.language)
        if given == CHECKING:
            given = yield from await_check(offer, f"code/{turn}")
        if given == RIGHT:
            yield Do(f"code/{turn}/known", NoteCall(identity_level="L2"))
        yield Say(f"code/{turn}/told", (line(WHAT_CAME.get(given, "step_out.code_none"), offer.language),))


def await_check(offer: Offer, key: str) -> Dialogue:
    """What came of a code that is being checked; no longer than a short time."""
    checked = yield AwaitCode(f"{key}/checked", (line("step_out.checking", offer.language),), timeout=MOST_WAITING)
    return checked if isinstance(checked, CodeChecked) else UNCHECKED


def nobody(answer: Answer) -> str:
    """The prompt that says who could not be reached, or was lost on the way."""
    if answer == CLINICIAN_LOST:
        return "offer.clinician_cut"
    return "offer.no_interpreter" if answer == NO_INTERPRETER else "offer.no_clinician"


def in_vain(answer: NotReached) -> tuple[str, ...]:
    """The prompts that say why the patient was not reached, and whether that is tried again."""
    if not isinstance(answer, InVain):
        return ("offer.not_reached", *WHAT_FOLLOWS["again"])
    if answer.then == "later":
        return ("offer.later",)
    return ("offer.not_reached" if answer.rung else "offer.no_number", *WHAT_FOLLOWS[answer.then])


def ending(answer: Answer, language: str) -> tuple[Line, ...]:
    """How the talk ended, and what follows from it, for somebody whom we rang."""
    prompts: tuple[str, ...] = ()
    if isinstance(answer, NotReached):
        prompts = in_vain(answer)
    elif isinstance(answer, PersonLeft):
        prompts = ("offer.ended" if answer.role in ("caller", "patient") else "offer.alone",)
    return tuple(line(prompt, language) for prompt in (*prompts, "farewell"))
