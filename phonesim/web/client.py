"""The HTTP client: a signed request for a webhook, and who answers it (Twilio: Webhooks security)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote_plus

from phonesim.signature import sign, signed_url
from phonesim.web.addresses import as_sent, is_absolute, joined
from phonesim.web.applications import Application
from phonesim.web.cache import Cache
from phonesim.web.cookies import CookieJar
from phonesim.web.credentials import basic, split_credentials
from phonesim.web.messages import ConnectFailure, Hook, Outcome, Pairs, Request, Response, WebFailure
from phonesim.web.overrides import DEFAULTS, Overrides

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEP_METHOD = frozenset({307, 308})
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


class WebClient:
    """Sends requests to the first application that serves their host."""

    def __init__(self, applications: Sequence[Application], auth_token: str) -> None:
        self.applications = list(applications)
        self.auth_token = auth_token
        self.cache = Cache()

    def send(self, request: Request) -> Outcome:
        """One attempt; a failure is given as a value."""
        try:
            for application in self.applications:
                if application.serves(request.url):
                    return application.send(request)
            raise ConnectFailure(11210, "no such host")
        except WebFailure as problem:
            return problem

    def serves(self, url: str) -> bool:
        """Tell whether some application answers for this URL. One that is malformed is asked for, and fails."""
        return not is_absolute(url) or any(application.serves(url) for application in self.applications)


def redirected(hook: Hook, reply: Response, keep_body: bool) -> Hook:
    """Where a 3xx leads: a GET without parameters; 307 and 308 repeat a POST when the platform does that."""
    target = joined(hook.url, reply.header("location") or "")
    if hook.method == "POST" and reply.status in KEEP_METHOD and keep_body:
        return replace(hook, url=target)
    return replace(hook, url=target, method="GET", pairs=())


def check_url(url: str) -> None:
    """Raise 11100 for anything but an absolute http(s) URL; host names with underscores are refused."""
    if not is_absolute(url):
        raise WebFailure(11100, "not an absolute http(s) URL with a plain host name")


def build_request(hook: Hook, auth_token: str, jar: CookieJar, overrides: Overrides = DEFAULTS) -> Request:
    """The signed request for a hook whose URL has no fragment; credentials in it become a header."""
    url, credentials = split_credentials(hook.url)
    post = hook.method == "POST"
    if not post and hook.pairs:
        between = "" if url.endswith("?") else "&" if "?" in url else "?"
        url = f"{url}{between}{form(hook.pairs)}"
    url = as_sent(url)
    signed = [pair for pair in hook.pairs if pair[0] not in hook.unsigned] if hook.unsigned else hook.pairs
    headers = {
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "X-Twilio-Signature": sign(auth_token, signed_url(url, hook.voice), signed if post else ()),
        "I-Twilio-Idempotency-Token": hook.token,
    }
    if credentials:
        headers["Authorization"] = basic(credentials)
    if cookie := jar.header(url):
        headers["Cookie"] = cookie
    if not post:
        return Request("GET", url, headers, None, overrides.connect, overrides.read)
    headers["Content-Type"] = FORM
    return Request("POST", url, headers, form(hook.pairs).encode(), overrides.connect, overrides.read)


def form(pairs: Pairs) -> str:
    """Parameters as application/x-www-form-urlencoded."""
    return "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in pairs])


# Names and most values come again and again, and quoting them is the dearest part of a request.
_quoted = lru_cache(maxsize=8192)(quote_plus)
