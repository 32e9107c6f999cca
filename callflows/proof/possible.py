"""Everything that may come back when a flow asks: the world as the explorer plays it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from callflows.dialogues.talking import CLINICIAN_LOST, NO_INTERPRETER
from callflows.engine.replay import FlowError
from callflows.proof.possible_pages import SECRET as SECRET
from callflows.proof.possible_pages import list_more, list_summaries, list_wanted_calls
from callflows.proof.possible_proofs import (
    CODES_ASKED,
    FACTS_OF_PROOF,
    GRANTED_OR_NOT,
    OF_A_LISTED_NUMBER,
    list_given_codes,
)
from callflows.vocabulary import (
    AcceptHouse,
    AcceptInterpreting,
    AcceptOffer,
    AcceptPage,
    Answer,
    Ask,
    AskMeanwhile,
    AskPin,
    CodeChecked,
    ConfirmReachable,
    CutShort,
    DialEnded,
    DialHelpLine,
    DialHouse,
    Do,
    Done,
    Fact,
    Granted,
    HoldCaller,
    Interrupted,
    InVain,
    Joined,
    Known,
    LeaveMessage,
    MessageLeft,
    MovePromise,
    NobodyCame,
    NotReached,
    PersonLeft,
    PinChecked,
    Pressed,
    ReportCutShort,
    ReportReached,
    Request,
    SendCode,
    SetAside,
    Silence,
    Spoke,
    Wait,
    WaitBroke,
    WaitOnHold,
    WithPerson,
)
from callflows.vocabulary.hearing import CALM, DOUBT, EMERGENT, FLAGGED, GRAVE, ILL, NO, PERSON, SUSPECT, YES

HANG_UP = Interrupted("hung-up")
TAKEOVER = Interrupted("taken-over")
KEYS = "0123456789*"
WORDS = "blue umbrella"
TYPED = "1029384756"


@dataclass(frozen=True, slots=True)
class World:
    """Who is on the leg. Supervisors take over callers, never an agent's or a clinician's leg.

    One call is taken over at most ``takeovers`` times. ``flags`` are red flags for which a help line is offered.
    """

    interruptions: tuple[Interrupted, ...] = (HANG_UP, TAKEOVER)
    takeovers: int = 1
    flags: tuple[str, ...] = ()

    def answers_for(self, request: Request) -> tuple[Answer, ...]:
        """Each answer ``request`` may receive, as far as a flow can tell answers apart."""
        if isinstance(request, Do):
            # Effects, and facts of our own, are answered in the transaction that records them: nothing comes between.
            return _effects(request)
        if isinstance(request, Fact) and request.name not in OUTSIDE:
            return _facts(request)
        return (*self._ordinary(request), *self.interruptions)

    def _ordinary(self, request: Request) -> tuple[Answer, ...]:
        match request:
            case Ask():
                came = CAME if isinstance(request, AskMeanwhile) else ()
                return (*pressed(request), *spoken(request), *self._flagged(request), Silence(), *came)
            case WaitOnHold():
                return (*(Pressed(key) for key in request.keys), *map(heard, request.alarms), *HOLDS)
            case Wait():
                return (*(Pressed(key) for key in request.keys), *map(heard, request.alarms), *WAITS)
            case WithPerson(person="caller"):
                return (*STAFF_TALKS, *(STEPS if request.may_step_out else ()))
            case WithPerson():
                return TALKS
            case Fact():
                return _facts(request)
            case _:
                return _others(request)

    def _flagged(self, request: Ask) -> tuple[Answer, ...]:
        """Words with the red flags of help lines, known for certain and by the ear alone."""
        if not request.speech:
            return ()
        return tuple(Spoke(WORDS, danger=danger, flag=flag) for flag in self.flags for danger in (EMERGENT, FLAGGED))


def spoken(request: Ask) -> tuple[Answer, ...]:
    """Words with each mark that they may bear: a wish of the question, and whatever people say at any question.

    Where one key is asked for, also words with two marks: the more dangerous one counts.
    """
    if not request.speech:
        return ()
    if request.digits != 1:
        return SPOKEN
    if not request.wishes:
        return (*SPOKEN, *AT_ONCE)
    ill = (heard(danger, wish=wish) for wish in request.wishes for danger in (ILL, FLAGGED))
    return (*(heard(wish=wish) for wish in request.wishes), *SPOKEN, *ill, heard(FLAGGED, wish=PERSON))


def heard(danger: str = CALM, *, reply: str = "", wish: str = "") -> Spoke:
    """Words with these marks; which words they are makes no difference to a flow."""
    return Spoke(WORDS, danger=danger, reply=reply, wish=wish)


def pressed(request: Ask) -> tuple[Answer, ...]:
    """Every key of a one-key question; for a number, one that fits, zero, star, one too short and one that is none.

    For a code, what was keyed does not reach the flow, but for single keys.
    """
    if isinstance(request, CODES_ASKED):
        return list_given_codes(request)
    if request.digits == 1:
        return tuple(Pressed(key) for key in KEYS)
    fits = TYPED[: request.digits or 4]
    return tuple(Pressed(keys) for keys in (fits, "0", "*", fits[:-1], f"*{fits[1:]}"))


def _others(request: Request) -> tuple[Answer, ...]:
    for kind, answers in OTHERS:
        if isinstance(request, kind):
            return answers
    raise FlowError(
        f"the explorer knows no answers to a {type(request).__name__}; name them in callflows/proof/possible.py"
    )


def _effects(request: Do) -> tuple[Answer, ...]:
    if isinstance(request.effect, CLAIMS):
        return GRANTS
    if isinstance(request.effect, (*OF_A_LISTED_NUMBER, MovePromise)):
        return GRANTED_OR_NOT
    if isinstance(request.effect, HoldCaller):
        return CONSULTS if request.effect.hold else (Done(),)
    if isinstance(request.effect, SendCode):
        return (Done(), *map(CodeChecked, ("unsent", "right")))
    if isinstance(request.effect, ReportCutShort):
        return (*NOBODY_WAITS, InVain("given-up"))
    came = isinstance(request.effect, ReportReached) and request.effect.reached
    return (Done(), *(NOBODY_WAITS if came else ()))


def _facts(request: Fact) -> tuple[Answer, ...]:
    if request.name not in FACTS:
        raise FlowError(f"the explorer does not know the fact {request.name!r}; name it in callflows/proof/possible.py")
    values = FACTS[request.name]()
    if request.name == "page_summary" and request.about:
        values = tuple(one for one in values if "urgency" in one)  # no other call comes before one that is accepted
    if request.name == "representative_match" and not dict(request.about)["patient"]:
        values = values[-1:]  # nobody speaks for a patient who was not found
    return tuple(Known(tuple(value.items())) for value in values)


def _matches() -> tuple[dict[str, str], ...]:
    one = {"found": "one", "patient": SECRET}
    return (one, *({"found": found, "patient": ""} for found in ("none", "more", "unavailable")))


def _speakers() -> tuple[dict[str, str], ...]:
    """Somebody who may speak for the patient, and nobody."""
    return (
        {"found": "one", "representative": SECRET, "relation": "parent"},
        {"found": "none", "representative": "", "relation": ""},
    )


SPOKEN: tuple[Answer, ...] = (
    heard(),
    *(heard(danger) for danger in (ILL, SUSPECT, EMERGENT, GRAVE, FLAGGED)),
    *(heard(reply=reply) for reply in (YES, NO, DOUBT)),
    heard(wish=PERSON),
    Spoke(WORDS),
)
"""What may be said at any question that listens; the last has not been judged."""

AT_ONCE: tuple[Answer, ...] = (
    *(heard(danger, reply=NO) for danger in (ILL, EMERGENT, FLAGGED)),
    heard(ILL, reply=YES),
    heard(FLAGGED, wish=PERSON),
    heard(reply=YES, wish=PERSON),
)
"""What may be said in one breath where yes or no is asked."""

OUTSIDE = frozenset({"patient_match"})
"""Facts that may be asked of another system, so that the caller may hang up meanwhile."""

FACTS: dict[str, Callable[[], tuple[dict[str, str], ...]]] = {
    "opening": lambda: ({"open": "yes"}, {"open": "no"}, {"open": "no", "closure": "We cannot open today."}),
    "patient_match": _matches,
    "representative_match": _speakers,
    "spoken_item": lambda: ({"understood": "yes", "spoken": "the fourteenth"}, {"understood": "no", "spoken": ""}),
    "kept_place": lambda: ({"kept": "no"}, {"kept": "yes"}),
    "waiting_room": lambda: ({"refused": ""}, {"refused": "full"}, {"refused": "no-one-awake"}),
    "state_of_zip": lambda: ({"state": "TX"}, {"state": ""}),
    "number_to_ring": lambda: ({"fit": "yes", "spoken": "1 0 2"}, {"fit": "no", "spoken": ""}),
    "promise_due": lambda: ({"spoken": "ten o'clock", "due": "2026-11-02T16:00:00+00:00"},),
    "call_back_windows": lambda: ({}, {"1": "today between two and five", "1/span": "then"}),
    "page_summary": list_summaries,
    "page_more": list_more,
    "wanted_calls": list_wanted_calls,
    **FACTS_OF_PROOF,
    "asked_clinician": lambda: ({"urgency": ""}, {"urgency": "urgent"}, {"urgency": "emergent"}),
    "interpreter": lambda: ({"coming": "no"}, {"coming": "yes"}),
    "talked": lambda: ({"talked": "yes"}, {"talked": "no"}),
}

CLAIMS = (AcceptOffer, AcceptPage, AcceptHouse, AcceptInterpreting, ConfirmReachable)
"""Effects that somebody else may have been quicker with."""

GRANTS: tuple[Answer, ...] = (
    Granted(True),
    Granted(True, caller_here=False),
    Granted(True, caller_here=False, number=False),
    Granted(False),
    Granted(False, False),
)
CONSULTS: tuple[Answer, ...] = tuple(Known((("clinician", how),)) for how in ("", "ringing", "here"))
"""How far a clinician may be whom an agent has asked for."""
NOBODY_WAITS: tuple[Answer, ...] = (InVain("again"), InVain(""))
WAITS: tuple[Answer, ...] = (
    *(Joined("ana", "agent"), Joined("ana", "agent", interpreter=True), Joined("dr-lee", "clinician")),
    *(NobodyCame(why) for why in ("no-one-awake", "too-long", "ladder-exhausted")),
    WaitBroke("error"),
)
HOLDS: tuple[Answer, ...] = (
    *(Joined("ana", "agent"), Joined("dr-lee", "clinician"), PersonLeft("agent")),
    WaitBroke("error"),
)
"""What may end a hold, beside its keys."""
TALKS: tuple[Answer, ...] = (
    PersonLeft("agent"),
    CutShort("agent"),
    SetAside(),
    Joined("dr-lee", "clinician"),
    DialEnded(True),
    NO_INTERPRETER,
    CLINICIAN_LOST,
)
STAFF_TALKS: tuple[Answer, ...] = (
    *(PersonLeft(role) for role in ("caller", "patient", "clinician", "")),
    *(CutShort(role) for role in ("caller", "patient", "clinician", "")),
    NotReached(),
    *(InVain(then, rung) for then in ("again", "given-up", "") for rung in (True, False)),
    InVain("later"),
    *(DialEnded(True), NO_INTERPRETER, Joined("caller", "caller")),
)
"""What may end the talk of somebody whom we rang for a caller, an interpreter among them."""
CAME: tuple[Answer, ...] = (Joined("dr-lee", "clinician"), NobodyCame("ladder-exhausted"))
"""What may end a question that is asked while a clinician is being paged."""
STEPS: tuple[Answer, ...] = (NobodyCame("ladder-exhausted"), CLINICIAN_LOST)
OTHERS: tuple[tuple[type[Request], tuple[Answer, ...]], ...] = (
    (AskPin, (PinChecked(True), PinChecked(False), Silence())),
    (LeaveMessage, (MessageLeft("recording", 12), Silence())),
    (DialHouse, (DialEnded(True), DialEnded(False), Joined("dr-lee", "clinician"))),
    (DialHelpLine, (DialEnded(True), DialEnded(False), Joined("dr-lee", "clinician"))),
)
