"""The embedded Redis server is real, is shared within its folder, and goes when its starter goes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from redis.connection import SSLConnection
from redis.exceptions import RedisError, TimeoutError
from redis.sentinel import SentinelManagedSSLConnection

from ivr.core.redis_client import RedisUnavailable, connect_redis
from ivr.core.settings import read_settings
from ivr.ops.embedded_redis import embedded_redis, redis_of, server_program

ROOT = Path(__file__).parents[2]


def answers(url: str) -> bool:
    with connect_redis(url) as client:
        try:
            return bool(client.ping())
        except RedisError:
            return False


def server_pid(url: str) -> int:
    with connect_redis(url) as client:
        return int(client.info("server")["process_id"])


def test_a_server_answers_while_it_is_wanted_and_is_gone_afterwards(tmp_path: Path) -> None:
    with embedded_redis(tmp_path) as url:
        assert answers(url)
    assert not answers(url)


def test_only_its_owner_may_open_the_socket(tmp_path: Path) -> None:
    with embedded_redis(tmp_path) as url:
        assert Path(url.removeprefix("unix://")).stat().st_mode & 0o077 == 0


def test_the_second_of_two_in_a_folder_joins_the_server_of_the_first(tmp_path: Path) -> None:
    with embedded_redis(tmp_path) as first:
        with embedded_redis(tmp_path) as second:
            assert server_pid(second) == server_pid(first)
        assert answers(first)


def test_two_folders_have_two_servers(tmp_path: Path) -> None:
    with embedded_redis(tmp_path / "one") as one, embedded_redis(tmp_path / "other") as other:
        assert server_pid(one) != server_pid(other)


def test_nothing_is_kept_from_one_server_to_the_next(tmp_path: Path) -> None:
    with embedded_redis(tmp_path) as url, connect_redis(url) as client:
        client.set("position", "3")
    with embedded_redis(tmp_path) as url, connect_redis(url) as client:
        assert client.get("position") is None


def test_a_folder_too_deep_for_a_socket_gets_one_elsewhere(tmp_path: Path) -> None:
    with embedded_redis(tmp_path / ("deep" * 30)) as url:
        assert answers(url)


@pytest.mark.faults
def test_a_server_whose_starter_was_killed_is_joined_by_the_next(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from ivr.ops.embedded_redis import embedded_redis\n"
        "with embedded_redis(pathlib.Path(sys.argv[1])) as url:\n"
        "    print(url, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with starter:
        assert starter.stdout is not None
        url = starter.stdout.readline().strip()
        orphan = server_pid(url)
        starter.kill()
    try:
        with embedded_redis(tmp_path) as joined:
            assert server_pid(joined) == orphan
    finally:
        os.kill(orphan, signal.SIGTERM)


def test_a_server_that_does_not_come_up_is_told_with_the_place_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.ops.embedded_redis.server_program", lambda: "false")
    with pytest.raises(RedisUnavailable, match=r"redis\.log"), embedded_redis(tmp_path):
        pass


def test_without_any_server_program_the_mend_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ivr.ops.embedded_redis.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RedisUnavailable, match="install redis-server or valkey-server, or set SUNLINE_REDIS_URL"):
        server_program()


def test_a_server_on_the_path_stands_in_for_the_bundled_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "valkey-server"
    program.touch(mode=0o755)
    monkeypatch.setattr("ivr.ops.embedded_redis.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert server_program() == str(program)


def test_a_client_gives_up_on_a_server_that_never_replies(tmp_path: Path) -> None:
    path = str(tmp_path / "silent.sock")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(path)
        silent.listen()
        with connect_redis(f"unix://{path}", timeout_seconds=0.2) as client, pytest.raises(TimeoutError):
            client.ping()


def test_the_master_is_found_through_sentinel(tmp_path: Path) -> None:
    master, sentinel = free_port(), free_port()
    with server(tmp_path / "master", "--port", str(master), "--save", ""):
        until_answering(f"redis://127.0.0.1:{master}")
        watch = tmp_path / "sentinel.conf"
        watch.write_text(f"port {sentinel}\nbind 127.0.0.1\nsentinel monitor line 127.0.0.1 {master} 1\n")
        with (
            server(tmp_path / "watcher", str(watch), "--sentinel"),
            connect_redis(f"redis+sentinel://127.0.0.1:{sentinel}/line") as client,
        ):
            until_answering(f"redis://127.0.0.1:{sentinel}")
            assert client.set("found", "yes")


def test_sentinels_and_the_server_they_name_are_asked_with_encryption_and_password() -> None:
    client = connect_redis("rediss+sentinel://:a%40b@one:26380,two/line")
    pool = client.connection_pool
    assert pool.connection_class is SentinelManagedSSLConnection
    assert pool.connection_kwargs["password"] == "a@b"
    asked = [one.connection_pool for one in pool.sentinel_manager.sentinels]
    assert [(one.connection_kwargs["host"], one.connection_kwargs["port"]) for one in asked] == [
        ("one", 26380),
        ("two", 26379),
    ]
    assert {one.connection_class for one in asked} == {SSLConnection}


def test_the_installation_uses_the_server_it_was_told_of(tmp_path: Path) -> None:
    told = read_settings({"SUNLINE_MODE": "demo", "SUNLINE_REDIS_URL": "redis://127.0.0.1:1"})
    with redis_of(told) as url:
        assert url == "redis://127.0.0.1:1"


def test_an_installation_told_of_none_uses_the_one_in_its_data_folder(tmp_path: Path) -> None:
    with redis_of(read_settings({"SUNLINE_MODE": "demo", "SUNLINE_DATA_DIR": str(tmp_path)})) as url:
        assert answers(url)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class server:  # noqa: N801 - reads as a statement
    """A Redis program on a port of 127.0.0.1, for as long as the block runs."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        folder.mkdir()
        self._process = subprocess.Popen(
            [server_program(), *arguments, "--dir", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> None: ...

    def __exit__(self, *_exc: object) -> None:
        self._process.terminate()
        self._process.wait()


def until_answering(url: str) -> None:
    for _ in range(20_000):
        if answers(url):
            return
    raise AssertionError("the server did not come up")
