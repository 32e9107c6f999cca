"""practices/*.yaml: one healthcare organisation a file."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import (
    Duration,
    Identifier,
    Language,
    Margin,
    Model,
    OneOrMore,
    Period,
    PhoneNumber,
    Some,
    State,
    Text,
    Whole,
    YesNo,
    Zone,
    one_of,
)
from ivr.directory.schema.hours import Holidays, Hours, holiday_rules
from ivr.directory.schema.operator import LICENCE_KINDS, SkillLevel
from routing.policy import PolicyError, SiteRule
from routing.promises import DueRuleError, parse_rule
from routing.queue_order import LONGEST_BOOST
from routing.ringing import USUAL

IDENTITY_LEVELS = ("L0", "L1", "L2", "L3")
IDENTITY_ITEMS = ("name", "date_of_birth", "zip", "mrn", "phone_on_file")
ROUTES = ("nurse_pool", "on_call", "agents", "message", "callback")
URGENCIES = ("emergent", "urgent", "routine")
GIVES = ("level", "interpreter", "edges", "overflow")
CALLERS = ("hospital", "laboratory", "pharmacy", "practice", "transfer_centre")


def _promise(value: Any) -> str:
    try:
        parse_rule(value if isinstance(value, str) else "")
    except DueRuleError as error:
        what, _, mend = str(error).partition("; ")
        raise Unreadable(what, mend or "write it as next_open + 2h or now + 30m") from None
    return str(value)


def _menu_key(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[1-9]", value):
        raise Unreadable(f"{value!r} is not a menu key", "use one digit from 1 to 9; 0 is always a person")
    return value


def _at_most_four(value: tuple[MenuEntry, ...]) -> tuple[MenuEntry, ...]:
    if len(value) > 4:
        raise Unreadable(f"the menu has {len(value)} entries", "keep at most four; callers forget longer ones")
    return value


def _in_order(value: tuple[WideningEntry, ...]) -> tuple[WideningEntry, ...]:
    for index, (one, other) in enumerate(pairwise(value), start=1):
        if other.after < one.after:
            raise Unreadable("this step comes before the one above it", "sort them by after", (index, "after"))
        if other.give in {step.give for step in value[:index]}:
            raise Unreadable(f"{other.give} is given up by a step above already", "keep one of them", (index, "give"))
    return value


def _at_least_one(value: int) -> int:
    if value < 1:
        raise Unreadable(
            "nobody may wait in this line", "let at least one caller wait, or leave it out for the usual 40"
        )
    return value


def _within_a_day(value: timedelta) -> timedelta:
    if value > LONGEST_BOOST:
        raise Unreadable("a credit of over a day is none", "write minutes or hours")
    return value


class Staff(Model):
    """The practice's own people, tried first in opening hours."""

    pool: Identifier
    overflow_after: Duration


class LocationEntry(Model):
    """One place of a practice: the hours, the state and the numbers dialled to reach it.

    A location with ``staff`` of its own has a front desk that answers for no other location; the others share the
    practice's.
    """

    timezone: Zone
    state: State
    numbers: OneOrMore[PhoneNumber]
    opening_hours: Hours
    holidays: Holidays | None = None
    staff: Staff | None = None

    @model_validator(mode="after")
    def _known_holidays(self) -> LocationEntry:
        holiday_rules(self.holidays, self.state)
        return self


class MenuEntry(Model):
    """One choice of the main menu."""

    key: Annotated[str, BeforeValidator(_menu_key)]
    service: Identifier


class WideningEntry(Model):
    """After this wait, one thing that was asked for is given up."""

    after: Duration
    give: Annotated[str, one_of(GIVES)]


class ServiceEntry(Model):
    """What a caller can want, who may give it, and what happens outside opening hours.

    ``open`` and ``after_hours`` are ways to be served, tried in order. ``licensed`` asks for a licence of
    ``licence`` kind valid where the patient is now. ``relax`` is what is given up while a caller waits (``[]``:
    nothing), ``credit`` the wait that callers are given on arrival, ``wrap_up`` the time an agent has after the call,
    ``edge_margin`` the end of a shift that is kept free of its calls, in place of the operator's.
    """

    skill: Identifier
    skill_level: SkillLevel = 1
    level: Annotated[str, one_of(IDENTITY_LEVELS)]
    licensed: YesNo = False
    licence: Annotated[str, one_of(LICENCE_KINDS)] = "RN"
    open: OneOrMore[Annotated[str, one_of(ROUTES)]] = ("agents",)
    after_hours: OneOrMore[Annotated[str, one_of(ROUTES)]] = ("agents",)
    promise: Annotated[str, BeforeValidator(_promise)] = "next_open + 4h"
    protocol: Identifier | None = None
    new_patients: Annotated[str, one_of(("agent", "message", "callback"))] = "agent"
    relax: Annotated[tuple[WideningEntry, ...], AfterValidator(_in_order)] | None = None
    credit: Annotated[Duration, AfterValidator(_within_a_day)] | None = None
    wrap_up: Duration | None = None
    edge_margin: Margin | None = None


