"""What happens around the call: Redis, the database and the phone network fail, a practice closes, agents sign out."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from ivr.closures import register
from ivr.closures.register import Closure
from ivr.core.errors import Refusal
from ivr.core.unit_of_work import transaction
from ivr.oncall import drill_round
from ivr.queue import agent_states, presence
from ivr.rotas import covers
from ivr.rotas.tables import drill
from phonesim import switch_off, switch_off_all, switch_on
from rehearsals import reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step
from routing.drills import Beginning
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
    """The phone network has this fault from now on; docs/phonesim-on-its-own.md has the list."""
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
    texts = register.ready_texts(message, world.organisation.practice(asked.value).languages)
    made = Closure(asked.value, None, Span(world.now, until or world.now + DAY), texts, "rehearsed")
    with world.services.database.write() as connection:
        register.begin_closure(connection, world.services.ids(), made, world.now, "rehearsal")


@step("{who} stands in", reading.words, until=reading.instant, instead_of=reading.words)
def stands_in(stage: Stage, asked: Step) -> None:
    """A clinician stands in on a rota at once, for a day where nothing else is said; for whoever is on call, or one."""
    world, until = stage.world, asked.options.get("until") or stage.world.now + DAY
    about = {"instead_of": asked.options.get("instead of"), "why": "rehearsed"}
    span, name = Span(world.now, until), world.services.ids()
    with world.services.database.write() as connection:
        try:
            covers.cover(
                connection, world.organisation, name, asked.value, asked.who, span, world.now, "rehearsal", **about
            )
        except Refusal as refused:
            raise Unmet(f"{asked.who} to stand in", str(refused)) from None


@step("{who} is tested", reading.words)
def is_tested(stage: Stage, asked: Step) -> None:
    """The line rings a clinician of a rota to see that they can be reached, because somebody asks for it."""
    _begin_test(stage, asked)
    drill_round.drill_shifts(stage.world.services, "")
    stage.world.settle()


@step("{who} was not reached", reading.words)
def was_not_reached(stage: Stage, asked: Step) -> None:
    """Whoever is on call on a rota was rung before their shift as often as is written, and has not pressed 1."""
    in_vain = update(drill).where(drill.c.id == _begin_test(stage, asked))
    with stage.world.services.database.write() as connection:
        connection.execute(in_vain.values(next_at=None, at_risk_at=stage.world.now))


def _begin_test(stage: Stage, asked: Step) -> str:
    world, drill_id = stage.world, stage.world.services.ids()
    beginning = Beginning(asked.who, world.now)
    with world.services.database.write() as connection:
        drill_round.begin_test(connection, drill_id, asked.value, beginning, world.now, asked_for=True)
    return drill_id


@step("{who} signs out", acts=True)
def signs_out(stage: Stage, asked: Step) -> None:
    """An agent is away for the moment, or once the call they are at is over."""
    _sign_out(stage, _agent(stage, asked))


@step("all agents sign out", acts=True)
def all_agents_sign_out(stage: Stage, _asked: Step) -> None:
    """Every agent of the organisation does, in one instant."""
    _sign_out(stage, *stage.cast.agents)


@step("{who} is ready", acts=True)
def is_ready(stage: Stage, asked: Step) -> None:
    """An agent who was set aside or away may be offered calls again."""
    with transaction(stage.world.services) as work:
        if not agent_states.make_ready(work, _agent(stage, asked)):
            raise Unmet(f"{asked.who} to be set aside or away", f"{asked.who} is neither")
    stage.settle()


def _agent(stage: Stage, asked: Step) -> str:
    if asked.who not in stage.cast.agents:
        raise Unmet(f"{asked.who} to work as an agent", f"{asked.who} is no agent")
    return asked.who


def _sign_out(stage: Stage, *names: str) -> None:
    with transaction(stage.world.services) as work:
        presence.sign_out_agents(work, [stage.world.organisation.agent(name) for name in names])
    stage.settle()
