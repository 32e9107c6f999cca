"""Where nobody would answer in the year to come, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from flask import Blueprint, Response, abort, render_template

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.guard import require_permission
from ivr.core.web_app import services
from ivr.directory.in_force import find_organisation
from ivr.directory.organisation import Organisation
from ivr.workforce.coverage import gaps_in, lines
from ivr.workforce.coverage_causes import causes_of
from ivr.workforce.coverage_words import by_practice, dates_of, described, hours, mend_of
from ivr.workforce.pictures.coverage import heat_map

YEAR = timedelta(days=366)

blueprint = Blueprint("coverage", __name__)


@dataclass(frozen=True, slots=True)
class Missing:
    """Gaps of one cause in words. ``where``: each practice, with its locations; ``dates``: all of its times."""

    where: tuple[tuple[str, str], ...]
    what: str
    dates: tuple[str, ...]
    hours: float
    mend: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What the page shows. Licences and training count until the day they end."""

    start: datetime
    end: datetime
    asked: int
    gaps: int
    missing: tuple[Missing, ...]
    picture: str


@blueprint.get("/coverage")
@require_permission("coverage")
def show_coverage(person: Person) -> str:
    """Show the gaps and what mends them."""
    return render_template("workforce/coverage.html", proof=_proof_for(person))


@blueprint.get("/coverage/map.svg")
@require_permission("coverage")
def draw_heat_map(person: Person) -> Response:
    """Show the same as a heat map."""
    return Response(_proof_for(person).picture, mimetype="image/svg+xml")


def _proof_for(person: Person) -> Proof:
    organisation = find_organisation() or abort(404)
    audit_trail.write_row(services(), person, "coverage.list")
    return prove_coverage(organisation, services().clock.now())


def prove_coverage(organisation: Organisation, at: datetime) -> Proof:
    """Return the coverage of the year from the day of ``at`` on, in UTC. It is computed once a day."""
    return _prove(organisation.to_json(), at.replace(hour=0, minute=0, second=0, microsecond=0))


@lru_cache(maxsize=2)
def _prove(body: str, start: datetime) -> Proof:
    organisation, end = Organisation.from_json(body), start + YEAR
    found = tuple(lines(organisation, start, end))
    gaps = gaps_in(organisation, found)
    missing = tuple(
        Missing(by_practice(cause), described(cause), dates_of(cause), hours(cause), mend_of(cause))
        for cause in causes_of(gaps)
    )
    return Proof(start, end, len(found), len(gaps), missing, heat_map(found, start, end))
