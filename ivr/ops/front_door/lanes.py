"""Lanes: each kind of request has threads that no other kind can take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lane:
    """A kind of request. ``threads`` None: as many as the process was told; ``most_waiting`` None: whoever fits."""

    name: str
    threads: int | None
    most_waiting: int | None


CALLS = Lane("calls", None, None)
"""What Twilio asks and tells. Nobody is sent away: a call that waits a moment is better than one that falls back."""
FALLBACK = Lane("fallback", 1, None)
"""The document that needs nothing, which is asked for when calls do not get through."""
SOUNDS = Lane("sounds", 1, 64)
"""The music of waiting, which the phone network keeps: whoever waits must not hear that pages are crowded."""
PAGES = Lane("pages", 4, 64)
"""What people and browsers ask."""
HEALTH = Lane("health", 1, 16)
"""What monitoring asks: a line whose pages are crowded is not a line that is down."""

LANES = (CALLS, FALLBACK, SOUNDS, PAGES, HEALTH)
_HEALTH_PATHS = frozenset({b"/healthz", b"/readyz", b"/metrics"})


def find_lane(target: bytes) -> Lane:
    """The lane of a request for ``target``, as it is written in the request line."""
    path = target.partition(b"?")[0]
    if b"://" in path and not path.startswith(b"/"):
        path = b"/" + path.partition(b"://")[2].partition(b"/")[2]
    if path == b"/voice/fallback":
        return FALLBACK
    if path.startswith(b"/voice/"):
        return CALLS
    if path.startswith(b"/audio/"):
        return SOUNDS
    return HEALTH if path in _HEALTH_PATHS else PAGES
