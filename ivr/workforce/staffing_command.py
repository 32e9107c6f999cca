"""``sunline staffing``: how many people each pool needs in each half-hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import fmean, variance

import click

from ivr.core.listing import echo_json, json_option
from ivr.directory.options import FOLDER, png_option, svg_option
from ivr.directory.organisation import Organisation, read_folder
from ivr.installation.command_line import now, refusals
from ivr.workforce import staffing_options
from ivr.workforce.demand import Mix, mix_in, mix_of, needs_at, unknown_in
from ivr.workforce.pictures.files import save
from ivr.workforce.pictures.staffing import staffing_chart
from ivr.workforce.recorded_arrivals import HALF_HOUR, BadArrivals, Came, read_arrivals
from ivr.workforce.staffing_need import Goal, Load, Needed, Rules, needed
from routing.hours import is_open
from routing.windows import HoursError, parse_days
from routing.zones import to_utc

CLOCKS = tuple(f"{number // 2:02}:{number % 2 * 30:02}" for number in range(48))


@click.command("staffing")
@click.argument("file", metavar="ARRIVALS", type=staffing_options.FILE)
@click.option("--config", "folder", type=FOLDER, required=True, help="The configuration that staffs it.")
@click.option("--days", default="mon-sun", show_default=True, help="Only these days of the file, such as mon-fri.")
@click.option(
    "--level",
    type=staffing_options.FiniteRange(0.01, 0.999),
    default=0.8,
    show_default=True,
    help="Share to be answered in time.",
)
@click.option(
    "--calls", type=click.IntRange(200, 1_000_000), default=2000, show_default=True, help="Calls to play for each try."
)
@json_option
@svg_option
@png_option
@staffing_options.shared
@click.pass_context
def staffing(
    context: click.Context,
    /,
    file: Path,
    folder: Path,
    days: str,
    level: float,
    calls: int,
    as_json: bool,
    svg: Path | None,
    png: Path | None,
    **rest: object,
) -> None:
    """How many people does each pool need, by half-hour, so that callers are answered in time?

    ARRIVALS is a CSV file with the columns date, start and calls, or timestamp; practice, service and language if
    known. What is not known is spread evenly over the menus. Each half-hour starts from Erlang A and is then played
    with the real rules: people like those at work then, and days as uneven as those of the file.
    """
    asked = staffing_options.Asked(**rest)  # type: ignore[arg-type]
    judged_at = asked.at(now(context, None))
    with refusals():
        organisation = read_folder(folder, at=judged_at, allow_unsigned=True)
        mix = mix_of(organisation, asked.languages)
    zone, on = asked.zone_of(organisation), judged_at.date()
    came = of_weekdays(read_arrivals(file, zone), _days(days))
    if asked.ring >= asked.within:
        raise click.BadParameter(
            "a phone rings for longer than callers may wait; give less than --within", param_hint="--ring"
        )
    for line in unknown_in(came, mix):
        click.echo(f"warning: {line}", err=True)
    goal = Goal(level, asked.within, asked.handling, asked.variation, asked.patience, asked.ring, asked.missed)
    question = _Question(organisation, mix_in(came, mix), goal, calls)
    found = [question.answer(load, at) for load, at in zip(loads_of(came), _middles(on, zone), strict=True)]
    if as_json:
        return echo_json(map(_listed, CLOCKS, found))
    click.echo("\n".join(table(found)))
    if svg or png:
        title = f"People needed for {level:.0%} within {asked.within:g} s, {on:%a %Y-%m-%d}, {zone}"
        for file in save(staffing_chart(found, CLOCKS, title), svg, png):
            click.echo(f"{file}: the picture")


@dataclass(frozen=True, slots=True)
class _Question:
    organisation: Organisation
    mix: Mix
    goal: Goal
    calls: int

    def answer(self, load: Load, at: datetime) -> Needed:
        agents = [one for one in self.organisation.agents.values() if is_open(one.calendar, at)]
        needs = needs_at(self.organisation, self.mix, at)
        return needed(agents, needs, load, self.goal, at, self.calls, Rules.of(self.organisation))


def of_weekdays(came: Iterable[Came], weekdays: Sequence[int]) -> tuple[Came, ...]:
    """What came on these weekdays, 0 being Monday."""
    found = tuple(one for one in came if one.wall.weekday() in weekdays)
    if not found:
        raise BadArrivals("no day of the file is one of --days; name others")
    return found


def loads_of(came: Iterable[Came]) -> tuple[Load, ...]:
    """The calls of each half-hour of the day, in the mean of the days, and how uneven the days are."""
    counts: Counter[tuple[date, int]] = Counter()
    for one in came:
        counts[one.wall.date(), (one.wall.hour * 60 + one.wall.minute) // 30] += one.calls  # type: ignore[assignment]
    days = {day for day, _ in counts}
    return tuple(_load([float(counts[day, number]) for day in days]) for number in range(len(CLOCKS)))


def table(found: Sequence[Needed]) -> Iterator[str]:
    """The half-hours as lines of text."""
    pools = sorted({pool for one in found for pool in one.people})
    heads = ("from", "calls", "Erlang A", *pools, "all", "in time", "mean wait")
    widths = [max(len(head), 5) for head in heads]
    for cells in (heads, *(_cells(clock, one, pools) for clock, one in zip(CLOCKS, found, strict=True))):
        yield "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=False)) + "".join(
            f"  {extra}" for extra in cells[len(widths) :]
        )


def _listed(clock: str, one: Needed) -> dict[str, object]:
    """A half-hour. ``in_time`` is a share, ``mean_wait`` in seconds; both are null where nobody calls."""
    reached = one.reached
    return {
        "from": clock,
        "calls": round(one.load.calls, 2),
        "erlang_a": one.formula,
        "people": dict(one.people),
        "all": one.total,
        "in_time": round(reached.within, 4) if reached else None,
        "mean_wait": round(reached.mean_wait, 1) if reached else None,
        "nobody_awake_for": [{"service": need.service, "language": need.language} for need in one.unserved],
    }


def _cells(clock: str, one: Needed, pools: Sequence[str]) -> tuple[str, ...]:
    people = (str(one.people.get(pool, 0) or "") for pool in pools)
    reached = (f"{one.reached.within:.0%}", f"{one.reached.mean_wait:.1f} s") if one.reached else ("", "")
    lacking = sorted({f"{need.service} in {need.language}" for need in one.unserved})
    extra = (f"nobody awake for {', '.join(lacking)}",) if lacking else ()
    return clock, f"{one.load.calls:.1f}", str(one.formula), *people, str(one.total), *reached, *extra


def _load(counts: Sequence[float]) -> Load:
    mean = fmean(counts)
    return Load(mean, max(1.0, variance(counts) / mean) if len(counts) > 1 and mean else 1.0)


def _middles(on: date, zone: str) -> Iterator[datetime]:
    midnight = datetime.combine(on, datetime.min.time())
    return (to_utc(midnight + HALF_HOUR * number + HALF_HOUR / 2, zone) for number in range(len(CLOCKS)))


def _days(text: str) -> tuple[int, ...]:
    try:
        return parse_days(text)
    except HoursError as problem:
        raise click.BadParameter(str(problem), param_hint="--days") from problem
