"""What callers can want of a practice."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from callflows.values import GROUPS
from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import (
    Duration,
    Identifier,
    KindOfLicence,
    Margin,
    Means,
    Model,
    OneOrMore,
    Whole,
    YesNo,
    one_of,
)
from ivr.directory.schema.location import (
    OnCallException,
)
from ivr.directory.schema.operator import SkillLevel
from routing.promises import DueRuleError, parse_rule
from routing.queue_order import LONGEST_BOOST
from routing.relax import USUAL

MOST_AGE_OF_A_MINOR = 20
IDENTITY_LEVELS = ("L0", "L1", "L2", "L3")
ROUTES = ("nurse_pool", "on_call", "agents", "message", "callback")
GIVES = ("level", "interpreter", "edges", "overflow")


def _due_rule(value: Any) -> str:
    """When something is due: ``next_open``, ``next_open + 2h`` or ``now + 30m``."""
    try:
        parse_rule(value if isinstance(value, str) else "")
    except DueRuleError as error:
        what, _, mend = str(error).partition("; ")
        raise Unreadable(what, mend or "write it as next_open + 2h or now + 30m") from None
    return str(value)


def _in_order(value: tuple[WideningEntry, ...]) -> tuple[WideningEntry, ...]:
    for index, (one, other) in enumerate(pairwise(value), start=1):
        if other.after < one.after:
            raise Unreadable("this step comes before the one above it", "sort them by after", (index, "after"))
        if other.give in {step.give for step in value[:index]}:
            raise Unreadable(f"{other.give} is given up by a step above already", "keep one of them", (index, "give"))
    return value


def _below_majority(value: int) -> int:
    if not 0 <= value <= MOST_AGE_OF_A_MINOR:
        raise Unreadable(f"{value} is no age of a minor", f"write 0 to {MOST_AGE_OF_A_MINOR}")
    return value


def _within_a_day(value: timedelta) -> timedelta:
    if value > LONGEST_BOOST:
        raise Unreadable("a credit of over a day is none", "write minutes or hours")
    return value


class WideningEntry(Model):
    """After this wait, one thing that was asked for is given up."""

    after: Annotated[Duration, Means("The wait, counted from arrival.", "20s")]
    give: Annotated[Annotated[str, one_of(GIVES)], Means("What is given up then.", "level")]


class Confidential(Model):
    """From which age a service is between a minor and the practice.

    No two states have the same law of minors' consent: which services, and from which age, is the practice's to say.
    Whoever represents a patient of that age who is not of age yet is then served as somebody who is not known.
    """

    from_age: Annotated[Annotated[Whole, AfterValidator(_below_majority)], Means("The age in years, 0 to 20.", "12")]


class ServiceEntry(Model):
    """What a caller can want, who may give it, and what happens outside opening hours.

    ``open`` and ``after_hours`` are ways to be served, tried in order. ``licensed`` asks for a licence of
    ``licence`` kind valid where the patient is now. ``relax`` is what is given up while a caller waits (``[]``:
    nothing), ``credit`` the wait that callers are given on arrival, ``wrap_up`` the time an agent has after the call,
    ``patience`` how long a caller waits until something else is offered, in place of the practice's,
    ``edge_margin`` the end of a shift that is kept free of its calls, in place of the operator's.
    """

    skill: Annotated[Identifier, Means("The skill that an agent needs.", "triage_rn")]
    skill_level: Annotated[SkillLevel, Means("How good at it the agent has to be, from 1 to 5.", "3")] = 1
    level: Annotated[
        Annotated[str, one_of(IDENTITY_LEVELS)],
        Means(
            "How sure we must be who is calling before anything private is said. To L3 agents bring them.",
            "L1",
        ),
    ]
    confidential: Annotated[
        Confidential | None,
        Means("From which age it is hidden from whoever represents a minor; left out: never.", "{from_age: 12}"),
    ] = None
    licensed: Annotated[
        YesNo, Means("Whether it is clinical: asks for a licence valid where the patient is.", "true")
    ] = False
    licence: Annotated[KindOfLicence, Means("The kind of licence that clinical work asks for.", "RN")] = "RN"
    open: Annotated[
        OneOrMore[Annotated[str, one_of(ROUTES)]],
        Means("How callers are served in opening hours, in the order in which it is tried.", "[nurse_pool, on_call]"),
    ] = ("agents",)
    after_hours: Annotated[
        OneOrMore[Annotated[str, one_of(ROUTES)]], Means("The same outside opening hours.", "[message]")
    ] = ("agents",)
    promise: Annotated[
        Annotated[str, BeforeValidator(_due_rule)],
        Means("When an answer is due to whoever leaves a message or is to be called back.", "next_open + 2h"),
    ] = "next_open + 4h"
    protocol: Annotated[Identifier | None, Means("The protocol by which symptoms are screened.", "adult-red-flags")] = (
        None
    )
    protocols: Annotated[
        dict[Annotated[str, one_of(GROUPS)], Identifier],
        Means(
            "A protocol for each group of patients, chosen by who it is about; in place of one for everybody.",
            "{adult: adult-red-flags, child: child-red-flags, pregnancy: pregnancy-red-flags}",
        ),
    ] = Field(default_factory=dict)
    new_patients: Annotated[
        Annotated[str, one_of(("agent", "message", "callback"))],
        Means("What becomes of callers who are not patients yet.", "message"),
    ] = "agent"
    relax: Annotated[
        Annotated[tuple[WideningEntry, ...], AfterValidator(_in_order)] | None,
        Means(
            "What is given up while a caller waits; empty: nothing. Left out, the usual: "
            f"{', '.join(f'{one.give} after {one.after.seconds} s' for one in USUAL)}.",
            "[{after: 20s, give: level}]",
        ),
    ] = None
    credit: Annotated[
        Annotated[Duration, AfterValidator(_within_a_day)] | None,
        Means("A wait that its callers are given on arrival, so that they come sooner; at most a day.", "90s"),
    ] = None
    wrap_up: Annotated[
        Duration | None, Means("The time that an agent has after the call, without another one.", "30s")
    ] = None
    patience: Annotated[
        Duration | None,
        Means("How long its callers wait before a call-back is offered, in place of the practice's.", "5m"),
    ] = None
    edge_margin: Annotated[
        Margin | None, Means("The end of a shift that is kept free of its calls, in place of the operator's.", "0m")
    ] = None
    on_call: Annotated[
        OnCallException | None,
        Means("Who is on call for it otherwise than for the practice.", "{rota: maple-dentists, licences: [DDS]}"),
    ] = None

    def named_protocols(self) -> tuple[str, ...]:
        """Every protocol by which its callers may be screened."""
        return tuple(self.protocols.values()) or ((self.protocol,) if self.protocol else ())
