"""Twilio's REST API as far as its slowness goes: every request is accepted, after a fixed time, and nobody is rung."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.rig.server import HOST


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed while it waited is part of a measurement."""


@contextmanager
def slow_network(seconds: float) -> Iterator[str]:
    """The address of an API that takes ``seconds`` for each answer, however many come at once."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            time.sleep(seconds)
            kind = "SM" if self.path.endswith("/Messages.json") else "CA"
            self._answer({"sid": kind + uuid.uuid4().hex, "status": "queued"})

        def do_GET(self) -> None:
            time.sleep(seconds)
            self._answer({"calls" if "/Calls" in self.path else "messages": [], "status": "queued"})

        def _answer(self, body: dict[str, object]) -> None:
            text = json.dumps(body).encode()
            self.send_response(201 if self.command == "POST" else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing is worth a line."""

    with _Server((HOST, 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, name="slow-network", daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
