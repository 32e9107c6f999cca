"""Talking in the call's conference, with what people are told meanwhile of others who were to come into the talk."""

from __future__ import annotations

from callflows.dialogues.questions import danger_of, is_worse
from callflows.prompts import Line
from callflows.values import Call, more_urgent
from callflows.vocabulary import (
    Answer,
    CutShort,
    DialEnded,
    Dialogue,
    Do,
    Fact,
    HoldCaller,
    Joined,
    NobodyCame,
    Outcome,
    PersonLeft,
    Pressed,
    Say,
    SetAside,
    Spoke,
    WaitBroke,
    WaitOnHold,
    WithPerson,
)
from callflows.vocabulary.hearing import GRAVE

NO_INTERPRETER = NobodyCame("no-interpreter")
"""The answer to a talk for which no interpreter could be had, or not another one."""
CLINICIAN_LOST = NobodyCame("clinician-lost")
"""The answer to a talk into which a clinician was to come, whose line broke first: one is paged again."""
LOST = range(3)
"""How often people in a talk are told that the clinician who was to come into it was lost."""


CALL_BACK, WORSE, WORSE_AND_WARNED = "call-back", "worse", "worse, and warned"
"""What a caller on hold tells by a key or in words: the last without the 911 words, which were signed away for it."""


class ClinicianAsked(Exception):
    """A talk is over for a caller for whom somebody in it has asked for a clinician, who has yet to come.

    ``call`` is as it is from now on: whoever is kept is cared for, whatever they had told. ``reached`` is the outcome
    of a call that had that talk. ``left``: the others have gone, and not the caller, who is ``gone`` otherwise or has
    fallen out of the talk. ``tells`` is what a caller told by a key while they were held, or empty.
    """

    def __init__(self, call: Call, urgency: str, reached: Outcome, *, left: bool, gone: bool, tells: str = "") -> None:
        super().__init__(urgency)
        self.call, self.urgency, self.reached, self.left, self.gone = call, urgency, reached, left, gone
        self.tells = tells


def heed_clinician(call: Call, key: str, reached: Outcome, ended: Answer | None) -> Dialogue:
    """Raise ClinicianAsked where a clinician was asked for in a talk that ``ended`` so, None by a hang-up."""
    known = yield Fact(f"{key}/asked", "asked_clinician")
    if known["urgency"]:
        # That everything is heeded already is an emergency.
        urgency = more_urgent("urgent" if call.alarms else "emergent", known["urgency"])
        kept = call.in_emergency() if urgency == "emergent" else call.in_care()
        raise ClinicianAsked(kept.while_kept(), urgency, reached, left=have_left(ended), gone=ended is None)


def have_left(ended: Answer | None) -> bool:
    """Whether the others have gone, and it is not the clinician whose line broke."""
    return isinstance(ended, PersonLeft) and not (isinstance(ended, CutShort) and ended.role == "clinician")


def talk_through(call: Call, reached: Outcome, key: str = "", *, heeds: bool) -> Dialogue:
    """Talk, on the patient's side, through news of who comes and through holds. Returns how it ended.

    ``heeds``: whoever is on hold may press keys, and raises ClinicianAsked by them. Too many holds end the talk as if
    the caller had been cut off.
    """
    talks = range(call.patience.talks)
    for turn in talks:
        answer = yield WithPerson(f"{key}talk/{turn}", "person")
        if answer == SetAside():
            answer = yield from _wait_on_hold(call, f"{key}hold/{turn}", reached, heeds)
            if isinstance(answer, PersonLeft):
                break
        elif answer == NO_INTERPRETER:
            yield Say(f"{key}no-interpreter/{turn}", call.lines("interpreter.none"))
        elif answer == CLINICIAN_LOST:
            yield Say(f"{key}clinician-lost/{turn}", call.lines("person.clinician_cut", "wait.emergency"))
        elif not isinstance(answer, Joined):
            break
    return answer


def _wait_on_hold(call: Call, key: str, reached: Outcome, heeds: bool) -> Dialogue:
    """Wait while others speak apart. Returns how the talk ended by that, if the caller goes back to none."""
    worse = ("wait.worse",) if heeds and call.alarms else ()
    back = ("hold.call_back",) if heeds and (call.number or call.urgent_number) else ()
    told = call.lines("hold", *worse, *back, "wait.emergency")
    came = yield WaitOnHold(
        f"{key}",
        told,
        keys=("2" if worse else "") + ("1" if back else ""),
        language=call.language,
        between=call.lines("hold.aside.1", "hold.aside.2"),
        otherwise=told,
        # For whomever a clinician is asked, an illness is no news.
        alarms=call.in_care().alarms if worse else (),
    )
    if came == Pressed("1"):
        urgency = "urgent" if call.alarms else "emergent"
        raise ClinicianAsked(call.while_kept(), urgency, reached, left=False, gone=False, tells=CALL_BACK)
    if is_worse(came):
        grave = isinstance(came, Spoke) and danger_of(came) == GRAVE
        tells = WORSE_AND_WARNED if grave else WORSE
        kept = call.in_emergency().while_kept()
        raise ClinicianAsked(kept, "emergent", reached, left=False, gone=False, tells=tells)
    if isinstance(came, WaitBroke):
        yield Do(f"{key}/back", HoldCaller(False))
    return came if isinstance(came, PersonLeft) else DialEnded(True)


def talk_on(person: str, sorry: tuple[Line, ...], key: str = "") -> Dialogue:
    """Talk, on our own side, and go back to it after word that no interpreter came. Returns how it ended."""
    answer = yield WithPerson(f"{key}talk", person)
    if answer == NO_INTERPRETER:
        yield Say(f"{key}no-interpreter", sorry)
        answer = yield WithPerson(f"{key}talk/again", person)
    return answer
