"""The words a flow is written in: requests it may yield and answers it may receive.

Every request has a key that is stable across releases and unique within one run of a flow.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from callflows.vocabulary.answers import (
    Answer,
    DialEnded,
    Done,
    Granted,
    HungUp,
    Interrupted,
    Interruption,
    Joined,
    Known,
    MessageLeft,
    NobodyCame,
    NotReached,
    PersonLeft,
    PinChecked,
    Pressed,
    Silence,
    Spoke,
    TakenOver,
    WaitBroke,
)
from callflows.vocabulary.effects import (
    AcceptInterpreting,
    AcceptOffer,
    AcceptPage,
    AskInterpreter,
    CallPatient,
    DeclineInterpreting,
    DeclineOffer,
    DeclinePage,
    Effect,
    EnterWaitingRoom,
    FinishConsult,
    HoldCaller,
    LeaveWaitingRoom,
    NoteCall,
    OpenPromise,
    RaiseAlert,
    RefuseRecording,
    ReportReached,
    StartConsult,
    StartEscalation,
    StartRecording,
)
from callflows.vocabulary.requests import (
    Ask,
    AskPin,
    DialHouse,
    Do,
    Fact,
    LeaveMessage,
    Request,
    Say,
    Wait,
    WithPerson,
)

__all__ = [
    "AcceptInterpreting",
    "AcceptOffer",
    "AcceptPage",
    "Answer",
    "Ask",
    "AskInterpreter",
    "AskPin",
    "CallPatient",
    "DeclineInterpreting",
    "DeclineOffer",
    "DeclinePage",
    "DialEnded",
    "DialHouse",
    "Dialogue",
    "Do",
    "Done",
    "Effect",
    "EnterWaitingRoom",
    "Fact",
    "FinishConsult",
    "Flow",
    "Granted",
    "HoldCaller",
    "HungUp",
    "Interrupted",
    "Interruption",
    "Joined",
    "Known",
    "LeaveMessage",
    "LeaveWaitingRoom",
    "MessageLeft",
    "NobodyCame",
    "NotReached",
    "NoteCall",
    "OpenPromise",
    "Outcome",
    "PersonLeft",
    "PinChecked",
    "Pressed",
    "RaiseAlert",
    "RefuseRecording",
    "ReportReached",
    "Request",
    "Say",
    "Silence",
    "Spoke",
    "StartConsult",
    "StartEscalation",
    "StartRecording",
    "TakenOver",
    "Wait",
    "WaitBroke",
    "WithPerson",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a leg's conversation ended; ``how`` is the disposition that reports count."""

    how: str


Flow = Generator[Request, Any, Outcome]
"""A conversation. (The answer type depends on the request, which generators cannot express.)"""

Dialogue = Generator[Request, Any, Any]
"""A reusable part of a conversation; ends with a value for the flow that asked."""
