"""Commands as somebody at the keyboard uses them: told by the environment, on a real database."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command as alembic
from click.testing import CliRunner, Result
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from ivr import cli
from ivr.ops import schema
from phonesim.live import QuietHandler
from tests.web.line import Line, environment, furnished_folder

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A furnished line, to be copied: hashing passwords takes long on purpose."""
    folder = furnished_folder(tmp_path_factory.mktemp("furnished"), sqlite_template)
    alembic.stamp(schema.configuration(f"sqlite:///{folder}/sunline.db"), "head")
    return folder


@pytest.fixture
def line(tmp_path: Path, furnished: Path) -> Iterator[Line]:
    """The example organisation's line, whose data folder nobody else may open."""
    tmp_path.chmod(0o700)
    made = Line(tmp_path, furnished)
    yield made
    made.database.dispose()


@pytest.fixture
def run(line: Line, tmp_path: Path) -> Run:
    """Run ``sunline`` with arguments; ``answers`` are typed, a line each."""

    def runs(*arguments: str, answers: tuple[str, ...] = (), **environ: str | None) -> Result:
        typed = "".join(f"{answer}\n" for answer in answers)
        env = {**environment(tmp_path), **environ}
        return CliRunner().invoke(cli.main, arguments, input=typed, env=env)

    return runs


class Account:
    """A stand-in for the account's telephone numbers (Twilio: "IncomingPhoneNumber resource")."""

    def __init__(self, account: str, secret: str) -> None:
        self._credentials = (account, secret)
        self._base = f"/2010-04-01/Accounts/{account}/IncomingPhoneNumbers"
        self.numbers: dict[str, dict[str, Any]] = {}
        self.changed: list[dict[str, str]] = []
        self.services: dict[str, dict[str, Any]] = {}
        """Verify services by sid (Twilio: "Verify v2")."""

    def own(self, number: str, **settings: str) -> None:
        sid = f"PN{len(self.numbers):032x}"
        empty = {"voice_url": "", "voice_fallback_url": "", "status_callback": ""}
        self.numbers[sid] = {"sid": sid, "phone_number": number, **empty, **settings}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        given = request.authorization
        if request.method == "HEAD":
            return Response()
        if given is None or (given.username, given.password) != self._credentials:
            return Response(json.dumps({"code": 20003}), 401)
        if request.path.startswith("/v2/Services/"):
            service = self.services.get(request.path.removeprefix("/v2/Services/"))
            return Response(json.dumps(service or {"code": 20404}), 200 if service else 404)
        if request.method == "GET":
            found = [one for one in self.numbers.values() if one["phone_number"] == request.args["PhoneNumber"]]
            return Response(json.dumps({"incoming_phone_numbers": found, "next_page_uri": None, "page": 0}))
        asked = request.form.to_dict()
        number = self.numbers[request.path.removeprefix(f"{self._base}/").removesuffix(".json")]
        number |= {
            "voice_url": asked["VoiceUrl"],
            "voice_fallback_url": asked["VoiceFallbackUrl"],
            "status_callback": asked["StatusCallback"],
        }
        self.changed.append(asked)
        return Response(json.dumps(number))


ACCOUNT = "AC" + "7" * 32
SECRET = "secret-0123456789abcdef0123456789"


@pytest.fixture
def account() -> Account:
    return Account(ACCOUNT, SECRET)


@pytest.fixture
def at_the_network(account: Account) -> Iterator[dict[str, str]]:
    """The environment of a demo whose phone network is the stand-in, behind a real HTTP server."""
    server = make_server("127.0.0.1", 0, account, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield {
        "SUNLINE_MODE": "demo",
        "SUNLINE_TWILIO_API_URL": f"http://127.0.0.1:{server.server_port}",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": SECRET,
    }
    server.shutdown()
    thread.join()
    server.server_close()
