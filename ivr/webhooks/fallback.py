"""The document that needs no database: emergency words, then the operator's own number.

It is made at the start, kept in memory, and written to ``fallback.xml`` in the data folder, so that a start without a
database still has it and another host can serve it as a static file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import structlog
from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from callflows.prompts import languages
from ivr.core.database_trouble import explain_trouble
from ivr.core.private_files import make_file, make_folder
from ivr.core.services import Services
from ivr.core.settings import CannotStart
from ivr.core.telephone_numbers import parse_ringable
from ivr.core.urls import Urls
from ivr.core.web_app import services
from ivr.directory.own_lines import own_lines
from ivr.directory.revisions import load
from ivr.webhooks.guard import signed, twiml
from ivr.webhooks.twiml.render import fallback, nothing, patience

fallbacks = Blueprint("fallbacks", __name__, url_prefix="/voice")
log = structlog.get_logger(__name__)

FILE = "fallback.xml"
WAITING = ("voice.wait", "voice.wait_key", "voice.hold")
FALLBACK_LEG = ("voice.fallback_prompt", "voice.fallback_accepted")


@fallbacks.post("/fallback")
@signed()
def fallback_document(fields: Mapping[str, str]) -> Response:
    """Twilio could not get a document from us: this one always works."""
    log.error("fallback_served", error_code=fields.get("ErrorCode", "")[:8])
    return twiml(document())


def document() -> str:
    """The fallback document of this installation."""
    made: str = current_app.extensions["sunline-fallback"]
    return made


def last_resort(problem: Exception) -> Response:
    """Any failure of ours on a document ends here, never in a 500."""
    log.error("document_failed", exc_info=problem)
    return twiml(_of_its_kind(request.endpoint or ""))


def _of_its_kind(endpoint: str) -> str:
    """Keep whoever waits or is held waiting: such a document may not dial. Let in who answers the fallback number."""
    if endpoint in WAITING:
        return patience(languages(), Urls(services().settings.public_url).again(request.path))
    return nothing() if endpoint in FALLBACK_LEG else document()


def prepare(services: Services) -> str:
    """Make the document from the configuration in force; the one made last time where the database does not answer.

    Raises CannotStart where there is neither: nobody could be answered at all.
    """
    kept = services.settings.data_dir / FILE
    try:
        made = make(services)
    except (SQLAlchemyError, OSError) as problem:
        if not kept.exists():
            trouble = explain_trouble(problem) if isinstance(problem, SQLAlchemyError) else str(problem)
            raise CannotStart(trouble) from problem
        log.error("fallback_from_last_start")
        return kept.read_text(encoding="utf-8")
    _keep(kept, made)
    return made


def make(services: Services) -> str:
    """The document for the organisation's languages and fallback number."""
    with services.database.read() as connection:
        organisation = load(connection)
    operator = organisation.operator
    wanted = services.settings.fallback_number or operator.fallback.number
    number = parse_ringable(wanted, "configuration", own_lines(organisation))
    if number is None:
        log.error("fallback_number_refused")
    return fallback(operator.languages, number)


def _keep(path: Path, made: str) -> None:
    """Keep the document for a start without a database. That it cannot be kept is no reason not to answer calls."""
    draft = path.with_suffix(f".{os.getpid()}")  # two web processes may start at once
    try:
        make_folder(path.parent)
        make_file(draft)
        draft.write_text(made, encoding="utf-8")
        draft.replace(path)
    except OSError as problem:
        log.error("fallback_not_kept", error=type(problem).__name__)
