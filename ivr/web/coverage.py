"""The year to come on a page: gaps, mends and the heat map, kept for the day they were computed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from ivr.directory.organisation import Organisation
from ivr.workforce.coverage import gaps_in, lines
from ivr.workforce.coverage_causes import causes_of
from ivr.workforce.coverage_words import by_practice, described, hours, mend_of
from ivr.workforce.pictures.coverage import heat_map

YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Missing:
    """Gaps of one cause in words. ``where``: each practice, with its locations."""

    where: tuple[tuple[str, str], ...]
    what: str
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


def proof(organisation: Organisation, at: datetime) -> Proof:
    """The coverage of the year from the day of ``at`` on, in UTC."""
    return _proof(organisation.to_json(), at.replace(hour=0, minute=0, second=0, microsecond=0))


@lru_cache(maxsize=2)
def _proof(body: str, start: datetime) -> Proof:
    organisation, end = Organisation.from_json(body), start + YEAR
    found = tuple(lines(organisation, start, end))
    gaps = gaps_in(organisation, found)
    missing = tuple(
        Missing(by_practice(cause), described(cause), hours(cause), mend_of(cause)) for cause in causes_of(gaps)
    )
    return Proof(start, end, len(found), len(gaps), missing, heat_map(found, start, end))
