"""A client of the control API."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote

import requests

from phonesim.errors import PhonesimError

TIMEOUT = 60.0


class SimClient:
    """People with phones, over HTTP. Raises PhonesimError with the server's words."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        """Close idle connections."""
        self._session.close()

    def state(self) -> dict[str, Any]:
        """The clock, the phones, queues and conferences."""
        return self._ask("GET", "/sim/state")

    def trace(self, after: int = 0) -> dict[str, Any]:
        """``{"next": n, "trace": [...]}``: what happened since."""
        return self._ask("GET", f"/sim/trace?after={after}")

    def alerts(self, after: int = 0) -> dict[str, Any]:
        """``{"next": n, "alerts": [...]}``: the debugger."""
        return self._ask("GET", f"/sim/alerts?after={after}")

    def requests(self, call_sid: str) -> dict[str, Any]:
        """``{"requests": [...]}``: the webhooks of one call with their answers."""
        return self._ask("GET", f"/sim/requests/{call_sid}")

    def add_number(self, number: str, **settings: Any) -> dict[str, Any]:
        """Add a number, as ``Network.add_number``."""
        return self._ask("POST", "/sim/numbers", {"number": number, **settings})

    def now(self) -> datetime:
        """Virtual UTC."""
        return datetime.fromisoformat(self._ask("POST", "/sim/clock", {})["now"])

    def set_rate(self, rate: float) -> dict[str, Any]:
        """Virtual seconds per real second."""
        return self._ask("POST", "/sim/clock", {"rate": rate})

    def advance(self, seconds: float) -> dict[str, Any]:
        """Jump ahead, waiting for the webhooks on the way."""
        return self._ask("POST", "/sim/clock", {"advance_seconds": seconds})

    def faults(self) -> list[dict[str, Any]]:
        """The catalogue of faults; ``on`` tells which are on."""
        return cast("list[dict[str, Any]]", self._ask("GET", "/sim/faults")["faults"])

    def switch_on(self, *faults: str) -> None:
        """Let faults strike, written as ``callbacks-lost=0.3``."""
        self._ask("POST", "/sim/faults", {"on": faults})

    def switch_off(self, *names: str) -> None:
        """Mend the faults of these names."""
        self._ask("POST", "/sim/faults", {"off": names})

    def switch_off_all(self) -> None:
        """Mend everything."""
        self._ask("POST", "/sim/faults", {"off": "all"})

    def tell_world(self, world: dict[str, Any]) -> dict[str, Any]:
        """What the desk shows beside the phones: sites, people, waiting."""
        return self._ask("PUT", "/sim/world", world)

    def note(self, notes: list[dict[str, Any]]) -> dict[str, Any]:
        """What was decided, and why."""
        return self._ask("POST", "/sim/notes", {"notes": notes})

    def arrange(self, phones: list[dict[str, Any]]) -> dict[str, Any]:
        """Put these phones on the desk and no others."""
        return self._ask("PUT", "/sim/desk", {"phones": phones})

    def follow(self) -> Iterator[tuple[str, Any]]:
        """Kind and value of everything that is shown, then of every change, until the server is gone."""
        try:
            with self._session.get(f"{self.base_url}/sim/stream", stream=True, timeout=TIMEOUT) as reply:
                kind = ""
                for line in reply.iter_lines(chunk_size=1, decode_unicode=True):
                    name, _, value = line.partition(": ")
                    kind = value if name == "event" else kind
                    if name == "data":
                        yield kind, json.loads(value)
        except requests.RequestException:
            return

    def dial(
        self, phone: str, to: str, from_: str | None = None, parameters: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Call a number, an app or a SIP domain of the account."""
        return self._phone(phone, "dial", {"to": to, "from": from_, "parameters": parameters})

    def answer(self, phone: str) -> dict[str, Any]:
        """Pick up."""
        return self._phone(phone, "answer")

    def decline(self, phone: str) -> dict[str, Any]:
        """Refuse the ringing call."""
        return self._phone(phone, "decline")

    def hang_up(self, phone: str) -> dict[str, Any]:
        """Put the phone down."""
        return self._phone(phone, "hangup")

    def lose(self, phone: str) -> dict[str, Any]:
        """Lose the line, as in a tunnel."""
        return self._phone(phone, "lose")

    def press(self, phone: str, keys: str) -> dict[str, Any]:
        """Press keys."""
        return self._phone(phone, "press", {"keys": keys})

    def say(
        self, phone: str, text: str, confidence: float | None = 0.9,
        alternatives: Sequence[tuple[str, float | None]] = (),
    ) -> dict[str, Any]:  # fmt: skip
        """Speak; ``alternatives`` are other readings as (text, confidence)."""
        what = {"text": text, "confidence": confidence, "alternatives": [list(other) for other in alternatives]}
        return self._phone(phone, "say", what)

    def text(self, phone: str, to: str, body: str) -> dict[str, Any]:
        """Send a text to a number of the account."""
        return self._phone(phone, "text", {"to": to, "body": body})

    def behave(self, phone: str, behaviour: str, answer_delay: float | None = None) -> dict[str, Any]:
        """Set what the phone does when it is called."""
        delay = {} if answer_delay is None else {"answer_delay": answer_delay}
        return self._phone(phone, "behaviour", {"behaviour": behaviour, **delay})

    def _phone(self, phone: str, action: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._ask("POST", f"/sim/phones/{quote(phone, safe='')}/{action}", body or {})

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            reply = self._session.request(method, self.base_url + path, json=body, timeout=TIMEOUT)
            answer = cast("dict[str, Any]", reply.json())
        except requests.RequestException as problem:
            raise PhonesimError(self._nobody) from problem
        if reply.status_code != 200:
            raise PhonesimError(answer.get("error", self._nobody))
        return answer

    @property
    def _nobody(self) -> str:
        return f"no phonesim answers at {self.base_url}; start one: python -m phonesim serve"
