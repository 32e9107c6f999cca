"""Runs documents on a leg: fetch, perform the verbs in order, follow to the next document (Twilio: TwiML Voice)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from itertools import zip_longest

from phonesim.errors import Interruption
from phonesim.leg import Leg
from phonesim.process import Fetch, Script
from phonesim.twiml.document import Verb, parse, read_response
from phonesim.web.addresses import joined
from phonesim.web.messages import Exchange, Hook, Response, WebFailure


@dataclass(frozen=True, slots=True)
class Goto:
    """The next document: an absolute URL, or inline TwiML."""

    url: str = ""
    method: str = "POST"
    params: dict[str, str] = field(default_factory=dict)
    twiml: str | None = None


class Ending(Enum):
    """How a chain of documents came to its end."""

    RAN_OUT = "no verb is left"
    STOPPED = "the leg was hung up by the document"
    LEFT = "Leave"


Step = Goto | Ending | None
Handler = Callable[["Interpreter", Verb], Script[Step]]
HANDLERS: dict[str, Handler] = {}


class Redirected(Interruption):
    """The REST API gave the leg a new document."""

    def __init__(self, goto: Goto) -> None:
        super().__init__()
        self.goto = goto


class ApplicationError(Exception):
    """Neither the document nor its fallback could be had."""


def no_context() -> dict[str, str]:
    """Nothing besides the standard parameters."""
    return {}


class Interpreter:
    """Performs documents of one kind (main, wait, screening, whisper, conference-wait, hold, announce) on a leg.

    ``context`` adds the parameters of that kind, read anew for every request.
    """

    def __init__(self, leg: Leg, kind: str, context: Callable[[], dict[str, str]] = no_context) -> None:
        self.leg, self.net, self.kind, self.context = leg, leg.net, kind, context
        self.base = ""
        self.exchange: Exchange | None = None
        self.following: Verb | None = None

    def play(self, goto: Goto) -> Script[Ending]:
        """Perform a document and those it leads to. Raises ApplicationError."""
        while True:
            verbs = yield from self.load(goto)
            step = yield from self.perform(verbs)
            if isinstance(step, Ending):
                return step
            goto = step

    def perform(self, verbs: tuple[Verb, ...]) -> Script[Goto | Ending]:
        """Run the verbs until one leads elsewhere; ``following`` is the one after that which runs."""
        for verb, self.following in zip_longest(verbs, verbs[1:]):
            step = yield from HANDLERS[verb.name](self, verb)
            if step is not None:
                return step
        return Ending.RAN_OUT

    def load(self, goto: Goto) -> Script[tuple[Verb, ...]]:
        """Get a document, from the fallback URL if need be (Twilio: availability and reliability)."""
        try:
            return (yield from self._read(goto))
        except WebFailure as problem:
            self._report(problem, goto)
            spare = self.leg.fallback
            if spare is None or not self._may_fall_back():
                raise ApplicationError from problem
            error = {"ErrorCode": str(problem.code), "ErrorUrl": goto.url}
            return (yield from self._spare(Goto(spare.url, spare.method, {**goto.params, **error})))

    def _may_fall_back(self) -> bool:
        return self.kind == "main" or (self.kind == "wait" and self.net.options.wait_fallback)

    def _spare(self, goto: Goto) -> Script[tuple[Verb, ...]]:
        try:
            return (yield from self._read(goto))
        except WebFailure as problem:
            self._report(problem, goto)
            raise ApplicationError from problem

    def _report(self, problem: WebFailure, goto: Goto) -> None:
        self.net.alert(problem.code, self.leg.sid, goto.url, problem.why, problem.line, self.exchange)

    def _read(self, goto: Goto) -> Script[tuple[Verb, ...]]:
        self.exchange = None
        if goto.twiml is not None:
            self.base = ""
            return parse(goto.twiml.encode(), self.kind, self.complain, self.net.options)
        request = self.request(goto)
        outcome = yield request
        self.exchange = Exchange(self.net.now, request.hook, outcome)
        if isinstance(outcome, WebFailure):
            raise outcome
        self.base = outcome.url or goto.url
        return read_response(outcome, self.kind, self.complain, self.net.options)

    def request(self, goto: Goto) -> Fetch:
        """The webhook that asks for a document."""
        params = {**self.leg.parameters(), **self.context(), **goto.params}
        return Fetch(self.net.hook(goto.url, goto.method, params, self.leg.sid))

    def notify(self, goto: Goto | None) -> None:
        """Request an action whose document nobody will perform."""
        if goto:
            hook = self.request(goto).hook
            self.leg.fetch(hook, lambda outcome: self._unheeded(hook, outcome))

    def _unheeded(self, hook: Hook, outcome: Response | WebFailure) -> None:
        exchange = Exchange(self.net.now, hook, outcome)
        if isinstance(outcome, WebFailure):
            self.net.alert(outcome.code, hook.call_sid, hook.url, outcome.why, exchange=exchange)
        elif outcome.status >= 400:
            code = self.net.options.http_error_code
            self.net.alert(code, hook.call_sid, hook.url, f"HTTP status {outcome.status}", exchange=exchange)

    def resolve(self, url: str) -> str:
        """Make a URL absolute against the document it stands in; blank is that document itself."""
        return joined(self.base, url.strip()) if self.base else url.strip()

    def action(self, verb: Verb, params: dict[str, str], default: bool = False) -> Goto | None:
        """Where a verb's ``action`` leads; None without one, or the current document when that is its default."""
        url = verb.attributes.get("action", "")
        if not url and not default:
            return None
        return Goto(self.resolve(url), method_of(verb, "method"), params)

    def complain(self, code: int, why: str, line: int | None = None) -> None:
        """Leave an alert about the current document."""
        self.net.alert(code, self.leg.sid, self.base, why, line, self.exchange)

    def answer(self) -> None:
        """Pick the leg up, as most verbs do."""
        self.leg.answer()


def method_of(verb: Verb, name: str, default: str = "POST") -> str:
    """GET or POST of an attribute."""
    value = verb.attributes.get(name, default).upper()
    return value if value in {"GET", "POST"} else default


APOLOGY = Goto(
    twiml="<Response><Say>We are sorry, an application error has occurred. Goodbye.</Say><Hangup/></Response>"
)


def main_script(leg: Leg, goto: Goto) -> Script[None]:
    """The life of a leg with documents of its own; when they run out the leg is hung up."""
    while True:
        try:
            yield from Interpreter(leg, "main").play(goto)
            break
        except Redirected as change:
            goto = change.goto
        except ApplicationError:
            goto = APOLOGY
    leg.finish("completed")
