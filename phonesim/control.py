"""The control API for live runs: people with phones, over HTTP (JSON in, JSON out)."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from phonesim import debugger, faults, switching
from phonesim.bodies import Body, body_of
from phonesim.errors import PhonesimError
from phonesim.network import Network
from phonesim.numbers import checked
from phonesim.page.api import PageApi
from phonesim.page.desk import Desk
from phonesim.page.moments import next_moment
from phonesim.phone import Line, Phone, describe
from phonesim.reading import MOST

NUMBER_FIELDS = frozenset({
    "number", "voice_url", "voice_method", "voice_fallback_url", "voice_fallback_method", "status_callback",
    "status_callback_method", "caller_name", "sms_url", "sms_method",
})  # fmt: skip
SWITCHES = frozenset({"on", "off"})


CALLS_MAY_LAST = 3600.0
"""The longest jump in seconds with calls going on: whoever waits asks for something to hear all the way."""


class Flow(Protocol):
    """Real time, as far as the control API steers it."""

    @property
    def rate(self) -> float:
        """How fast time flows."""

    def set_rate(self, rate: float) -> None:
        """Change how fast time flows."""

    def jump(self, seconds: float) -> None:
        """Advance at once."""


class Control:
    """WSGI callable under /sim/. Wrong requests are answered with 400 and ``{"error": ...}``."""

    def __init__(self, net: Network, flow: Flow, desk: Desk) -> None:
        self.net, self.flow, self.desk = net, flow, desk
        self._map = Map(
            [
                Rule("/sim/state", methods=["GET"], endpoint=self.state),
                Rule("/sim/trace", methods=["GET"], endpoint=self.trace),
                Rule("/sim/alerts", methods=["GET"], endpoint=self.alerts),
                Rule("/sim/requests/<call_sid>", methods=["GET"], endpoint=self.requests),
                Rule("/sim/numbers", methods=["POST"], endpoint=self.numbers),
                Rule("/sim/clock", methods=["POST"], endpoint=self.clock),
                Rule("/sim/faults", methods=["GET"], endpoint=self.faults),
                Rule("/sim/faults", methods=["POST"], endpoint=self.switch),
                Rule("/sim/phones/<address>/<action>", methods=["POST"], endpoint=self.phone),
                *PageApi(desk).rules(),
            ]
        )

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        try:
            handler, ids = self._map.bind_to_environ(environ).match()
            answer = handler(request, **ids)
            reply = answer if isinstance(answer, Response) else _json(200, answer)
        except HTTPException as problem:
            reply = _json(problem.code or 500, {"error": problem.description})
        except (PhonesimError, KeyError, TypeError, ValueError) as problem:
            reply = _json(400, {"error": _explained(problem)})
        return reply(environ, start_response)

    def state(self, _request: Request) -> Body:
        """The clock, every phone, and who waits or confers."""
        with self.net.entered():
            due = self.net.next_event_at()
            return {
                "now": self.net.now.isoformat(),
                "rate": self.flow.rate,
                "next_event_at": due.isoformat() if due else None,
                "phones": {address: _shown(phone) for address, phone in self.net.phones.items()},
                "queues": {one.name: [e.leg.sid for e in one.waiting] for one in self.net.queues.values()},
                "conferences": {
                    one.sid: {"status": one.status, "participants": [p.leg.address for p in one.participants.values()]}
                    for one in self.net.conferences.values()
                },
            }

    def trace(self, request: Request) -> Body:
        """What happened from entry ``after`` on; ``next`` is the value to ask with next time."""
        after = int(request.args.get("after", "0"))
        with self.net.entered():
            chosen = self.net.trace[after:]
            entries = [{"at": t.at.isoformat(), "kind": t.kind, "who": t.who, "detail": t.detail} for t in chosen]
            return {"next": after + len(entries), "trace": entries}

    def alerts(self, request: Request) -> Body:
        """The debugger from entry ``after`` on."""
        after = int(request.args.get("after", "0"))
        with self.net.entered():
            chosen = self.net.alerts[after:]
            return {"next": after + len(chosen), "alerts": [debugger.shown(alert) for alert in chosen]}

    def requests(self, _request: Request, call_sid: str) -> Body:
        """The request inspector: what was asked about one call and what came back, oldest first."""
        with self.net.entered():
            return {"requests": [debugger.inspected(one) for one in self.net.debugger.about(call_sid)]}

    def numbers(self, request: Request) -> Body:
        """Add a number: the parameters of ``Network.add_number``."""
        body = body_of(request)
        _known(body, NUMBER_FIELDS)
        with self.net.entered():
            return {"sid": self.net.add_number(**body).sid}

    def clock(self, request: Request) -> Body:
        """``{"rate": 10}``, ``{"advance_seconds": 60}`` or ``{"next": {"weekday", "time", "zone"}}``.

        A jump of more than an hour needs ``"hang_up": true`` while calls go on, and ends them first.
        """
        body = body_of(request)
        if "rate" in body:
            self.flow.set_rate(_amount(body, "rate", 0))
        seconds = self._leap(body)
        if seconds:
            self._clear_lines(seconds, bool(body.get("hang_up")))
            self.flow.jump(seconds)
        with self.net.entered():
            self.desk.show_clock(self.flow.rate, bool(seconds))
            return {"now": self.net.now.isoformat(), "rate": self.flow.rate}

    def _leap(self, body: Body) -> float:
        if "next" not in body:
            return _amount(body, "advance_seconds", 0)
        wanted = body["next"]
        with self.net.entered():
            now = self.net.now
            return (next_moment(now, wanted["weekday"], wanted["time"], wanted["zone"]) - now).total_seconds()

    def _clear_lines(self, seconds: float, hang_up: bool) -> None:
        with self.net.entered():
            live = [leg for leg in self.net.legs.values() if not leg.ended]
            if live and seconds > CALLS_MAY_LAST and not hang_up:
                going = "call goes" if len(live) == 1 else "calls go"
                raise PhonesimError(f"{len(live)} {going} on; end them, or move the clock by an hour at most")
            for leg in live if hang_up else ():
                leg.finish("completed")

    def faults(self, _request: Request) -> Body:
        """The catalogue of faults, and which are on."""
        with self.net.entered():
            return {"faults": faults.listed(self.net)}

    def switch(self, request: Request) -> Body:
        """``{"off": ["rest-busy"] or "all", "on": ["callbacks-lost=0.3"]}``; all of it or, when wrong, nothing."""
        body = body_of(request)
        _known(body, SWITCHES)
        with self.net.entered():
            switching.switch(self.net, body.get("on", []), body.get("off", []))
            return {"faults": faults.listed(self.net)}

    def phone(self, request: Request, address: str, action: str) -> Body:
        """dial, answer, decline, hangup, lose (the line), press, say, text or behaviour."""
        actions: dict[str, Callable[[Phone, Body], Line | None]] = {
            "dial": _dial, "answer": lambda phone, _: phone.answer(), "decline": lambda phone, _: phone.decline(),
            "hangup": lambda phone, _: _line(phone).hang_up(), "press": _press, "say": _say, "text": _text,
            "behaviour": _behave, "lose": lambda phone, _: _line(phone).lose(),
        }  # fmt: skip
        if action not in actions:
            raise NotFound(f"a phone cannot {action}")
        body = body_of(request)
        with self.net.entered():
            phone = self.net.phone(checked(address))
            line = actions[action](phone, body)
            return describe(line) if line else {"behaviour": phone.behaviour}


def _dial(phone: Phone, body: Body) -> Line:
    return phone.dial(body["to"], body.get("from"), body.get("caller_name"), parameters=body.get("parameters"))


def _press(phone: Phone, body: Body) -> Line:
    line = _line(phone)
    line.press(body["keys"])
    return line


def _say(phone: Phone, body: Body) -> Line:
    line = _line(phone)
    alternatives = [(str(words), sure) for words, sure in body.get("alternatives", [])]
    line.say(body["text"], body.get("confidence", 0.9), alternatives)
    return line


def _text(phone: Phone, body: Body) -> None:
    phone.text(body["to"], body["body"])


def _behave(phone: Phone, body: Body) -> None:
    phone.behaviour = body.get("behaviour", phone.behaviour)
    phone.answer_delay = _amount(body, "answer_delay", phone.answer_delay)


def _amount(body: Body, name: str, default: float) -> float:
    """A number from 0 to :data:`MOST`."""
    found = float(body.get(name, default))
    if not 0 <= found <= MOST:
        raise PhonesimError(f"{name} is a number from 0 to {MOST}, not {found}")
    return found


def _line(phone: Phone) -> Line:
    if phone.line is None:
        raise PhonesimError(f"{phone.address} has no line; dial or answer first")
    return phone.line


def _known(body: Body, known: frozenset[str]) -> None:
    if unknown := sorted(body.keys() - known):
        raise PhonesimError(f"unknown field {unknown[0]}; known: {', '.join(sorted(known))}")


def _shown(phone: Phone) -> Body:
    texts = [{"at": text.at.isoformat(), "from": text.from_, "body": text.body} for text in phone.messages]
    lines = [describe(line) for line in phone.history]
    return {"behaviour": phone.behaviour, "ringing": phone.ringing, "lines": lines, "messages": texts}


def _explained(problem: Exception) -> str:
    return f"missing field {problem}" if isinstance(problem, KeyError) else str(problem)


def _json(status: int, body: Body) -> Response:
    return Response(json.dumps(body, default=str), status, mimetype="application/json")
