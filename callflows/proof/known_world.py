"""What is so of the world around one leg: followed by what comes back from it and by what is done in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from callflows.dialogues.talking import NO_INTERPRETER
from callflows.proof.events import Answered, changed, fixed, prompts_of
from callflows.values import Call, Offer
from callflows.vocabulary import (
    Answer,
    AskInterpreter,
    AskMeanwhile,
    CodeChecked,
    ConfirmCallBack,
    CutShort,
    DialEnded,
    DialHouse,
    Do,
    Done,
    Effect,
    EnterWaitingRoom,
    Fact,
    FinishConsult,
    Granted,
    HandOn,
    HoldCaller,
    InVain,
    Joined,
    LeaveMessage,
    LeaveWaitingRoom,
    MessageLeft,
    NobodyCame,
    NoteCall,
    NotReached,
    OpenPromise,
    Outcome,
    PersonLeft,
    PinChecked,
    Pressed,
    Request,
    RingListed,
    SendCode,
    Silence,
    Spoke,
    StartConsult,
    StartEscalation,
    Wait,
    WaitBroke,
    WithPerson,
)
from callflows.vocabulary import Known as FactKnown
from callflows.vocabulary.hearing import CALM

TELLS_IN_VAIN = frozenset({"clinician.none", "person.none", "person.full", "person.broke"})
TELLS_ITEM = frozenset({"identity.read_back"})
TELLS_NUMBER = frozenset({"promise.confirm", "promise.unfit"})
NOBODY = ("no-one-awake", "too-long", "ladder-exhausted")
"""Why nobody came, where nothing else is in the way: told in the same words, and so one and the same in ``vain``."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is so of the world around one leg.

    ``told`` is what the flow was told, ``clinical`` the services that clinicians give. ``search`` is whom the caller is
    in line for: "", "agent", "clinician" or "house". ``news`` is what came back last and is forgotten once the words
    after it were heard; ``vain``, ``number`` and ``item`` are forgotten once words were heard that do not tell of them;
    ``office``, ``message``, ``where``, ``calls`` and ``proof`` stay as long as they may be told. ``code`` is what came
    of having one sent, and is forgotten at the next words. ``consult`` is how far the clinician
    is whom an agent asked for.
    """

    told: object = fixed(None)
    clinical: frozenset[str] = fixed(frozenset())
    search: str = ""
    paging: bool = False
    promised: str = ""
    reachable: bool = False
    held: bool = False
    accepted: bool = False
    office: str = ""
    vain: str = ""
    number: str = ""
    item: str = ""
    message: str = ""
    where: str = ""
    calls: str = ""
    code: str = ""
    proof: str = ""
    consult: str = ""
    news: tuple[str, ...] = ()
    comes: type[Request] | type[Outcome] | None = None

    @property
    def caller_id(self) -> bool:
        """Whether the caller can be called back on their own number."""
        return isinstance(self.told, Call) and self.told.caller_id

    @property
    def urgent_number(self) -> bool:
        """Whether they can be when it is urgent."""
        return isinstance(self.told, Call) and self.told.urgent_number

    @property
    def offered(self) -> Offer:
        """What an agent is offered; of anybody else's leg, an offer of nothing."""
        return self.told if isinstance(self.told, Offer) else Offer("", "", "")

    @property
    def clinician_coming(self) -> bool:
        """Whether somebody who may give clinical care is being looked for."""
        return self.paging or self.search == "clinician"

    @property
    def house_coming(self) -> bool:
        """Whether somebody of the operator's own is being looked for or rung."""
        return self.search == "house" or self.comes is DialHouse


def forget(known: Known, event: Request | Outcome, said: frozenset[str]) -> Known:
    """What stays to be spoken of once ``said`` was heard before ``event``.

    Every claim needs something to be known, so that whatever is forgotten too early breaks the rule instead of hiding
    a fault. A question that is asked again says again why it is asked.
    """
    if isinstance(event, WithPerson):
        return changed(known, news=(), vain="", office="", number="", item="", message="", code="")
    vain = known.vain if said & TELLS_IN_VAIN else ""
    number = known.number if said & TELLS_NUMBER else ""
    item = known.item if said & TELLS_ITEM else ""
    return changed(known, news=(), vain=vain, number=number, item=item, code="")


def after_effect(known: Known, effect: Effect | None) -> Known:
    """What is so once ``effect`` was had."""
    match effect:
        case EnterWaitingRoom(service=service, pool=pool):
            search = "house" if pool else "clinician" if service in known.clinical else "agent"
            # Why others were looked for in vain is still told on the way to the house.
            return changed(known, search=search, vain=known.vain if pool else "", office="", message="")
        case LeaveWaitingRoom():
            return changed(known, search="")
        case StartEscalation():
            return changed(known, paging=True, vain="", office="", message="")
        case HandOn():
            return changed(known, paging=True)
        case OpenPromise():
            kind = "callback in turn" if effect.in_turn else effect.kind
            own = known.urgent_number if effect.kind == "urgent-callback" else known.caller_id
            number = bool(effect.number) or own
            return changed(known, promised=kind, reachable=number, office="", number="")
        case HoldCaller(hold=held):
            return changed(known, held=held)
        case StartConsult():
            return changed(known, news=("consult",))
        case FinishConsult(how=how):
            return changed(known, consult=how)
        case AskInterpreter():
            return changed(known, message="interpreter-asked")
        case SendCode():
            return changed(known, code="sent")
        case NoteCall(caller_level="P"):
            return changed(known, proof="reached")
        case _:
            return known


