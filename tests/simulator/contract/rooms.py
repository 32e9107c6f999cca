"""Words shared by the tests of conferences."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.stage import BASE, OURS, Seen, Stage

ANA, BEN, CAT = "+13125550191", "+13125550192", "+13125550193"
ALL = "start end join leave mute hold modify speaker announcement"
EVENTS = f'statusCallback="/events" statusCallbackEvent="{ALL}"'


def seen(stage: Stage, event: str = "") -> list[Seen]:
    """The conference events that arrived; only those of one kind if asked."""
    return [one for one in stage.at("/events") if event in {"", one["StatusCallbackEvent"]}]


def events(stage: Stage) -> list[str]:
    """Their names in order."""
    return [one["StatusCallbackEvent"] for one in seen(stage)]


def invite(stage: Stage, number: str, room: str = "room", **more: Any) -> str:
    """Call somebody into a conference by REST; the CallSid."""
    return str(stage.twilio.conferences(room).participants.create(from_=OURS, to=number, **more).call_sid)


def room_events(**more: Any) -> dict[str, Any]:
    """Parameters that have a conference created by REST tell its events."""
    return {"conference_status_callback": f"{BASE}/events", "conference_status_callback_event": ALL.split(), **more}


def refused(action: Any) -> tuple[int, int]:
    """The HTTP status and the code with which REST refuses."""
    with pytest.raises(TwilioRestException) as problem:
        action()
    return problem.value.status, problem.value.code
