"""Talking in the call's conference, with what people are told meanwhile of others who were to come into the talk."""

from __future__ import annotations

from callflows.prompts import Line
from callflows.values import Call, more_urgent
from callflows.vocabulary import Answer, CutShort, Dialogue, Fact, NobodyCame, Outcome, PersonLeft, Say, WithPerson

NO_INTERPRETER = NobodyCame("no-interpreter")
"""The answer to a talk for which no interpreter could be had, or not another one."""
CLINICIAN_LOST = NobodyCame("clinician-lost")
"""The answer to a talk into which a clinician was to come, whose line broke first: one is paged again."""
LOST = range(3)
"""How often people in a talk are told that the clinician who was to come into it was lost."""


class ClinicianAsked(Exception):
    """A talk is over for a caller for whom somebody in it has asked for a clinician, who has yet to come.

    ``call`` is as it is from now on: whoever is kept is cared for, whatever they had told. ``reached`` is the outcome
    of a call that had that talk. ``left``: the others have gone, and not the caller, who is ``gone`` otherwise or has
    fallen out of the talk.
    """

    def __init__(self, call: Call, urgency: str, reached: Outcome, *, left: bool, gone: bool) -> None:
        super().__init__(urgency)
        self.call, self.urgency, self.reached, self.left, self.gone = call, urgency, reached, left, gone


def heed_clinician(call: Call, key: str, reached: Outcome, ended: Answer | None) -> Dialogue:
    """Raise ClinicianAsked where a clinician was asked for in a talk that ``ended`` so, None by a hang-up."""
    known = yield Fact(f"{key}/asked", "asked_clinician")
    if known["urgency"]:
        # That everything is heeded already is an emergency.
        urgency = more_urgent("urgent" if call.alarms else "emergent", known["urgency"])
        kept = call.in_emergency() if urgency == "emergent" else call.in_care()
        raise ClinicianAsked(kept.while_kept(), urgency, reached, left=_have_left(ended), gone=ended is None)


def _have_left(ended: Answer | None) -> bool:
    """Whether the others have gone, and it is not the clinician whose line broke."""
    return isinstance(ended, PersonLeft) and not (isinstance(ended, CutShort) and ended.role == "clinician")


def talk_on(person: str, sorry: tuple[Line, ...], key: str = "", lost: tuple[Line, ...] = ()) -> Dialogue:
    """Talk, and go back to it after word that no interpreter came, or that a clinician was ``lost``, in any order.

    Returns how it ended.
    """
    answer = yield from _talk(person, sorry, key)
    for turn in LOST:
        if answer != CLINICIAN_LOST:
            break
        yield Say(f"{key}clinician-lost/{turn}", lost)
        answer = yield from _talk(person, sorry, key, f"/lost/{turn}")
    return answer


def _talk(person: str, sorry: tuple[Line, ...], key: str, turn: str = "") -> Dialogue:
    answer = yield WithPerson(f"{key}talk{turn}", person)
    if answer == NO_INTERPRETER:
        yield Say(f"{key}no-interpreter{turn}", sorry)
        answer = yield WithPerson(f"{key}talk{turn}/again", person)
    return answer
