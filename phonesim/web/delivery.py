"""One webhook on its way: attempts, redirects, cached answers, the budget (Twilio: Connection overrides)."""

from collections.abc import Callable
from dataclasses import replace

from phonesim.web.addresses import path_of
from phonesim.web.cache import NOT_MODIFIED, Kept
from phonesim.web.client import REDIRECTS, WebClient, build_request, check_url, redirected
from phonesim.web.cookies import CookieJar
from phonesim.web.credentials import digest, split_credentials
from phonesim.web.messages import ConnectFailure, Hook, Outcome, ReadTimeout, Request, Response, WebFailure
from phonesim.web.overrides import DEFAULTS, read_overrides
from phonesim.web.trouble import Surroundings, refused, seconds

MOST_REDIRECTS = 10
LEAST = 0.001
Done = Callable[[Outcome], None]
Carry = Callable[[Callable[[], Outcome], Done], None]


class Delivery:
    """Ends by calling ``done`` with the final answer, or with the failure of the last attempt."""

    def __init__(
        self, net: Surroundings, client: WebClient, carry: Carry, hook: Hook, jar: CookieJar, done: Done
    ) -> None:
        self._net, self._client, self._carry = net, client, carry
        self._hook, self._jar, self._done = hook, jar, done
        self._overrides = DEFAULTS
        self._tries = self._redirects = 0
        self._spent = 0.0
        self._challenge = ""
        self._kept: Kept | None = None

    def attempt(self) -> None:
        """Send the request, or answer it from the cache."""
        try:
            url, self._overrides = read_overrides(self._hook.url)
            check_url(url)
        except WebFailure as problem:
            return self._done(problem)
        request = self._request(url)
        if request.method == "GET" and (kept := self._client.cache.find(request.url)):
            if kept.until > self._net.now:
                return self._done(kept.response)
            request.headers.update(kept.questions)
            self._kept = kept
        failure = refused(self._net, request)
        work = (lambda: failure) if failure else lambda: self._client.send(request)
        return self._carry(work, lambda outcome: self._sent(request, outcome))

    def _request(self, url: str) -> Request:
        overrides, hook = self._overrides, replace(self._hook, url=url)
        left = max(overrides.total - self._spent, LEAST)
        if left < overrides.read:
            overrides = replace(overrides, read=left)
        request = build_request(hook, self._client.auth_token, self._jar, overrides)
        if self._challenge:
            credentials = split_credentials(url)[1]
            answer = digest(self._challenge, credentials, request.method, request.url, hook.token)
            request.headers["Authorization"] = answer or request.headers["Authorization"]
        return request

    def _sent(self, request: Request, outcome: Outcome) -> None:
        latency = seconds(self._net, request)
        if isinstance(outcome, Response):
            if latency >= request.read:
                outcome, latency = ReadTimeout(self._net.options.timeout_error_code, "no answer in time"), request.read
            else:
                self._jar.keep(request.url, outcome.headers)
        else:
            latency = 0.0
        self._trace(outcome)
        self._spent += latency + outcome.seconds
        if latency:
            self._net.scheduler.after(latency, lambda: self._judge(request, outcome))
        else:
            self._judge(request, outcome)

    def _trace(self, outcome: Outcome) -> None:
        hook = self._hook
        status = outcome.status if isinstance(outcome, Response) else f"failed {outcome.code}"
        path = path_of(hook.url)
        self._net.record("webhook", hook.call_sid, kind=hook.kind, method=hook.method, path=path, status=status)

    def _judge(self, request: Request, outcome: Outcome) -> None:
        if isinstance(outcome, Response):
            if outcome.status in REDIRECTS and outcome.header("location"):
                return self._follow(outcome)
            if outcome.status == 401 and self._challenged(outcome):
                return self.attempt()
        if self._again(outcome):
            self._tries += 1
            return self.attempt()
        return self._finish(request, outcome)

    def _follow(self, reply: Response) -> None:
        self._redirects += 1
        if self._redirects > MOST_REDIRECTS:
            return self._done(WebFailure(11215, "more than ten redirects"))
        self._hook = redirected(self._hook, reply, self._net.options.keep_body_on_307)
        self._tries = 0
        return self.attempt()

    def _challenged(self, reply: Response) -> bool:
        # Answered once; a server that asks again does not know these credentials.
        known = self._challenge or not split_credentials(self._hook.url)[1]
        self._challenge = "" if known else reply.header("www-authenticate") or ""
        return self._challenge[:7].lower() == "digest "

    def _again(self, outcome: Outcome) -> bool:
        if self._tries >= self._overrides.retries or self._spent >= self._overrides.total:
            return False
        if isinstance(outcome, Response):
            return outcome.status >= 400 and self._overrides.retry_on(f"{outcome.status // 100}xx")
        kinds = {ConnectFailure: "ct", ReadTimeout: "rt"}
        kind = kinds.get(type(outcome))
        return kind is not None and self._overrides.retry_on(kind)

    def _finish(self, request: Request, outcome: Outcome) -> None:
        if isinstance(outcome, Response) and request.method == "GET":
            if outcome.status == NOT_MODIFIED and self._kept:
                outcome = replace(self._kept.response, headers=_renewed(self._kept.response, outcome))
            self._client.cache.keep(request.url, outcome, self._net.now)
        if isinstance(outcome, Response) and self._redirects:
            outcome = replace(outcome, url=self._hook.url)
        self._done(outcome)


def _renewed(kept: Response, fresh: Response) -> list[tuple[str, str]]:
    newer = {name for name, _ in fresh.headers} - {"content-type", "content-length"}
    changed = [pair for pair in fresh.headers if pair[0] in newer]
    return [pair for pair in kept.headers if pair[0] not in newer] + changed
