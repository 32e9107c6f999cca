"""Sunline takes the time from the page of the phones, which shows who is awake, who waits and why."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import requests
from sqlalchemy import Row, select

from ivr.calls.event_tables import event
from ivr.calls.tables import leg
from ivr.queue.tables import waiting
from ivr.rotas.live import read_live_rotas
from phonesim.client import SimClient
from phonesim.errors import PhonesimError
from rehearsals.decisions import decision
from rehearsals.demo import surroundings
from rehearsals.demo.installation import Demo, set_clock
from routing import rota
from routing.sites import in_shift

TELL_SECONDS = 0.3
GONE = (requests.RequestException, PhonesimError)
"""Ctrl-C in a terminal ends the phone network at the same time as this."""
Item = dict[str, Any]


class Director:
    """The director tells the page about the world. ``patients`` are the names and addresses of those who call."""

    def __init__(self, demo: Demo, sim: SimClient, patients: Mapping[str, str]) -> None:
        self._demo, self._sim, self._patients = demo, sim, patients
        self._one_at_a_time = threading.Lock()
        self._last_event = 0
        self._told: Item = {}

    def seat(self, patient: str) -> None:
        """Put three phones on the desk: a patient's, and those of an agent awake and the clinician on call."""
        self.tell()
        phones = [patient, self._agent_awake(), self._clinician_on_call()]
        self._sim.arrange([{"address": address} for address in phones if address])

    def tell(self) -> None:
        """Tell the page the world where it has changed, and what was decided since the last time."""
        with self._one_at_a_time:
            world = self._world(self._demo.services.clock.now())
            if world != self._told:
                self._sim.tell_world(world)
                self._told = world
            if rows := self._news():
                self._sim.note([note for row in rows for note in self._notes(row)])
                self._last_event = rows[-1].id

    def _world(self, now: datetime) -> Item:
        organisation = self._demo.organisation
        live = read_live_rotas(self._demo.services.database, organisation, now)
        return {
            "sites": surroundings.sites(organisation, now),
            "people": surroundings.people(live, now, self._patients),
            "waiting": [*self._waiting()],
        }

    def _waiting(self) -> Iterator[Item]:
        looking = waiting.c.state.in_(("searching", "offered")) & waiting.c.callback.is_(False)
        callers = (leg.c.call_id == waiting.c.call_id) & (leg.c.role == "caller") & leg.c.twilio_sid.is_not(None)
        query = select(waiting, leg.c.twilio_sid).join(leg, callers).where(looking).order_by(waiting.c.place)
        with self._demo.services.database.read() as connection:
            for row in connection.execute(query).all():
                wants = f"{row.service}, {row.language}, {row.urgency}"
                yield {"call_sid": row.twilio_sid, "since": row.since.isoformat(), "wants": wants}

    def _news(self) -> Sequence[Row[Any]]:
        sid = select(leg.c.twilio_sid).where(leg.c.call_id == event.c.call_id, leg.c.role == "caller").limit(1)
        query = select(event, sid.scalar_subquery().label("about")).where(event.c.id > self._last_event)
        with self._demo.services.database.read() as connection:
            return connection.execute(query.order_by(event.c.id)).all()

    def _notes(self, row: Row[Any]) -> Iterator[Item]:
        if text := decision(row, read_live_rotas(self._demo.services.database, self._demo.organisation, row.at)):
            yield {"at": row.at.isoformat(), "text": text, "about": row.about or ""}

    def _agent_awake(self) -> str | None:
        organisation, now = self._demo.organisation, self._demo.services.clock.now()
        awake = (agent for agent in organisation.agents.values() if in_shift(agent.pool, now))
        return next((agent.contact for agent in awake if "scheduling" in agent.skills), None)

    def _clinician_on_call(self) -> str:
        now = self._demo.services.clock.now()
        organisation = read_live_rotas(self._demo.services.database, self._demo.organisation, now)
        return organisation.person(rota.on_call(organisation.on_call_for("maple").rota, now)).voice


@contextmanager
def directing(demo: Demo, sim: SimClient, patients: Mapping[str, str]) -> Iterator[Director]:
    """Run a director: one thread follows the clock of the page, another tells the page about the world."""
    director, ended = Director(demo, SimClient(sim.base_url), patients), threading.Event()
    _follow_clock(demo, sim.state())
    threads = [
        threading.Thread(target=_follow, args=(demo, SimClient(sim.base_url), ended), name="clock", daemon=True),
        threading.Thread(target=_keep_telling, args=(director, ended), name="world", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield director
    finally:
        ended.set()
        with suppress(*GONE):
            sim.advance(0)  # tells the time once more, at which who follows it sees that this is over
        for thread in threads:
            thread.join()


def _follow(demo: Demo, sim: SimClient, ended: threading.Event) -> None:
    for kind, value in sim.follow():
        if ended.is_set():
            break
        if kind == "clock":
            _follow_clock(demo, value)
    sim.close()


def _follow_clock(demo: Demo, value: Mapping[str, Any]) -> None:
    set_clock(demo, datetime.fromisoformat(value["now"]), value["rate"])


def _keep_telling(director: Director, ended: threading.Event) -> None:
    while not ended.wait(TELL_SECONDS):
        with suppress(*GONE):
            director.tell()
