"""A load plan, stepped through the whole installation in one process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select

from ivr.calls.event_tables import event
from ivr.core.unit_of_work import transaction
from ivr.directory.organisation import Organisation
from ivr.patients.importing import carry_out, plan_import, read_patients
from ivr.patients.sealing import seal_patients
from phonesim import Options, Trace
from phonesim.load import LegTime, Plan, Stepped, Summary, summarise
from phonesim.load.people import Agent
from phonesim.load.results import Call
from rehearsals import ledger
from rehearsals.errors import RehearsalError
from rehearsals.world import World

OPTIONS = Options(keep_trace=False, forget_after=3600.0, longest_media=1.0)
"""Recordings of a second each: thousands of whole ones would fill a disk and prove nothing more."""
LONGEST_END = timedelta(minutes=10)
BATCH = 1000

Progress = Callable[[int, int, datetime], None]


@dataclass(frozen=True, slots=True)
class Simulated:
    """The results of a simulation. The digests are SHA-256 of the installation's events and of the network's trace."""

    calls: Sequence[Call]
    agents: Sequence[Agent]
    events: str
    trace: str
    wrongs: Sequence[str]
    lasted: timedelta
    leg_minutes: float

    @property
    def summaries(self) -> list[Summary]:
        """The figures of each reason, and of all."""
        return summarise(self.calls)

    @property
    def stranded(self) -> int:
        """Callers who got nothing, or heard what nobody should."""
        return sum(call.stranded for call in self.calls)


def simulate(
    plan: Plan,
    organisation: Organisation,
    at: datetime,
    *,
    seed: int = 1,
    patients: Path | None = None,
    faults: Iterable[str] = (),
    progress: Progress = lambda _done, _of, _now: None,
) -> Simulated:
    """Let everybody in ``plan`` call, and wait until the last effect is carried out."""
    with World(organisation, at, seed=seed, faults=faults, options=OPTIONS) as world:
        if patients is not None:
            _take_in(world, plan, patients)
        trace, legs = TraceDigest(world), LegTime(world.net)
        people = Stepped(world.net, plan, seed)
        _play(world, people, progress)
        world.advance(lambda: _quiet(world), LONGEST_END)
        return Simulated(
            calls=people.population.calls,
            agents=[people.population.agents[phone] for phone in sorted(people.population.agents)],
            events=events_digest(world),
            trace=trace.digest(),
            wrongs=tuple(list_leftovers(world)),
            lasted=world.now - at,
            leg_minutes=legs.seconds / 60,
        )


class TraceDigest:
    """The network's trace as one hash, ids included."""

    def __init__(self, world: World) -> None:
        self._hash = sha256()
        world.net.listeners.append(self._noted)

    def digest(self) -> str:
        """The hash of all entries so far."""
        return self._hash.hexdigest()

    def _noted(self, entry: Trace) -> None:
        self._hash.update(f"{entry.at.isoformat()} {entry.kind} {entry.who} {entry.detail!r}\n".encode())


def events_digest(world: World) -> str:
    """The installation's events as one hash, ids included."""
    found = sha256()
    with world.services.database.read() as connection:
        for row in connection.execute(select(event).order_by(event.c.id)):
            found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def list_leftovers(world: World) -> Iterator[str]:
    """List what is left over although everybody has hung up."""
    left = {
        "conversations that failed": ledger.failed_legs(world),
        "legs that have not ended": ledger.live_legs(world),
        "effects that failed": ledger.effects(world, "failed"),
        "effects not carried out": ledger.effects(world, "ready", "leased"),
        "timers that did not fire": ledger.overdue_timers(world),
        "decisions that come out otherwise when asked again": ledger.decided_otherwise(world),
        "agents still held": ledger.engaged_agents(world),
        "calls still looking for an agent": ["one"] * ledger.waiting_callers(world),
        "calls still up": [leg.direction for leg in world.net.legs.unfinished.values()],
        "recordings still on their way": ["one"] * ledger.underway(world),
        "alarms": ledger.alerts(world),
        "errors logged": [entry["event"] for entry in world.log if entry["log_level"] in ("error", "critical")],
        "complaints of the network": [f"{entry.code} {entry.message}" for entry in world.net.alerts],
    }
    for what, found in left.items():
        if found:
            yield f"{what}: {', '.join(f'{count} x {name}' for name, count in sorted(Counter(found).items()))}"


def _play(world: World, people: Stepped, progress: Progress) -> None:
    done = 0
    world.settle()
    while not people.population.over:
        following = world.next_event_at()
        if following is None:
            break
        world.step(following)
        ended = people.population.ended
        if ended // BATCH > done // BATCH:
            done = ended
            progress(done, len(people.population.arrivals), world.now)


def _quiet(world: World) -> bool:
    over = not world.net.legs.unfinished and not ledger.live_legs(world)
    return over and not ledger.underway(world) and not ledger.effects(world, "ready", "leased")


def _take_in(world: World, plan: Plan, file: Path) -> None:
    dialled = world.organisation.dialled(plan.dial)
    if dialled is None:
        raise RehearsalError(f"{plan.dial} belongs to no practice, so its patients cannot be taken in; dial another")
    sealed = seal_patients(world.services.cipher, dialled.practice, read_patients(file, world.now))
    with transaction(world.services) as work:
        carry_out(work.connection, plan_import(work.connection, sealed, work.at, world.services.ids))
