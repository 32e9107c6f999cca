"""What the record of a call is made of: rows of the shell as plain values. What is private stays out of ``repr``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from callflows.engine.retelling import Exchange, Retold, Said


@dataclass(frozen=True, slots=True)
class About:
    """The call itself. ``zone`` is that of the location that was called.

    ``representative`` speaks for the patient as their ``relation``, and is known at ``caller_level``; None where nobody
    is known to. ``complaint`` and ``number`` are None where there are none. ``patient_state`` is None where nobody
    asked for it, and empty where the answer did not tell. ``proof`` is how a professional proved for which
    ``organisation`` they call, empty where the practice lists none. ``recording`` is what the caller made of being
    recorded. ``forgotten``: what was said and keyed is no longer kept.
    """

    id: str
    practice: str
    zone: str
    received_at: datetime
    language: str
    urgency: str = "routine"
    symptom: bool = False
    service: str | None = None
    patient: str | None = None
    identity_level: str = "L0"
    representative: str | None = None
    relation: str | None = None
    caller_level: str | None = None
    proof: str = ""
    organisation: str = ""
    patient_state: str | None = field(default=None, repr=False)
    complaint: str | None = field(default=None, repr=False)
    number: str | None = field(default=None, repr=False)
    recording: str = "not-asked"
    outcome: str | None = None
    ended_at: datetime | None = None
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one party of the caller's side was asked and told; ``role`` is "caller" or "patient".

    ``as_then``: the flow is the one that the call was on. ``landed``: our software failed it on the way.
    """

    role: str
    retold: Retold
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    as_then: bool = True
    landed: bool = False


@dataclass(frozen=True, slots=True)
class ScreeningQuestion:
    """A question of a protocol in each of its languages, and what a yes raises to.

    It is for patients of these ``ages``, where there are any.
    """

    key: str
    words: tuple[str, ...]
    raises_to: str
    ages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Protocol:
    """A protocol as the call knew it. ``signed`` is all that its sign-off tells, name by name.

    It is for patients of one ``group``, or for everybody where that is empty.
    """

    name: str
    version: str
    signed: tuple[tuple[str, str], ...] = ()
    questions: tuple[ScreeningQuestion, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Raise:
    """The call was noted or paged at an urgency."""

    at: datetime
    urgency: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to bring somebody to the caller. ``role`` says as whom, ``by`` how, ``end`` what came of it."""

    person: str
    role: str
    by: str
    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    end: str


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who talked with the caller. ``since`` is None where they accepted and their joining was not reported."""

    person: str
    role: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise to the caller, and what became of it."""

    kind: str
    service: str
    urgency: str
    made_at: datetime
    due_at: datetime
    state: str
    ended_at: datetime | None
    attempts: int
    number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was left, and the state of the promise to deal with it."""

    taken_at: datetime
    recording: str
    state: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Interpreting:
    """An interpreter was asked for."""

    language: str
    state: str
    joined_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording of the call or a message."""

    id: str
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class Material:
    """All that is known of one call, each in its order in time."""

    about: About
    conversations: tuple[Conversation, ...] = ()
    protocols: tuple[Protocol, ...] = ()
    raises: tuple[Raise, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    parties: tuple[Party, ...] = ()
    promises: tuple[Promised, ...] = ()
    messages: tuple[Message, ...] = ()
    interpreting: tuple[Interpreting, ...] = ()
    recordings: tuple[Recording, ...] = ()

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What was asked of whoever called, in all their conversations."""
        return tuple(one for conversation in self.conversations for one in conversation.retold.exchanges)

    @property
    def said(self) -> tuple[Said, ...]:
        """What was said to whoever called."""
        return tuple(one for conversation in self.conversations for one in conversation.retold.said)
