"""Ringing a phone from the platform: the far side's behaviour, ring timers (Twilio: Calls)."""

from phonesim import carriers
from phonesim.leg import Leg
from phonesim.loopback import come_back, door_of

KEY_SECONDS = {"w": 0.5, "W": 1.0}
UNREACHABLE = {"unreachable": ("failed", 404), "switched-off": ("no-answer", 480), "busy": ("busy", 486)}


def place(leg: Leg, ring_seconds: float, time_limit: float = 14400) -> None:
    """Dial out now. The leg ends as no-answer when nobody picks up within ``ring_seconds`` of ringing."""
    leg.report("initiated", "initiated")
    leg.net.record("dial", leg.from_, to=leg.to, call_sid=leg.sid)
    leg.watchers.append(lambda what: _limit(leg, time_limit) if what == "answered" else None)
    leg.after(leg.net.options.post_dial_seconds, lambda: _reach(leg, ring_seconds))


def _limit(leg: Leg, seconds: float) -> None:
    leg.after(seconds, lambda: leg.finish("completed"))


def send_digits(leg: Leg, digits: str) -> None:
    """Press keys for the far side: it hears them, and a document of ours that answered there receives them."""
    if not digits:
        return
    at = 0.0
    for key in digits:
        if leg.tie and key not in KEY_SECONDS:
            leg.after(at, lambda key=key: leg.tie.key(key) if leg.tie else None)  # type: ignore[misc]
        at += KEY_SECONDS.get(key, 0.5)
    leg.ear.begin("play", f"digits:{digits}", at)


def _reach(leg: Leg, ring_seconds: float) -> None:
    leg.after(ring_seconds, lambda: None if leg.in_progress else leg.finish("no-answer", 487))
    if door := door_of(leg):
        return come_back(leg, door)
    if refusal := carriers.refusal(leg) or UNREACHABLE.get(leg.phone.behaviour):
        return leg.finish(*refusal)
    if not leg.net.account.is_registered(leg.address):
        return leg.finish(leg.net.options.unregistered_client_status, 480)
    leg.ring()
    leg.phone.offer(leg.sid)
    return None
