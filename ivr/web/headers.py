"""What every page tells the browser: run no script of others, be in no frame, keep nothing.

After OWASP's "HTTP Security Response Headers Cheat Sheet"; the documents for the phone network are left as they are.
"""

from __future__ import annotations

from flask import Response, request

from ivr.core.web_app import services

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
YEAR_SECONDS = 31_536_000


def protect_response(response: Response) -> Response:
    """Add the headers. Only style sheets and pictures of ours may be stored."""
    response.headers.update(HEADERS)
    if services().settings.public_url.startswith("https:"):
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
