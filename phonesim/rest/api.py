"""The REST API as a WSGI callable; the host is ignored (Twilio: REST API, OpenAPI api v2010 and verify v2)."""

import hmac
import json
from collections.abc import Iterable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from phonesim.platform import Platform
from phonesim.rest import recordings
from phonesim.rest.problems import RestProblem, not_found, unauthenticated
from phonesim.rest.routes import ROUTES
from phonesim.rest.trouble import fate

ADDRESSES = Map([Rule(path, methods=[verb], endpoint=handler) for verb, path, handler in ROUTES], merge_slashes=False)


class RestApi:
    """Basic authentication, routing, JSON answers and injected failures."""

    def __init__(self, net: Platform) -> None:
        self.net = net

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request; effects that reach a call happen when time next advances."""
        request = Request(environ)
        with self.net.entered():
            trouble = fate(self.net, request)
            reply = self._answer(request, trouble.problem)
        self.net.linger(trouble.seconds)
        return reply(environ, start_response)

    def _answer(self, request: Request, problem: RestProblem | None) -> Response:
        try:
            if problem:
                raise problem
            reply = self._carry_out(request)
        except RestProblem as problem:
            reply = _json(problem.status, problem.body())
            if problem.status == 401:
                reply.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
        self.net.record("rest", "api", method=request.method, path=request.path, status=reply.status_code)
        return reply

    def _carry_out(self, request: Request) -> Response:
        try:
            handler, found = ADDRESSES.bind_to_environ(request.environ).match()
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
            raise unauthenticated()
        if account != self.net.account_sid:
            raise not_found(request.path)


def _json(status: int, body: dict[str, Any] | None) -> Response:
    if body is None:
        return Response(status=status)
    return Response(json.dumps(body), status, mimetype="application/json")
