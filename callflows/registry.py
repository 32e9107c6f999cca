"""Every flow by name and version. A call keeps the version it started on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from callflows.conversations.agent_offer import agent_offer
from callflows.conversations.backline import backline
from callflows.conversations.called_back import called_back
from callflows.conversations.clinician_page import clinician_page
from callflows.conversations.drill_call import drill_call
from callflows.conversations.house_call import house_call
from callflows.conversations.inbound import inbound
from callflows.conversations.interpreter_call import interpreter_call
from callflows.conversations.listed_number import listed_number
from callflows.conversations.safe_landing import safe_landing, unknown_number
from callflows.vocabulary import Flow


class UnknownFlow(LookupError):
    """No flow of that name and version ships with this release."""


@dataclass(frozen=True, slots=True)
class PublishedFlow:
    """One version of a flow. ``play`` takes the value the flow is told about its call."""

    name: str
    version: int
    play: Callable[[Any], Flow]


CURRENT: tuple[PublishedFlow, ...] = (
    PublishedFlow("inbound", 1, inbound),
    PublishedFlow("backline", 1, backline),
    PublishedFlow("agent_offer", 1, agent_offer),
    PublishedFlow("clinician_page", 1, clinician_page),
    PublishedFlow("called_back", 1, called_back),
    PublishedFlow("interpreter_call", 1, interpreter_call),
    PublishedFlow("house_call", 1, house_call),
    PublishedFlow("drill_call", 1, drill_call),
    PublishedFlow("listed_number", 1, listed_number),
    PublishedFlow("safe_landing", 1, safe_landing),
    PublishedFlow("unknown_number", 1, unknown_number),
)

RETIRED: tuple[PublishedFlow, ...] = ()
"""Earlier versions, in ``callflows/retired/``, for as long as a call may still be on them."""


def current(name: str) -> PublishedFlow:
    """The version new calls start on."""
    return _find(lambda flow: flow.name == name, CURRENT, name)


def version(name: str, number: int) -> PublishedFlow:
    """Exactly that version, current or retired.

    Raises:
        UnknownFlow: it no longer ships; the call needs the safe landing.
    """
    return _find(lambda flow: (flow.name, flow.version) == (name, number), (*CURRENT, *RETIRED), f"{name} {number}")


def _find(wanted: Callable[[PublishedFlow], bool], among: tuple[PublishedFlow, ...], called: str) -> PublishedFlow:
    for flow in among:
        if wanted(flow):
            return flow
    raise UnknownFlow(
        f"there is no flow {called!r} in this release; keep its file in callflows/retired/ until its calls have ended"
    )
