"""Switching faults of a network on and off, while it runs."""

from typing import Any

from phonesim.carriers import may_drop
from phonesim.faults import Fault, kind_named, read
from phonesim.leg import Leg
from phonesim.services import Services


def switch_on(net: Services, text: str) -> Fault:
    """Let a fault strike from now on; it replaces one of the same name. Raises FaultError."""
    fault = read(text)
    _begin(net, fault)
    return fault


def _begin(net: Services, fault: Fault) -> None:
    net.faults.on[fault.kind.name] = fault
    net.record("fault", fault.kind.name, on=True, **fault.described())
    for leg in net.shelf(Leg).values():
        may_drop(leg)


def switch_off(net: Services, name: str) -> None:
    """Mend a fault; harmless when it is not on. Raises FaultError for a name that is none."""
    if net.faults.on.pop(kind_named(name).name, None):
        net.record("fault", name, on=False)


def switch(net: Services, on: Any = (), off: Any = ()) -> None:
    """Mend the faults named in ``off`` ("all": every one), then let those of ``on`` strike. All of it or nothing."""
    wanted = [read(text) for text in on]
    names = list(net.faults.on) if off == "all" else [kind_named(name).name for name in off]
    for name in names:
        switch_off(net, name)
    for fault in wanted:
        _begin(net, fault)


def switch_off_all(net: Services) -> None:
    """Mend everything."""
    for name in tuple(net.faults.on):
        switch_off(net, name)
