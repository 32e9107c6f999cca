"""The single things that a record tells, in their order. Each is known, or says why it is not.

The list is that of a telephone encounter: times, who and where, the complaint, the protocol, the level, what was done,
what the caller understood, language, interpreter, recording.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from callflows.call_record import callers, heard
from callflows.call_record.material import Conversation, Material, Protocol
from callflows.call_record.patients import (
    SCREENING,
    describe_patient,
    is_about_patient,
    protocols_used,
    why_no_screen,
)
from callflows.call_record.values import Cell, Unknown, say_code
from callflows.call_record.why import (
    FORGOTTEN,
    is_over,
    is_screened,
    level_of,
    why_not_asked,
)
from callflows.lifecycles.tables import PROVIDER_DELETED
from callflows.prompts import CATALOGUES
from callflows.prompts.states import state_name
from callflows.vocabulary import Joined, Silence, Spoke

Told = Cell | Unknown
NEVER_ASKED = Unknown("not asked beyond the questions of the line: whoever takes the call asks")
GOES_ON = "the call goes on"
NOT_TOLD = "asked, and the answer did not tell"
SUGGESTED = {
    "emergent": "dial 911 now, and a clinician is paged at once",
    "urgent": "a nurse or the clinician on call now",
    "routine": "the office, or a call-back",
}
"""What the line leads to at each level."""
CONSENT = {"refused": "refused by the caller", "noticed": "the notice was played, and the caller went on"}
KEPT = {"stored": "kept", PROVIDER_DELETED: "kept", "absent": "never made"}
"""What the states of a recording mean to whoever reads a record."""
PATIENT_SIDE = "patient"


def received(known: Material) -> Told:
    """When the call came in."""
    return known.about.received_at


def answered(known: Material) -> Told:
    """When the line answered."""
    return _first([one.answered_at for one in _of_role(known, "caller")], "not known: nothing was told of it")


def screened(known: Material) -> Told:
    """When the last question of the screening was answered."""
    answers = [one.at for one in known.exchanges if one.key.startswith(SCREENING)]
    return answers[-1] if answers else Unknown(why_not_asked(known))


def person_reached(known: Material) -> Told:
    """When the first person joined the caller."""
    reached = "somebody accepted, and their joining was not reported" if known.parties else _nobody_yet(known)
    return _first([one.since for one in known.parties], reached)


def called_back(known: Material) -> Told:
    """When the patient answered a call-back."""
    rung = _of_role(known, PATIENT_SIDE)
    why = "rung, and not answered" if rung else "not called back: " + _no_call_back(known)
    return _first([one.answered_at for one in rung], why)


def line_ended(known: Material) -> Told:
    """When the caller's line ended."""
    return known.about.ended_at or Unknown(GOES_ON)


def closed(known: Material) -> Told:
    """When the last of what the call asked for was over: care goes on after a line has ended."""
    tried = (*(one.ended_at for one in known.promises), *(one.ended_at for one in known.attempts))
    ends = (known.about.ended_at, *tried, *(one.until for one in known.parties if one.since is not None))
    over = [at for at in ends if at is not None]
    if len(over) < len(ends):
        return Unknown("not closed: somebody is called or talks still, or a promise is open")
    return max(over)


def number_to_call(known: Material) -> Told:
    """The number to call back: the last one that was promised, else the one that showed."""
    given = [one.number for one in known.promises if one.number]
    number = given[-1] if given else known.about.number
    return number or Unknown(
        FORGOTTEN if known.about.forgotten else "the caller's number did not show, and none was given"
    )


def patient(known: Material) -> Told:
    """The patient on file, and how sure we are."""
    if known.about.patient:
        return f"record {known.about.patient}, identity level {known.about.identity_level}"
    return Unknown("matched with no record: identity is asked for errands only, never before care")


def age_and_pregnancy(known: Material) -> Told:
    """Who the call is about, as far as the line asks."""
    if told := describe_patient(known):
        return told
    if any(is_about_patient(one) for one in known.exchanges):
        return Unknown(NOT_TOLD)
    if is_screened(known) and any(not one.group for one in known.protocols):
        return Unknown("not asked: everybody is screened by the same questions")
    return Unknown(why_not_asked(known))


def address(known: Material) -> Told:
    """Where the patient is, in the words that were said."""
    asked = [one.answer for one in known.exchanges if one.key.endswith(heard.ADDRESS)]
    said = [one.words for one in asked if isinstance(one, Spoke) and one.words]
    if said:
        return said[-1]
    if asked:
        came = isinstance(asked[-1], Joined)
        return Unknown("asked, and somebody came first" if came else "asked: no words were heard")
    if is_screened(known) and level_of(known) != "emergent" and not known.about.forgotten:
        return Unknown("not asked: it is asked in an emergency")
    return Unknown(why_not_asked(known, in_emergency=True))


def where(known: Material) -> Told:
    """The state in which the patient is now."""
    state = known.about.patient_state
    if state is None:
        return Unknown(_why_no_state(known))
    return state_name(state, "en-US") if state else Unknown(NOT_TOLD)


