"""One of many dispatchers: does at random, from a seed, what callers, agents, patients, workers and the clock do.

Each act is what a webhook or a process of Sunline does in its own transaction. Many dispatchers act on the same calls
at the same time, so that the same phone is also picked up twice and the same caller hangs up and is answered.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from callflows.vocabulary import Answer, Pressed, Silence, Wait
from ivr.calls import conversation, incoming_calls, legs, told
from ivr.calls.configuration import newest
from ivr.calls.tables import leg
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.jobs.timers import fire_due_timers
from ivr.jobs.worker import drain_outbox
from ivr.queue import agent_states, presence
from ivr.queue.announcements import read_news
from ivr.queue.tables import WAITS, agent_state, waiting
from ivr.twilio.parameters import VoiceRequest
from routing.shifts import at_work
from tests.races.place import ClockOfActs

NUMBERS = ("+13125550100", "+13125550100", "+12105550110", "+12105550120")
"""Those of Maple and of both locations of Riverside."""
NO_PRACTICE = ("03141980", "60601") * 3
"""A birth date and a postcode that belong to no record; nobody is ill, so an agent asks."""
OPENINGS = (
    *((("1", "0"),) * 4),
    *((("2", "0"),) * 2),
    *((("1", "2", "2"),) * 4),
    ("2", "2", "2"),
    ("1", "3", *NO_PRACTICE, "2"),
)
"""Either language; a person at once, an appointment for somebody new, or the third entry of the menu."""
MOST_WAITING = 30
CROWD = 300
"""How many phones call: some call again while their place is kept, or while a call-back is promised."""
AN_ACT = timedelta(seconds=0.25)
"""How long an act takes by the clock of acts."""
SLOW = frozenset({"LockNotAvailable", "QueryCanceled", "TimeoutError", "TurnNotHad"})
"""What an act may be refused with on a machine that is too busy. A deadlock is not among it."""

ACTS = {
    "somebody_calls": 4,
    "somebody_listens": 2,
    "somebody_hangs_up": 1,
    "somebody_wants_a_call_back": 1,
    "somebody_chooses": 2,
    "an_agent_picks_up": 6,
    "an_agent_is_back": 3,
    "an_agent_signs_out": 1,
    "all_agents_sign_out": 0.1,
    "somebody_is_reached": 2,
    "a_talk_ends": 4,
    "a_worker_drains": 8,
    "the_clock_ticks": 4,
    "redis_is_emptied": 0.1,
}
"""What there is to do, and how often beside the others."""


class Dispatcher:
    """``seed`` decides what it does. ``done`` counts its acts, and by the name of the error what it was refused."""

    def __init__(self, services: Services, seed: int) -> None:
        self.services, self.dice = services, random.Random(seed)
        self.done: Counter[str] = Counter()

    def work(self, acts: int, seconds: float) -> Counter[str]:
        """Do so many ``acts``, and go on until ``seconds`` of the shared clock have passed; what was done."""
        until = self.services.clock.now() + timedelta(seconds=seconds)
        while sum(self.done.values()) < acts or self.services.clock.now() < until:
            self._act(self.dice.choices(list(ACTS), list(ACTS.values()))[0])
            if isinstance(self.services.clock, ClockOfActs):
                self.services.clock.advance(AN_ACT)
        return self.done

    def _act(self, act: str) -> None:
        try:
            getattr(self, act)()
        except OperationalError as problem:
            self.done[type(problem.orig).__name__] += 1
        except TimeoutError:
            self.done["TimeoutError"] += 1
        self.done[act] += 1

    # --- callers

    def somebody_calls(self) -> None:
        """A caller dials and answers what is asked, up to the queue."""
        if self._waiting() >= MOST_WAITING:
            return
        phone = f"+1312556{self.dice.randrange(CROWD):04d}"
        self.dials(phone, self.dice.choice(NUMBERS), self.dice.choice(OPENINGS))

    def dials(self, phone: str, number: str, keys: Sequence[str]) -> str:
        """A caller dials a number and presses keys, each as soon as something is asked; the id of their leg."""
        asked = VoiceRequest(call_sid=f"CA{uuid4().hex}", from_=phone, to=number)
        with transaction(self.services) as work:
            leg_id = incoming_calls.open_call(work, asked)
            conversation.resume_flow(work, leg_id)
        for key in keys:
            self.presses(leg_id, key)
        return leg_id

    def somebody_listens(self) -> None:
        """A waiting caller hears the place in line."""
        found = self._one("caller", leg.c.pending_kind == "Wait")
        if found is not None:
            with transaction(self.services) as work:
                position = conversation.resume_flow(work, found.id)
                if isinstance(position.request, Wait):
                    told.tell_wait(work, position, position.request, read_news(work, position))

    def somebody_hangs_up(self) -> None:
        """A caller, wherever they are in the call."""
        self._ends(self._one("caller"))

    def somebody_wants_a_call_back(self) -> None:
        """A waiting caller asks to be called back on the number that shows."""
        found = self._one("caller", leg.c.pending_kind == "Wait")
        if found is not None:
            self.wants_a_call_back(found)

    def wants_a_call_back(self, caller: Row[Any], *, asked_before: bool = False) -> None:
        """The waiting caller of this leg presses the key for it, and keeps the number."""
        key = Pressed("1")
        in_transaction(self.services, lambda work: conversation.answer_wait(work, caller.id, caller.step, key))
        self.presses(caller.id, "3" if asked_before else "1")

    def somebody_chooses(self) -> None:
        """A caller who was left alone, or whom nobody could serve, answers what is offered instead."""
        found = self._one("caller", leg.c.pending_key.like("%/left") | leg.c.pending_key.like("%/promise/%"))
        if found is not None:
            self.presses(found.id, self.dice.choice("112"))

    # --- whoever is rung

    def an_agent_picks_up(self) -> None:
        """An agent's phone rings: yes, no, a machine that presses nothing, or no answer."""
        found = self._one("agent", leg.c.state.in_(("dialling", "ringing")))
        if found is None:
            return
        keys = self.dice.choice(("1", "1", "1", "1", "1", "2", "2", "machine", "no-answer", "busy"))
        if keys in ("no-answer", "busy"):
            self.news(found.id, keys)
            return
        self.answers(found.id)
        for key in ("", "") if keys == "machine" else keys:
            self.presses(found.id, key)

    def an_agent_is_back(self) -> None:
        """Somebody who was set aside after missed offers, or who signed out, says that they are there."""
        with self.services.database.read() as connection:
            set_aside = (agent_state.c.state == "resting") | agent_state.c.away_since.is_not(None)
            names = sorted(connection.execute(select(agent_state.c.agent_id).where(set_aside)).scalars())
        if names:
            with transaction(self.services) as work:
                agent_states.make_ready(work, self.dice.choice(names))

    def an_agent_signs_out(self) -> None:
        """An agent is away for the moment, whatever they are doing."""
        self._sign_out(1)

    def all_agents_sign_out(self) -> None:
        """Everybody who is at work is."""
        self._sign_out(None)

    def _sign_out(self, most: int | None) -> None:
        with transaction(self.services) as work:
            people = newest(work).agents
            there = [people[name] for name in at_work(people.values(), work.at)]
            self.dice.shuffle(there)
            presence.sign_out_agents(work, there[:most])

    def somebody_is_reached(self) -> None:
        """The phone of somebody who is called back, or who interprets, rings."""
        found = self._one(None, leg.c.role.in_(("patient", "interpreter")), leg.c.state.in_(("dialling", "ringing")))
        if found is None:
            return
        if self.dice.random() < 0.2:
            self.news(found.id, "no-answer")
            return
        self.answers(found.id)
        self.presses(found.id, "1")

    def a_talk_ends(self) -> None:
        """Somebody who talks, or whose conversation is over, hangs up."""
        self._ends(self._one(None, (leg.c.pending_kind == "WithPerson") | leg.c.outcome.is_not(None)))

    # --- the installation itself

    def a_worker_drains(self) -> None:
        """A worker carries out what is due."""
        drain_outbox(self.services)

    def the_clock_ticks(self) -> None:
        """The clock process fires what is due."""
        fire_due_timers(self.services)

    def redis_is_emptied(self) -> None:
        """Everything in Redis is lost."""
        self.services.fast.attempt(lambda redis: redis.flushall())

    # --- their parts

    def _one(self, role: str | None, *clauses: ColumnElement[bool]) -> Row[Any] | None:
        mine = select(leg).where(leg.c.state != "ended", *clauses).order_by(leg.c.id)
        with self.services.database.read() as connection:
            rows = connection.execute(mine.where(leg.c.role == role) if role else mine).all()
        return self.dice.choice(rows) if rows else None

    def _waiting(self) -> int:
        with self.services.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(waiting).where(WAITS)).scalar_one())

    def answers(self, leg_id: str) -> None:
        """A party's phone rings and is picked up."""
        self.news(leg_id, "ringing")
        with transaction(self.services) as work:
            legs.note_status(work, leg_id, "in-progress", None)
            conversation.resume_flow(work, leg_id)

    def presses(self, leg_id: str, keys: str) -> None:
        """A party answers what is asked; "" is silence."""
        in_transaction(self.services, lambda work: _answer(work, leg_id, Pressed(keys) if keys else Silence()))

    def _ends(self, found: Row[Any] | None) -> None:
        if found is not None:
            self.news(found.id, "completed")

    def news(self, leg_id: str, status: str) -> None:
        """What the phone network tells of a leg."""
        in_transaction(self.services, lambda work: legs.note_status(work, leg_id, status, None))


def _answer(work: Work, leg_id: str, given: Answer) -> None:
    """Answer what is asked just now: whoever has hung up, or has gone on, answers nothing."""
    row = legs.lock(work, leg_id)
    if row.state != "ended" and row.pending_kind == "Ask":
        conversation.answer_step(work, leg_id, None, given)


def race(services: Services, seeds: Sequence[int], acts: int, seconds: float = 0.0) -> Counter[str]:
    """Let a dispatcher of each seed work, all in threads of this process; their acts, refusals and logged errors."""
    them = [Dispatcher(services, seed) for seed in seeds]
    with capture_logs() as log, ThreadPoolExecutor(len(them)) as threads:
        done = list(threads.map(lambda one: one.work(acts, seconds), them))
    return sum(done, Counter(_cause(entry) for entry in log if entry["log_level"] == "error"))


def _cause(entry: Any) -> str:
    problem = entry.get("exc_info")
    name = type(getattr(problem, "orig", None) or problem).__name__
    return f"{entry['event']}: {name}"
