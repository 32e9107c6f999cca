"""One webhook over the wire: signing, redirects, retries (Twilio: TwiML voice requests, Webhooks security)."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlencode, urljoin, urlsplit, urlunsplit

from phonesim.signature import sign, signed_url
from phonesim.web.applications import Application
from phonesim.web.cookies import CookieJar
from phonesim.web.messages import ConnectFailure, ReadTimeout, Request, Response, WebFailure
from phonesim.web.overrides import Overrides, read_overrides

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 10
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook to deliver: parameters go into the body (POST) or the query (GET)."""

    url: str
    method: str = "POST"
    pairs: Pairs = ()
    token: str = ""
    voice: bool = True
    call_sid: str = ""
    kind: str = "instructions"


class WebClient:
    """Delivers hooks to the first application that serves their host."""

    def __init__(self, applications: Sequence[Application], auth_token: str, keep_body_on_307: bool) -> None:
        self.applications = list(applications)
        self.auth_token = auth_token
        self.keep_body_on_307 = keep_body_on_307
        self.unreachable = False

    def deliver(self, hook: Hook, jar: CookieJar) -> Response:
        """Request, follow at most ten redirects, and give the final answer. Raises WebFailure."""
        for _ in range(MOST_REDIRECTS + 1):
            reply = self._try(hook, jar)
            if reply.status not in REDIRECTS or not reply.header("location"):
                return reply
            hook = self._redirected(hook, reply)
        raise WebFailure(11215, "more than ten redirects")

    def _redirected(self, hook: Hook, reply: Response) -> Hook:
        target = urljoin(hook.url, reply.header("location") or "")
        if reply.status in {307, 308} and self.keep_body_on_307:
            return replace(hook, url=target)
        return replace(hook, url=target, method="GET", pairs=())

    def _try(self, hook: Hook, jar: CookieJar) -> Response:
        url, overrides = read_overrides(hook.url)
        check_url(url)
        request = build_request(replace(hook, url=url), self.auth_token, jar, overrides)
        for attempts_left in range(overrides.retries, -1, -1):
            try:
                reply = self._send(request)
            except (ConnectFailure, ReadTimeout) as problem:
                kind = "ct" if isinstance(problem, ConnectFailure) else "rt"
                if attempts_left and overrides.retry_on(kind):
                    continue
                raise
            if attempts_left and reply.status >= 400 and overrides.retry_on(f"{reply.status // 100}xx"):
                continue
            jar.keep(request.url, reply.headers)
            return reply
        raise WebFailure(11200, "no attempt was made")

    def _send(self, request: Request) -> Response:
        if self.unreachable:
            raise ConnectFailure(11205, "connection refused")
        for application in self.applications:
            if application.serves(request.url):
                return application.send(request)
        raise ConnectFailure(11210, "no such host")

    def serves(self, url: str) -> bool:
        """Tell whether some application answers for this URL."""
        return any(application.serves(url) for application in self.applications)


def check_url(url: str) -> None:
    """Raise 11100 for anything but an absolute http(s) URL; host names with underscores are refused."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "_" in parts.hostname:
        raise WebFailure(11100, "not an absolute http(s) URL with a plain host name")


def build_request(hook: Hook, auth_token: str, jar: CookieJar, overrides: Overrides) -> Request:
    """The signed request for a hook; credentials in the URL become an Authorization header."""
    url, authorization = split_credentials(hook.url)
    post = hook.method == "POST"
    if not post and hook.pairs:
        url = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(hook.pairs)}"
    headers = {
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "X-Twilio-Signature": sign(auth_token, signed_url(url, hook.voice), hook.pairs if post else ()),
        "I-Twilio-Idempotency-Token": hook.token,
        **authorization,
    }
    if cookie := jar.header(url):
        headers["Cookie"] = cookie
    if post:
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    body = urlencode(hook.pairs).encode() if post else None
    return Request(hook.method, url, headers, body, overrides.connect, min(overrides.read, overrides.total))


def split_credentials(url: str) -> tuple[str, dict[str, str]]:
    """Take ``user:pass@`` out of a URL and give it as a Basic Authorization header."""
    parts = urlsplit(url)
    credentials, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, {}
    basic = b64encode(unquote(credentials).encode()).decode()
    return urlunsplit((parts.scheme, host, parts.path, parts.query, "")), {"Authorization": f"Basic {basic}"}
