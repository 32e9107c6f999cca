"""The calendars at secret addresses. Whoever has the address may read it; it tells who is on call and nothing else."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from ivr.core.web_app import services
from ivr.directory.revisions import load
from ivr.rotas.addresses import read_address

blueprint = Blueprint("rota_calendars", __name__, url_prefix="/rota-calendars")


@blueprint.get("/<token>.ics")
def show_calendar(token: str) -> Response:
    """The shifts as a calendar, or nothing, which is the same for an address taken back and one never made."""
    with services().database.read() as connection:
        body = read_address(connection, load(connection), token, services().clock.now())
    if body is None:
        abort(404)
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="on-call.ics"'
    return answer
