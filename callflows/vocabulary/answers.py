"""Answers: what comes back, and the interruptions that every request may receive instead."""

from __future__ import annotations

from dataclasses import dataclass, field

from callflows.vocabulary.hearing import UNJUDGED


class Interruption(Exception):
    """An answer that every request may receive, whatever was asked."""


class HungUp(Interruption):
    """The party on this leg has gone. A flow may still record effects, but can say and ask nothing."""


class TakenOver(Interruption):
    """A supervisor sends the caller to a person now."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. What a person said or keyed, and what is known of them, stays out of ``repr``."""


@dataclass(frozen=True, slots=True)
class Pressed(Answer):
    """Keys, without the finish key."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Spoke(Answer):
    """Words as recognised, with what was heard in them (``callflows/vocabulary/hearing.py``).

    ``confidence`` is 0.0 to 1.0 when the recogniser gave one. ``danger`` is one of DANGERS, ``reply`` YES, NO, DOUBT or
    empty, ``wish`` what is wanted or empty. ``flag`` names the group of red flags that was heard, if one was.
    """

    words: str = field(repr=False)
    confidence: float | None = None
    danger: str = field(default=UNJUDGED, repr=False)
    reply: str = field(default="", repr=False)
    wish: str = field(default="", repr=False)
    flag: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Silence(Answer):
    """Nothing was pressed or said in time."""


@dataclass(frozen=True, slots=True)
class PinChecked(Answer):
    """Whether the PIN was right."""

    right: bool


@dataclass(frozen=True, slots=True)
class CodeChecked(Answer):
    """What came of a one-time code: it is "right" or "wrong", "over" (used, spent or too old), or was "unsent".

    Unsent is also the code that no number on file can be sent. One that is still to be checked is "checking", and one
    that cannot be checked now "unchecked". The digits are in no answer.
    """

    how: str


@dataclass(frozen=True, slots=True)
class MessageLeft(Answer):
    """A message was recorded; ``recording`` is our own opaque id."""

    recording: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Joined(Answer):
    """A person is coming to the caller. ``role`` is "agent" or "clinician"; ``interpreter``: one is being rung too."""

    person: str
    role: str
    interpreter: bool = False


@dataclass(frozen=True, slots=True)
class NobodyCame(Answer):
    """Nobody came, or not yet.

    A search ended without a person ("no-one-awake", "full", "too-long", "ladder-exhausted", "no-interpreter"), or who
    accepted was lost on the way and somebody is paged again ("clinician-lost").
    """

    why: str


@dataclass(frozen=True, slots=True)
class WaitBroke(Answer):
    """The queue failed under us: the phone network's word for it."""

    why: str


@dataclass(frozen=True, slots=True)
class PersonLeft(Answer):
    """The others have left the conference; the party on this leg is alone.

    ``role`` is that of the last who left: "caller", "patient", "agent" or "clinician"; empty where it is not known.
    """

    role: str


@dataclass(frozen=True, slots=True)
class CutShort(PersonLeft):
    """The same, before both sides had talked: a line broke while they were being joined, or in their first seconds."""


@dataclass(frozen=True, slots=True)
class SetAside(Answer):
    """Whoever talks with the party on this leg is out for longer: it waits by itself, and may press keys."""


@dataclass(frozen=True, slots=True)
class NotReached(Answer):
    """The patient we were calling back did not come to the phone, and another try is set."""


@dataclass(frozen=True, slots=True)
class InVain(NotReached):
    """Patient and person did not come together, and not as usual: nobody was ``rung`` where there is no number.

    ``then``: "again" where another try is set, "later" where the patient has chosen when, "given-up" where this was
    the last, empty where no promise is open.
    (A kind of its own: the release before would read the other, which had no fields, whatever is written in it.)
    """

    then: str
    rung: bool = True


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

    value: tuple[tuple[str, str], ...] = field(repr=False)

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
    """Whether a claim was won, whether the caller is on the line, and whether we have a ``number`` to call them."""

    won: bool
    caller_here: bool = True
    number: bool = True


@dataclass(frozen=True, slots=True)
class Interrupted(Answer):
    """A universal answer as stored: "hung-up" or "taken-over"; raised inside the flow."""

    how: str

    def exception(self) -> Interruption:
        """The exception that carries this answer into the flow."""
        return TakenOver() if self.how == "taken-over" else HungUp()
