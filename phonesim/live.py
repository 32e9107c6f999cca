"""Running in real time: one lock around the network, webhooks in threads, everything served on one port."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from phonesim.control import Control
from phonesim.errors import PhonesimError, PortInUse, ReentrantAdvance, RestTimedOut
from phonesim.network import Network
from phonesim.options import Options
from phonesim.page.desk import Desk
from phonesim.page.files import PageFiles, is_ours
from phonesim.rest.trouble import NEVER
from phonesim.web.delivery import Done
from phonesim.web.messages import Outcome, WebFailure

log = logging.getLogger("phonesim")
POLL_SECONDS = 0.05
LONGEST_NAP = 0.5
LONGEST_WEBHOOK = 20.0
MOST_AT_ONCE = 256
"""Webhooks that may be on their way together; each slow one keeps a thread."""


class LiveClock:
    """Virtual time that flows at ``rate`` times real time, and may jump ahead."""

    def __init__(self, start: datetime, rate: float) -> None:
        self._virtual, self._real = start, time.monotonic()
        self._rate = 0.0
        self.rate = rate

    @property
    def rate(self) -> float:
        """Virtual seconds per real second."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        if not 0 < rate <= 1000:
            raise PhonesimError(f"rate {rate} is out of range; choose more than 0 and at most 1000")
        self.set(self.now())
        self._rate = rate

    def now(self) -> datetime:
        """The virtual instant that should have been reached."""
        return self._virtual + timedelta(seconds=(time.monotonic() - self._real) * self._rate)

    def set(self, instant: datetime) -> None:
        """Go on from this instant."""
        self._virtual, self._real = instant, time.monotonic()


class Live:
    """Drives a network in real time. All access goes through ``entered``; webhooks never hold the lock."""

    def __init__(self, net: Network, rate: float = 1.0) -> None:
        self.net = net
        self.clock = LiveClock(net.now, rate)
        self._change = threading.Condition(threading.RLock())
        self._pool = ThreadPoolExecutor(max_workers=MOST_AT_ONCE, thread_name_prefix="webhook")
        self._stopping = False
        self._jumping = False
        self.watchers: list[Callable[[], None]] = []
        self._thread = threading.Thread(target=self._run, name="phonesim", daemon=True)
        net.webhooks.carrier = self._carry
        net.entered = self.entered
        net.linger = self.linger

    def start(self) -> None:
        """Let time flow."""
        self.clock.set(self.net.now)
        self._thread.start()

    def stop(self) -> None:
        """Stop time; webhooks on their way are finished first."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self._thread.join()
        self._pool.shutdown()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Exclusive access at the present instant."""
        with self._change:
            self._catch_up()
            yield
            self._tell()

    @property
    def rate(self) -> float:
        """Virtual seconds per real second."""
        return self.clock.rate

    def linger(self, seconds: float) -> None:
        """Let a REST answer take so many virtual seconds, however they flow. Raises RestTimedOut for NEVER."""
        if seconds == NEVER:
            raise RestTimedOut("the request took effect, its answer is lost")
        with self._change:
            until = self.net.later(seconds)
            while not self._stopping and (left := (until - self.clock.now()).total_seconds()) > 0:
                self._change.wait(min(LONGEST_NAP, left / self.clock.rate))

    def set_rate(self, rate: float) -> None:
        """Change how fast time flows."""
        with self.entered():
            self.clock.rate = rate

    def jump(self, seconds: float) -> None:
        """Advance virtual time at once, waiting for every webhook on the way."""
        with self.entered():
            if self._jumping:
                raise ReentrantAdvance("time is already being advanced; wait until it is")
            target = self.net.later(seconds)
            self._jumping = True
            try:
                while self._quiet() and self.net.scheduler.step(target):
                    pass
                self.net.advance_to(target)
            finally:
                self._jumping = False
                self.clock.set(self.net.now)

    def _quiet(self) -> bool:
        self._change.wait_for(lambda: self.net.webhooks.in_flight == 0, LONGEST_WEBHOOK)
        return True

    def _run(self) -> None:
        with self._change:
            while not self._stopping:
                try:
                    self._catch_up()
                    self._look()
                except Exception:
                    log.exception("an event failed; time goes on")
                self._change.wait(self._nap())

    def _nap(self) -> float:
        due = self.net.next_event_at()
        if due is None or self._jumping:
            return LONGEST_NAP
        return min(LONGEST_NAP, max(0.0, (due - self.clock.now()).total_seconds() / self.clock.rate))

    def _catch_up(self) -> None:
        if not self._jumping and not self.net.scheduler.running:
            self.net.advance_to(self.clock.now())

    def _carry(self, work: Callable[[], Outcome], done: Done) -> None:
        if not self._stopping:
            self._pool.submit(self._deliver, work, done)

    def _deliver(self, work: Callable[[], Outcome], done: Done) -> None:
        try:
            outcome = work()
        except Exception as problem:
            log.exception("a webhook could not be delivered")
            outcome = WebFailure(11200, type(problem).__name__)
        with self._change:
            self._catch_up()
            done(outcome)
            self._tell()

    def _tell(self) -> None:
        """Something may have changed: wake who waits for it."""
        self._look()
        self._change.notify_all()

    def _look(self) -> None:
        for watcher in self.watchers:
            watcher()


