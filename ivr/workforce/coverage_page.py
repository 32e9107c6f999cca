"""Where nobody would answer in the year to come, and what would mend it: as it was computed outside the web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import Connection, Row

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.guard import require_permission
from ivr.core.web_app import services
from ivr.workforce import coverage_store as store
from ivr.workforce.coverage_store import PAGE, Basis

blueprint = Blueprint("coverage", __name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: the coverage that was finished last, and a page of its ``causes`` from number ``first`` on.

    ``part`` is the part whose picture is shown. ``changed`` names what is other than when it was computed. ``begun``:
    a newer one is being computed, of which ``kept`` parts are there.
    """

    newest: Row[Any] | None
    causes: Sequence[Row[Any]]
    first: int
    part: int
    changed: tuple[str, ...]
    begun: Row[Any] | None
    kept: int


@blueprint.get("/coverage")
@require_permission("coverage")
def show_coverage(person: Person) -> str:
    """Show the gaps and what mends them, a hundred at a time."""
    with services().database.read() as connection:
        shown = _read(connection, store.read_basis(connection, services().clock.now()) or abort(404))
    audit_trail.write_row(services(), person, "coverage.list")
    return render_template("workforce/coverage.html", shown=shown, page=PAGE)


@blueprint.get("/coverage/map.svg")
@require_permission("coverage")
def draw_heat_map(person: Person) -> Response:
    """Show the same as a heat map, a hundred rows at a time."""
    with services().database.read() as connection:
        newest = store.find_newest(connection, finished=True) or abort(404)
        picture = store.read_picture(connection, newest.id, _number("part")) or abort(404)
    audit_trail.write_row(services(), person, "coverage.list")
    return Response(picture, mimetype="image/svg+xml")


def _read(connection: Connection, basis: Basis) -> Shown:
    newest, last = store.find_newest(connection, finished=True), store.find_newest(connection)
    begun = last if last is not None and last.finished_at is None else None
    first, part = _number("first"), _number("part")
    if newest is not None and (first > max(0, newest.causes - 1) or part >= newest.parts):
        abort(404)
    causes = store.read_causes(connection, newest.id, first) if newest is not None else ()
    kept = store.count_kept(connection, begun.id) if begun is not None else 0
    return Shown(newest, causes, first, part, _changed(newest, basis), begun, kept)


def _changed(newest: Row[Any] | None, basis: Basis) -> tuple[str, ...]:
    """What a coverage does not know yet, and "time" where it looks ahead from more than a day ago."""
    if newest is None or store.is_current(newest, basis, services().clock.now()):
        return ()
    told = {
        "configuration": newest.revision_id != basis.revision_id,
        "closures": newest.closures != basis.closures,
    }
    return tuple(name for name, other in told.items() if other) or ("time",)


def _number(name: str) -> int:
    """A number of an address, 0 where it is left out; anything else is a 404."""
    given = request.args.get(name, "0")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 7 else abort(404)
