"""A small application and a phone network on real ports of this machine."""

from __future__ import annotations

import re
import threading

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.serving import BaseWSGIServer, make_server

from phonesim import HttpApplication, Network
from phonesim.client import SimClient
from phonesim.live import QuietHandler, Server
from tests.simulator.stage import ACCOUNT, OURS, START, TOKEN, Office

GIVE_UP = 120
"""Seconds after which something never comes. However busy the machine is, whatever does come is there by then."""
STILL = 0.001
"""A clock that stands as good as still: only ``advance`` moves it, so that it does not matter how long people take."""


class Redirecting(TwilioHttpClient):
    """The HTTP client of the real library, with every host of Twilio replaced by one address."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=GIVE_UP)
        self.base = base

    def request(self, method: str, url: str, **more: object) -> object:  # type: ignore[override]
        return super().request(method, re.sub(r"^https://\w+\.twilio\.com", self.base, url), **more)  # type: ignore[arg-type]


class Town:
    """An office and a network on real ports, with a clock that flows as in life or stands still."""

    def __init__(self, rate: float = 1.0) -> None:
        self.office = Office()
        self.web: BaseWSGIServer = make_server("127.0.0.1", 0, self.office, threaded=True, request_handler=QuietHandler)
        self.base = f"http://127.0.0.1:{self.web.port}"
        self.thread = threading.Thread(target=self.web.serve_forever, args=(0.01,))
        self.thread.start()
        self.application = HttpApplication(timeout=GIVE_UP)
        self.net = Network(ACCOUNT, TOKEN, self.application, START)
        self.office.net = self.net
        self.server = Server(self.net, rate=rate).start()
        self.sim = SimClient(self.server.url)
        self.sim.add_number(OURS, voice_url=f"{self.base}/voice")
        self.twilio = Client(ACCOUNT, TOKEN, http_client=Redirecting(self.server.url))

    def close(self) -> None:
        self.sim.close()
        self.twilio.http_client.session.close()
        self.server.stop()
        self.web.shutdown()
        self.thread.join()
        self.web.server_close()
        self.application.close()
