"""The web application: Twilio's webhooks, the pages, and what monitoring asks."""

from __future__ import annotations

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

import ivr.webhooks.waiting  # noqa: F401 - it gives documents to the blueprint of the voice
from ivr.core.services import Services
from ivr.core.settings import CannotStart, Settings
from ivr.features import installed_features
from ivr.hearing.ear import open_ear
from ivr.installation.building import build_services
from ivr.ops.health import health
from ivr.ops.schema import require_migrated
from ivr.privacy.logging import configure
from ivr.twilio.signature import SignatureCheck
from ivr.twilio.signature.form import MOST_BYTES
from ivr.web import pages
from ivr.web.problems import show_problem
from ivr.webhooks.audio import audio
from ivr.webhooks.callbacks import callbacks
from ivr.webhooks.fallback import fallbacks, last_resort, prepare
from ivr.webhooks.guard import Unidentified, noted
from ivr.webhooks.voice import voice

log = structlog.get_logger(__name__)


def create_app(settings: Settings, services: Services | None = None) -> Flask:
    """The application for ``settings``; ``services`` are given by tests and rehearsals."""
    app = Flask("ivr")
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, SECRET_KEY=settings.session_secret)
    built = services or _start(settings)
    # Whose address counts is decided here alone. Scheme and host are never a proxy's to say: SUNLINE_PUBLIC_URL is.
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0
    )
    app.extensions["sunline"] = built
    app.extensions["sunline-signature"] = SignatureCheck(settings.twilio_auth_tokens, settings.public_url)
    app.extensions["sunline-fallback"] = prepare(built)
    for blueprint in (voice, callbacks, fallbacks, audio, health):
        app.register_blueprint(blueprint)
    pages.install_pages(app, built)
    app.register_error_handler(Exception, _failed)
    return app


def _start(settings: Settings) -> Services:
    configure()
    open_ear(settings)  # a process that cannot hear an emergency must not answer, and loading takes a second
    built = build_services(settings, installed_features())
    try:
        require_migrated(built.database)
    except CannotStart:  # callers still get the fallback document; the name of the event is all that a log line may say
        log.error("database_behind_run_sunline_migrate")
    return built


def _failed(problem: Exception) -> Response | HTTPException:
    """A caller never meets a 500: documents fall back, callbacks are asked to come again. People get a page."""
    if request.blueprint not in pages.FOR_TWILIO:
        return show_problem(problem)
    if isinstance(problem, HTTPException):
        return problem
    if request.blueprint == voice.name:
        return last_resort(problem)
    if request.blueprint == callbacks.name and isinstance(problem, Unidentified):
        return noted()  # news of nobody; asked again, it would be as odd
    if request.blueprint == callbacks.name:
        log.error("callback_failed", endpoint=request.endpoint, exc_info=problem)
        return Response(status=503)
    raise problem
