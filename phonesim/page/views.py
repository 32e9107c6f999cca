"""Phones, queues and alerts as the page shows them: plain values."""

from collections.abc import Iterable
from typing import Any

from phonesim.callqueue import Queue
from phonesim.leg import Leg
from phonesim.phone import Line, Phone
from phonesim.values import Alert
from phonesim.web.addresses import path_of

OPEN_ENDED = frozenset({"music", "ring", "silence"})


def phone_shown(phone: Phone) -> dict[str, Any]:
    """Show what a phone does when it is called, who rings, and its present or last call."""
    line = phone.line or (phone.history[-1] if phone.history else None)
    return {
        "address": phone.address,
        "behaviour": phone.behaviour,
        "ringing": [{"call_sid": leg.sid, "from": leg.from_} for leg in phone.waiting()],
        "line": _line(line) if line else None,
        "texts": len(phone.messages),
    }


def _line(line: Line) -> dict[str, Any]:
    leg = line.leg
    return {
        "call_sid": leg.sid,
        "state": leg.status,
        "ended": leg.ended,
        "to": leg.to if leg.direction == "inbound" else leg.from_,
        "since": (leg.answered_at or leg.created).isoformat(),
        "with": sorted(line.connected_to),
        "hears": sorted({other.address for other in leg.sources()}),
        "place": _place(leg),
        "sound": _sound(leg),
    }


def _place(leg: Leg) -> str:
    if leg.participant:
        return "held" if leg.participant.hold else "muted" if leg.participant.muted else "conference"
    waits = any(entry.leg is leg for queue in leg.net.shelf(Queue).values() for entry in queue.waiting)
    return "bridge" if leg.partner else "queue" if waits else ""


def _sound(leg: Leg) -> str:
    """What plays without an end of its own: ringing, music, silence."""
    playing = (sound.kind for sound in reversed(leg.ear.heard) if sound.until is None and not leg.ended)
    return next((kind for kind in playing if kind in OPEN_ENDED), "")


def queues_shown(queues: Iterable[Queue]) -> list[dict[str, Any]]:
    """Everybody who waits in a queue of the network."""
    return [
        {"call_sid": entry.leg.sid, "address": entry.leg.address, "since": entry.since.isoformat(), "position": place}
        for queue in queues
        for place, entry in enumerate(queue.waiting, 1)
    ]


def alert_shown(alert: Alert) -> dict[str, Any]:
    """An entry of the account's debugger."""
    return {
        "at": alert.at.isoformat(),
        "code": alert.code,
        "level": alert.level,
        "title": alert.title,
        "why": alert.why,
        "where": f"{alert.method} {path_of(alert.url)}".strip(),
        "line": alert.line,
        "call_sid": alert.call_sid,
        "help": alert.help,
    }
