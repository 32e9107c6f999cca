"""The organisation as the phones' page shows it: sites with their shifts, people with their phones, who is on call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from ivr.directory.organisation import Organisation
from routing.hours import open_spans
from routing.rota import next_on_call, on_call
from routing.sites import Site
from routing.zones import to_local

Item = dict[str, Any]
NEXT = "next"
AROUND = timedelta(days=2)
"""How much before and after the day shifts are told, enough for every zone."""


def sites(organisation: Organisation, at: datetime) -> list[Item]:
    """Return the sites from west to east, each with the spans of time in which one of its pools works."""
    staffed = {pool.site.id: pool.site for pool in organisation.pools.values()}.values()
    ordered = sorted(staffed, key=lambda site: (to_local(at, site.zone).utcoffset() or timedelta(), site.id))
    return [
        {"name": name_of(site), "zone": site.zone, "staffed": [*_staffed(organisation, site, at)]} for site in ordered
    ]


def people(organisation: Organisation, at: datetime, patients: Mapping[str, str]) -> list[Item]:
    """Return patients, agents, clinicians and interpreters, each with their phone and role."""
    return [
        *({"address": address, "name": name, "role": "patient"} for name, address in patients.items()),
        *_agents(organisation),
        *_clinicians(organisation, at),
        *_interpreters(organisation),
    ]


def name_of(site: Site) -> str:
    """Return the name of a site as people write it."""
    return site.id.replace("-", " ").title()


def _staffed(organisation: Organisation, site: Site, at: datetime) -> Iterator[list[str]]:
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    for pool in organisation.pools.values():
        if pool.site.id == site.id:
            for span in open_spans(pool.calendar, day - AROUND, day + AROUND):
                yield [span.start.isoformat(), span.end.isoformat()]


def _agents(organisation: Organisation) -> Iterator[Item]:
    names = {entry.id: entry.name for entry in organisation.operator.agents}
    for agent in organisation.agents.values():
        site = name_of(agent.pool.site)
        yield {"address": agent.contact, "name": names[agent.id], "role": "agent", "site": site}


def _clinicians(organisation: Organisation, at: datetime) -> Iterator[Item]:
    duties = {person: " and ".join(_duties(organisation, person.id, at)) for person in organisation.people.values()}
    for person, duty in sorted(duties.items(), key=lambda one: (not one[1], one[1].startswith(NEXT))):
        yield {"address": person.voice, "name": person.name, "role": "clinician", "duty": duty}


def _interpreters(organisation: Organisation) -> Iterator[Item]:
    for one in organisation.operator.interpreters:
        duty = f"interprets {' and '.join(one.languages)}"
        yield {"address": one.number, "name": one.name, "role": "interpreter", "duty": duty}


def _duties(organisation: Organisation, person: str, at: datetime) -> Iterator[str]:
    for practice in organisation.practices.values():
        rotas = [duty.rota for duty in organisation.on_call_of(practice.practice)]
        if any(person == on_call(rota, at) for rota in rotas):
            yield f"on call for {practice.name}"
        elif any(person == next_on_call(rota, at) for rota in rotas):
            yield f"{NEXT} on call for {practice.name}"
