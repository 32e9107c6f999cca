"""The words a flow is written in: requests it may yield and answers it may receive.

Every request has a key that is stable across releases and unique within one run of a flow.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from callflows.prompts import Line


class Interruption(Exception):
    """An answer that every request may receive, whatever was asked."""


class HungUp(Interruption):
    """The party on this leg has gone. A flow may still record effects, but can say and ask nothing."""


class TakenOver(Interruption):
    """A supervisor sends the caller to a person now."""


# -- requests ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Request:
    """Something a flow asks of the world."""

    key: str


@dataclass(frozen=True, slots=True)
class Say(Request):
    """Speak; the flow goes on at once, so a Say has no answer and no row in the log."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Ask(Request):
    """Speak and listen.

    ``digits`` is the number of keys to collect, None for "until the finish key". ``timeout`` is in
    seconds of silence. ``barge_in`` False plays the lines to their end before listening.
    """

    lines: tuple[Line, ...]
    digits: int | None = 1
    speech: bool = False
    hints: tuple[str, ...] = ()
    timeout: int = 7
    barge_in: bool = True
    language: str = "en-US"


@dataclass(frozen=True, slots=True)
class AskPin(Request):
    """Ask the called person for their own PIN. The digits are checked outside and never logged."""

    lines: tuple[Line, ...]
    timeout: int = 10


@dataclass(frozen=True, slots=True)
class LeaveMessage(Request):
    """Record what the caller has to say, up to ``max_seconds``."""

    lines: tuple[Line, ...]
    max_seconds: int = 180


@dataclass(frozen=True, slots=True)
class Wait(Request):
    """Keep the caller company until a person joins.

    ``comfort`` is repeated at least every 20 seconds; ``keys`` are those the caller may press meanwhile.
    """

    comfort: tuple[Line, ...]
    keys: str = ""
    language: str = "en-US"
    position: bool = False


@dataclass(frozen=True, slots=True)
class WithPerson(Request):
    """The party on this leg talks with others in the call's conference."""

    person: str
    may_step_out: bool = False


@dataclass(frozen=True, slots=True)
class DialHouse(Request):
    """Connect the caller straight to the operator's own fallback number, the last resort."""

    number: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact(Request):
    """Ask for something the shell knows. ``name`` picks it, ``about`` narrows it."""

    name: str
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Do(Request):
    """Have an effect. It is stored with the log row and carried out at least once, under its key."""

    effect: Effect


# -- effects -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that changes the world outside the conversation."""


@dataclass(frozen=True, slots=True)
class NoteCall(Effect):
    """Write what is now known of the call: language, service, urgency, symptom."""

    language: str | None = None
    service: str | None = None
    urgency: str | None = None
    symptom: bool | None = None
    patient: str | None = None
    identity_level: str | None = None
    complaint: str | None = None


@dataclass(frozen=True, slots=True)
class StartRecording(Effect):
    """Record the caller's leg, both directions apart, from now on."""


@dataclass(frozen=True, slots=True)
class RefuseRecording(Effect):
    """The caller does not want to be recorded; nothing later starts a recording of this call."""


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
class OpenPromise(Effect):
    """Write down what the caller was told will happen, and by when.

    ``due`` is a rule of the practice ("next_open + 2h", "now + 30m"); ``number`` is the number to call back,
    empty for the one the caller is calling from.
    """

    kind: str
    service: str
    due: str
    urgency: str = "routine"
    number: str = ""
    recording: str = ""


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
class CallPatient(Effect):
    """Ring the patient and bring them to the person who is waiting in the call's conference."""


@dataclass(frozen=True, slots=True)
class ReportReached(Effect):
    """Tell the person who is waiting whether the patient came to the phone."""

    reached: bool


@dataclass(frozen=True, slots=True)
class HoldCaller(Effect):
    """Put the caller on hold with music and words, or bring them back."""

    hold: bool


@dataclass(frozen=True, slots=True)
class StartConsult(Effect):
    """Page the clinician on call into this call for the agent, the caller being held."""

    urgency: str


@dataclass(frozen=True, slots=True)
class FinishConsult(Effect):
    """End a consult: "handed-over" (the agent leaves), "joined" (all three talk), "returned" (no clinician)."""

    how: str


@dataclass(frozen=True, slots=True)
class RaiseAlert(Effect):
    """Tell the operator's supervisors that something went wrong; ``what`` names it, without patient data."""

    what: str


# -- answers -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""


@dataclass(frozen=True, slots=True)
class Pressed(Answer):
    """Keys, without the finish key."""

    digits: str


@dataclass(frozen=True, slots=True)
class Spoke(Answer):
    """Words as recognised; ``confidence`` 0.0 to 1.0 when the recogniser gave one."""

    words: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Silence(Answer):
    """Nothing was pressed or said in time."""


@dataclass(frozen=True, slots=True)
class PinChecked(Answer):
    """Whether the PIN was right."""

    right: bool


@dataclass(frozen=True, slots=True)
class MessageLeft(Answer):
    """A message was recorded; ``recording`` is our own opaque id."""

    recording: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Joined(Answer):
    """A person is coming to the caller. ``role`` is "agent" or "clinician"."""

    person: str
    role: str


@dataclass(frozen=True, slots=True)
class NobodyCame(Answer):
    """The search ended without a person: "no-one-awake", "too-long" or "ladder-exhausted"."""

    why: str


@dataclass(frozen=True, slots=True)
class WaitBroke(Answer):
    """The queue failed under us: the phone network's word for it."""

    why: str


@dataclass(frozen=True, slots=True)
class PersonLeft(Answer):
    """The others have left the conference; the party on this leg is alone."""

    person: str


@dataclass(frozen=True, slots=True)
class NotReached(Answer):
    """The patient we were calling back did not come to the phone."""


@dataclass(frozen=True, slots=True)
class DialEnded(Answer):
    """The leg's own Dial ended while the party is still there.

    A caller fell out of the conference, an agent pressed star to step out, or the house call is over;
    ``connected`` tells whether anybody had answered it.
    """

    connected: bool


@dataclass(frozen=True, slots=True)
class Known(Answer):
    """A fact: a flat mapping of short texts."""

    value: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        return dict(self.value)[name]

    def get(self, name: str, default: str = "") -> str:
        """The text under ``name``, or ``default``."""
        return dict(self.value).get(name, default)


@dataclass(frozen=True, slots=True)
class Done(Answer):
    """The effect is recorded."""


@dataclass(frozen=True, slots=True)
class Granted(Answer):
    """Whether a claim was won, and whether the caller is still on the line."""

    won: bool
    caller_here: bool = True


@dataclass(frozen=True, slots=True)
class Interrupted(Answer):
    """A universal answer as stored: "hung-up" or "taken-over"; raised inside the flow."""

    how: str

    def exception(self) -> Interruption:
        """The exception that carries this answer into the flow."""
        return TakenOver() if self.how == "taken-over" else HungUp()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a leg's conversation ended; ``how`` is the disposition that reports count."""

    how: str


Flow = Generator[Request, Any, Outcome]
"""A conversation. (The answer type depends on the request, which generators cannot express.)"""

Dialogue = Generator[Request, Any, Any]
"""A reusable part of a conversation; ends with a value for the flow that asked."""
