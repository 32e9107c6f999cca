"""How things must stand once everything that is due has been done, and what is left when everybody has been served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Table

from ivr.callbacks.tables import promise
from ivr.calls.configuration import call_row, newest
from ivr.calls.event_tables import event
from ivr.calls.tables import call, leg
from ivr.closures.register import live_calendar
from ivr.core.clock import SteppedClock
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, transaction
from ivr.interpreters.tables import interpreting
from ivr.jobs import timers as timers
from ivr.jobs import worker
from ivr.jobs.tables import UNDONE, outbox, timer
from ivr.queue import agent_states, index
from ivr.queue.tables import WAITS, agent_state, offer, waiting
from routing.eligible import is_eligible
from routing.hours import is_open
from routing.relax import widened
from tests.races.dispatcher import ACTS, SLOW, Dispatcher
from tests.races.history import Told, wrongs
from tests.races.place import Place, let_go, rows

RESERVED = timedelta(seconds=10)
"""So long an agent whom the patient knows has a call alone, and a little more."""
ASKED = interpreting.c.state.in_(("ringing", "joined"))
LONGEST = timedelta(hours=2)
"""In which every call-back has been tried as often as it is tried, and every rest is over."""


class Closing:
    """Takes a place over when its dispatchers have stopped, with a clock that stands until it is moved."""

    def __init__(self, services: Services) -> None:
        services.clock = SteppedClock(services.clock.now())
        self.services, self.hand = services, Dispatcher(services, seed=0)

    def settle(self) -> None:
        """Do everything that is due now."""
        for _ in range(500):
            if not worker.drain_outbox(self.services) and not timers.fire_due_timers(self.services):
                return
        raise AssertionError("something is due again and again")

    def everybody_is_back(self) -> None:
        """Whoever is away or set aside says that they are there."""
        with transaction(self.services) as work:
            for row in self.rows(agent_state):
                agent_states.make_ready(work, row.agent_id)

    def serve_everybody(self) -> None:
        """Every phone is picked up, every talk ends, nobody else calls; time goes on until nobody waits."""
        end = self.services.clock.now() + LONGEST
        while (following := self._following()) is not None and following <= end:
            self.services.clock.move_to(following)  # type: ignore[attr-defined]
            self.settle()
            for row in self.rows(leg, leg.c.state != "ended", leg.c.role != "agent"):
                self._somebody(row)
            for row in self.rows(leg, leg.c.state.in_(("dialling", "ringing")), leg.c.role == "agent"):
                self.hand.answers(row.id)
                self.hand.presses(row.id, "1")
            for row in self.rows(leg, leg.c.state == "in-progress", leg.c.role == "agent"):
                if not self._waits_for_patient(row):
                    self.hand.news(row.id, "completed")
            self.settle()

    def _following(self) -> Any:
        found = (worker.find_next_due_item(self.services), timers.find_next_due_timer(self.services))
        return min((instant for instant in found if instant is not None), default=None)

    def _somebody(self, row: Row[Any]) -> None:
        if row.state in ("dialling", "ringing"):
            self.hand.answers(row.id)
            self.hand.presses(row.id, "1")
        elif row.state == "in-progress" and row.pending_kind != "Wait":
            self.hand.news(row.id, "completed")

    def _waits_for_patient(self, row: Row[Any]) -> bool:
        coming = (leg.c.call_id == row.call_id) & (leg.c.role == "patient") & (leg.c.state != "ended")
        return bool(self.rows(leg, coming))

    def rows(self, table: Table, *clauses: Any) -> Sequence[Row[Any]]:
        """Rows of a table, in the order of its key."""
        return rows(self.services, table, *clauses)

    # --- what may not be

    def wrongs(self) -> list[str]:
        """Everything that does not fit together now."""
        return [*self._callers(), *self._places(), *self._agents(), *self._failures(), *self._idle_and_waiting()]

    def left_over(self) -> list[str]:
        """What may not be left when everybody has been served."""
        engaged = self.rows(agent_state, agent_state.c.state.in_(("offered", "busy")))
        return [
            *(f"{row.agent_id} is still {row.state}" for row in engaged),
            *(f"a {row.role} is still on the line" for row in self.rows(leg, leg.c.state != "ended")),
            *(f"an interpreter is {row.state} for nobody" for row in self.rows(interpreting, ASKED)),
            *(f"call {row.call_id} still waits" for row in self.rows(waiting, WAITS)),
            *(f"a call-back is {row.state}" for row in self.rows(promise, promise.c.state == "working")),
            *(f"call {row.id} came to nothing" for row in self.rows(call) if not self._came_to(row.id)),
        ]

    def _came_to(self, call_id: str) -> bool:
        """Whether something became of a call that entered: an agent, a promise, or the caller's own leaving."""
        ends = ("answered", "promised", "caller-left")
        return bool(self.rows(event, event.c.call_id == call_id, event.c.kind.in_(ends)))

    def _callers(self) -> Iterator[str]:
        places = {row.call_id: row.state for row in self.rows(waiting)}
        for row in self.rows(leg, leg.c.role == "caller", leg.c.state != "ended"):
            place = places.get(row.call_id)
            if row.pending_kind == "Wait" and place not in ("searching", "offered"):
                yield f"call {row.call_id} waits with a place that is {place}"
            if row.pending_kind == "WithPerson" and not self._accompanied(row.call_id):
                yield f"call {row.call_id} is connected to nobody"

    def _accompanied(self, call_id: str) -> bool:
        living = (leg.c.call_id == call_id) & (leg.c.role == "agent") & (leg.c.state != "ended")
        alone = (timer.c.subject == call_id) & (timer.c.kind == "alone") & (timer.c.state == "waiting")
        return bool(self.rows(leg, living) or self.rows(timer, alone))

    def _places(self) -> Iterator[str]:
        still_open = Counter(row.call_id for row in self.rows(offer, offer.c.state == "open"))
        talking = self._talking()
        for row in self.rows(waiting):
            waits = row.state in ("searching", "offered")
            if still_open[row.call_id] != (row.state == "offered"):
                yield f"call {row.call_id} is {row.state} with {still_open[row.call_id]} open offers"
            if waits and row.call_id in talking:
                yield f"call {row.call_id} waits and is connected"
            if waits and not (row.callback or self._holds_on(row.call_id)):
                yield f"call {row.call_id} waits though its caller does not"
            with self.services.database.read() as connection:
                known = index.position(self.services, connection, row.call_id) is not None
            if known != waits:
                yield f"call {row.call_id} is {row.state} and {'in' if known else 'not in'} the index"

    def _holds_on(self, call_id: str) -> bool:
        mine = (leg.c.call_id == call_id) & (leg.c.role == "caller") & (leg.c.state != "ended")
        return bool(self.rows(leg, mine, leg.c.pending_kind == "Wait"))

    def _talking(self) -> dict[str, str]:
        """The agent of each accepted offer whose leg lives, by its call."""
        accepted = {row.id: row for row in self.rows(offer, offer.c.state == "accepted")}
        living = self.rows(leg, leg.c.role == "agent", leg.c.state != "ended", leg.c.outcome.is_(None))
        return {row.call_id: row.person_id for row in living if row.subject_id in accepted}

    def _agents(self) -> Iterator[str]:
        still_open = {row.agent_id: row.id for row in self.rows(offer, offer.c.state == "open")}
        living = {row.subject_id for row in self.rows(leg, leg.c.role == "agent", leg.c.state != "ended")}
        set_aside = {row.subject for row in self.rows(timer, timer.c.state == "waiting")}
        for row in self.rows(agent_state):
            if (row.state == "offered") != (row.agent_id in still_open):
                yield f"{row.agent_id} is {row.state} with the open offer {still_open.get(row.agent_id)}"
            if row.state == "busy" and row.offer_id not in living:
                yield f"{row.agent_id} is busy with nobody"
            if row.away_since and row.state == "offered":
                yield f"{row.agent_id} is away and rung"
            if (row.away_since or row.state in ("resting", "wrap-up")) and row.agent_id not in set_aside:
                yield f"{row.agent_id} is {row.state} for ever"

    def _failures(self) -> Iterator[str]:
        yield from (f"effect {row.kind} failed" for row in self.rows(outbox, outbox.c.state == "failed"))
        yield from (
            f"effect {row.kind} is held by nobody" for row in self.rows(outbox, UNDONE, outbox.c.state == "leased")
        )
        yield from (f"a {row.role}'s conversation failed" for row in self.rows(leg, leg.c.outcome == "failed"))
        yield from ("a caller landed safely" for _ in self.rows(event, event.c.kind == "safe-landing"))

    def _idle_and_waiting(self) -> Iterator[str]:
        """Callers who wait while somebody is idle who may take the call and has not refused it."""
        engaged = {row.agent_id for row in self.rows(agent_state) if row.away_since or row.state != "idle"}
        with transaction(self.services) as work:
            for row in self.rows(waiting, waiting.c.state == "searching", waiting.c.since < work.at - RESERVED):
                for agent_id in _may_take(work, row) - engaged - set(row.already_offered):
                    yield f"call {row.call_id} has waited {work.at - row.since} and {agent_id} is idle"


