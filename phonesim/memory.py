"""Forgetting what is long over, so that a network may run for millions of calls."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonesim.conference import Conference
    from phonesim.leg import Leg


def forget_leg_later(leg: "Leg") -> None:
    """Forget an ended leg and its recordings once ``Options.forget_after`` seconds have passed."""
    after = leg.net.options.forget_after
    if after is not None:
        leg.net.scheduler.after(after, lambda: _forget_leg(leg))


def forget_conference_later(conference: "Conference") -> None:
    """The same for a conference that has ended."""
    after, net = conference.net.options.forget_after, conference.net
    if after is not None:
        net.scheduler.after(after, lambda: net.conferences.pop_item(conference.sid))


def _forget_leg(leg: "Leg") -> None:
    net = leg.net
    net.legs.pop_item(leg.sid)
    for recording in leg.recordings:
        net.recordings.pop_item(recording.sid)
    leg.phone.forget(leg)
