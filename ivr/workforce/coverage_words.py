"""Gaps in coverage, and what would close them, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ivr.core.counting import counted
from ivr.directory.problems import some
from ivr.workforce.coverage_causes import Cause
from routing.mending import Mend
from routing.spans import Span
from routing.zones import to_local

MOST_MENDS = 2
MOST_PLACES = 3
MOST_RUNS = 6
"""More runs of days than these are told by the week."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)


def described(cause: Cause) -> str:
    """What is missing, with the first stretch in the location's own time."""
    first, rest, zone = cause.spans[0], len(cause.spans) - 1, cause.first.line.zone
    more = f", and {counted(rest, 'more time')}" if rest else ""
    return f"{missing(cause)} from {_when(first, zone)} {zone}{more}{others(cause)}"


def missing(cause: Cause) -> str:
    """What is missing, without saying when."""
    people = cause.first.people
    state = f" for a patient in {_either(cause.states)}" if cause.states else ""
    who = "nobody answers" if people == 1 else f"fewer than {people} answer"
    return f"{who} {some(cause.services)} in {some(cause.languages)}{state}"


def others(cause: Cause) -> str:
    """Who answers instead, as the sentence goes on; empty for nobody."""
    return ", but others with an interpreter" if cause.first.interpreted else ""


def dates_of(cause: Cause) -> tuple[str, ...]:
    """Every time at which somebody is missing, by the clocks of the first location: a line for each time of day."""
    zone, found = cause.first.line.zone, dict[str, list[date]]()
    for span in cause.spans:
        start, end = to_local(span.start, zone), to_local(span.end, zone)
        after = (end.date() - start.date()).days
        later = "" if not after else " the next day" if after == 1 else f" {counted(after, 'day')} later"
        found.setdefault(f"{start:%H:%M} to {end:%H:%M}{later}", []).append(start.date())
    return tuple(f"{clock} on {_days(days)}" for clock, days in found.items())


def _days(days: list[date]) -> str:
    """Dates in a row as one, or the weekdays, where they come again every week."""
    rows = _runs(days, DAY)
    if len(rows) > MOST_RUNS:
        weekly = [run for weekday in range(7) for run in _runs([one for one in days if one.weekday() == weekday], WEEK)]
        if len(weekly) < len(rows):
            return ", ".join(f"every {run[0]:%a} {_run(run)}" if len(run) > 1 else _run(run) for run in weekly)
    return ", ".join(map(_run, rows))


def _runs(days: list[date], step: timedelta) -> list[list[date]]:
    found: list[list[date]] = []
    for day in days:
        if found and day - found[-1][-1] == step:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _run(run: list[date]) -> str:
    return f"{run[0]:%a %Y-%m-%d}" if len(run) == 1 else f"{run[0]} to {run[-1]}"


def mend_of(cause: Cause) -> str:
    """The quickest things that would put somebody more there when the gap begins."""
    kept = [_mend(mend, cause) for mend in cause.mends[:MOST_MENDS]]
    need = cause.need
    licence = f" and a licence as {need.licensed_kind} valid in {some(cause.states)}" if cause.states else ""
    return ", or ".join(kept) or (
        f"add an agent with {need.skill} {need.level} and {some(cause.languages)}{licence} to a pool that is awake then"
    )


def places_of(cause: Cause, *, practice: bool = True) -> str:
    """Where, with the name of the ``practice``: all places, or how many and the first of them."""
    several = len({name for name, _ in cause.places}) > 1
    named = some((f"{name} {place}" if several else place for name, place in cause.places), MOST_PLACES)
    if len(cause.places) > MOST_PLACES + 1:
        named = f"{counted(len(cause.places), 'location')} ({named})"
    return f"{cause.places[0][0]}, {named}" if practice and not several else named


def by_practice(cause: Cause) -> tuple[tuple[str, str], ...]:
    """Where, by practice: its id, and the first of its locations."""
    found: dict[str, list[str]] = {}
    for practice, place in cause.places:
        found.setdefault(practice, []).append(place)
    return tuple((practice, some(places, MOST_PLACES)) for practice, places in found.items())


def hours(cause: Cause) -> float:
    """How long the gap is in all, in hours."""
    return sum((span.end - span.start).total_seconds() for span in cause.spans) / 3600


def _either(names: tuple[str, ...]) -> str:
    return some(names).replace(" and ", " or ")


def _mend(mend: Mend, cause: Cause) -> str:
    who, pool, need = ", ".join(mend.agents), mend.pool.id, cause.need
    match mend.lack:
        case "licence":
            return f"get or renew a licence as {need.licensed_kind} valid in {some(cause.states)} for {who} ({pool})"
        case "training":
            return f"renew the training of {who} ({pool})"
        case "language":
            return f"add {some(cause.languages)} to {pool}, where {who} cannot speak it"
        case "skill":
            return f"train {who} ({pool}) to {need.skill} {need.level}"
    return f"let {who} ({pool}) work {_when(cause.spans[0], mend.pool.site.zone)} on the clocks there"


def _when(span: Span, zone: str) -> str:
    start, end = to_local(span.start, zone), to_local(span.end, zone)
    return f"{_clock(start)} to {end:%H:%M}" if start.date() == end.date() else f"{_clock(start)} to {_clock(end)}"


def _clock(local: datetime) -> str:
    return f"{local:%a %Y-%m-%d %H:%M}"
