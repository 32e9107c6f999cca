"""A web application whose pages wait until they are let go; calls and health are answered at once."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from typing import Any


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Wait for the test where a page is asked for."""
    if environ["PATH_INFO"].startswith("/pages"):
        with socket.create_connection(("127.0.0.1", int(os.environ["HOLDER_PORT"]))) as holder:
            holder.recv(1)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
