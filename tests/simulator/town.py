"""A small application and a phone network on real ports of this machine."""

from __future__ import annotations

import threading

from werkzeug.serving import BaseWSGIServer, make_server

from phonesim import HttpApplication, Network
from phonesim.client import SimClient
from phonesim.live import QuietHandler, Server
from tests.simulator.stage import ACCOUNT, OURS, START, TOKEN, Office


class Town:
    """An office and a network on real ports."""

    def __init__(self) -> None:
        self.office = Office()
        self.web: BaseWSGIServer = make_server("127.0.0.1", 0, self.office, threaded=True, request_handler=QuietHandler)
        self.base = f"http://127.0.0.1:{self.web.port}"
        self.thread = threading.Thread(target=self.web.serve_forever, args=(0.01,))
        self.thread.start()
        self.application = HttpApplication(timeout=5)
        self.net = Network(ACCOUNT, TOKEN, self.application, START)
        self.office.net = self.net
        self.server = Server(self.net).start()
        self.sim = SimClient(self.server.url)
        self.sim.add_number(OURS, voice_url=f"{self.base}/voice")

    def close(self) -> None:
        self.sim.close()
        self.server.stop()
        self.web.shutdown()
        self.thread.join()
        self.web.server_close()
        self.application.close()
