"""Requests: what a flow may ask of the world."""

from __future__ import annotations

from dataclasses import dataclass, field

from callflows.prompts import Line
from callflows.vocabulary.effects import Effect


@dataclass(frozen=True, slots=True)
class Request:
    """Something a flow asks of the world."""

    key: str


@dataclass(frozen=True, slots=True)
class Say(Request):
    """Speak; the flow goes on at once, so a Say has no answer and no row in the log."""

    lines: tuple[Line, ...]


CODE, WHOM, CONFIRM, ORGANISATION_CODE, SEEN = "code", "whom", "confirm", "organisation-code", "seen"
"""The items of questions that ask for a one-time code, whether it is about the caller or somebody else, whether what
was heard is right, for the code of an organisation, and whether the patient was seen before.
"""


@dataclass(frozen=True, slots=True)
class Ask(Request):
    """Speak and listen.

    ``digits`` is the number of keys to collect, None for "until the finish key". ``wishes`` are the wishes that
    answer the question. ``timeout`` is in seconds of silence. ``item`` is the item of a record that is asked for, CODE,
    WHOM, CONFIRM, ORGANISATION_CODE, SEEN, or empty.
    """

    lines: tuple[Line, ...]
    digits: int | None = 1
    speech: bool = False
    wishes: tuple[str, ...] = ()
    timeout: int = 7
    language: str = "en-US"
    item: str = ""


@dataclass(frozen=True, slots=True)
class AskMeanwhile(Ask):
    """A question that is asked while somebody is being rung. Whoever comes ends it, and so does that nobody does."""


@dataclass(frozen=True, slots=True)
class AskOrganisationCode(AskMeanwhile):
    """Ask a professional for the code of their organisation while a clinician is being rung.

    What is keyed or said of it is checked outside and never logged, and the answer is :class:`CodeChecked`, "right" or
    "wrong"; other keys and words come as they are.
    """

    item: str = ORGANISATION_CODE


ASKED_MEANWHILE: tuple[type[AskMeanwhile], ...] = (AskMeanwhile, AskOrganisationCode)
"""Every kind of question that is asked while somebody is being rung."""


@dataclass(frozen=True, slots=True)
class AskPin(Request):
    """Ask the called person for their own PIN. The digits are checked outside and never logged."""

    lines: tuple[Line, ...]
    timeout: int = 10


@dataclass(frozen=True, slots=True)
class AskDialIn(Ask):
    """Ask a clinician who has dialled in for the code of a page and their PIN, one after the other.

    What is keyed is checked outside and never logged, and the answer is :class:`PinChecked`; single keys and words come
    as they are. A right one is of a call in which they can go on now.
    """

    digits: int | None = None


@dataclass(frozen=True, slots=True)
class AskCode(Ask):
    """Ask for the one-time code that was sent for the call. What is keyed or said of it is checked outside and never
    logged, and the answer is :class:`CodeChecked`; other keys and words come as they are. A code that turns out not to
    have arrived anywhere answers the question. "checking" is answered where somebody else has to be asked:
    :class:`AwaitCode` follows.
    """

    item: str = CODE


@dataclass(frozen=True, slots=True)
class AwaitCode(Ask):
    """Listen while a code that was given is checked outside. :class:`CodeChecked` answers it as soon as that is known;
    keys and words come as they are, and silence is that it took too long: what is found later counts for nothing.
    """

    item: str = CODE


@dataclass(frozen=True, slots=True)
class LeaveMessage(Request):
    """Record what the caller has to say, up to ``max_seconds``."""

    lines: tuple[Line, ...]
    max_seconds: int = 180


@dataclass(frozen=True, slots=True)
class Wait(Request):
    """Keep the caller company until a person joins.

    ``comfort`` is said at once and again each minute, with the place in line where ``position`` is told. Of the lines
    ``between``, one at a time follows at least every 20 seconds, with what has changed. ``keys`` are those that the
    caller may press meanwhile; ``otherwise`` answers any other. Words that tell of one of ``alarms`` end it.
    """

    comfort: tuple[Line, ...]
    keys: str = ""
    language: str = "en-US"
    position: bool = False
    between: tuple[Line, ...] = ()
    otherwise: tuple[Line, ...] = ()
    alarms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitOnHold(Wait):
    """Keep a caller company who is held by whom they talk with, until that person brings them back.

    Nobody else takes them from there, and what becomes of a page is told to whoever holds them.
    """


@dataclass(frozen=True, slots=True)
class WithPerson(Request):
    """The party on this leg talks with others in the call's conference.

    ``person`` is "caller" for somebody whom we rang for one, and "person" for a caller or a patient.
    """

    person: str
    may_step_out: bool = False


@dataclass(frozen=True, slots=True)
class DialHouse(Request):
    """Connect the caller straight to the operator's own fallback number, the last resort.

    A clinician who accepts meanwhile takes them from there, also from whoever answered.
    """

    number: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class DialHelpLine(Request):
    """Connect the caller to a help line. A star brings them back, and so does a clinician who accepts."""

    number: str
    lines: tuple[Line, ...] = ()


UNRECORDED: tuple[type[Request], ...] = (DialHelpLine, AskOrganisationCode)
"""What is never recorded: somebody who was not told of it, and a code."""


@dataclass(frozen=True, slots=True)
class Fact(Request):
    """Ask for something the shell knows. ``name`` picks it, ``about`` narrows it."""

    name: str
    about: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Do(Request):
    """Have an effect. It is stored with the log row and carried out at least once, under its key."""

    effect: Effect
