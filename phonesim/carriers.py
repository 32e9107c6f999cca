"""The carriers between the platform and telephone numbers, as far as they fail."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from phonesim.faults import Fault
from phonesim.services import Services

REFUSALS = (("failed", 404), ("failed", 500), ("failed", 503))
UNDELIVERED = (("failed", 30001), ("undelivered", 30003), ("undelivered", 30005), ("undelivered", 30008))


class CarriedCall(Protocol):
    """Gives what a carrier knows of a call, and lets it end the call."""

    @property
    def net(self) -> Services:
        """The network of the call."""

    @property
    def address(self) -> str:
        """The phone at the far end."""

    @property
    def in_progress(self) -> bool:
        """True between answer and end."""

    @property
    def answered_at(self) -> datetime | None:
        """When the phone was picked up."""

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something later unless the call has ended by then."""

    def finish(self, status: str = "completed", sip: int = 200) -> None:
        """End the call."""


def refusal(leg: CarriedCall) -> tuple[str, int] | None:
    """CallStatus and SIP code of a call that a failing carrier does not put through."""
    faults = leg.net.faults
    if carried(leg) and faults.strikes("carrier-failing", leg.address):
        return faults.choose("carrier-failing", REFUSALS)
    return None


def undelivered(net: Services, address: str) -> tuple[str, int] | None:
    """MessageStatus and ErrorCode of a text that does not arrive."""
    if net.faults.strikes("texts-failing", address):
        return net.faults.choose("texts-failing", UNDELIVERED)
    return None


def may_drop(leg: CarriedCall) -> None:
    """Cut an answered call off when its time comes, if carriers still drop calls then."""
    fault = leg.net.faults.on.get("carrier-drops")
    if fault is None or not carried(leg) or not leg.in_progress or leg.answered_at is None:
        return
    since = (leg.net.now - leg.answered_at).total_seconds()
    leg.after((fault.value or 0) - since, lambda: _drop(leg, fault))


def _drop(leg: CarriedCall, fault: Fault) -> None:
    if leg.net.faults.on.get("carrier-drops") is fault and leg.net.faults.strikes("carrier-drops", leg.address):
        leg.finish("completed")


def carried(leg: CarriedCall) -> bool:
    """Browsers and SIP endpoints are reached without a carrier."""
    return leg.address.startswith("+")
