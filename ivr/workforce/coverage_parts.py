"""Coverage in parts, each computed in seconds, so that nothing in the outbox waits long behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Row

from ivr.closures.register import calendar_with
from ivr.directory.organisation import Organisation
from ivr.workforce.coverage import Gap, Line, Wish, gaps_in, lines_of, need_of, wishes
from ivr.workforce.coverage_causes import Cause, causes_of
from ivr.workforce.coverage_words import by_practice, dates_of, hours, mend_of, missing, others
from ivr.workforce.pictures.coverage import heat_map
from routing.mending import Mend
from routing.spans import Span

AHEAD = timedelta(days=366)
WISHES_A_PART = 100


@dataclass(frozen=True, slots=True)
class Part:
    """What a hundred wishes have come to. ``asked``: for how many of them somebody has to be there."""

    asked: int
    gaps: list[dict[str, Any]]
    picture: str


def count_parts(organisation: Organisation) -> int:
    """Return in how many parts the coverage of ``organisation`` is computed: one at least."""
    return max(1, -(-sum(1 for _ in wishes(organisation)) // WISHES_A_PART))


def compute_part(organisation: Organisation, standing: Sequence[Row[Any]], at: datetime, number: int) -> Part:
    """Return part ``number``, from 0 on, of the year from ``at`` on. Closures that are ``standing`` close."""
    wanted = islice(wishes(organisation), number * WISHES_A_PART, (number + 1) * WISHES_A_PART)
    whole, hours_of = Span(at, at + AHEAD), partial(calendar_with, standing, organisation)
    found = tuple(lines_of(organisation, wanted, whole, calendar_of=hours_of))
    gaps = [_write_gap(gap) for gap in gaps_in(organisation, found)]
    return Part(len(found), gaps, heat_map(found, *whole))


def tell_causes(organisation: Organisation, gaps: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the causes of the gaps of all parts, as rows of the table of causes."""
    return [_tell(cause) for cause in causes_of(_read_gap(organisation, gap) for gap in gaps)]


def _tell(cause: Cause) -> dict[str, Any]:
    told = {
        "where": by_practice(cause),
        "missing": missing(cause),
        "others": others(cause),
        "times": len(cause.spans),
        "dates": dates_of(cause),
        "mend": mend_of(cause),
    }
    first, zone = cause.spans[0], cause.first.line.zone
    return {"told": told, "zone": zone, "first_from": first.start, "first_until": first.end, "hours": hours(cause)}


def _write_gap(gap: Gap) -> dict[str, Any]:
    """A gap as it is kept: with names in place of what the configuration tells, and instants in whole seconds."""
    line, need = gap.line, gap.line.need
    return {
        "wish": Wish(line.practice, line.location, need.service, need.language, need.patient_state or ""),
        "spans": [(int(span.start.timestamp()), int(span.end.timestamp())) for span in gap.spans],
        "mends": [(mend.lack, mend.pool.id, mend.agents) for mend in gap.mends],
        **{name: getattr(gap, name) for name in _PLAIN},
    }


_PLAIN = ("people", "anyone", "interpreted", "caught", "promised")


def _read_gap(organisation: Organisation, kept: dict[str, Any]) -> Gap:
    wish = Wish(*kept["wish"])
    zone = organisation.location(wish.practice, wish.location).timezone
    return Gap(
        line=Line(wish.practice, wish.location, zone, need_of(organisation, wish), (), (), ()),
        spans=tuple(Span(*(datetime.fromtimestamp(second, UTC) for second in span)) for span in kept["spans"]),
        mends=tuple(Mend(lack, organisation.pools[pool], tuple(agents)) for lack, pool, agents in kept["mends"]),
        **{name: kept[name] for name in _PLAIN},
    )