def _may_take(work: Work, row: Row[Any]) -> set[str]:
    """Who may take a waiting call, asked of routing beside the question that the matching asks."""
    about, organisation = call_row(work, row.call_id), newest(work)
    practice, location = about.practice_id, about.location_id
    opening = is_open(live_calendar(work.connection, organisation, practice, location, work.at), work.at)
    state = organisation.location(practice, location).state
    need = organisation.need(practice, row.service, row.language, state, opening=opening, location=location)
    wide = widened(need, work.at - row.since, organisation.schedule(practice, row.service, row.language))
    there = organisation.agents_of(practice, location)
    return {agent.id for agent in there if is_eligible(agent, wide, work.at)}


def came_to(place: Place, done: Counter[str]) -> Told:
    """What a race came to, once everything in it and after it is known to be as it must be. ``done``: see race."""
    errors = [f"{done[name]} times met: {name}" for name in sorted(done.keys() - ACTS.keys())]
    assert all(name.split(": ")[-1] in SLOW for name in done.keys() - ACTS.keys()), "\n".join(errors)
    services = place.services()
    try:
        closing = Closing(services)
        closing.settle()
        before = closing.wrongs()
        closing.everybody_is_back()
        closing.serve_everybody()
        told, found = wrongs(services.database)
        assert not (all_of_it := [*found, *before, *closing.wrongs(), *closing.left_over()]), "\n".join(
            [*all_of_it, *errors]
        )
    finally:
        let_go(services)
    return told
