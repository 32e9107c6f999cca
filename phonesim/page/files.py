"""The page itself: its files, and the headers that keep everybody else out."""

import ipaddress
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

STATIC = Path(__file__).parent / "static"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PAGES = frozenset({"/", "/desk"})
POLICY = "; ".join(
    ("default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self'",
     "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'")
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cache-Control": "no-store",
}


class PageFiles:
    """WSGI callable for the page and what it needs."""

    def __init__(self) -> None:
        self._files = {f"/desk/{path.name}": path for path in STATIC.iterdir() if path.suffix in TYPES}
        self._files |= dict.fromkeys(PAGES, STATIC / "index.html")

    def serves(self, path: str) -> bool:
        """Tell whether a path belongs to the page."""
        return path in self._files

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        if request.method not in ("GET", "HEAD"):
            return Response(status=405, headers={"Allow": "GET, HEAD"})(environ, start_response)
        path = self._files[request.path]
        reply = Response(path.read_bytes(), mimetype=TYPES[path.suffix], headers=HEADERS)
        return reply(environ, start_response)


def is_ours(host: str, names: Iterable[str]) -> bool:
    """Tell whether a Host header names this server: by number, as this machine, or by a name it was given.

    A page of somebody else's can point its own name at this machine, and would then be asked for as that name.
    """
    name = urlsplit(f"//{host}").hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in {"localhost", *names}
    return True
