"""The organisation as one immutable value: what was written, and what calls ask of it.

Its truth is :attr:`Organisation.body`, the text of all files as canonical JSON. Everything else is derived
from it, so an organisation read from files and one loaded from a revision cannot differ.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypeVar

from ivr.directory import values
from ivr.directory.checks import checked
from ivr.directory.on_call import OnCall, duties_of, duty_of, entry_for
from ivr.directory.people import OnCallPerson, people_of
from ivr.directory.problems import DirectoryError, nearest
from ivr.directory.rosters import Rosters
from ivr.directory.rotas import rota_of
from ivr.directory.schema import OnCallFile, OperatorFile, PracticeFile, ProtocolFile
from ivr.directory.schema.location import LocationEntry, Staff
from ivr.directory.schema.service import ServiceEntry
from routing.agents import Agent, Need
from routing.crew import Crew
from routing.hours import Calendar
from routing.interpreters import Interpreter, interpreted
from routing.ladder import HouseFallback, Step
from routing.licence_kinds import scopes
from routing.policy import barred
from routing.relax import Schedule, relaxation_steps
from routing.rota import Rota
from routing.sites import Pool, Site

Line = Literal["main", "backline"]
Key = TypeVar("Key")
Value = TypeVar("Value")


class UnknownName(DirectoryError):
    """The organisation has nothing of this name."""


@dataclass(frozen=True, slots=True)
class Dialled:
    """Whom a dialled number belongs to, and which of their lines it is."""

    practice: str
    location: str
    line: Line


@dataclass(frozen=True, slots=True)
class Organisation:
    """The operator with its practices, agents, clinicians and protocols. Make one with :meth:`from_json`."""

    body: str
    operator: OperatorFile
    practices: Mapping[str, PracticeFile]
    protocols: Mapping[str, ProtocolFile]
    sites: Mapping[str, Site]
    pools: Mapping[str, Pool]
    agents: Mapping[str, Agent]
    interpreters: Mapping[str, Interpreter]
    people: Mapping[str, OnCallPerson]
    rotas: Mapping[str, Rota]
    ladders: Mapping[str, tuple[Step | HouseFallback, ...]]
    old_numbers_for: timedelta
    calendars: Mapping[tuple[str, str], Calendar] = field(repr=False)
    numbers: Mapping[str, Dialled] = field(repr=False)
    names: Mapping[str, str] = field(repr=False)
    rosters: Rosters = field(repr=False, compare=False)

    @classmethod
    def from_json(cls, body: str) -> Organisation:
        """The organisation whose canonical text is ``body``. It was checked before it was stored."""
        return organisation_of(json.loads(body))

    def to_json(self) -> str:
        """The canonical text: the same organisation always gives the same."""
        return self.body

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text, in hex."""
        return sha256(self.body.encode()).hexdigest()

    @property
    def zones(self) -> frozenset[str]:
        """Every time zone that hours, shifts or rotas are written in."""
        places = (self.calendars.values(), self.sites.values(), self.rotas.values())
        return frozenset(one.zone for found in places for one in found)

    @property
    def names_of_people(self) -> dict[str, tuple[str, ...]]:
        """What each of the people on call is called, by id: the id itself, and their names in calendars."""
        return {one.id: (one.id, *one.calendar_names) for one in self.people.values()}

    def dialled(self, number: str) -> Dialled | None:
        """Whose number this is (E.164), or None: it belongs to the operator's fallback."""
        return self.numbers.get(number)

    def practice(self, practice: str) -> PracticeFile:
        """A practice by id."""
        return _known(self.practices, practice, "practice")

    def location(self, practice: str, location: str) -> LocationEntry:
        """A practice's location by id."""
        return _known(self.practice(practice).locations, location, f"location of {practice}")

    def service(self, practice: str, service: str) -> ServiceEntry:
        """What a practice has settled for a service."""
        return _known(self.practice(practice).services, service, f"service of {practice}")

    def calendar(self, practice: str, location: str) -> Calendar:
        """When a location is open."""
        return _known(self.calendars, (practice, location), "location")

    def agent(self, agent: str) -> Agent:
        """An agent by id."""
        return _known(self.agents, agent, "agent")

    def person(self, person: str) -> OnCallPerson:
        """A clinician by id."""
        return _known(self.people, person, "person")

    def protocol(self, protocol: str) -> ProtocolFile:
        """A protocol by id."""
        return _known(self.protocols, protocol, "protocol")

    def on_call_for(self, practice: str, location: str | None = None, service: str | None = None) -> OnCall:
        """Who is on call for a service at a location; a name that the practice does not have counts as none."""
        return duty_of(entry_for(self.practice(practice), location, service), self.rotas, self.ladders)

    def on_call_of(self, practice: str) -> tuple[OnCall, ...]:
        """Everything that may hold for a call to a practice, that of the practice as a whole first."""
        return duties_of(self.practice(practice), self.rotas, self.ladders)

    def agents_of(self, practice: str, location: str | None = None) -> tuple[Agent, ...]:
        """Whoever may serve a practice, or one location: all but the front desks of others."""
        own = self._desks(practice) if location is None else (self._desk(practice, location),)
        others = self._all_desks() - {desk.pool for desk in own if desk is not None}
        return tuple(agent for agent in self.agents.values() if agent.pool.id not in others)

    def crew(self, practice: str, location: str) -> Crew:
        """The same, as those who are asked."""
        return self.rosters.crew((practice, location), lambda: self.agents_of(practice, location))

    def schedule(self, practice: str, service: str, language: str) -> Schedule:
        """What is given up for a service while a caller who speaks ``language`` waits."""
        return values.schedule(self.service(practice, service), interpreted=self.interprets(language))

    def interprets(self, language: str) -> bool:
        """Whether somebody can be rung who interprets the language."""
        return interpreted(self.interpreters.values(), language)

    def need(
        self,
        practice: str,
        service: str,
        language: str,
        patient_state: str | None,
        *,
        opening: bool,
        location: str | None = None,
        closed_at_once: bool = False,
        payer: str | None = None,
    ) -> Need:
        """What a call asks of an agent.

        ``opening``: the location is open, so its own staff are asked first; with ``closed_at_once`` nobody is there,
        and they are not asked at all. A ``payer`` of None is not known, and held to every rule about payers.
        """
        settled, file = self.service(practice, service), self.practice(practice)
        desk = self._desk(practice, location)
        staffed = opening and desk is not None and self._can_serve(desk.pool, settled)
        away = desk.pool if desk is not None and closed_at_once else None
        return Need(
            practice=practice,
            service=service,
            skill=settled.skill,
            level=settled.skill_level,
            language=language,
            licensed_kind=settled.licence if settled.licensed else None,
            patient_state=patient_state,
            pools=(desk.pool,) if staffed and desk else self._pools_of(desk, away),
            overflow_after=desk.overflow_after if staffed and desk else None,
            agents_outside_us=file.policy.agents_outside_us == "allowed",
            edge_margin=self._margin(settled),
            barred=barred((one.rule() for one in file.policy.sites), self.sites, patient_state, payer),
        )

    def at_last(self, need: Need) -> Need:
        """The need with what of its margin is left once a caller has waited.

        The end of a shift is kept free of a call only while it may go to somebody else.
        """
        return replace(need, edge_margin=self.widest(need).edge_margin)

    def widest(self, need: Need) -> Need:
        """What a need asks for when its caller has waited for as long as changes anything."""
        return relaxation_steps(need, self.schedule(need.practice, need.service, need.language))[-1].need

    def _margin(self, service: ServiceEntry) -> timedelta:
        return self.operator.policy.edge_margin if service.edge_margin is None else service.edge_margin

    def _can_serve(self, pool: str, service: ServiceEntry) -> bool:
        return self.rosters.has(pool, service.skill)

    def _desk(self, practice: str, location: str | None) -> Staff | None:
        file = self.practice(practice)
        own = file.locations[location].staff if location in file.locations else None
        return own or file.staff

    def _desks(self, practice: str) -> tuple[Staff, ...]:
        file = self.practice(practice)
        found = (file.staff, *(place.staff for place in file.locations.values()))
        return tuple(desk for desk in found if desk is not None)

    def _all_desks(self) -> set[str]:
        return {desk.pool for practice in self.practices for desk in self._desks(practice)}

    def _pools_of(self, desk: Staff | None, away: str | None) -> tuple[str, ...]:
        desks, own = self._all_desks(), desk.pool if desk is not None else None
        return tuple(pool for pool in self.pools if pool not in desks or (pool == own and pool != away))


