"""Where the platform tells of calls and recordings, and where it asks when a document cannot be had."""

from dataclasses import dataclass

EVENTS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress", "completed": "completed"}


@dataclass(frozen=True, slots=True)
class StatusHook:
    """Where call progress goes, and which of initiated, ringing, answered, completed."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True, slots=True)
class Fallback:
    """Where to ask when a document cannot be had."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class RecordingHook:
    """Where recording events go, and which of in-progress, completed, absent, started, paused, resumed, stopped."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
