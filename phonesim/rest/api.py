"""The REST API as a WSGI callable; the host is ignored (Twilio: REST API, OpenAPI api v2010 and verify v2)."""

import hmac
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from phonesim.errors import RestTimedOut
from phonesim.rest import recordings
from phonesim.rest.problems import RestProblem, not_found
from phonesim.rest.routes import ROUTES

if TYPE_CHECKING:
    from phonesim.network import Network

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
