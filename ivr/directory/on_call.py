"""Who is on call: as written for the service at the location, for the service, for the location, for the practice.

Each of rota, medical director, licences, own doctor and the escalation of one urgency is taken from the first of these
that has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.directory.schema import PracticeFile
from ivr.directory.schema.location import OnCallEntry, OnCallException
from ivr.directory.yaml_reader import Place
from routing.ladder import HouseFallback, Step
from routing.rota import Rota

Ladder = tuple[Step | HouseFallback, ...]


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is responsible, who stands behind them, which ladder each urgency climbs, and the licences that count.

    ``licences`` are kinds of which whoever is paged holds one; empty: whoever prescribes. ``own_doctor`` says when that
    of a patient is paged before the others: "on_call", while they are, "first" or "never".
    """

    rota: Rota
    director: str
    ladders: Mapping[str, Ladder]
    licences: tuple[str, ...]
    own_doctor: str = "on_call"

    def ladder(self, urgency: str) -> Ladder:
        """The escalation for an urgency; without one of its own an urgency climbs as ``urgent``."""
        return self.ladders.get(urgency, self.ladders["urgent"])


def duty_of(entry: OnCallEntry, rotas: Mapping[str, Rota], ladders: Mapping[str, Ladder]) -> OnCall:
    """What an entry means, with the rotas and ladders that it names."""
    climbed = {urgency: ladders[name] for urgency, name in entry.escalation.items()}
    return OnCall(rotas[entry.rota], entry.medical_director, climbed, entry.licences or (), entry.own_doctor)


def duties_of(practice: PracticeFile, rotas: Mapping[str, Rota], ladders: Mapping[str, Ladder]) -> tuple[OnCall, ...]:
    """Everything that may hold for a call, each once, that of the practice as a whole first."""
    found: list[OnCall] = []
    for entry in (practice.on_call, *(entry for _, _, entry in entries_of(practice))):
        if (duty := duty_of(entry, rotas, ladders)) not in found:
            found.append(duty)
    return tuple(found)


def entry_for(practice: PracticeFile, location: str | None, service: str | None) -> OnCallEntry:
    """What holds for a service at a location. A name that the practice does not have counts as none."""
    merged = practice.on_call
    for exception in reversed([*_exceptions(practice, location, service)]):
        merged = _with(merged, exception)
    return merged


def entries_of(practice: PracticeFile) -> Iterator[tuple[str, str | None, OnCallEntry]]:
    """What holds for every location, and every service there; a service of None stands for calls without one."""
    for location in practice.locations:
        for service in (None, *practice.services):
            yield location, service, entry_for(practice, location, service)


def written(practice: PracticeFile) -> Iterator[tuple[Place, OnCallEntry | OnCallException]]:
    """Every place at which somebody is put on call."""
    yield ("on_call",), practice.on_call
    for name, service in practice.services.items():
        if service.on_call is not None:
            yield ("services", name, "on_call"), service.on_call
    for name, location in practice.locations.items():
        if location.on_call is not None:
            yield ("locations", name, "on_call"), location.on_call
            for service_name, exception in location.on_call.services.items():
                yield ("locations", name, "on_call", "services", service_name), exception


def _exceptions(practice: PracticeFile, location: str | None, service: str | None) -> Iterator[OnCallException]:
    """The exceptions that apply, the one that goes before all others first."""
    place, wanted = practice.locations.get(location or ""), practice.services.get(service or "")
    here = place.on_call if place else None
    if here is not None and service in here.services:
        yield here.services[service]
    if wanted is not None and wanted.on_call is not None:
        yield wanted.on_call
    if here is not None:
        yield here


def _with(before: OnCallEntry, exception: OnCallException) -> OnCallEntry:
    return OnCallEntry.model_construct(
        rota=exception.rota or before.rota,
        medical_director=exception.medical_director or before.medical_director,
        escalation={**before.escalation, **(exception.escalation or {})},
        licences=exception.licences or before.licences,
        own_doctor=exception.own_doctor or before.own_doctor,
    )
