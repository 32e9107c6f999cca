"""Redis as docs/settings.md asks for it beyond one machine: a real server with password and TLS, and sentinels."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, ConnectionError, RedisError

from ivr.core.redis_address import read_redis_address, unprotected
from ivr.core.redis_client import connect_redis
from tests.certificates import Certificate, certify
from tests.house.test_embedded_redis import free_port

PASSWORD = "p@ss/word:of a test"
HOST = "localhost"


@pytest.fixture(scope="module")
def program() -> str:
    """A Redis or Valkey server of this machine that speaks TLS; the one that is embedded does not."""
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        # One without TLS stumbles over the first of the two.
        if found and 'port "x"' in words_of(found, "--tls-port", "1", "--port", "x"):
            return found
    pytest.skip("no redis-server or valkey-server with TLS is on the PATH; install one, as redis-server of Debian")


def words_of(*command: str) -> str:
    told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return told.stdout


@dataclass(frozen=True)
class Place:
    """Where a server is, and by what it is known."""

    port: int
    known_by: Certificate

    def url(
        self, scheme: str = "rediss", host: str = HOST, password: str = PASSWORD, path: str = "", **files: Path
    ) -> str:
        place = f"{scheme}://:{quote(password, safe='')}@{host}:{self.port}{path}"
        return f"{place}?ssl_ca_certs={quote(str(files.get('authority', self.known_by.authority)))}"


@contextmanager
def running(program: str, folder: Path, known_by: Certificate, port: int) -> Iterator[None]:
    """A server that takes no connection without TLS."""
    folder.mkdir()
    tls = ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no", "--tls-replication", "yes"]
    tls += ["--tls-cert-file", known_by.chain, "--tls-key-file", known_by.key, "--tls-ca-cert-file", known_by.authority]
    command = [program, *map(str, tls), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    command += ["--requirepass", PASSWORD]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def place(program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("redis")
    made = Place(free_port(), certify(folder / "certificates", HOST))
    with running(program, folder / "server", made.known_by, made.port):
        await_answer(made.url())
        yield made


def await_answer(url: str) -> None:
    while True:
        with connect_redis(url) as client:
            try:
                client.ping()
            except ConnectionError:
                continue
            return


def reached(url: str) -> Redis:
    client = connect_redis(url)
    client.set("found", "yes")
    return client


def test_the_documented_address_reaches_a_server_with_password_and_tls(place: Place) -> None:
    assert unprotected(place.url()) is None
    with reached(place.url()) as client:
        assert client.get("found") == b"yes"


def test_a_wrong_password_is_refused(place: Place) -> None:
    with pytest.raises(AuthenticationError):
        reached(place.url(password="another"))


def test_a_server_that_proves_another_name_is_not_spoken_to(place: Place) -> None:
    with pytest.raises(RedisError, match="IP address mismatch"):
        reached(place.url(host="127.0.0.1"))


def test_a_server_that_an_unknown_authority_vouches_for_is_not_spoken_to(place: Place, tmp_path: Path) -> None:
    with pytest.raises(RedisError, match="certificate"):
        reached(place.url(authority=certify(tmp_path, HOST).authority))


def test_the_documented_address_of_sentinels_reaches_the_server_that_they_name(
    program: str, place: Place, tmp_path: Path
) -> None:
    sentinel = Place(free_port(), place.known_by)
    with watching(program, tmp_path / "sentinel", place, sentinel.port):
        await_answer(sentinel.url())
        url = sentinel.url("rediss+sentinel", path="/line")
        assert unprotected(url) is None
        with reached(url) as client:
            assert client.get("found") == b"yes"


def test_an_option_that_sentinels_would_not_be_told_of_is_refused() -> None:
    with pytest.raises(ValueError, match="option"):
        read_redis_address("rediss+sentinel://:secret@one/line?db=3")


@contextmanager
def watching(program: str, folder: Path, place: Place, port: int) -> Iterator[None]:
    """A sentinel that names its server by the name that its certificate proves."""
    folder.mkdir()
    config, known_by = folder / "sentinel.conf", place.known_by
    config.write_text(
        f"port 0\ntls-port {port}\nbind 127.0.0.1\ntls-auth-clients no\ntls-replication yes\n"
        f"tls-cert-file {known_by.chain}\ntls-key-file {known_by.key}\ntls-ca-cert-file {known_by.authority}\n"
        f'requirepass "{PASSWORD}"\n'
        "sentinel resolve-hostnames yes\nsentinel announce-hostnames yes\n"
        f'sentinel monitor line {HOST} {place.port} 1\nsentinel auth-pass line "{PASSWORD}"\n'
    )
    command = [program, str(config), "--sentinel"]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield
        finally:
            process.terminate()
