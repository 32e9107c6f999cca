"""oncall.yaml: clinicians, rotas and escalations."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import (
    Day,
    Duration,
    Identifier,
    Model,
    OneOrMore,
    PhoneNumber,
    Some,
    Text,
    WallTime,
    Whole,
    Zone,
    one_of,
)
from ivr.directory.schema.operator import LicenceEntry

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOUSE_FALLBACK = "house_fallback"


def _hand_over(value: Any) -> tuple[str, str]:
    match = re.fullmatch(r"([a-z]{3}) (([01][0-9]|2[0-3]):[0-5][0-9])", value if isinstance(value, str) else "")
    if match is None or match[1] not in WEEKDAYS:
        raise Unreadable(f"{value!r} is not a hand-over", "write a weekday and a time, such as mon 08:00")
    return match[1], match[2]


def _step(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value != HOUSE_FALLBACK:
        raise Unreadable(f"{value!r} is not an escalation step", "write {page: on_call, by: [voice], for: 5m}")
    return {"page": HOUSE_FALLBACK}


def _ends_with_fallback(value: Any) -> Any:
    if isinstance(value, list) and HOUSE_FALLBACK not in value[-1:]:
        raise Unreadable("the last step is not house_fallback", "add house_fallback, so that a call never ends nowhere")
    if isinstance(value, list) and HOUSE_FALLBACK in value[:-1]:
        raise Unreadable("steps follow house_fallback", "move house_fallback to the end")
    return value


class PersonEntry(Model):
    """A clinician who can be paged."""

    name: Text
    voice: PhoneNumber
    sms: PhoneNumber | None = None
    licences: tuple[LicenceEntry, ...] = ()


class OverrideEntry(Model):
    """A stretch of a rota taken by somebody else, in the rota's wall time."""

    starts: WallTime = Field(alias="from")
    until: WallTime
    person: Identifier

    @model_validator(mode="after")
    def _forwards(self) -> OverrideEntry:
        if self.until <= self.starts:
            raise Unreadable("the override ends before it begins", "swap from and until")
        return self


class RotaEntry(Model):
    """Who is responsible when: people take turns from the hand-over on or after ``from``."""

    timezone: Zone
    rotation: Annotated[str, one_of(("weekly", "daily", "none"))]
    hand_over: Annotated[tuple[str, str], PlainValidator(_hand_over)]
    starts: Day = Field(alias="from")
    people: OneOrMore[Identifier]
    overrides: tuple[OverrideEntry, ...] = ()


class StepEntry(Model):
    """One escalation step: page somebody by these ways, wait ``for`` an answer, ``times`` in all."""

    page: Identifier
    by: tuple[Annotated[str, one_of(("voice", "sms"))], ...] = ()
    wait: Duration | None = Field(default=None, alias="for")
    times: Whole = 1

    @model_validator(mode="after")
    def _complete(self) -> StepEntry:
        if self.page == HOUSE_FALLBACK:
            return self
        if "voice" not in self.by:
            raise Unreadable("the step does not ring anybody", "add voice to by; a text alone wakes no one")
        if self.wait is None:
            raise Unreadable("the step does not say how long it waits", "add for: 5m")
        if not 1 <= self.times <= 5:
            raise Unreadable(f"{self.times} times is out of bounds", "page 1 to 5 times")
        return self


Steps = Annotated[tuple[Annotated[StepEntry, BeforeValidator(_step)], ...], BeforeValidator(_ends_with_fallback)]


class OnCallFile(Model):
    """The whole of oncall.yaml."""

    people: Some[dict[Identifier, PersonEntry]]
    rotas: Some[dict[Identifier, RotaEntry]]
    escalations: Some[dict[Identifier, Steps]]
