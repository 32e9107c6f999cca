"""What somebody leaves in Redis who may write to it: jobs of RQ that want more than a wake-up."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis import Redis
from rq import Queue
from rq.job import Job

from ivr.jobs.wake_ups import QUEUE

MARK = "FORGED_MARK"
"""The variable that says which file a forged job makes when it runs."""


def leave_mark(*_anything: Any) -> None:
    """What a forged call-back does."""
    Path(os.environ[MARK]).touch()


class Bomb:
    """Whoever unpickles it runs a command."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.system, (f"touch {os.environ[MARK]}",)


def _bomb() -> bytes:
    return pickle.dumps(Bomb())


def _wake_up(redis: Redis, **fields: bytes | str) -> Job:
    """A wake-up in the queue, of which some fields were written by somebody else."""
    job = Queue(QUEUE, connection=redis).enqueue("ivr.processes.drain_job", result_ttl=0)
    for name, value in fields.items():
        redis.hset(job.key, name, value)
    return job


def command_named(redis: Redis) -> None:
    """The function is ``os.system``."""
    Queue(QUEUE, connection=redis).enqueue("os.system", f"touch {os.environ[MARK]}")


def command_named_in_json(redis: Redis) -> None:
    """The same, as a serializer writes it that cannot name a function."""
    Queue(QUEUE, connection=redis, serializer="json").enqueue("os.system", f"touch {os.environ[MARK]}")


def pickled_data(redis: Redis) -> None:
    """Function and arguments are a pickle that runs when it is read."""
    _wake_up(redis, data=_bomb())


def pickled_meta(redis: Redis) -> None:
    """What is kept beside the job is such a pickle."""
    _wake_up(redis, meta=_bomb())


def pickled_result(redis: Redis) -> None:
    """So is the result of the last time."""
    _wake_up(redis, result=_bomb())


def callback_on_success(redis: Redis) -> None:
    """A function is to be called after the job."""
    _wake_up(redis, success_callback_name="tests.faults.forging.leave_mark")


def callback_on_failure(redis: Redis) -> None:
    """A function is to be called after a job that cannot be read."""
    _wake_up(redis, data=b"nonsense", failure_callback_name="tests.faults.forging.leave_mark")


def dependant(redis: Redis) -> None:
    """Another job, which is to run after this one."""
    job = _wake_up(redis)
    waits = Job.create("os.system", (f"touch {os.environ[MARK]}",), connection=redis, depends_on=job, origin=QUEUE)
    waits.save()
    waits.register_dependency()


def group_of_pickles(redis: Redis) -> None:
    """A group whose members the worker tidies up."""
    job = Job.create("os.getcwd", connection=redis, origin=QUEUE)
    job.save()
    redis.hset(job.key, "meta", _bomb())
    redis.sadd("rq:groups", "forged")
    redis.sadd("rq:group:forged:jobs", job.id)


def abandoned_with_callback(redis: Redis) -> None:
    """A job that seems to have been begun long ago, with a call-back for when it is given up."""
    job = Job.create("os.getcwd", connection=redis, origin=QUEUE)
    job.save()
    redis.hset(job.key, "failure_callback_name", "tests.faults.forging.leave_mark")
    redis.zadd(Queue(QUEUE, connection=redis).started_job_registry.key, {f"{job.id}:forged": 1})


FORGERIES = (
    command_named, command_named_in_json, pickled_data, pickled_meta, pickled_result, callback_on_success,
    callback_on_failure, dependant, group_of_pickles, abandoned_with_callback,
)  # fmt: skip


def webhook(redis: Redis, url: str) -> None:
    """An address that is to be asked when the job is done."""
    hooks = [{"url": url, "job_status": status, "method": "POST", "timeout": 1} for status in ("finished", "failed")]
    _wake_up(redis, webhooks=json.dumps(hooks))
