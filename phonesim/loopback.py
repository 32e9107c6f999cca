"""Calls that lead back to the platform: our own numbers and applications (Twilio: Application).

The dialled leg and a fresh inbound leg are tied: what one side says and presses, the other side hears.
"""

from phonesim.arriving import arrive
from phonesim.leg import Leg
from phonesim.numbers import Endpoint
from phonesim.values import Heard

NOT_ANSWERED = {"busy": 486, "failed": 404, "no-answer": 480, "canceled": 487}


def door_of(leg: Leg) -> Endpoint | None:
    """Return where a dialled leg comes back to us, or None."""
    number = leg.net.numbers.get(leg.address)
    if leg.door or number is None or not leg.net.options.own_numbers_answer:
        return leg.door
    return leg.net.account.settings_of(number)


def come_back(leg: Leg, door: Endpoint) -> None:
    """Let the call arrive at the door. Its document decides whether and when the dialled leg is answered."""
    net = leg.net
    caller = leg.parent.phone if leg.parent else net.phone(leg.from_)
    leg.ring()
    inner = arrive(net, caller, door, leg.from_, leg.to, leg.told)
    if inner.ended:
        return leg.finish(inner.status, NOT_ANSWERED["failed"])
    leg.tie = inner
    inner.ear.followers.append(lambda sound: _pass_on(sound, leg))
    inner.watchers.append(lambda what: _follow(what, inner, leg))
    leg.watchers.append(lambda what: _hang_up(inner) if what == "ended" else None)
    return None


def _pass_on(sound: Heard, leg: Leg) -> None:
    for other in leg.audience():
        other.ear.share(sound)


def catch_up(listener: Leg, other: Leg) -> None:
    """Let the listener hear, from now on, what the document of a leg that leads back to us already says."""
    if other.tie:
        for sound in other.tie.ear.heard:
            if sound.kind != "ring" and (sound.until is None or sound.until > other.net.now):
                listener.ear.share(sound)


def _follow(what: str, inner: Leg, leg: Leg) -> None:
    if what == "answered":
        leg.answer()
    elif what == "ended" and leg.in_progress:
        leg.finish("completed", 200)
    elif what == "ended":
        leg.finish(inner.status, NOT_ANSWERED.get(inner.status, 200))


def _hang_up(inner: Leg) -> None:
    inner.finish("completed") if inner.in_progress else inner.finish("no-answer", 487)
