"""The HTTP client under Twilio's library: one account, two hosts, errors of ours.

Every request of the library passes here, so this is the one place that decides what a response means, and
that credentials leave for Twilio's API hosts or their stand-in and for no other.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio.http.response import Response

from ivr.twilio.errors import Failure, Misconfigured, TemporaryFailure, error_for
from ivr.twilio.rest_api.transport import HttpRequest, HttpResponse, Transport

API, VERIFY = "https://api.twilio.com", "https://verify.twilio.com"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST_ANSWER = 8 * 1024 * 1024


class Connection:
    """Sends what Twilio's library asks for; ``base_url`` stands in for both API hosts where a stand-in is used."""

    def __init__(self, transport: Transport, credentials: tuple[str, str], base_url: str = API) -> None:
        self.base_url = _checked(base_url)
        self._bases = {API: self.base_url, VERIFY: VERIFY if self.base_url == API else self.base_url}
        self._transport = transport
        user, secret = credentials
        if not user or not secret:
            raise Misconfigured("a Twilio credential is empty; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
        self._authorization = "Basic " + b64encode(f"{user}:{secret}".encode()).decode("ascii")

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: object = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """The call that Twilio's library makes; its own ``auth`` and ``timeout`` are ignored for ours."""
        query = urlencode(params or {}, doseq=True)
        body = urlencode(data or {}, doseq=True).encode("ascii") if data else b""
        response = self.send(method, self._local(uri) + (f"?{query}" if query else ""), body, headers or {})
        text = response.read().decode("utf-8", "replace")
        _refuse_nonsense(method, response, text)
        return Response(response.status, text, dict(response.headers))

    def send(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> HttpResponse:
        """One request to the API host; raises the error that a refusing response is."""
        signed = {**(headers or {}), "Authorization": self._authorization}
        response = self._transport.send(HttpRequest(method.upper(), url, body, signed))
        if 200 <= response.status < 300:
            return response
        raise error_for(_failure(method.upper(), response))

    def _local(self, uri: str) -> str:
        host = next((host for host in self._bases if uri.startswith(f"{host}/")), None)
        if host is None:
            raise Misconfigured("a request was about to leave for no API host of twilio.com; unset TWILIO_EDGE")
        return self._bases[host] + uri.removeprefix(host)


def _checked(base_url: str) -> str:
    parts = urlsplit(base_url)
    local = parts.hostname in _LOCAL
    if parts.scheme not in ("https", "http") or not parts.hostname or (parts.scheme == "http" and not local):
        raise Misconfigured("the Twilio API address must be https, or http on this machine; set SUNLINE_TWILIO_API_URL")
    if parts.username or parts.query or parts.fragment:
        raise Misconfigured("the Twilio API address holds more than a host and path; set SUNLINE_TWILIO_API_URL")
    return base_url.rstrip("/")


def _failure(method: str, response: HttpResponse) -> Failure:
    try:
        answer = json.loads(response.read()[:_LONGEST_ANSWER])
        code = answer.get("code") if isinstance(answer, dict) else None
    except (ValueError, TemporaryFailure):
        code = None
    code = code if isinstance(code, int) and not isinstance(code, bool) else None
    return Failure(method, response.status, code, _retry_after(response.headers))


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def _refuse_nonsense(method: str, response: HttpResponse, text: str) -> None:
    if response.status == 204 or _is_object(text):
        return
    raise TemporaryFailure("unreadable answer", may_have_happened=method.upper() != "GET")


def _is_object(text: str) -> bool:
    try:
        found: Any = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict)
