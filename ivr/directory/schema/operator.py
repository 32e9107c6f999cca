"""operator.yaml: the organisation whose agents answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from ivr.directory.problems import Unreadable
from ivr.directory.schema.fields import (
    Contact,
    Country,
    Day,
    Duration,
    Identifier,
    Keys,
    KindOfLicence,
    Language,
    Margin,
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
    Zone,
)
from ivr.directory.schema.hours import Holidays, Hours, SpecialDays, holiday_rules


def _level(value: int) -> int:
    if not 1 <= value <= 5:
        raise Unreadable(f"{value} is not a skill level", "write 1 (beginner) to 5 (expert)")
    return value


SkillLevel = Annotated[Whole, AfterValidator(_level)]


class LicenceEntry(Model):
    """One professional licence. ``compact`` is a multistate privilege under the Nurse Licensure Compact."""

    kind: Annotated[KindOfLicence, Means("What it is a licence as.", "RN")]
    state: Annotated[State, Means("The state that gave it; for a nurse of the compact, the home state.", "TX")]
    expires: Annotated[Day, Means("Its last valid day.", "2027-05-31")]
    compact: Annotated[
        YesNo, Means("Whether it carries the multistate privilege of the Nurse Licensure Compact.", "true")
    ] = False


class Fallback(Model):
    """Where a call goes that belongs to nobody: a pool, and a number that needs no server of ours."""

    pool: Annotated[
        Identifier, Means("The pool that is rung when nobody else comes, whatever the call is about.", "cape-town")
    ]
    number: Annotated[
        PhoneNumber,
        Means("A telephone outside this installation, dialled when our own servers cannot go on.", '"+13125550190"'),
    ]


class SiteEntry(Model):
    """A place with a time zone; ``state`` only in the United States."""

    timezone: Annotated[Zone, Means("The clocks by which everybody at the site works.", "Asia/Manila")]
    country: Annotated[Country, Means("Where the site is.", "PH")]
    state: Annotated[State | None, Means("The state, in the United States only, where it is needed.", "IL")] = None
    holidays: Annotated[
        Holidays | None,
        Means("The days on which nobody works there, or works otherwise.", "{calendar: PH, closes: false}"),
    ] = None

    @model_validator(mode="after")
    def _known_holidays(self) -> SiteEntry:
        holiday_rules(self.holidays, self.state)
        return self


class PoolEntry(Model):
    """A group of agents at a site, and when they work, in the site's wall time.

    ``breaks`` are taken out of the shift; ``days`` are single days with another shift, or none: ``[]``.
    """

    site: Annotated[Identifier, Means("The site at which the pool works.", "manila")]
    shift: Annotated[Hours, Means("When its agents work, on the clocks of the site.", '{mon-sun: ["07:00-19:00"]}')]
    breaks: Annotated[
        Hours | None, Means("When they are on a break, within the shift.", '{mon-fri: ["12:00-12:30"]}')
    ] = None
    days: Annotated[
        SpecialDays,
        Means(
            "Single days with another shift, or none; they go before the site's holidays.",
            '{2026-12-25: ["09:00-13:00"], 2026-12-26: []}',
        ),
    ] = Field(default_factory=dict)


class Trained(Model):
    """The day a training was finished."""

    hipaa: Annotated[Day, Means("The day on which HIPAA training was finished.", "2026-08-17")]


class AgentEntry(Model):
    """A person who answers. Training lapses after the operator's ``training_valid``.

    Whoever works other hours than the pool has a ``shift``, ``breaks`` or ``days`` of their own, on the site's clocks.
    """

    id: Annotated[Identifier, Means("The name by which other files, decisions and records know the agent.", "ana")]
    name: Annotated[Text, Means("The person's own name.", "Ana Reyes")]
    pool: Annotated[Identifier, Means("The pool in which the agent works.", "manila")]
    contact: Annotated[Contact, Means("How the agent is rung: a telephone, or a browser.", '"client:ana"')]
    languages: Annotated[
        OneOrMore[Language], Means("The languages that the agent speaks with callers.", "[en-US, es-US]")
    ]
    skills: Annotated[
        Some[dict[Identifier, SkillLevel]],
        Means("What the agent can do, and how well, from 1 (beginner) to 5 (expert).", "{scheduling: 4, billing: 3}"),
    ]
    licences: Annotated[
        tuple[LicenceEntry, ...],
        Means("The agent's professional licences.", "[{kind: RN, state: IL, expires: 2027-05-31}]"),
    ] = ()
    trained: Annotated[
        Trained | None, Means("Trainings; whoever has none on record is warned of.", "{hipaa: 2026-08-17}")
    ] = None
    shift: Annotated[
        Hours | None,
        Means("The agent's own shift, in place of the pool's with its breaks.", '{mon-thu: ["08:00-14:00"]}'),
    ] = None
    breaks: Annotated[
        Hours | None, Means("The agent's own breaks, in place of the pool's.", '{mon-fri: ["12:00-12:30"]}')
    ] = None
    days: Annotated[
        SpecialDays, Means("Single days of the agent's own; they go before those of the pool.", "{2026-11-27: []}")
    ] = Field(default_factory=dict)


class InterpreterEntry(Model):
    """Somebody outside who interprets over the telephone, rung when an agent does not speak the caller's language.

    ``keys`` are pressed when the number has answered: the account with the company, its choice of language. Where they
    differ from language to language, the company is written once for each.
    """

    id: Annotated[Identifier, Means("The name by which records know the interpreter.", "lingua")]
    name: Annotated[Text, Means("The company or person.", "Lingua Bridge")]
    number: Annotated[PhoneNumber, Means("Where the interpreter is rung.", '"+13125550192"')]
    languages: Annotated[OneOrMore[Language], Means("The languages that are interpreted.", "[es-US]")]
    keys: Annotated[Keys, Means("Pressed once the number has answered; w waits half a second.", '"ww501234#ww1"')] = ""


class LicenceKindEntry(Model):
    """A kind of licence, or one of the usual kinds as this operator sees it: what is left out stays the usual.

    A usual kind may be met by fewer than usual and never by more, and none but nurses are in the compact.
    """

    met_by: Annotated[
        tuple[KindOfLicence, ...] | None,
        Means("The other kinds that may do work which asks for this one.", "[LCSW, LMFT]"),
    ] = None
    prescribes: Annotated[
        YesNo | None, Means("Whether its holder may be the clinician on call where no licences are named.", "true")
    ] = None
    compact: Annotated[
        YesNo | None,
        Means("Whether it may be multistate; only RN, LPN and LVN may, and are unless told otherwise.", "false"),
    ] = None


class OperatorPolicy(Model):
    """Rules that hold for every practice. ``edge_margin``: so much of a shift is kept free of calls at its end.

    A service may state a margin of its own; a caller who waits gets past it, see :mod:`routing.relax`.
    """

    training_valid: Annotated[Period, Means("How long a training lasts.", "1y")] = "1y"
    edge_margin: Annotated[
        Margin, Means("So much of a shift is kept free of calls at its end; whole minutes.", "5m")
    ] = timedelta()


def _later_than_a_minute(waits: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
    if not waits or min(waits) < timedelta(minutes=1):
        raise Unreadable("a ladder that ended in vain is climbed again too soon", "write a minute or more, such as 5m")
    return waits


class UntilContact(Model):
    """What is done until somebody has had contact with whoever told of a symptom, or was promised a call-back."""

    ladder_again: Annotated[
        OneOrMore[Duration],
        AfterValidator(_later_than_a_minute),
        Means(
            "How long after a ladder ended in vain, with the house at its end, it is climbed again: the first time, "
            "the second, and so on; the last goes on until somebody has had contact.",
            "[5m, 10m, 15m]",
            default="[5m, 5m, 10m, 15m]",
        ),
    ] = (timedelta(minutes=5), timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=15))
    overdue_again: Annotated[
        Duration, Means("How often supervisors are told again of a promise that is overdue.", "30m", default="15m")
    ] = timedelta(minutes=15)


class HelpLines(Model):
    """Numbers of others to which whoever needs them is connected while a clinician is paged.

    The crisis line is the one that is spoken of as 988, by its ten digits, which can be dialled from everywhere.
    """

    crisis: Annotated[PhoneNumber, Means("The number that is dialled for the 988 crisis line.", '"+18002738255"')] = (
        "+18002738255"
    )
    poison: Annotated[PhoneNumber, Means("Poison Control.", '"+18002221222"')] = "+18002221222"


class OperatorFile(Model):
    """The whole of operator.yaml."""

    operator: Annotated[Text, Means("The organisation whose agents answer, as strangers hear it.", "Sunline Care")]
    fallback: Annotated[Fallback, Means("The last resort of every call.", '{pool: cape-town, number: "+13125550190"}')]
    outbound_number: Annotated[
        PhoneNumber | None,
        Means(
            "The number from which texts are sent and people are rung; else the one that was dialled.", '"+13125550191"'
        ),
    ] = None
    timezone: Annotated[
        Zone | None,
        Means("The clocks by which pages show times beside the practice's, to whoever chose none.", "America/New_York"),
    ] = None
    help_lines: Annotated[
        HelpLines, Means("Lines to which a caller is connected by a key.", '{crisis: "+13125550193"}')
    ] = Field(default_factory=HelpLines)
    until_contact: Annotated[
        UntilContact,
        Means("What goes on until somebody has had contact.", "{ladder_again: [5m, 10m, 15m], overdue_again: 30m}"),
    ] = Field(default_factory=UntilContact)
    languages: Annotated[
        OneOrMore[Language],
        Means("The languages in which strangers are answered, the first one first.", "[en-US, es-US]"),
    ] = ("en-US",)
    sites: Annotated[
        Some[dict[Identifier, SiteEntry]],
        Means("The places where agents work, by name.", "{bogota: {timezone: America/Bogota, country: CO}}"),
    ]
    pools: Annotated[
        Some[dict[Identifier, PoolEntry]],
        Means("The groups of agents, by name.", '{bogota: {site: bogota, shift: {mon-sun: ["06:00-18:00"]}}}'),
    ]
    agents: Annotated[
        Some[tuple[AgentEntry, ...]],
        Means(
            "Everybody who answers.",
            '[{id: ana, name: Ana, pool: manila, contact: "client:ana", languages: en-US, skills: {billing: 4}}]',
        ),
    ]
    interpreters: Annotated[
        tuple[InterpreterEntry, ...],
        Means(
            "Who is rung when an agent does not speak the caller's language, in this order.",
            '[{id: lingua, name: Lingua Bridge, number: "+13125550192", languages: es-US}]',
        ),
    ] = ()
    licence_kinds: Annotated[
        dict[KindOfLicence, LicenceKindEntry],
        Means(
            "Kinds of licence beside the usual ones, and usual ones that are narrower here.",
            "{counselor: {met_by: [LPC, LCSW]}}",
        ),
    ] = Field(default_factory=dict)
    policy: Annotated[
        OperatorPolicy, Means("Rules that hold for every practice.", "{training_valid: 1y, edge_margin: 5m}")
    ] = Field(default_factory=OperatorPolicy)
