"""The control API for live runs: people with phones, over HTTP (JSON in, JSON out)."""

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from phonesim.errors import PhonesimError
from phonesim.numbers import checked
from phonesim.options import Faults, RestFault
from phonesim.phone import Line, Phone, describe

if TYPE_CHECKING:
    from phonesim.network import Network

Body = dict[str, Any]
NUMBER_FIELDS = frozenset({
    "number", "voice_url", "voice_method", "voice_fallback_url", "voice_fallback_method", "status_callback",
    "status_callback_method", "caller_name",
})  # fmt: skip


class Flow(Protocol):
    """Real time, as far as the control API steers it."""

    def set_rate(self, rate: float) -> None:
        """Change how fast time flows."""

    def jump(self, seconds: float) -> None:
        """Advance at once."""


class Control:
    """WSGI callable under /sim/. Wrong requests are answered with 400 and ``{"error": ...}``."""

    def __init__(self, net: "Network", flow: Flow) -> None:
        self.net, self.flow = net, flow
        self._map = Map(
            [
                Rule("/sim/state", methods=["GET"], endpoint=self.state),
                Rule("/sim/trace", methods=["GET"], endpoint=self.trace),
                Rule("/sim/numbers", methods=["POST"], endpoint=self.numbers),
                Rule("/sim/clock", methods=["POST"], endpoint=self.clock),
                Rule("/sim/faults", methods=["POST"], endpoint=self.faults),
                Rule("/sim/phones/<address>/<action>", methods=["POST"], endpoint=self.phone),
            ]
        )

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        try:
            handler, ids = self._map.bind_to_environ(environ).match()
            reply = _json(200, handler(request, **ids))
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

    def numbers(self, request: Request) -> Body:
        """Add a number: the parameters of ``Network.add_number``."""
        body = _body(request)
        unknown = body.keys() - NUMBER_FIELDS
        if unknown:
            raise PhonesimError(f"unknown field {sorted(unknown)[0]}; known: {', '.join(sorted(NUMBER_FIELDS))}")
        with self.net.entered():
            return {"sid": self.net.add_number(**body).sid}

    def clock(self, request: Request) -> Body:
        """``{"rate": 10}`` or ``{"advance_seconds": 60}``."""
        body = _body(request)
        if "rate" in body:
            self.flow.set_rate(float(body["rate"]))
        if "advance_seconds" in body:
            self.flow.jump(float(body["advance_seconds"]))
        with self.net.entered():
            return {"now": self.net.now.isoformat()}

    def faults(self, request: Request) -> Body:
        """Set fields of Faults; those not named stay."""
        body = _body(request)
        with self.net.entered():
            set_faults(self.net.faults, body)
        return {"faults": sorted(body)}

    def phone(self, request: Request, address: str, action: str) -> Body:
        """dial, answer, decline, hangup, press, say or behaviour."""
        actions: dict[str, Callable[[Phone, Body], Line | None]] = {
            "dial": _dial, "answer": lambda phone, _: phone.answer(), "decline": lambda phone, _: phone.decline(),
            "hangup": lambda phone, _: _line(phone).hang_up(), "press": _press, "say": _say, "behaviour": _behave,
        }  # fmt: skip
        if action not in actions:
            raise NotFound(f"a phone cannot {action}")
        body = _body(request)
        with self.net.entered():
            phone = self.net.phone(checked(address))
            line = actions[action](phone, body)
            return describe(line) if line else {"behaviour": phone.behaviour}


def _dial(phone: Phone, body: Body) -> Line:
    return phone.dial(body["to"], body.get("from"), body.get("caller_name"))


def _press(phone: Phone, body: Body) -> Line:
    line = _line(phone)
    line.press(body["keys"])
    return line


def _say(phone: Phone, body: Body) -> Line:
    line = _line(phone)
    line.say(body["text"], body.get("confidence", 0.9))
    return line


def _behave(phone: Phone, body: Body) -> None:
    phone.behaviour = body.get("behaviour", phone.behaviour)
    phone.answer_delay = float(body.get("answer_delay", phone.answer_delay))


def _line(phone: Phone) -> Line:
    if phone.line is None:
        raise PhonesimError(f"{phone.address} has no line; dial or answer first")
    return phone.line


def set_faults(faults: Faults, body: Body) -> None:
    """Set the named fields; ``rest`` is a list of RestFault fields, ``media_fails_until`` an ISO instant."""
    known = {field.name for field in fields(Faults)}
    for name, value in body.items():
        if name not in known:
            raise PhonesimError(f"unknown fault {name}; known: {', '.join(sorted(known))}")
        setattr(faults, name, _fault(name, value))


def _fault(name: str, value: Any) -> Any:
    if name == "rest":
        return [RestFault(**one) for one in value]
    return datetime.fromisoformat(value) if name == "media_fails_until" and value else value


def _body(request: Request) -> Body:
    if request.mimetype != "application/json":
        raise PhonesimError("send JSON with Content-Type: application/json")
    body = json.loads(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise PhonesimError("send a JSON object")
    return body


def _shown(phone: Phone) -> Body:
    texts = [{"at": text.at.isoformat(), "from": text.from_, "body": text.body} for text in phone.messages]
    lines = [describe(line) for line in phone.history]
    return {"behaviour": phone.behaviour, "ringing": phone.ringing, "lines": lines, "messages": texts}


def _explained(problem: Exception) -> str:
    return f"missing field {problem}" if isinstance(problem, KeyError) else str(problem)


def _json(status: int, body: Body) -> Response:
    return Response(json.dumps(body, default=str), status, mimetype="application/json")
