"""practices/*.yaml: one healthcare organisation a file."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from callflows.authority import RELATIONS, USUAL_SCOPES
from ivr.core.counting import counted
from ivr.directory.problems import Unreadable
from ivr.directory.schema.backline import Backline
from ivr.directory.schema.checklist import PersonalProof
from ivr.directory.schema.codes import Possession
from ivr.directory.schema.fields import (
    Duration,
    Identifier,
    Language,
    Means,
    Model,
    OneOrMore,
    Period,
    PhoneNumber,
    Some,
    State,
    Text,
    Whole,
    YesNo,
    one_of,
)
from ivr.directory.schema.location import (
    LocationDefaults,
    LocationEntry,
    OnCallEntry,
    Staff,
    with_defaults,
)
from ivr.directory.schema.morning_summary import MorningSummary
from ivr.directory.schema.service import ServiceEntry
from ivr.directory.schema.waiting import Waiting
from routing.policy import PolicyError, SiteRule

IDENTITY_ITEMS = ("name", "date_of_birth", "zip", "mrn", "phone_on_file")


def _menu_key(value: Any) -> str:
    """One key of the telephone from ``1`` to ``9``."""
    if not isinstance(value, str) or not re.fullmatch(r"[1-9]", value):
        raise Unreadable(f"{value!r} is not a menu key", "use one digit from 1 to 9; 0 is always a person")
    return value


def _at_most_four(value: tuple[MenuEntry, ...]) -> tuple[MenuEntry, ...]:
    if len(value) > 4:
        raise Unreadable(
            f"the menu has {counted(len(value), 'entry', 'entries')}", "keep at most four; callers forget longer ones"
        )
    return value


class MenuEntry(Model):
    """One choice of the main menu."""

    key: Annotated[Annotated[str, BeforeValidator(_menu_key)], Means("The key that callers press.", "1")]
    service: Annotated[Identifier, Means("The service that it leads to.", "nurse")]


class Knowledge(Model):
    """L1: what the caller must know.

    Callers say or key in each item; a name is said. What is required is asked first, then the others as they are
    listed: ``need`` of them, and one more where these do not decide, which a caller may pass over.
    """

    items: Annotated[
        OneOrMore[Annotated[str, one_of(IDENTITY_ITEMS)]],
        Means("What a caller may be asked for, in this order.", "[date_of_birth, zip, name]"),
    ]
    require: Annotated[
        tuple[Annotated[str, one_of(IDENTITY_ITEMS)], ...],
        Means(
            "Those of the items that must be among the right ones; they are asked first. Where name, zip and "
            "phone_on_file could be enough, date_of_birth or mrn has to be required.",
            "[date_of_birth]",
        ),
    ] = ()
    need: Annotated[Whole, Means("How many items must be right, 2 to 4.", "2")]


class Identity(Model):
    """How a caller becomes known, and how often they may try."""

    L1: Annotated[
        Knowledge,
        Means("What a caller must know.", "{items: [date_of_birth, zip, name], require: [date_of_birth], need: 2}"),
    ]
    L2: Annotated[
        Possession | None,
        Means("What a caller must have besides, where a service asks for L2 or L3.", "{add: sms_code}"),
    ] = None
    L3: Annotated[
        PersonalProof | None,
        Means("What an agent makes sure of besides, in the talk, where a service asks for L3.", "{}"),
    ] = None
    tries: Annotated[Whole, Means("How often a caller may try, 1 to 5; then a person takes over.", "3")] = 3
    shared_telephones: Annotated[
        OneOrMore[PhoneNumber],
        Means(
            "Numbers from which many patients call, as of a nursing home: tries from them wait later, never for a day, "
            "and of two callers whom nobody knows neither goes on with what the other began.",
            '["+13125550155"]',
        ),
    ] = ()
    representatives: Annotated[
        YesNo,
        Means(
            "Whether callers are asked if it is about somebody else, and may be known as who speaks for them.", "true"
        ),
    ] = False
    scopes: Annotated[
        dict[Annotated[str, one_of(RELATIONS)], tuple[Identifier, ...]],
        Means(
            "What each relation may speak about where the patient's record does not say: names of services, or all. "
            "Left out, parents, guardians and powers of attorney speak about all, others about nothing. "
            "Asks for representatives: true.",
            "{home_care: [scheduling]}",
        ),
    ] = Field(default_factory=dict)

    def scopes_of_relations(self) -> dict[str, tuple[str, ...]]:
        """What each relation may speak about, as this practice has it."""
        return {**USUAL_SCOPES, **self.scopes}


class Recording(Model):
    """How long call recordings are kept, and whether a caller may decline."""

    keep: Annotated[Period, Means("How long recordings of calls are kept.", "10y")] = "7y"
    opt_out: Annotated[YesNo, Means("Whether callers may say that they do not want to be recorded.", "true")] = True


class SiteRuleEntry(Model):
    """For patients in these states whose payer is one of these (left out: any), who may answer."""

    states: Annotated[Some[tuple[State, ...]] | None, Means("For patients in these states; left out: any.", "[IL]")] = (
        None
    )
    payers: Annotated[
        Some[tuple[Identifier, ...]] | None,
        Means("For patients for whom one of these pays; left out: any.", "[medicaid]"),
    ] = None
    only: Annotated[
        Some[tuple[Identifier, ...]] | None, Means("The sites that may answer, and no other.", "[chicago]")
    ] = None
    never: Annotated[Some[tuple[Identifier, ...]] | None, Means("The sites that may not answer.", "[manila]")] = None

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

    lately: Annotated[Duration, Means("How long ago the patient may have spoken to the agent.", "7d")] = timedelta(
        days=7
    )
    reserved: Annotated[Duration, Means("How long a call is kept for that agent alone.", "8s")] = timedelta(seconds=8)


class PracticePolicy(Model):
    """What the practice's contract, its payers and its state allow. ``baa`` names its business associate agreement.

    ``payers`` are the names that ``sites`` may use for payers.
    """

    agents_outside_us: Annotated[
        Annotated[str, one_of(("allowed", "never"))],
        Means("Whether agents outside the United States may take its calls.", "allowed"),
    ]
    download: Annotated[
        Annotated[str, one_of(("never", "compliance"))], Means("Who may download recordings.", "never")
    ] = "never"
    baa: Annotated[Text, Means("The business associate agreement with the operator.", "BAA-2026-014")]
    payers: Annotated[
        tuple[Identifier, ...],
        Means("The names that site rules use for payers, as in the patients' file.", "[medicaid]"),
    ] = ()
    sites: Annotated[
        tuple[SiteRuleEntry, ...],
        Means("Which sites may answer for whom.", "[{states: [IL], payers: [medicaid], only: [chicago]}]"),
    ] = ()


class PracticeFile(Model):
    """The whole of one file in practices/. ``locations`` hold what ``location_defaults`` say where they say nothing."""

    practice: Annotated[Identifier, Means("The practice's own id, the name of its file.", "maple")]
    name: Annotated[Text, Means("What callers hear as its name.", "Maple Family Medicine")]
    languages: Annotated[
        OneOrMore[Language], Means("The languages that its callers may choose, the first one first.", "[en-US, es-US]")
    ]
    locations: Annotated[
        Some[dict[Identifier, LocationEntry]],
        Means(
            "Its places, by name.",
            '{loop: {timezone: America/Chicago, state: IL, numbers: "+13125550100", '
            'opening_hours: {mon-fri: ["08:00-17:00"]}}}',
        ),
    ]
    location_defaults: Annotated[
        LocationDefaults, Means("What its locations share, written once.", "{timezone: America/Chicago, state: TX}")
    ] = Field(default_factory=LocationDefaults)
    staff: Annotated[
        Staff | None,
        Means(
            "The practice's front desk, for every location without one of its own.",
            "{pool: maple-front-desk, overflow_after: 40s}",
        ),
    ] = None
    known_agent: Annotated[
        KnownAgent, Means("Whether callers come back to the agent whom they know.", "{lately: 7d, reserved: 8s}")
    ] = Field(default_factory=KnownAgent)
    menu: Annotated[
        Annotated[Some[tuple[MenuEntry, ...]], AfterValidator(_at_most_four)],
        Means("The main menu, at most four choices; 0 is always a person.", "[{key: 1, service: nurse}]"),
    ]
    services: Annotated[
        Some[dict[Identifier, ServiceEntry]],
        Means("What callers can want, by name.", "{scheduling: {skill: scheduling, level: L1}}"),
    ]
    identity: Annotated[
        Identity,
        Means(
            "How a caller becomes known.",
            "{L1: {items: [date_of_birth, zip, name], require: [date_of_birth], need: 2}}",
        ),
    ]
    backline: Annotated[
        Backline | None,
        Means(
            "The line of professional callers, straight to the clinician on call.",
            '{numbers: ["+13125550101"], callers: [hospital]}',
        ),
    ] = None
    information: Annotated[
        dict[Identifier, Text],
        Means(
            "Approved general answers, the only ones that an agent reads out, by topic.",
            "{parking: Park in the garage on Quincy Street.}",
        ),
    ] = Field(default_factory=dict)
    on_call: Annotated[
        OnCallEntry,
        Means(
            "Who is responsible after hours; a location or a service may differ.",
            "{rota: maple-physicians, medical_director: dr-patel, escalation: {emergent: fast, urgent: standard}}",
        ),
    ]
    waiting: Annotated[Waiting, Means("How callers wait.", "{most: 2, patience: 8m}")] = Field(default_factory=Waiting)
    morning_summary: Annotated[
        MorningSummary,
        Means("What whoever opens in the morning is told of the night.", '{text: ["+13125550102"]}'),
    ] = Field(default_factory=MorningSummary)
    recording: Annotated[Recording, Means("What becomes of recordings.", "{keep: 7y, opt_out: true}")] = Field(
        default_factory=Recording
    )
    policy: Annotated[
        PracticePolicy,
        Means("What contract, payers and state allow.", "{agents_outside_us: allowed, baa: BAA-2026-014}"),
    ]

    @model_validator(mode="before")
    @classmethod
    def _locations_in_full(cls, tree: Any) -> Any:
        return with_defaults(tree)

    def confidential_from(self, service: str) -> int | None:
        """The age from which a service is hidden from whoever represents a minor."""
        entry = self.services.get(service)
        return entry.confidential.from_age if entry and entry.confidential else None

    def named_protocols(self) -> frozenset[str]:
        """Every protocol by which its callers may be screened."""
        return frozenset(name for service in self.services.values() for name in service.named_protocols())