def _why_no_state(known: Material) -> str:
    if any(one.key.endswith(heard.ADDRESS) and one.answer == Silence() for one in known.exchanges):
        return "not asked: whoever is silent at the address is asked nothing more"
    return why_not_asked(known, in_emergency=True)


def complaint(known: Material) -> Told:
    """What is wrong, in the caller's own words."""
    if known.about.complaint:
        return known.about.complaint
    asked = [one for one in known.exchanges if "/words/" in one.key]
    if not asked:
        return Unknown(why_not_asked(known))
    return Unknown("asked: nothing was said" if asked[-1].answer == Silence() else "asked: no words were heard")


def protocol(known: Material) -> Told:
    """The protocols that were asked, with version and sign-off."""
    used = protocols_used(known)
    if not is_screened(known) and not any(one.key.startswith(SCREENING) for one in known.exchanges):
        return Unknown(why_not_asked(known))
    if not used:
        if any(heard.flag_of(one.answer) != heard.NO_FLAG for one in known.exchanges):
            return f"red flags of every set, before one was chosen: {_name_protocols(known.protocols)}"
        why = (why_no_screen(known) or why_not_asked(known)) if known.protocols else "this practice has none"
        return Unknown(why)
    return _name_protocols(used)


def level(known: Material) -> Told:
    """The highest urgency of the call."""
    return level_of(known)


def suggested(known: Material) -> Told:
    """What the line leads to at this level."""
    return SUGGESTED[level_of(known)]


def given(known: Material) -> Told:
    """How the call ended."""
    ends = [known.about.outcome or "", *(f"{say_code(one.kind)} {one.state}" for one in known.promises)]
    told = "; ".join(filter(None, ends))
    return told or Unknown("ended without one" if is_over(known) else GOES_ON)


def reason_for_another(known: Material) -> Told:
    """Why somebody chose otherwise than the line suggested."""
    talked = any(one.since for one in known.parties)
    return Unknown(
        "not asked: whoever talked with the caller writes it down" if talked else "nobody changed what the line led to"
    )


def language(known: Material) -> Told:
    """The language of the call."""
    return _name_language(known.about.language)


def interpreter(known: Material) -> Told:
    """Whether an interpreter was asked for, and came."""
    asked = [
        f"{_name_language(one.language)}: {'joined' if one.joined_at else say_code(one.state)}"
        for one in known.interpreting
    ]
    return "; ".join(asked) or Unknown("none was asked for")


def recording(known: Material) -> Told:
    """What the caller made of being recorded, and what there is."""
    kept = [f"{one.kind} {one.id}, {KEPT.get(one.state, say_code(one.state))}" for one in known.recordings]
    wish = CONSENT.get(known.about.recording, "")
    return "; ".join(filter(None, (wish, *kept))) or Unknown("not recorded: recording had not begun")


def message(known: Material) -> Told:
    """Whether a message was left, and what became of it."""
    left = [f"left, {say_code(one.state)}" for one in known.messages]
    return "; ".join(left) or Unknown("none was left")


def never_asked(known: Material) -> Told:
    """What no question of the line asks for."""
    return NEVER_ASKED


ITEMS: tuple[tuple[str, Callable[[Material], Told]], ...] = (
    ("Received", received),
    ("Answered", answered),
    ("Screened", screened),
    ("First person reached", person_reached),
    ("Called back", called_back),
    ("Caller's line ended", line_ended),
    ("Closed", closed),
    ("Caller", callers.describe_caller),
    ("Number to call back", number_to_call),
    ("Patient on file", patient),
    ("Patient is in", where),
    ("Street address", address),
    ("Age and pregnancy", age_and_pregnancy),
    ("Complaint", complaint),
    ("Onset and severity", never_asked),
    ("Weight, history, medicines, allergies", never_asked),
    ("Protocol", protocol),
    ("Level", level),
    ("Level leads to", suggested),
    ("Disposition", given),
    ("Reason for another disposition", reason_for_another),
    ("Understood by the caller", never_asked),
    ("What the caller will do", never_asked),
    ("Language", language),
    ("Interpreter", interpreter),
    ("Recording", recording),
    ("Message", message),
)


def _name_language(code: str) -> str:
    return CATALOGUES["en-US"].get(f"language.{code}", code)


def _of_role(known: Material, role: str) -> list[Conversation]:
    return [one for one in known.conversations if one.role == role]


def _first(instants: list[datetime | None], otherwise: str) -> Told:
    return min((at for at in instants if at is not None), default=Unknown(otherwise))


def _nobody_yet(known: Material) -> str:
    if not known.attempts:
        return "nobody was asked to come"
    return "nobody came" if is_over(known) else "nobody has come so far"


def _no_call_back(known: Material) -> str:
    return "none was promised" if not known.promises else f"the promise is {known.promises[-1].state}"


def _name_protocols(protocols: tuple[Protocol, ...]) -> str:
    return "; ".join(f"{one.name}, version {one.version}, {_sign_off(one.signed)}" for one in protocols)


def _sign_off(signed: tuple[tuple[str, str], ...]) -> str:
    return "signed: " + ", ".join(f"{say_code(name)} {text}" for name, text in signed) if signed else "not signed"
