"""Clients of Redis that never wait longer than two seconds, and where the embedded server of a folder is."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

from ivr.core.settings import CannotStart

TIMEOUT_SECONDS = 2
"""Longest wait of a client, so that our own fallback answers before the phone network gives up."""

LONGEST_SOCKET_PATH = 100
"""Linux allows 107 bytes in the address of a Unix socket (unix(7)); some are kept in hand."""


class RedisUnavailable(CannotStart):
    """No Redis server can be started here."""


def connect_redis(url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Redis:
    """A client for ``unix://``, ``redis://``, ``rediss://`` or ``redis+sentinel://HOST:PORT,HOST:PORT/SERVICE``.

    Connecting is lazy. Half of ``timeout_seconds`` is for connecting and half for the reply, and nothing is tried
    twice: the caller of the line is waiting, and whatever Redis knows can be read from SQL.
    """
    half = timeout_seconds / 2
    limits: dict[str, Any] = {"socket_timeout": half, "socket_connect_timeout": half, "retry": Retry(NoBackoff(), 0)}
    if not url.startswith("redis+sentinel://"):
        return Redis.from_url(url, **limits)
    return _through_sentinel(urlsplit(url), limits)


def _through_sentinel(parts: SplitResult, limits: dict[str, Any]) -> Redis:
    """A client that asks the sentinels who the master is (Redis: "Guidelines for Redis clients with Sentinel")."""
    limits = {**limits, "username": parts.username, "password": parts.password}
    hosts = [_host_and_port(text) for text in parts.netloc.rpartition("@")[2].split(",")]
    sentinel = Sentinel(hosts, sentinel_kwargs=limits, **limits)  # type: ignore[no-untyped-call]
    return cast(Redis, sentinel.master_for(parts.path.strip("/")))  # type: ignore[no-untyped-call]


def embedded_url(folder: Path) -> str:
    """The address at which the Redis server of ``folder`` is, or will be once a process has started it."""
    return f"unix://{_socket_path(folder.resolve())}"


def _socket_path(folder: Path) -> Path:
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir(), f"sunline-{os.getuid()}-{name}")
    short.mkdir(mode=0o700, exist_ok=True)
    if short.stat().st_uid != os.getuid():
        raise RedisUnavailable(f"{short} belongs to somebody else; remove it, or set SUNLINE_REDIS_URL")
    return short / "redis.sock"


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.partition(":")
    return host, int(port or 26379)
