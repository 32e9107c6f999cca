"""The web application: Twilio's webhooks, the pages, and what monitoring asks."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

import ivr.wiring  # noqa: F401
from ivr.building import build_services
from ivr.console.views import console
from ivr.directory.revisions import load
from ivr.health import health
from ivr.oncall.views import oncall
from ivr.services import Services
from ivr.settings import Settings
from ivr.twilio.signature import SignatureCheck
from ivr.webhooks.callbacks import callbacks
from ivr.webhooks.fallback import fallbacks, last_resort, make
from ivr.webhooks.voice import voice

MOST_BYTES = 64 * 1024


def create_app(settings: Settings, services: Services | None = None) -> Flask:
    """The application for ``settings``; ``services`` are given by tests and rehearsals."""
    app = Flask("ivr")
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, SECRET_KEY=settings.session_secret)
    built = services or build_services(settings)
    app.extensions["sunline"] = built
    app.extensions["sunline-signature"] = SignatureCheck(settings.twilio_auth_tokens, settings.public_url)
    app.extensions["sunline-fallback"] = _fallback(built)
    for blueprint in (voice, callbacks, fallbacks, health, console, oncall):
        app.register_blueprint(blueprint)
    app.register_error_handler(Exception, _failed)
    return app


def _fallback(services: Services) -> str:
    """Made once at the start, so that serving it needs nothing."""
    with services.database.read() as connection:
        operator = load(connection).operator
    return make(operator.languages, services.settings.fallback_number or operator.fallback.number)


def _failed(problem: Exception) -> Response | HTTPException:
    """A caller never meets a 500: documents fall back, callbacks are asked to come again."""
    if isinstance(problem, HTTPException):
        return problem
    if request.blueprint == voice.name:
        return last_resort(problem)
    if request.blueprint == callbacks.name:
        return Response(status=503)
    raise problem