class Knowledge(Model):
    """L1: what the caller must know. ``need`` items in all, those of ``require`` among them."""

    items: OneOrMore[Annotated[str, one_of(IDENTITY_ITEMS)]]
    require: tuple[Annotated[str, one_of(IDENTITY_ITEMS)], ...] = ()
    need: Whole


class Possession(Model):
    """L2: a one-time code to a number on file, on top of L1."""

    add: Annotated[str, one_of(("sms_code", "voice_code"))]


class Identity(Model):
    """How a caller becomes known, and how often they may try."""

    L1: Knowledge
    L2: Possession | None = None
    tries: Whole = 3


class Backline(Model):
    """Numbers for professional callers, straight to the on-call ladder."""

    numbers: OneOrMore[PhoneNumber]
    callers: OneOrMore[Annotated[str, one_of(CALLERS)]]
    location: Identifier | None = None


class OnCallEntry(Model):
    """Who is responsible after hours, and which escalation each urgency climbs."""

    rota: Identifier
    medical_director: Identifier
    escalation: Some[dict[Annotated[str, one_of(URGENCIES)], Identifier]]


class Waiting(Model):
    """How callers wait for an agent.

    ``most`` callers before one more is turned away with a promise, ``patience`` until the promise is offered instead,
    and ``call_backs``: the hours, in the zone of the location, in which a phone may be rung for one that is not urgent.
    """

    most: Annotated[Whole, AfterValidator(_at_least_one)] = 40
    patience: Duration = timedelta(minutes=10)
    call_backs: Hours = USUAL


class Recording(Model):
    """How long call recordings are kept, and whether a caller may decline."""

    keep: Period = "7y"
    opt_out: YesNo = True


class SiteRuleEntry(Model):
    """For patients in these states whose payer is one of these (left out: any), who may answer."""

    states: Some[tuple[State, ...]] | None = None
    payers: Some[tuple[Identifier, ...]] | None = None
    only: Some[tuple[Identifier, ...]] | None = None
    never: Some[tuple[Identifier, ...]] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> SiteRuleEntry:
        self.rule()
        return self

    def rule(self) -> SiteRule:
        """As routing reads it."""
        written = (self.states, self.payers, self.only, self.never)
        try:
            return SiteRule(*(frozenset(names or ()) for names in written))
        except PolicyError as error:
            what, _, mend = str(error).partition("; ")
            raise Unreadable(what, mend) from None


class KnownAgent(Model):
    """Whoever the patient spoke to ``lately`` comes first, and for so long after arrival alone."""

    lately: Duration = timedelta(days=7)
    reserved: Duration = timedelta(seconds=8)


class PracticePolicy(Model):
    """What the practice's contract, its payers and its state allow. ``baa`` names its business associate agreement.

    ``payers`` are the names that ``sites`` may use for payers.
    """

    agents_outside_us: Annotated[str, one_of(("allowed", "never"))]
    download: Annotated[str, one_of(("never", "compliance"))] = "never"
    baa: Text
    payers: tuple[Identifier, ...] = ()
    sites: tuple[SiteRuleEntry, ...] = ()


class PracticeFile(Model):
    """The whole of one file in practices/."""

    practice: Identifier
    name: Text
    languages: OneOrMore[Language]
    locations: Some[dict[Identifier, LocationEntry]]
    staff: Staff | None = None
    known_agent: KnownAgent = Field(default_factory=KnownAgent)
    menu: Annotated[Some[tuple[MenuEntry, ...]], AfterValidator(_at_most_four)]
    services: Some[dict[Identifier, ServiceEntry]]
    identity: Identity
    backline: Backline | None = None
    information: dict[Identifier, Text] = Field(default_factory=dict)
    on_call: OnCallEntry
    waiting: Waiting = Field(default_factory=Waiting)
    recording: Recording = Field(default_factory=Recording)
    policy: PracticePolicy
