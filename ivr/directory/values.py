"""From what is written in the files to the values that routing decides with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import cast

from dateutil.relativedelta import relativedelta

from ivr.directory.schema.hours import holiday_rules
from ivr.directory.schema.location import LocationEntry
from ivr.directory.schema.oncall import HOUSE_FALLBACK, OnCallFile, StepEntry
from ivr.directory.schema.operator import (
    AgentEntry,
    InterpreterEntry,
    LicenceEntry,
    LicenceKindEntry,
    OperatorFile,
    SiteEntry,
)
from ivr.directory.schema.practice import PracticeFile
from ivr.directory.schema.service import ServiceEntry, WideningEntry
from routing.agents import Agent, Licence
from routing.hours import Calendar, WeeklyHours
from routing.interpreters import Interpreter
from routing.ladder import Channel, HouseFallback, Step
from routing.licence_kinds import USUAL_KINDS, USUAL_SCOPES, LicenceKind, Scope
from routing.relax import USUAL, Give, Schedule, Widening, without_interpreter
from routing.sites import Pool, Site

_UNITS = {"d": "days", "w": "weeks", "mo": "months", "y": "years"}


def after(start: date, period: str) -> date:
    """The day ``period`` (``90d``, ``6w``, ``18mo``, ``7y``) after ``start``, by the calendar."""
    unit = period.lstrip("0123456789")
    return start + relativedelta(**{_UNITS[unit]: int(period.removesuffix(unit))})  # type: ignore[arg-type]


def site(name: str, entry: SiteEntry) -> Site:
    """A site; its holidays only matter where some are written."""
    rules = holiday_rules(entry.holidays, entry.state) if entry.holidays else None
    return Site(name, entry.timezone, entry.country, entry.state, rules)


def pools(operator: OperatorFile) -> dict[str, Pool]:
    """Every pool by id."""
    sites = {name: site(name, entry) for name, entry in operator.sites.items()}
    return {
        name: Pool(name, sites[entry.site], entry.shift, entry.breaks or WeeklyHours(), entry.days)
        for name, entry in operator.pools.items()
    }


def agent(
    entry: AgentEntry, by_id: dict[str, Pool], training_valid: str, kinds: Mapping[str, Scope] = USUAL_SCOPES
) -> Agent:
    """An agent, trained until the training lapses."""
    return Agent(
        id=entry.id,
        pool=by_id[entry.pool],
        contact=entry.contact,
        languages=frozenset(entry.languages),
        skills=dict(entry.skills),
        licences=licences(entry.licences, kinds),
        trained_until=after(entry.trained.hipaa, training_valid) if entry.trained else None,
        shift=entry.shift,
        breaks=entry.breaks,
        days=entry.days,
    )


def interpreter(entry: InterpreterEntry) -> Interpreter:
    """An interpreter as routing knows them."""
    return Interpreter(entry.id, entry.number, frozenset(entry.languages), entry.keys)


def names(operator: OperatorFile, on_call: OnCallFile) -> dict[str, str]:
    """What everybody who answers, interprets or is on call is called, by id."""
    return {
        **{interpreter.id: interpreter.name for interpreter in operator.interpreters},
        **{agent.id: agent.name for agent in operator.agents},
        **{person: entry.name for person, entry in on_call.people.items()},
    }


def licence_kinds(operator: OperatorFile) -> dict[str, LicenceKind]:
    """Every kind of licence by name: the usual, and the operator's own."""
    return {
        **USUAL_KINDS,
        **{name: _licence_kind(USUAL_KINDS.get(name), entry) for name, entry in operator.licence_kinds.items()},
    }


def _licence_kind(usual: LicenceKind | None, entry: LicenceKindEntry) -> LicenceKind:
    before = usual or LicenceKind()
    return LicenceKind(
        before.met_by if entry.met_by is None else frozenset(entry.met_by),
        before.compact if entry.compact is None else entry.compact,
        before.prescribes if entry.prescribes is None else entry.prescribes,
    )


def licences(entries: tuple[LicenceEntry, ...], kinds: Mapping[str, Scope]) -> tuple[Licence, ...]:
    """Licences as routing knows them; ``kinds`` says what each kind allows."""
    return tuple(Licence(one.kind, one.state, one.expires, one.compact, kinds.get(one.kind)) for one in entries)


def calendar(entry: LocationEntry) -> Calendar:
    """When a location is open."""
    return Calendar(entry.timezone, entry.opening_hours, holiday_rules(entry.holidays, entry.state))


def calendars(practices: Iterable[PracticeFile]) -> dict[tuple[str, str], Calendar]:
    """When each location of each practice is open."""
    return {(file.practice, name): calendar(entry) for file in practices for name, entry in file.locations.items()}


def schedule(entry: ServiceEntry, *, interpreted: bool) -> Schedule:
    """What a service gives up while a caller waits, the usual where it states nothing.

    ``interpreted``: somebody interprets the caller's language.
    """
    written = USUAL if entry.relax is None else _written(entry.relax)
    return written if interpreted else without_interpreter(written)


def _written(steps: tuple[WideningEntry, ...]) -> Schedule:
    return tuple(Widening(step.after, cast(Give, step.give)) for step in steps)


def ladder(steps: tuple[StepEntry, ...]) -> tuple[Step | HouseFallback, ...]:
    """An escalation; the schema saw to it that it ends with the house fallback."""
    return tuple(_step(step) for step in steps)


def _step(entry: StepEntry) -> Step | HouseFallback:
    if entry.page == HOUSE_FALLBACK or entry.wait is None:
        return HouseFallback()
    return Step(entry.page, cast(tuple[Channel, ...], entry.by), entry.wait, entry.times)
