"""A gunicorn worker whose threads only ever see whole requests.

Gunicorn's threaded worker reads requests in its threads, so a client that sends a byte at a time holds one, and as
many such clients as there are threads hold the line. Here the one loop that accepts connections also reads them,
without waiting for anybody; a thread begins when a request is whole, and reads it from memory. Each kind of request
has threads of its own (``lanes.py``).

TLS and slow networks are for the proxy in front (``docs/proxy.md``); this holds without it too.
"""

from __future__ import annotations

import errno
import resource
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

import structlog
from gunicorn import http
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import TConn, ThreadWorker

from ivr.ops.front_door.arrival import Refused, Whole
from ivr.ops.front_door.lanes import CALLS, FALLBACK, LANES, Lane
from ivr.ops.front_door.visitors import Visitor, Visitors

ANSWER_SECONDS = 60.0
"""For an answer to be made and taken. A player of a recording that pauses longer asks again for the rest."""
ANSWER_BYTES = 256 * 1024
"""What the system keeps of an answer, so that no thread waits for a client to take it; recordings are longer."""
FILES_FOR_OTHERS = 256
"""Open files that are left for databases, Redis and recordings."""
_READ_BYTES = 64 * 1024
_REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    408: "Request Timeout",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
}
log = structlog.get_logger(__name__)


class _Pool:
    """The threads of one lane, and how many requests it has."""

    def __init__(self, lane: Lane, threads: int) -> None:
        self._most = None if lane.most_waiting is None else lane.most_waiting + threads
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix=lane.name)
        self.taken = 0

    @property
    def full(self) -> bool:
        """True where one more would wait too long."""
        return self._most is not None and self.taken >= self._most


class _Pools:
    """The lanes of this process; gunicorn ends them as one."""

    def __init__(self, threads: int) -> None:
        self._of = {lane: _Pool(lane, lane.threads or threads) for lane in LANES}

    def __getitem__(self, lane: Lane) -> _Pool:
        return self._of[lane]

    def shutdown(self, wait: bool = True) -> None:
        """End every lane."""
        for pool in self._of.values():
            pool.threads.shutdown(wait=wait)


class LaneWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker behind a door: requests are read outside the threads, and take lanes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # The public address is a setting. Headers of several proxies that disagree about it must not cost a call.
        self.cfg.set("secure_scheme_headers", {})
        self.worker_connections: int = min(self.worker_connections, _room_for_connections())
        self._visitors: Visitors[TConn] = Visitors()
        self._answered_by: dict[TConn, float] = {}
        self._rest: dict[TConn, bytes] = {}

    def handle_quit(self, number: int, frame: Any) -> None:
        """End at once. The pools are not shut down here, as gunicorn has it: the interpreter ends their threads.

        A signal may come while a pool starts a thread. The thread that handles it then holds the lock of the pool, and
        would wait for itself for ever.
        """
        Worker.handle_quit(self, number, frame)

    def get_thread_pool(self) -> _Pools:
        """A pool for each lane."""
        return _Pools(self.cfg.threads)

    # --- at the door ---------------------------------------------------------------------------------------------

    def accept(self, listener: socket.socket) -> None:
        """Let somebody in, and whoever has been at the door longest out where there is no room."""
        if self.nr_conns >= self.worker_connections - 1:
            self._make_room()
        try:
            client, address = listener.accept()
        except OSError as problem:
            if problem.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room()
            elif problem.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        with suppress(OSError):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ANSWER_BYTES)
        self._hear(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        if _is_closed(client):
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._hear(conn)

    def murder_pending(self) -> None:
        """Send away whoever should have been done, at the door or with an answer. Gunicorn asks for it every second."""
        now = time.monotonic()
        for visitor in self._visitors.overdue(now):
            if visitor.leaving or not visitor.arrival.begun:
                self._let_go(visitor.connection)
            else:
                self._refuse(visitor, Refused(408))
        # A copy in one step, because threads put answers in meanwhile.
        for conn, until in list(self._answered_by.items()):
            if until <= now:
                del self._answered_by[conn]
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)

    def _hear(self, conn: TConn, begun: bytes = b"") -> None:
        conn.sock.setblocking(False)
        visitor = self._visitors.admit(conn, time.monotonic())
        self.poller.register(conn.sock, EVENT_READ, partial(self._on_bytes, visitor))
        if begun:
            self._on_news(visitor, begun)

    def _on_bytes(self, visitor: Visitor[TConn], client: socket.socket) -> None:
        if _is_closed(client):
            return
        try:
            data = client.recv(_READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._let_go(visitor.connection)
        elif not visitor.leaving:
            self._on_news(visitor, data)

    def _on_news(self, visitor: Visitor[TConn], data: bytes) -> None:
        found = visitor.arrival.take(data)
        if isinstance(found, Whole):
            self._answer(visitor, found)
        elif isinstance(found, Refused):
            self._refuse(visitor, found)
        elif visitor.arrival.awaits_leave:
            visitor.arrival.awaits_leave = False
            with suppress(OSError):
                visitor.connection.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _refuse(self, visitor: Visitor[TConn], refused: Refused) -> None:
        unsigned = refused.status == 403 and refused.lane in (CALLS, FALLBACK)
        event = {"event": "webhook_refused", "problems": ["signature"]} if unsigned else {"event": "request_refused"}
        log.warning(**event, status=refused.status, lane=refused.lane.name if refused.lane else "")
        line = f"HTTP/1.1 {refused.status} {_REASONS[refused.status]}"
        with suppress(OSError):
            answer = f"{line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
            visitor.connection.sock.send(answer.encode())
        self._see_off(visitor.connection)

    def _see_off(self, conn: TConn) -> None:
        """Say that nothing more comes, and leave the client a moment to take it; nobody waits for that."""
        self._leave_door(conn)
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            visitor = self._visitors.see_off(conn, time.monotonic())
            self.poller.register(conn.sock, EVENT_READ, partial(self._on_bytes, visitor))
        except (OSError, ValueError):
            self._let_go(conn)

    def _let_go(self, conn: TConn) -> None:
        self._leave_door(conn)
        self.nr_conns -= 1
        conn.close()

    def _leave_door(self, conn: TConn) -> None:
        self._visitors.forget(conn)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def _make_room(self) -> None:
        oldest = self._visitors.oldest()
        if oldest is not None:
            self._let_go(oldest.connection)
        elif self.keepalived_conns:
            self._let_go(self.keepalived_conns.popleft())

    # --- on a lane -----------------------------------------------------------------------------------------------

    def _answer(self, visitor: Visitor[TConn], whole: Whole) -> None:
        """Give a whole request to a thread of its lane."""
        conn, pool = visitor.connection, self.tpool[whole.lane]
        if pool.full:
            self._refuse(visitor, Refused(503, whole.lane))
            return
        self._leave_door(conn)
        self._rest[conn] = whole.rest
        conn.parser = http.get_parser(self.cfg, [whole.request], conn.client)
        # What gunicorn would do with a new connection in a thread, up to reading from its socket, is done.
        conn.initialized = conn.data_ready = True
        pool.taken += 1
        handled = pool.threads.submit(self.handle, conn)
        handled.add_done_callback(lambda _done: self.method_queue.defer(self._finish, pool, conn, handled))

    def handle(self, conn: TConn) -> Any:
        """Answer a request. Runs in a thread of its lane."""
        self._answered_by[conn] = time.monotonic() + ANSWER_SECONDS
        return super().handle(conn)

    def _finish(self, pool: _Pool, conn: TConn, handled: Future[Any]) -> None:
        pool.taken -= 1
        self._answered_by.pop(conn, None)
        rest = self._rest.pop(conn, b"")
        kept = not handled.cancelled() and handled.exception() is None and bool(handled.result())
        if not kept:
            self._see_off(conn)
        elif rest:
            self._hear(conn, rest)
        else:
            self.finish_request(conn, handled)


def _is_closed(client: socket.socket) -> bool:
    """Whether room was made of it in the same round in which it had something to say."""
    return client.fileno() < 0


def _room_for_connections() -> int:
    """How many connections this process can hold open beside its other files; it takes all that the system allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(FILES_FOR_OTHERS, soft - FILES_FOR_OTHERS) if soft != resource.RLIM_INFINITY else 1 << 30
