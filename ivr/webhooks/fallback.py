"""The document that needs no database: emergency words, then the operator's own number."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from flask import Blueprint, Response, current_app

from ivr.twilio.render import fallback
from ivr.webhooks.guard import signed, twiml

fallbacks = Blueprint("fallbacks", __name__, url_prefix="/voice")
log = structlog.get_logger(__name__)


@fallbacks.post("/fallback")
@signed()
def fallback_document(fields: Mapping[str, str]) -> Response:
    """Twilio could not get a document from us: this one always works."""
    log.error("fallback_served", code=fields.get("ErrorCode", "")[:8])
    return twiml(document())


def document() -> str:
    """The fallback document of this installation, made at the start and kept in memory."""
    made: str = current_app.extensions["sunline-fallback"]
    return made


def last_resort(problem: Exception) -> Response:
    """Any failure of ours on a caller's document ends here, never in a 500."""
    log.error("document_failed", error=type(problem).__name__)
    return twiml(document())


def make(languages: tuple[str, ...], number: str) -> str:
    """The document for an organisation's languages and fallback number."""
    return fallback(languages, number)
