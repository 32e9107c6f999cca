"""What every page tells the browser: run no script, or ours alone where a page has one; be in no frame, keep nothing.

After OWASP's "HTTP Security Response Headers Cheat Sheet"; the documents for the phone network are left as they are,
but for the word that this host is asked over https only, which every answer says (OWASP ASVS 3.4.1).
"""

from __future__ import annotations

from flask import Response, g, request

from ivr.core.settings import Settings

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
HTTPS_ONLY = f"max-age={YEAR_SECONDS}; includeSubDomains"


def protect_response(response: Response) -> Response:
    """Add the headers. Only style sheets and pictures of ours may be stored."""
    response.headers.update(HEADERS)
    if g.get("runs_script"):
        response.headers["Content-Security-Policy"] = f"{POLICY}; script-src 'self'"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def demand_https(response: Response, settings: Settings) -> Response:
    """Add the word that this host is asked over https only.

    It goes by the public address: behind a proxy that ends the encryption every request looks plain.
    """
    if settings.public_url.startswith("https:"):
        response.headers["Strict-Transport-Security"] = HTTPS_ONLY
    return response
