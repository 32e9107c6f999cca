"""Clients of Redis that never wait longer than two seconds, and where the embedded server of a folder is."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

from ivr.core.redis_address import SENTINEL_PORT, TLS_FILES, RedisAddress, read_redis_address
from ivr.core.settings import CannotStart

TIMEOUT_SECONDS = 2
"""Longest wait of a client, so that our own fallback answers before the phone network gives up."""

LONGEST_SOCKET_PATH = 100
"""Linux allows 107 bytes in the address of a Unix socket (unix(7)); some are kept in hand."""


class RedisUnavailable(CannotStart):
    """No Redis server can be started here."""


def connect_redis(url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Redis:
    """A client for ``unix://``, ``redis://``, ``rediss://`` or ``rediss+sentinel://HOST:PORT,HOST:PORT/SERVICE``.

    Connecting is lazy. Half of ``timeout_seconds`` is for connecting and half for the reply, and nothing is tried
    twice: the caller of the line is waiting, and whatever Redis knows can be read from SQL.
    """
    half = timeout_seconds / 2
    limits: dict[str, Any] = {"socket_timeout": half, "socket_connect_timeout": half, "retry": Retry(NoBackoff(), 0)}
    address = read_redis_address(url)
    return _through_sentinel(address, limits) if address.through_sentinel else Redis.from_url(url, **limits)


def _through_sentinel(address: RedisAddress, limits: dict[str, Any]) -> Redis:
    """A client that asks the sentinels who the master is (Redis: "Guidelines for Redis clients with Sentinel")."""
    limits = {**limits, "username": address.username, "password": address.password}
    if address.encrypted:
        limits |= {"ssl": True, **{name: address.options[name] for name in TLS_FILES if name in address.options}}
    hosts = [(host, port or SENTINEL_PORT) for host, port in address.hosts]
    sentinel = Sentinel(hosts, sentinel_kwargs=limits, **limits)  # type: ignore[no-untyped-call]
    return cast(Redis, sentinel.master_for(address.service))  # type: ignore[no-untyped-call]


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
