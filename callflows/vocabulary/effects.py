"""Effects: what a flow may change in the world outside the conversation."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that changes the world outside the conversation."""


@dataclass(frozen=True, slots=True)
class NoteCall(Effect):
    """Write what is now known of the call: language, service, urgency, symptom.

    ``patient_state`` is where the patient is now, empty when they were asked and it is not known. ``representative`` is
    who speaks for the patient, ``relation`` as what, and ``caller_level`` how sure we are that it is they: P of a
    professional.
    """

    language: str | None = None
    service: str | None = None
    urgency: str | None = None
    symptom: bool | None = None
    patient: str | None = None
    identity_level: str | None = None
    complaint: str | None = field(default=None, repr=False)
    patient_state: str | None = field(default=None, repr=False)
    representative: str | None = None
    relation: str | None = None
    caller_level: str | None = None


@dataclass(frozen=True, slots=True)
class SendCode(Effect):
    """Have a one-time code texted to the number on file of the patient who was matched; an earlier one is good no more.

    Answered :class:`CodeChecked`, "unsent" where none can be sent, and "right" where the call is known to L2 already.
    """


@dataclass(frozen=True, slots=True)
class RingListed(Effect):
    """Ring the listed number of the organisation whose code was right, as soon as this line is over.

    Answered :class:`Granted`: not won where it is not listed any more, its code was withdrawn, or it may not be rung.
    """


@dataclass(frozen=True, slots=True)
class ConfirmCallBack(Effect):
    """Somebody answered the listed number and pressed a key. Answered :class:`Granted`: not won where its code was
    withdrawn meanwhile, or it is not listed any more.
    """


@dataclass(frozen=True, slots=True)
class StartRecording(Effect):
    """Record the caller's leg, both directions apart, from now on."""


@dataclass(frozen=True, slots=True)
class RefuseRecording(Effect):
    """The caller does not want to be recorded; nothing later starts a recording of this call."""


@dataclass(frozen=True, slots=True)
class PauseRecording(Effect):
    """Record silence: a code is about to be given, or somebody heard who was not told that this call is recorded."""


@dataclass(frozen=True, slots=True)
class ResumeRecording(Effect):
    """Record again what is said; does nothing where nothing is recorded."""


@dataclass(frozen=True, slots=True)
class EnterWaitingRoom(Effect):
    """Look for a person who can serve; the caller keeps this place."""

    service: str
    language: str
    urgency: str
    pool: str = ""


@dataclass(frozen=True, slots=True)
class LeaveWaitingRoom(Effect):
    """Stop looking for a person; offers still ringing are cancelled."""


@dataclass(frozen=True, slots=True)
class StartEscalation(Effect):
    """Page the clinician on call, and the next, until one accepts."""

    urgency: str


@dataclass(frozen=True, slots=True)
class ResumeEscalation(StartEscalation):
    """The same for a caller who comes back on another line, unless a clinician has accepted and waits for them."""


@dataclass(frozen=True, slots=True)
class OpenPromise(Effect):
    """Write down what the caller was told will happen, and by when.

    ``due`` is a rule of the practice ("next_open + 2h", "now + 30m"); ``number`` is the number to call back,
    empty for the one the caller is calling from. ``in_turn`` keeps the caller's place in line: the call-back comes
    when a person is free for that place, at the latest when it is due. ``asked_before``: the caller says that this
    call-back stands for one that they were promised before. ``window`` is the time that the caller chose, as the fact
    ``call_back_windows`` has it: it holds in place of the rule.
    """

    kind: str
    service: str
    due: str
    urgency: str = "routine"
    number: str = field(default="", repr=False)
    recording: str = ""
    in_turn: bool = False
    asked_before: bool = False
    window: str = ""


@dataclass(frozen=True, slots=True)
class MovePromise(Effect):
    """Move the call-back by which this patient is rung to the time that they chose, and tell whoever waits for them.

    Answered :class:`Granted`: not won where it is urgent by now, or not owed any more.
    """

    window: str


@dataclass(frozen=True, slots=True)
class AcceptOffer(Effect):
    """The agent takes the call. Answered :class:`Granted`."""


@dataclass(frozen=True, slots=True)
class DeclineOffer(Effect):
    """The agent does not take the call; ``reason`` is "declined" or "unaccepted"."""

    reason: str


@dataclass(frozen=True, slots=True)
class AcceptPage(Effect):
    """The clinician takes responsibility. Answered :class:`Granted`."""


@dataclass(frozen=True, slots=True)
class DeclinePage(Effect):
    """The clinician does not take the call; ``reason`` is "declined", "unaccepted" or "wrong-pin"."""

    reason: str


@dataclass(frozen=True, slots=True)
class AcceptHouse(Effect):
    """The house takes a patient whom no clinician has reached. Answered :class:`Granted`: not won where somebody is
    with the patient by now, or nobody waits for contact any more.
    """


@dataclass(frozen=True, slots=True)
class ConfirmReachable(Effect):
    """Whoever goes on call can be reached. Answered :class:`Granted`: not won where the test is over by now, because
    the shift is somebody else's or they were reached in another way.
    """


@dataclass(frozen=True, slots=True)
class AskInterpreter(Effect):
    """Ring interpreters for the language of the call, one after the other, until one joins the talk that has begun."""


@dataclass(frozen=True, slots=True)
class AcceptInterpreting(Effect):
    """The interpreter joins. Answered :class:`Granted`."""


@dataclass(frozen=True, slots=True)
class DeclineInterpreting(Effect):
    """The interpreter does not join; ``reason`` is "declined" or "unaccepted"."""

    reason: str


@dataclass(frozen=True, slots=True)
class CallPatient(Effect):
    """Ring the patient and bring them to the person who is waiting in the call's conference."""


@dataclass(frozen=True, slots=True)
class ReportReached(Effect):
    """Tell the person who is waiting whether the patient came to the phone.

    Answered :class:`InVain` where the patient came, and that person has gone meanwhile.
    """

    reached: bool


@dataclass(frozen=True, slots=True)
class ReportCutShort(Effect):
    """Tell that a line broke before both had talked, and that nothing more follows from this leg.

    Told by the patient's leg, who had come to the phone, or by that of a clinician with whom the call does not stay.
    Answered :class:`InVain`.
    """


@dataclass(frozen=True, slots=True)
class HandOn(Effect):
    """Page whoever is next, at once, for a dropped emergency whose clinician cannot have the patient rung now."""


@dataclass(frozen=True, slots=True)
class HoldCaller(Effect):
    """Put the caller on hold with music and words, or bring them back.

    A hold is answered Known: ``clinician`` is how far one is whom an agent has asked for, "ringing", "here" or empty.
    """

    hold: bool


@dataclass(frozen=True, slots=True)
class SetCallerAside(Effect):
    """Take the caller, who is held, out of the talk into a wait of their own, until they are brought back.

    Nobody who is held in a talk can press a key; in a wait they can.
    """


@dataclass(frozen=True, slots=True)
class StartConsult(Effect):
    """Page the clinician on call into this call for the agent, the caller being held."""

    urgency: str


@dataclass(frozen=True, slots=True)
class FinishConsult(Effect):
    """End a consult: "called-off", because the agent who asked for a clinician needs none any more."""

    how: str


@dataclass(frozen=True, slots=True)
class RaiseAlert(Effect):
    """Tell the operator's supervisors that something went wrong; ``what`` names it, without patient data."""

    what: str