def _known(found: Mapping[Key, Value], name: Key, kind: str) -> Value:
    try:
        return found[name]
    except KeyError:
        mend = nearest(str(name), map(str, found), "load a configuration that has it")
        raise UnknownName(f"the organisation has no {kind} {name!r}; {mend}") from None


def organisation_of(tree: Mapping[str, Any]) -> Organisation:
    """The organisation written as ``tree``: operator, oncall, practices and protocols, every scalar a text."""
    body = json.dumps(tree, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    tree = json.loads(body)
    operator, on_call = OperatorFile.model_validate(tree["operator"]), OnCallFile.model_validate(tree["oncall"])
    practices = {name: PracticeFile.model_validate(one) for name, one in tree["practices"].items()}
    pools, kinds = values.pools(operator), scopes(values.licence_kinds(operator))
    agents = {one.id: values.agent(one, pools, operator.policy.training_valid, kinds) for one in operator.agents}
    services = (service for file in practices.values() for service in file.services.values())
    return Organisation(
        body=body,
        operator=operator,
        practices=practices,
        protocols={name: ProtocolFile.model_validate(one) for name, one in tree["protocols"].items()},
        sites={name: values.site(name, entry) for name, entry in operator.sites.items()},
        pools=pools,
        agents=agents,
        interpreters={one.id: values.interpreter(one) for one in operator.interpreters},
        people=people_of(on_call, kinds),
        rotas={name: rota_of(name, entry) for name, entry in on_call.rotas.items()},
        ladders={name: values.ladder(steps) for name, steps in on_call.escalations.items()},
        old_numbers_for=on_call.old_numbers_for,
        calendars=values.calendars(practices.values()),
        numbers={number: dialled for file in practices.values() for number, dialled in numbers_of(file)},
        names=values.names(operator, on_call),
        rosters=Rosters(agents, (service.licence for service in services if service.licensed)),
    )


def numbers_of(file: PracticeFile) -> list[tuple[str, Dialled]]:
    """Every number of a practice and what it reaches."""
    found = [
        (number, Dialled(file.practice, name, "main"))
        for name, entry in file.locations.items()
        for number in entry.numbers
    ]
    if file.backline:
        location = file.backline.location or min(file.locations)
        found += [(number, Dialled(file.practice, location, "backline")) for number in file.backline.numbers]
    return found


def read_folder(path: Path, *, at: datetime, allow_unsigned: bool = False) -> Organisation:
    """Read and check a configuration folder; :class:`ConfigurationError` lists all that is wrong with it.

    ``at`` decides what has lapsed. ``allow_unsigned`` lets a protocol in that no clinical lead has signed, or whose
    review is overdue; only the demo may ask for it.
    """
    draft, _ = checked(path, at, allow_unsigned=allow_unsigned)
    return organisation_of(draft.body())
