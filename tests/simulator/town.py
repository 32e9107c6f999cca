"""A small application and a phone network on real ports of this machine."""

from __future__ import annotations

import threading

from werkzeug.serving import BaseWSGIServer, make_server

from phonesim import HttpApplication, Network
from phonesim.client import SimClient
from phonesim.live import QuietHandler, Server
from tests.simulator.stage import ACCOUNT, OURS, START, TOKEN, Office

GIVE_UP = 120
"""Seconds after which something never comes. However busy the machine is, whatever does come is there by then."""
STILL = 0.001
"""A clock that stands as good as still: only ``advance`` moves it, so that it does not matter how long people take."""


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

    def close(self) -> None:
        self.sim.close()
        self.server.stop()
        self.web.shutdown()
        self.thread.join()
        self.web.server_close()
        self.application.close()
