"""The control API for live runs: people with phones, over HTTP (JSON in, JSON out)."""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Protocol

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from phonesim import debugger, faults, switching
from phonesim.bodies import (
    REQUIRED,
    Body,
    amount,
    body_of,
    fields,
    flag,
    given,
    list_of,
    maybe,
    number,
    position,
    text,
    texts_by_name,
    words,
)  # fmt: skip
from phonesim.errors import PhonesimError
from phonesim.network import Network
from phonesim.numbers import checked
from phonesim.page.api import PageApi
from phonesim.page.desk import Desk
from phonesim.page.moments import next_moment
from phonesim.phone import Line, Phone, describe
from phonesim.values import LAST_YEAR
from phonesim.web.addresses import is_absolute

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
        except PhonesimError as problem:
            reply = _json(400, {"error": str(problem)})
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
        after = _after(request)
        with self.net.entered():
            chosen = self.net.trace[after:]
            entries = [{"at": t.at.isoformat(), "kind": t.kind, "who": t.who, "detail": t.detail} for t in chosen]
            return {"next": after + len(entries), "trace": entries}

    def alerts(self, request: Request) -> Body:
        """The debugger from entry ``after`` on."""
        after = _after(request)
        with self.net.entered():
            chosen = self.net.alerts[after:]
            return {"next": after + len(chosen), "alerts": [debugger.shown(alert) for alert in chosen]}

    def requests(self, _request: Request, call_sid: str) -> Body:
        """The request inspector: what was asked about one call and what came back, oldest first."""
        with self.net.entered():
            return {"requests": [debugger.inspected(one) for one in self.net.debugger.about(call_sid)]}

    def numbers(self, request: Request) -> Body:
        """Add a number: the parameters of ``Network.add_number``."""
        number = _number(body_of(request))
        if "number" not in number:
            raise PhonesimError("a number needs 'number'")
        with self.net.entered():
            return {"sid": self.net.add_number(**number).sid}

    def clock(self, request: Request) -> Body:
        """``{"rate": 10}``, ``{"advance_seconds": 60}`` or ``{"next": {"weekday", "time", "zone"}}``.

        A jump of more than an hour needs ``"hang_up": true`` while calls go on, and ends them first.
        """
        body = _clock(body_of(request))
        if "rate" in body:
            self.flow.set_rate(body["rate"])
        seconds = self._leap(body)
        if seconds:
            self._clear_lines(seconds, body.get("hang_up", False))
            self.flow.jump(seconds)
        with self.net.entered():
            self.desk.show_clock(self.flow.rate, bool(seconds))
            return {"now": self.net.now.isoformat(), "rate": self.flow.rate}

    def _leap(self, body: Body) -> float:
        if "next" not in body:
            return float(body.get("advance_seconds", 0))
        wanted = body["next"]
        with self.net.entered():
            now = self.net.now
            return (next_moment(now, wanted["weekday"], wanted["time"], wanted["zone"]) - now).total_seconds()

    def _clear_lines(self, seconds: float, hang_up: bool) -> None:
        with self.net.entered():
            if (self.net.now + timedelta(seconds=seconds)).year > LAST_YEAR:
                raise PhonesimError(f"the clock goes until {LAST_YEAR}; move it less far")
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
        wanted = _switches(body_of(request))
        with self.net.entered():
            switching.switch(self.net, wanted["on"], wanted["off"])
            return {"faults": faults.listed(self.net)}

    def phone(self, request: Request, address: str, action: str) -> Body:
        """dial, answer, decline, hangup, lose (the line), press, say, text or behaviour."""
        if action not in ACTIONS:
            raise NotFound(f"a phone cannot {action}; it can {', '.join(ACTIONS)}")
        read, act = ACTIONS[action]
        body = read(body_of(request))
        with self.net.entered():
            phone = self.net.phone(checked(address))
            line = act(phone, body)
            return describe(line) if line else {"behaviour": phone.behaviour}


# How requests are read: whatever has another name, or is of another kind, is refused.


