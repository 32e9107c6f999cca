"""oncall.yaml: clinicians, rotas and escalations."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from ivr.core.counting import counted
from ivr.directory.problems import Unreadable
from ivr.directory.schema.contact import ContactEntry
from ivr.directory.schema.fields import (
    Duration,
    Identifier,
    Means,
    Model,
    OneOrMore,
    PhoneNumber,
    Some,
    Text,
    Whole,
    Zone,
    one_of,
)
from ivr.directory.schema.operator import LicenceEntry
from ivr.directory.schema.rota import RotaEntry

HOUSE_FALLBACK = "house_fallback"


def _step(value: Any) -> Any:
    """An escalation step, or ``house_fallback``, which is the last of each escalation."""
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

    name: Annotated[Text, Means("The clinician's name, as agents and texts say it.", "Dr Lee")]
    voice: Annotated[PhoneNumber, Means("The telephone that is rung.", '"+13125550181"')]
    sms: Annotated[
        PhoneNumber | None, Means("Where texts go; left out: the clinician gets none.", '"+13125550181"')
    ] = None
    timezone: Annotated[
        Zone | None,
        Means("The clinician's own clocks; times on their page are shown by them too.", "America/Denver"),
    ] = None
    calendar_names: Annotated[
        OneOrMore[Text] | None,
        Means("Names and e-mail addresses by which calendars know them, beside the name.", "[jane.lee@maple.example]"),
    ] = None
    remind: Annotated[
        Duration | None, Means("How long before each shift a text reminds them; left out: none does.", "2h")
    ] = None
    contact: Annotated[
        tuple[ContactEntry, ...],
        Means(
            "Other numbers at times of day, by the clinician's own clocks; at all other times the usual ones hold.",
            '[{from: "22:00", to: "07:00", voice: "+13125550381", text: no, second: "+13125550382"}]',
        ),
    ] = ()
    licences: Annotated[
        tuple[LicenceEntry, ...],
        Means("The clinician's professional licences.", "[{kind: MD, state: IL, expires: 2027-07-31}]"),
    ] = ()


class StepEntry(Model):
    """One escalation step: page somebody by these ways, wait ``for`` an answer, ``times`` in all."""

    page: Annotated[
        Identifier,
        Means("Whom: on_call, next_on_call, medical_director, or a person; house_fallback by itself ends.", "on_call"),
    ]
    by: Annotated[
        tuple[Annotated[str, one_of(("voice", "sms"))], ...], Means("How: voice, and sms besides.", "[voice, sms]")
    ] = ()
    wait: Annotated[Duration | None, Means("How long an answer is waited for.", "5m")] = Field(
        default=None, alias="for"
    )
    times: Annotated[Whole, Means("How often the same person is paged, 1 to 5.", "2")] = 1

    @model_validator(mode="after")
    def _complete(self) -> StepEntry:
        if self.page == HOUSE_FALLBACK:
            return self
        if "voice" not in self.by:
            raise Unreadable("the step does not ring anybody", "add voice to by; a text alone wakes no one")
        if self.wait is None:
            raise Unreadable("the step does not say how long it waits", "add for: 5m")
        if not 1 <= self.times <= 5:
            raise Unreadable(f"{counted(self.times, 'time')} is out of bounds", "page 1 to 5 times")
        return self


Steps = Annotated[tuple[Annotated[StepEntry, BeforeValidator(_step)], ...], BeforeValidator(_ends_with_fallback)]


class OnCallFile(Model):
    """The whole of oncall.yaml."""

    people: Annotated[
        Some[dict[Identifier, PersonEntry]],
        Means("Everybody who can be paged, by name.", '{dr-lee: {name: Dr Lee, voice: "+13125550181"}}'),
    ]
    rotas: Annotated[
        Some[dict[Identifier, RotaEntry]],
        Means(
            "Who takes turns, by name.",
            "{maple-physicians: {timezone: America/Chicago, rotation: weekly, hand_over: mon 08:00, "
            "from: 2026-10-05, people: dr-lee}}",
        ),
    ]
    escalations: Annotated[
        Some[dict[Identifier, Steps]],
        Means(
            "Whom to page in which order, by name; the last step is house_fallback.",
            "{fast: [{page: on_call, by: [voice], for: 150s}, house_fallback]}",
        ),
    ]
    old_numbers_for: Annotated[
        Duration,
        Means("How long a number that was changed is still rung second, and texted, after it was told.", "2d"),
    ] = timedelta(days=1)

    @model_validator(mode="after")
    def _long_enough(self) -> OnCallFile:
        if not timedelta(hours=1) <= self.old_numbers_for <= timedelta(days=30):
            what, mend = "an old number is rung for an hour at least and 30 days at most", "write 1h to 30d, such as 1d"
            raise Unreadable(what, mend, ("old_numbers_for",))
        return self
