"""What happens around the call: Redis, the database and the phone network fail, a practice closes."""

from __future__ import annotations

from datetime import timedelta

from ivr.closures import keeping
from ivr.closures.keeping import Closure
from phonesim.faults import switch_off, switch_off_all, switch_on
from rehearsals import reading
from rehearsals.script import Step
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step
from routing.spans import Span

DAY = timedelta(days=1)


@step("redis is emptied")
def redis_is_emptied(stage: Stage, _asked: Step) -> None:
    """All of Redis is lost."""
    stage.world.empty_redis()


@step("redis stops")
def redis_stops(stage: Stage, _asked: Step) -> None:
    """Redis cannot be reached."""
    stage.world.stop_redis()


@step("redis returns")
def redis_returns(stage: Stage, _asked: Step) -> None:
    """Redis is there again, with whatever was in it."""
    stage.world.return_redis()


@step("database stops")
def database_stops(stage: Stage, _asked: Step) -> None:
    """No connection to the database can be had."""
    stage.world.stop_database()


@step("database returns")
def database_returns(stage: Stage, _asked: Step) -> None:
    """The database is there again."""
    stage.world.return_database()
    stage.world.settle()


@step("network fails", reading.fault)
def network_fails(stage: Stage, asked: Step) -> None:
    """The phone network has this fault from now on; docs/phonesim.md has the list."""
    switch_on(stage.net, asked.value)


@step("network recovers", reading.fault_name, optional=True)
def network_recovers(stage: Stage, asked: Step) -> None:
    """This fault of the phone network is mended, or every one."""
    if asked.value is None:
        switch_off_all(stage.net)
    else:
        switch_off(stage.net, asked.value)
    stage.world.settle()


@step("practice closes", reading.words, until=reading.instant, message=reading.closure_message)
def practice_closes(stage: Stage, asked: Step) -> None:
    """Somebody closes a practice at once, for a day where nothing else is said, with a message that is ready."""
    world, until, message = stage.world, asked.options.get("until"), asked.options.get("message", "emergency")
    texts = keeping.ready_texts(message, world.organisation.practice(asked.value).languages)
    made = Closure(asked.value, None, Span(world.now, until or world.now + DAY), texts, "rehearsed")
    with world.services.database.write() as connection:
        keeping.begin(connection, world.services.ids(), made, world.now, "rehearsal")
