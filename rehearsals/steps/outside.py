"""What fails around the call: Redis and the database."""

from __future__ import annotations

from rehearsals.script import Step
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step


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
