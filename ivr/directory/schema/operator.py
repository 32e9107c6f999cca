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
    Identifier,
    Keys,
    KindOfLicence,
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
)
from ivr.directory.schema.hours import Holidays, Hours, SpecialDays, holiday_rules


def _level(value: int) -> int:
    if not 1 <= value <= 5:
        raise Unreadable(f"{value} is not a skill level", "write 1 (beginner) to 5 (expert)")
    return value


SkillLevel = Annotated[Whole, AfterValidator(_level)]


class LicenceEntry(Model):
    """One professional licence. ``compact`` is a multistate privilege under the Nurse Licensure Compact."""

    kind: KindOfLicence
    state: State
    expires: Day
    compact: YesNo = False


class Fallback(Model):
    """Where a call goes that belongs to nobody: a pool, and a number that needs no server of ours."""

    pool: Identifier
    number: PhoneNumber


class SiteEntry(Model):
    """A place with a time zone; ``state`` only in the United States."""

    timezone: Zone
    country: Country
    state: State | None = None
    holidays: Holidays | None = None

    @model_validator(mode="after")
    def _known_holidays(self) -> SiteEntry:
        holiday_rules(self.holidays, self.state)
        return self


class PoolEntry(Model):
    """A group of agents at a site, and when they work, in the site's wall time.

    ``breaks`` are taken out of the shift; ``days`` are single days with another shift, or none: ``[]``.
    """

    site: Identifier
    shift: Hours
    breaks: Hours | None = None
    days: SpecialDays = Field(default_factory=dict)


class Trained(Model):
    """The day a training was finished."""

    hipaa: Day


class AgentEntry(Model):
    """A person who answers. Training lapses after the operator's ``training_valid``.

    Whoever works other hours than the pool has a ``shift``, ``breaks`` or ``days`` of their own, on the site's clocks.
    """

    id: Identifier
    name: Text
    pool: Identifier
    contact: Contact
    languages: OneOrMore[Language]
    skills: Some[dict[Identifier, SkillLevel]]
    licences: tuple[LicenceEntry, ...] = ()
    trained: Trained | None = None
    shift: Hours | None = None
    breaks: Hours | None = None
    days: SpecialDays = Field(default_factory=dict)


class InterpreterEntry(Model):
    """Somebody outside who interprets over the telephone, rung when an agent does not speak the caller's language.

    ``keys`` are pressed when the number has answered: the account with the company, its choice of language. Where they
    differ from language to language, the company is written once for each.
    """

    id: Identifier
    name: Text
    number: PhoneNumber
    languages: OneOrMore[Language]
    keys: Keys = ""


class LicenceKindEntry(Model):
    """A kind of licence, or one of the usual kinds as this operator sees it: what is left out stays the usual.

    A usual kind may be met by fewer than usual and never by more, and none but nurses are in the compact.
    """

    met_by: tuple[KindOfLicence, ...] | None = None
    prescribes: YesNo | None = None
    compact: YesNo | None = None


class OperatorPolicy(Model):
    """Rules that hold for every practice. ``edge_margin``: so much of a shift is kept free of calls at its end.

    A service may state a margin of its own; a caller who waits gets past it, see :mod:`routing.relax`.
    """

    training_valid: Period = "1y"
    edge_margin: Margin = timedelta()


class OperatorFile(Model):
    """The whole of operator.yaml."""

    operator: Text
    fallback: Fallback
    outbound_number: PhoneNumber | None = None
    languages: OneOrMore[Language] = ("en-US",)
    sites: Some[dict[Identifier, SiteEntry]]
    pools: Some[dict[Identifier, PoolEntry]]
    agents: Some[tuple[AgentEntry, ...]]
    interpreters: tuple[InterpreterEntry, ...] = ()
    licence_kinds: dict[KindOfLicence, LicenceKindEntry] = Field(default_factory=dict)
    policy: OperatorPolicy = Field(default_factory=OperatorPolicy)
