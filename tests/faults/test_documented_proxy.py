"""The example of docs/proxy.md, word for word, in a real nginx with the web process of the Procfile behind it."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from bench.rig.installation import PUBLIC_URL, Installation, installed
from ivr.audit.tables import audit_row
from phonesim.signature import sign
from tests.certificates import Certificate, certify
from tests.faults.serving import GIVE_UP, ROOT, web
from tests.house.test_embedded_redis import free_port

HOST, OURS = "line.example", "127.0.0.1"
ELSEWHERE = "127.0.0.7"
"""Another address of this machine, from which somebody comes."""

pytestmark = pytest.mark.faults


@dataclass(frozen=True)
class Proxied:
    """An installation behind the proxy, and how to reach it."""

    at: Installation
    port: int
    trusted: ssl.SSLContext

    def ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None, come_from: str = OURS
    ) -> tuple[int, str, str]:
        """Status, text and cookie of an answer that came over TLS."""
        plain = socket.create_connection((OURS, self.port), GIVE_UP, (come_from, 0))
        connection = http.client.HTTPConnection(HOST)
        with closing(connection):
            connection.sock = self.trusted.wrap_socket(plain, server_hostname=HOST)
            form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, path, body.encode() or None, form | (headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers.get("Set-Cookie", "").partition(";")[0]

    def call(self, path: str, number: int) -> tuple[int, str, str]:
        """Somebody dials, as Twilio tells it."""
        account, token = self.at.environment["TWILIO_ACCOUNT_SID"], self.at.environment["TWILIO_AUTH_TOKEN"]
        fields = {
            "AccountSid": account, "CallSid": f"CA{number:032x}", "From": "+13125550142", "To": "+13125550100",
            "CallStatus": "ringing", "Direction": "inbound", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        signature = sign(token, f"{PUBLIC_URL}{path}", fields.items())
        return self.ask("POST", path, urlencode(fields), {"X-Twilio-Signature": signature})


def documented(folder: Path, known_by: Certificate, port: int, behind: int) -> str:
    """The example, but for its ports and its files."""
    text = (ROOT / "docs" / "proxy.md").read_text("utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found is not None
    here = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/line.example.pem": str(known_by.chain),
        "/etc/ssl/private/line.example.key": str(known_by.key),
        "http://127.0.0.1:8000": f"http://127.0.0.1:{behind}",
    }
    example = found[1]
    for theirs, ours in here.items():
        assert theirs in example
        example = example.replace(theirs, ours)
    places = "".join(f"{name}_temp_path {folder};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return f"pid {folder}/pid;\nerror_log {folder}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{places}{example}}}\n"


@contextmanager
def nginx(folder: Path, known_by: Certificate, behind: int) -> Iterator[int]:
    """The port at which the proxy answers, until the block ends."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("no nginx is on the PATH; install one to try the example of docs/proxy.md")
    port, config = free_port(), folder / "nginx.conf"
    config.write_text(documented(folder, known_by, port, behind))
    command = [program, "-p", str(folder), "-c", str(config), "-e", f"{folder}/log", "-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            await_open(process, port)
            yield port
        finally:
            process.terminate()


def await_open(process: subprocess.Popen[str], port: int) -> None:
    while True:
        if process.poll() is not None:
            assert process.stderr is not None
            raise AssertionError(f"nginx does not take the example: {process.stderr.read()}")
        try:
            socket.create_connection(("127.0.0.1", port), GIVE_UP).close()
        except ConnectionRefusedError:
            continue
        return


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    folder = tmp_path_factory.mktemp("nginx")
    known_by = certify(folder / "certificates", HOST)
    with (
        installed("SQLite", SUNLINE_TRUSTED_PROXIES="1") as at,
        web(at.environment, at.folder) as behind,
        nginx(folder, known_by, behind) as port,
    ):
        yield Proxied(at, port, ssl.create_default_context(cafile=str(known_by.authority)))


@pytest.mark.parametrize(
    "path", ["/voice/incoming", "/voice/incoming?a=%2b%7E&b=c%20d&e", "/voice/incoming?a=//b/../c"]
)
def test_a_call_is_answered_with_its_address_as_it_was_signed(line: Proxied, path: str) -> None:
    status, text, _ = line.call(path, number=sum(path.encode()))
    assert status == 200
    assert "<Gather" in text


def test_the_check_of_the_document_answers_as_it_says(line: Proxied) -> None:
    assert line.ask("POST", "/voice/incoming")[0] == 403


def test_what_is_for_this_machine_is_not_shown_outside(line: Proxied) -> None:
    assert [line.ask("GET", path)[0] for path in ("/metrics", "/readyz", "/healthz")] == [403, 403, 200]


def test_a_request_that_is_too_long_ends_at_the_proxy(line: Proxied) -> None:
    assert line.ask("POST", "/voice/incoming", "a" * 65_537)[0] == 413


def test_sounds_and_pages_are_shown(line: Proxied) -> None:
    assert line.ask("GET", "/sign-in")[0] == 200
    assert line.ask("GET", "/static/sunline.css")[0] == 200


def test_the_audit_log_has_the_address_that_people_come_from_and_not_what_they_say(line: Proxied) -> None:
    _, page, cookie = line.ask("GET", "/sign-in", come_from=ELSEWHERE)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    form = urlencode({"csrf_token": found[1], "name": "rosa", "password": "not hers"})
    said = {"Cookie": cookie, "X-Forwarded-For": "192.0.2.9", "Referer": f"{PUBLIC_URL}/sign-in"}
    assert line.ask("POST", "/sign-in", form, said, come_from=ELSEWHERE)[0] == 403
    with line.at.services.database.read() as connection:
        noted = connection.execute(select(audit_row.c.address).where(audit_row.c.action == "sign-in")).scalars().all()
    assert noted == [ELSEWHERE]
