"""The carriers between the platform and telephone numbers, as far as they fail."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonesim.faults import Fault
    from phonesim.leg import Leg
    from phonesim.network import Network

REFUSALS = (("failed", 404), ("failed", 500), ("failed", 503))
UNDELIVERED = (("failed", 30001), ("undelivered", 30003), ("undelivered", 30005), ("undelivered", 30008))


def refusal(leg: "Leg") -> tuple[str, int] | None:
    """CallStatus and SIP code of a call that a failing carrier does not put through."""
    faults = leg.net.faults
    if carried(leg) and faults.strikes("carrier-failing", leg.address):
        return faults.choose("carrier-failing", REFUSALS)
    return None


def undelivered(net: "Network", address: str) -> tuple[str, int] | None:
    """MessageStatus and ErrorCode of a text that does not arrive."""
    if net.faults.strikes("texts-failing", address):
        return net.faults.choose("texts-failing", UNDELIVERED)
    return None


def may_drop(leg: "Leg") -> None:
    """Cut an answered call off when its time comes, if carriers still drop calls then."""
    fault = leg.net.faults.on.get("carrier-drops")
    if fault is None or not carried(leg) or not leg.in_progress or leg.answered_at is None:
        return
    since = (leg.net.now - leg.answered_at).total_seconds()
    leg.after((fault.value or 0) - since, lambda: _drop(leg, fault))


def _drop(leg: "Leg", fault: "Fault") -> None:
    if leg.net.faults.on.get("carrier-drops") is fault and leg.net.faults.strikes("carrier-drops", leg.address):
        leg.finish("completed")


def carried(leg: "Leg") -> bool:
    """Browsers and SIP endpoints are reached without a carrier."""
    return leg.address.startswith("+")