class QuietHandler(WSGIRequestHandler):
    """Serves without writing request lines anywhere: they may hold addresses of people."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


class Server:
    """REST API, control API and desk of a network on one port. Port 0 picks a free one, then in ``url``.

    ``names`` are names by which browsers may ask for the desk, beside numbers, localhost and ``host``.
    """

    def __init__(
        self, net: Network, host: str = "127.0.0.1", port: int = 0, rate: float = 1.0, names: Iterable[str] = ()
    ) -> None:
        self._socket = _bound(host, port)
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        if net.options.api_url == Options().api_url:
            net.options = replace(net.options, api_url=self.url)
        self.live = Live(net, rate)
        self.desk = Desk(net)
        self.desk.show_clock(rate)
        self.live.watchers.append(self.desk.refresh)
        app = Served(net.rest_app, Control(net, self.live, self.desk), PageFiles(), {host, *names})
        self._server = make_server(
            host, port, app, threaded=True, request_handler=QuietHandler, fd=self._socket.fileno()
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), name="phonesim-http", daemon=True
        )

    def start(self) -> "Server":
        """Serve in the background."""
        self.live.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and stop time."""
        self.desk.board.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._socket.close()
        self.live.stop()

    def run(self) -> None:
        """Serve until interrupted."""
        self.start()
        try:
            self._thread.join()
        except KeyboardInterrupt:
            self.stop()


class Served:
    """Sends /sim/ to the control API, the page to its files and everything else to the REST API."""

    def __init__(self, rest: Any, control: Any, page: PageFiles, names: Collection[str]) -> None:
        self.rest, self.control, self.page, self.names = rest, control, page, names

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer; an injected time-out drops the connection without an answer."""
        try:
            return self._app(environ)(environ, start_response)
        except RestTimedOut as problem:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError from problem

    def _app(self, environ: dict[str, Any]) -> Any:
        path, host = environ.get("PATH_INFO", ""), environ.get("HTTP_HOST", "")
        app = self.control if path.startswith("/sim/") else self.page if self.page.serves(path) else self.rest
        if app is not self.rest and not is_ours(host, self.names):
            return Response(f"{host!r} is no name of this server; see --name\n", 421)
        return app


def _bound(host: str, port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as problem:
        listener.close()
        mend = "name an address of this machine" if isinstance(problem, socket.gaierror) else "choose another port"
        raise PortInUse(f"cannot serve on {host}:{port} ({problem.strerror}); {mend}") from problem
    listener.listen()
    return listener