def _after(request: Request) -> int:
    try:
        return position(request.args.get("after", "0"))
    except ValueError as problem:
        raise PhonesimError(f"'after' of the address: {problem}") from problem


def _url(value: Any) -> str:
    if text(value) and not is_absolute(value):
        raise ValueError("write an absolute address such as http://127.0.0.1:5000/voice")
    return str(value)


def _method(value: Any) -> str:
    if value not in ("GET", "POST"):
        raise ValueError("write GET or POST")
    return str(value)


def _off(value: Any) -> Any:
    return value if value == "all" else list_of(text)(value)


def _reading(value: Any) -> tuple[str, float | None]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("write each as a list of its words and its confidence")
    return words(value[0]), maybe(number)(value[1])


_number = given("a number", {
    "number": text, "voice_url": _url, "voice_method": _method, "voice_fallback_url": _url,
    "voice_fallback_method": _method, "status_callback": _url, "status_callback_method": _method, "caller_name": flag,
    "sms_url": _url, "sms_method": _method,
})  # fmt: skip
_moment = fields("'next'", {"weekday": (text, REQUIRED), "time": (text, REQUIRED), "zone": (text, REQUIRED)})
_clock = given("the clock", {"rate": amount, "advance_seconds": amount, "next": _moment, "hang_up": flag})
_switches = fields("faults", {"on": (list_of(text), []), "off": (_off, [])})
_nothing = given("this", {})
_call = fields("a call", {
    "to": (words, REQUIRED), "from": (maybe(text), None), "caller_name": (maybe(text), None),
    "parameters": (maybe(texts_by_name), None),
})  # fmt: skip
_keys = fields("a press", {"keys": (words, REQUIRED)})
_speech = fields("speech", {
    "text": (words, REQUIRED), "confidence": (maybe(number), 0.9), "alternatives": (list_of(_reading), []),
})  # fmt: skip
_message = fields("a text", {"to": (words, REQUIRED), "body": (words, REQUIRED)})
_behaviour = given("a phone", {"behaviour": text, "answer_delay": amount})


# What phones do


def _dial(phone: Phone, body: Body) -> Line:
    return phone.dial(body["to"], body["from"], body["caller_name"], parameters=body["parameters"])


def _press(phone: Phone, body: Body) -> Line:
    line = _line(phone)
    line.press(body["keys"])
    return line


def _say(phone: Phone, body: Body) -> Line:
    line = _line(phone)
    line.say(body["text"], body["confidence"], body["alternatives"])
    return line


def _text(phone: Phone, body: Body) -> None:
    phone.text(body["to"], body["body"])


def _behave(phone: Phone, body: Body) -> None:
    phone.behaviour = body.get("behaviour", phone.behaviour)
    phone.answer_delay = body.get("answer_delay", phone.answer_delay)


def _line(phone: Phone) -> Line:
    if phone.line is None:
        raise PhonesimError(f"{phone.address} has no line; dial or answer first")
    return phone.line


ACTIONS: dict[str, tuple[Callable[[Any], Body], Callable[[Phone, Body], Line | None]]] = {
    "dial": (_call, _dial), "answer": (_nothing, lambda phone, _: phone.answer()),
    "decline": (_nothing, lambda phone, _: phone.decline()),
    "hangup": (_nothing, lambda phone, _: _line(phone).hang_up()), "press": (_keys, _press), "say": (_speech, _say),
    "text": (_message, _text), "behaviour": (_behaviour, _behave),
    "lose": (_nothing, lambda phone, _: _line(phone).lose()),
}  # fmt: skip


def _shown(phone: Phone) -> Body:
    texts = [{"at": text.at.isoformat(), "from": text.from_, "body": text.body} for text in phone.messages]
    lines = [describe(line) for line in phone.history]
    return {"behaviour": phone.behaviour, "ringing": phone.ringing, "lines": lines, "messages": texts}


def _json(status: int, body: Body) -> Response:
    return Response(json.dumps(body, default=str), status, mimetype="application/json")
