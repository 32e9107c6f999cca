"""The REST API as a WSGI callable; the host is ignored (Twilio: REST API, OpenAPI api v2010 and verify v2)."""

import hmac
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from phonesim.errors import RestTimedOut
from phonesim.rest import calls, conferences, messages, participants, queues, recordings, verifications
from phonesim.rest.problems import RestProblem, not_found

if TYPE_CHECKING:
    from phonesim.network import Network

BASE = "/2010-04-01/Accounts/<account>"
RECORDING = "/Recordings/<string(length=34):sid>"
ROUTES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("POST", f"{BASE}/Calls.json", calls.create),
    ("GET", f"{BASE}/Calls.json", calls.listing),
    ("GET", f"{BASE}/Calls/<sid>.json", calls.fetch),
    ("POST", f"{BASE}/Calls/<sid>.json", calls.update),
    ("POST", f"{BASE}/Calls/<call>/Recordings.json", recordings.start),
    ("GET", f"{BASE}/Calls/<call>/Recordings.json", recordings.of_call),
    ("POST", f"{BASE}/Calls/<call>/Recordings/<sid>.json", recordings.steer),
    ("POST", f"{BASE}/Conferences/<conference>/Recordings/<sid>.json", recordings.steer_conference),
    ("GET", f"{BASE}/Recordings.json", recordings.listing),
    ("GET", f"{BASE}{RECORDING}.json", recordings.fetch),
    ("DELETE", f"{BASE}{RECORDING}.json", recordings.delete),
    ("GET", f"{BASE}{RECORDING}", recordings.media),
    ("GET", f"{BASE}{RECORDING}.<any(wav, mp3):extension>", recordings.media),
    ("POST", f"{BASE}/Queues.json", queues.create),
    ("GET", f"{BASE}/Queues.json", queues.listing),
    ("GET", f"{BASE}/Queues/<queue>.json", queues.fetch),
    ("POST", f"{BASE}/Queues/<queue>.json", queues.update),
    ("DELETE", f"{BASE}/Queues/<queue>.json", queues.delete),
    ("GET", f"{BASE}/Queues/<queue>/Members.json", queues.members),
    ("GET", f"{BASE}/Queues/<queue>/Members/<call>.json", queues.member),
    ("POST", f"{BASE}/Queues/<queue>/Members/<call>.json", queues.dequeue),
    ("GET", f"{BASE}/Conferences.json", conferences.listing),
    ("GET", f"{BASE}/Conferences/<conference>.json", conferences.fetch),
    ("POST", f"{BASE}/Conferences/<conference>.json", conferences.update),
    ("GET", f"{BASE}/Conferences/<conference>/Participants.json", participants.listing),
    ("POST", f"{BASE}/Conferences/<conference>/Participants.json", participants.create),
    ("GET", f"{BASE}/Conferences/<conference>/Participants/<key>.json", participants.fetch),
    ("POST", f"{BASE}/Conferences/<conference>/Participants/<key>.json", participants.update),
    ("DELETE", f"{BASE}/Conferences/<conference>/Participants/<key>.json", participants.kick),
    ("POST", f"{BASE}/Messages.json", messages.create),
    ("GET", f"{BASE}/Messages.json", messages.listing),
    ("GET", f"{BASE}/Messages/<sid>.json", messages.fetch),
    ("POST", "/v2/Services/<service>/Verifications", verifications.start),
    ("POST", "/v2/Services/<service>/VerificationCheck", verifications.check),
)
FAULTS = {"429": (20429, "Too many requests"), "500": (20500, "Internal server error"),
          "503": (20503, "Service unavailable")}  # fmt: skip


class RestApi:
    """Basic authentication, routing, JSON answers and injected failures."""

    def __init__(self, net: "Network") -> None:
        self.net = net
        rules = [Rule(path, methods=[verb], endpoint=handler) for verb, path, handler in ROUTES]
        self._map = Map(rules, merge_slashes=False)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request; effects that reach a call happen when time next advances."""
        with self.net.entered():
            reply = self._answer(Request(environ))
        return reply(environ, start_response)

    def _answer(self, request: Request) -> Response:
        fault = self.net.faults.rest_fault(request.method, request.path)
        try:
            if fault in FAULTS:
                raise RestProblem(int(fault), *FAULTS[fault])
            reply = self._carry_out(request)
        except RestProblem as problem:
            reply = _json(problem.status, problem.body())
            if problem.status == 401:
                reply.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        status = "timeout" if fault == "timeout" else reply.status_code
        self.net.record("rest", "api", method=request.method, path=request.path, status=status)
        if fault == "timeout":
            raise RestTimedOut("injected: the request took effect, its answer is lost")
        return reply

    def _carry_out(self, request: Request) -> Response:
        try:
            handler, found = self._map.bind_to_environ(request.environ).match()
        except HTTPException as problem:
            raise not_found(request.path) from problem
        ids = dict(found)
        account = ids.pop("account", self.net.account_sid)
        if self.net.options.media_auth or handler is not recordings.media:
            self._authenticate(request, account)
        result = handler(self.net, request, **ids)
        return result if isinstance(result, Response) else _json(*result)

    def _authenticate(self, request: Request, account: str) -> None:
        given = request.authorization
        user, password = (given.username or "", given.password or "") if given else ("", "")
        secret = self.net.account.secret_of(user)
        if secret is None or not hmac.compare_digest(secret.encode(), password.encode()):
            raise RestProblem(401, 20003, "Authenticate")
        if account != self.net.account_sid:
            raise not_found(request.path)


def _json(status: int, body: dict[str, Any] | None) -> Response:
    if body is None:
        return Response(status=status)
    return Response(json.dumps(body), status, mimetype="application/json")
