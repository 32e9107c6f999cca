"""Puts the pages into the application: sessions, forms that cannot be forged, headers, problems as pages."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect

from ivr.accounts.guard import install_sign_in
from ivr.core.services import Services
from ivr.core.settings import Settings
from ivr.core.web_app import services
from ivr.web.formatting import install_filters
from ivr.web.headers import demand_https, protect_response
from ivr.web.navigation import install_navigation

FOR_TWILIO = ("voice", "callbacks", "fallbacks", "audio")
"""Names of the blueprints that no browser asks: a signature stands for a form's token, or only a sound is fetched."""


def install_pages(app: Flask, built: Services) -> None:
    """Register the pages and everything they need."""
    app.config.update(cookie_settings(built.settings))
    protection = CSRFProtect(app)
    for name in FOR_TWILIO:
        protection.exempt(app.blueprints[name])
    install_sign_in(app, built)
    install_filters(app)
    install_navigation(app)
    for blueprint in built.features.pages:
        app.register_blueprint(blueprint)
    app.before_request(_refuse_unwritable)
    app.after_request(_protected)


def cookie_settings(settings: Settings) -> dict[str, object]:
    """Return the settings of one signed cookie.

    ``__Host-`` ties it to this host over https (RFC 6265bis, 4.1.3.2); the demo has no https.

    The address of a page must not leave through a Referer, so the token is checked instead of it.
    """
    return {
        "SESSION_COOKIE_NAME": "sunline" if settings.demo else "__Host-sunline",
        "SESSION_COOKIE_SECURE": not settings.demo,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }


def _refuse_unwritable() -> None:
    """Refuse text with a NUL, which no database of ours can hold: PostgreSQL fails when it is asked for such."""
    if request.blueprint in FOR_TWILIO:
        return
    if "\0" in request.path:
        abort(404)
    if any("\0" in value for value in request.values.values()):
        abort(400)


def _protected(response: Response) -> Response:
    answer = response if request.blueprint in FOR_TWILIO else protect_response(response)
    return demand_https(answer, services().settings)