def after_answer(known: Known, event: Answered) -> Known:
    """What is so once ``event`` came back."""
    answer, request = event.answer, event.request
    if isinstance(request, Fact) and isinstance(answer, FactKnown):
        return _after_fact(known, request.name, answer)
    if isinstance(answer, Done):
        return known
    if isinstance(request, Do) and isinstance(answer, FactKnown):
        return changed(known, consult=answer["clinician"])
    if isinstance(answer, CodeChecked) and isinstance(request, Do):
        return changed(known, code=answer.how)
    news = _news_of(answer)
    match answer:
        case Joined():
            return changed(known, news=news, search="", paging=False)
        case NobodyCame(why=why) if isinstance(request, Wait | AskMeanwhile):
            paging = known.paging and why != "ladder-exhausted"
            return changed(known, news=news, vain=_in_vain(why), paging=paging)
        case WaitBroke():
            return changed(known, news=news, vain="broke")
        case Granted() if isinstance(request, Do) and isinstance(request.effect, RingListed | ConfirmCallBack):
            return changed(known, news=news)
        case Granted(won=won, number=number):
            return changed(known, news=news, accepted=known.accepted or won, reachable=number)
        case Pressed(digits="1") if _rings_patient(request):
            return changed(known, news=news, accepted=True)
        case Spoke(danger=danger) if danger != CALM and (_rings_patient(request) or _puts_off(known, request)):
            return changed(known, news=news, accepted=True)
        case _ if isinstance(request, LeaveMessage):
            return changed(known, news=news, message="left" if isinstance(answer, MessageLeft) else "none")
        case _:
            return changed(known, news=news)


def _rings_patient(request: Request) -> bool:
    return "called_back" in {name.partition(".")[0] for name in prompts_of(request)}


def _puts_off(known: Known, request: Request) -> bool:
    """Whether somebody whom we rang chooses another time, and not somebody who calls."""
    return "times.lead" in prompts_of(request) and isinstance(known.told, Call) and known.told.movable


def _after_fact(known: Known, name: str, fact: FactKnown) -> Known:
    match name:
        case "opening":
            return changed(known, office=fact["open"])
        case "waiting_room" if fact["refused"]:
            return changed(known, vain=_in_vain(fact["refused"]))
        case "number_to_ring":
            return changed(known, number=fact["fit"])
        case "spoken_item" if fact["understood"] == "yes":
            return changed(known, news=(name, "yes"), item="yes")
        case "page_summary":
            return changed(known, where=fact.get("where"), calls=_which_calls(fact), proof=fact.get("proof"))
        case "caller_proof":
            return changed(known, proof=fact["proof"])
        case "wanted_calls":
            return changed(known, calls=_which_calls(fact))
        case _:
            matches = {"patient_match": "found", "representative_match": "found"}
            wanted = {**matches, "kept_place": "kept", "interpreter": "coming"}
            return replace(known, news=(name, fact[wanted[name]])) if name in wanted else known


def _which_calls(fact: FactKnown) -> str:
    if fact.get("first") == "another":
        return "another"
    return "one" if fact.get("calls") in ("", "0", "1") else "several" if fact["same"] == "1" else "same"


def _in_vain(why: str) -> str:
    return "nobody" if why in NOBODY else why


def _news_of(answer: Answer) -> tuple[str, ...]:
    match answer:
        case Silence():
            return ("silence",)
        case Joined(interpreter=False):
            return ("joined",)
        case Joined(interpreter=True):
            return ("joined", "interpreter")
        case CutShort(role=role):
            return ("left", role, "cut short")
        case PersonLeft(role=role):
            return ("left", role)
        case _ if answer == NO_INTERPRETER:
            return ("no-interpreter",)
        case NobodyCame(why=why):
            return ("nobody", why)
        case DialEnded():
            return ("cut",)
        case InVain(then=then, rung=rung):
            return ("not-reached", "rung" if rung else "not rung", then)
        case NotReached():
            return ("not-reached", "rung", "again")
        case CodeChecked(how=how):
            return ("code", how)
        case PinChecked(right=right):
            return ("pin", "right" if right else "wrong")
        case Granted(won=won, caller_here=here, number=number):
            return ("granted", "yes" if won else "no", "here" if here else "gone", "number" if number else "no number")
        case _:
            return ("heard",)
