"""Everything that leaves the process while calls are made, so that it can be searched."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis import Redis
from rq import Queue
from rq.job import Job

from ivr.jobs.wake_ups import QUEUE, make_wake_up
from ivr.webhooks.twiml.music import waiting_music
from rehearsals.world import World

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
WAV = b"WAVEfmt "


@dataclass
class Sent:
    """One exchange: what was asked for, in which words, and what was answered, if anything."""

    method: str
    address: str
    body: bytes
    answer: bytes = b""


@dataclass
class Tap:
    """A WSGI application in between, which keeps what passes."""

    behind: Wsgi
    seen: list[Sent] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        sent = Sent(environ["REQUEST_METHOD"], f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}", body)
        self.seen.append(sent)
        sent.answer = b"".join(self.behind(environ, start_response))
        return [sent.answer]


class Leaving:
    """Taps on a world: its documents, its REST requests, its log; and what it wrote."""

    def __init__(self, world: World, log: io.StringIO) -> None:
        self.world, self.log = world, log
        self.documents = Tap(world.app.wsgi_app)
        self.rest = Tap(world.net.rest_app)
        world.net.web.applications[0].wsgi = self.documents  # type: ignore[attr-defined]
        world.net.rest_app = self.rest  # type: ignore[assignment]
        world.services.wake = make_wake_up(world.services.fast)

    def sinks(self) -> dict[str, bytes]:
        """All that left, by where it went. What the network told us did not leave."""
        redis = self.world.services.redis
        assert redis is not None
        return {
            # The music is the same for everybody and says nothing of anybody.
            "documents": b"\n".join(sent.answer for sent in self.documents.seen if sent.answer != waiting_music()),
            "addresses of webhooks": "\n".join(sent.address for sent in self.documents.seen).encode(),
            "addresses of requests": "\n".join(sent.address for sent in self.rest.seen).encode(),
            "bodies of requests": b"\n".join(sent.body for sent in self.rest.seen),
            "texts": "\n".join(text.body for text in self.world.net.texts.values()).encode(),
            "log": self.log.getvalue().encode(),
            "redis": in_redis(redis),
            "jobs": in_jobs(redis),
            **files(Path(str(self.world.services.database.url.database)).parent),
        }


def in_redis(redis: Redis) -> bytes:
    """Every key and every value."""
    found = []
    for key in redis.keys("*"):
        kind = redis.type(key)
        read: dict[bytes, Callable[[bytes], Any]] = {
            b"string": redis.get,
            b"hash": redis.hgetall,
            b"set": redis.smembers,
            b"list": lambda name: redis.lrange(name, 0, -1),
            b"zset": lambda name: redis.zrange(name, 0, -1, withscores=True),
        }
        found.append(repr((key, read[kind](key) if kind in read else redis.dump(key))))
    return "\n".join(found).encode()


def in_jobs(redis: Redis) -> bytes:
    """Every job with its arguments, unpacked."""
    jobs: list[Job] = Queue(QUEUE, connection=redis).jobs
    return "\n".join(repr((job.func_name, job.args, job.kwargs, job.description, job.meta)) for job in jobs).encode()


def files(folder: Path) -> dict[str, bytes]:
    """Every file of the installation: database, write-ahead log, recordings."""
    return {f"file {path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def leaks(sinks: dict[str, bytes], markers: Iterable[str]) -> set[tuple[str, str]]:
    """Which markers are found where, in any case and in the encodings that text is written in."""
    found = set()
    for where, content in sinks.items():
        folded = _HEX.sub(_without_ids, content.lower())
        for marker in markers:
            for encoded in (marker.lower().encode(), marker.lower().encode("utf-16-le"), _escaped(marker)):
                if encoded in folded:
                    found.add((where, marker))
    return found


_HEX = re.compile(rb"[0-9a-f]{24,}")


def _without_ids(run: re.Match[bytes]) -> bytes:
    """Ids and hashes, of 24, 32 or 64 digits, hold any five digits by chance; whatever stands beside one is kept."""
    return b"" if len(run[0]) % 8 == 0 else run[0]


def _escaped(marker: str) -> bytes:
    return marker.lower().replace("+", "%2b").replace(" ", "+").encode()
