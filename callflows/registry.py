"""Every flow by name and version. A call keeps the version it started on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from callflows.conversations.agent_offer import agent_offer
from callflows.conversations.backline import backline
from callflows.conversations.called_back import called_back
from callflows.conversations.clinician_page import clinician_page
from callflows.conversations.inbound import inbound
from callflows.conversations.interpreter_call import interpreter_call
from callflows.conversations.safe_landing import safe_landing, unknown_number
from callflows.vocabulary import Flow


class UnknownFlow(LookupError):
    """No flow of that name and version ships with this release."""


@dataclass(frozen=True, slots=True)
class Released:
    """One version of a flow. ``play`` takes the value the flow is told about its call."""

    name: str
    version: int
    play: Callable[[Any], Flow]


CURRENT: tuple[Released, ...] = (
    Released("inbound", 1, inbound),
    Released("backline", 1, backline),
    Released("agent_offer", 1, agent_offer),
    Released("clinician_page", 1, clinician_page),
    Released("called_back", 1, called_back),
    Released("interpreter_call", 1, interpreter_call),
    Released("safe_landing", 1, safe_landing),
    Released("unknown_number", 1, unknown_number),
)

RETIRED: tuple[Released, ...] = ()
"""Earlier versions, in ``callflows/retired/``, for as long as a call may still be on them."""


def current(name: str) -> Released:
    """The version new calls start on."""
    return _find(lambda flow: flow.name == name, CURRENT, name)


def version(name: str, number: int) -> Released:
    """Exactly that version, current or retired.

    Raises:
        UnknownFlow: it no longer ships; the call needs the safe landing.
    """
    return _find(lambda flow: (flow.name, flow.version) == (name, number), (*CURRENT, *RETIRED), f"{name} {number}")


def _find(wanted: Callable[[Released], bool], among: tuple[Released, ...], called: str) -> Released:
    for flow in among:
        if wanted(flow):
            return flow
    raise UnknownFlow(
        f"there is no flow {called!r} in this release; keep its file in callflows/retired/ until its calls have ended"
    )
