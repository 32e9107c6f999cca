"""``sunline replay``: what another schedule would have done to a recorded day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import click

from ivr.core.counting import counted
from ivr.core.listing import echo_json, json_option
from ivr.directory.options import FOLDER
from ivr.directory.organisation import Organisation, read_folder
from ivr.installation.command_line import now, opened, refusals
from ivr.workforce import staffing_options
from ivr.workforce.demand import Mix, mix_of, unknown_in
from ivr.workforce.random_arrivals import lognormal, rings
from ivr.workforce.recorded_arrivals import BadArrivals, Came, of_day, read_arrivals, recorded
from ivr.workforce.replay import Day, Person, people_of, play_day
from routing.simulation.figures import Figures, figures
from routing.simulation.play import Outcome
from routing.zones import to_utc


@dataclass(frozen=True, slots=True)
class Measured:
    """A group of callers under one schedule. ``broken``: of those told to wait, not answered within the promise."""

    waited: Figures
    promised: int
    broken: int


@click.command("replay")
@click.argument("file", metavar="[ARRIVALS]", type=staffing_options.FILE, required=False)
@click.option("--config", "new", type=FOLDER, required=True, help="The schedule that may be adopted.")
@click.option("--against", "old", type=FOLDER, required=True, help="The schedule that it is compared with.")
@click.option("--day", metavar="DAY", type=staffing_options.DAY, required=True, help="The recorded day.")
@click.option(
    "--promise",
    type=staffing_options.POSITIVE,
    default=120.0,
    show_default=True,
    help="Seconds in which a caller is promised a person.",
)
@click.option(
    "--runs", type=click.IntRange(1, 1000), default=10, show_default=True, help="How often chance is asked anew."
)
@json_option
@staffing_options.shared
@click.pass_context
def replay(
    context: click.Context,
    /,
    file: Path | None,
    new: Path,
    old: Path,
    day: datetime,
    promise: float,
    runs: int,
    as_json: bool,
    **rest: object,
) -> None:
    """Would a changed schedule have served a recorded day better, for everybody?

    ARRIVALS is a CSV file as for `sunline staffing`; without one, the day is taken from the events of this
    installation. The same callers, patience and handling times meet both schedules. Waits, promises broken and the
    share answered in time are compared, for all and by language: the middle of all runs, and how far they go apart.
    """
    asked = staffing_options.Asked(**rest)  # type: ignore[arg-type]
    judged_at = asked.at(now(context, None))
    with refusals():
        before, after = (read_folder(one, at=judged_at, allow_unsigned=True) for one in (old, new))
        zone = asked.zone_of(before)
        came = _came(context, file, day, zone, before)
        mix = mix_of(before, asked.languages)
    for line in unknown_in(came, mix):
        click.echo(f"warning: {line}", err=True)
    midnight = to_utc(datetime.combine(judged_at.date(), datetime.min.time()), zone)
    played = [_play_both(came, (before, after), mix, midnight, asked, str(run)) for run in range(runs)]
    if as_json:
        return echo_json(_listed(played, asked.within, promise))
    click.echo("\n".join(compared(played, asked.within, promise)))


Both = tuple[Day, Day]
"""One run: the same callers under the schedule before, and under the one after."""


def _play_both(
    came: Sequence[Came],
    schedules: tuple[Organisation, Organisation],
    mix: Mix,
    midnight: datetime,
    asked: staffing_options.Asked,
    seed: str,
) -> Both:
    people = people_of(came, schedules[0], mix, asked.patience, seed)
    return _play(people, schedules[0], midnight, asked, seed), _play(people, schedules[1], midnight, asked, seed)


def compared(runs: Sequence[Both], within: float, promise: float) -> Iterator[str]:
    """The table of both, for all callers, then by language, and how far apart the languages are."""
    languages = _languages(runs)
    yield f"{'':10}{'':34}{'before':>20}{'after':>20}"
    for group in _groups(languages):
        sides = [[_measured(both[side], group, within, promise) for both in runs] for side in (0, 1)]
        for number, (name, figure, written) in enumerate(_rows(within, promise)):
            cells = (_spread([figure(one) for one in side], written) for side in sides)
            yield f"{group if number == 0 else '':10}{name:34}{''.join(f'{cell:>20}' for cell in cells)}"
    if len(languages) > 1:
        apart = (_spread([_apart(both[side], languages, within) for both in runs], "{:.0f}") for side in (0, 1))
        yield f"{'fairness':10}{APART:34}{''.join(f'{cell:>20}' for cell in apart)}"
    if len(runs) > 1:
        yield f"The middle of {counted(len(runs), 'run')}, and the lowest and highest of them."


def _listed(runs: Sequence[Both], within: float, promise: float) -> Iterator[dict[str, object]]:
    """The same as objects, a figure each; shares are from 0 to 1."""
    languages = _languages(runs)
    for group in _groups(languages):
        sides = [[_measured(both[side], group, within, promise) for both in runs] for side in (0, 1)]
        for name, figure, _ in _rows(within, promise):
            before, after = (_middle([figure(one) for one in side]) for side in sides)
            yield {"group": group, "what": name, "before": before, "after": after}
    if len(languages) > 1:
        before, after = (_middle([_apart(both[side], languages, within) for both in runs]) for side in (0, 1))
        yield {"group": "fairness", "what": APART, "before": before, "after": after}


def _middle(values: Sequence[float]) -> dict[str, float]:
    return {"middle": median(values), "lowest": min(values), "highest": max(values)}


def _languages(runs: Sequence[Both]) -> list[str]:
    return sorted({person.wish.language for before, _ in runs for person in _everybody(before)})


def _groups(languages: Sequence[str]) -> tuple[str, ...]:
    """All callers, then those of each language, where there are several."""
    return ("all", *languages) if len(languages) > 1 else ("all",)


Figure = Callable[[Measured], float]
APART = "points between languages, in time"


def _rows(within: float, promise: float) -> tuple[tuple[str, Figure, str], ...]:
    """What is told of a group: its name, what it is, and how it is written."""
    return (
        ("callers who waited for a person", lambda one: one.waited.calls, "{:.0f}"),
        ("promised a call-back at once", lambda one: one.promised, "{:.0f}"),
        ("mean wait in seconds", lambda one: one.waited.mean_wait, "{:.0f}"),
        ("nine in ten wait less, in seconds", lambda one: one.waited.ninth_in_ten, "{:.0f}"),
        (f"answered within {within:g} s", lambda one: one.waited.within, "{:.0%}"),
        ("never answered", lambda one: one.waited.lost, "{:.0%}"),
        (f"promise of {promise:g} s broken", lambda one: one.broken, "{:.0f}"),
    )


def _spread(values: Sequence[float], written: str) -> str:
    """The middle, and the range where it is more than one value: nothing is as exact as one throw of the dice."""
    low, middle, high = (written.format(one) for one in (min(values), median(values), max(values)))
    return middle if low == high else f"{middle} ({low}-{high})"


def _measured(day: Day, group: str, within: float, promise: float) -> Measured:
    waited = [outcome for person, outcome in day.waited if group in ("all", person.wish.language)]
    promised = [person for person in day.promised if group in ("all", person.wish.language)]
    return Measured(figures(waited, within), len(promised), sum(_broken(one, promise) for one in waited))


def _broken(outcome: Outcome, promise: float) -> bool:
    """Whoever hangs up before the promise is due was not failed by it."""
    return outcome.waited > promise


def _apart(day: Day, languages: Sequence[str], within: float) -> float:
    """Percentage points between the languages that are served best and worst."""
    groups = [_measured(day, language, within, 0.0) for language in languages]
    shares = [one.waited.within for one in groups if one.waited.calls]
    return (max(shares) - min(shares)) * 100 if shares else 0.0


def _everybody(day: Day) -> Iterator[Person]:
    yield from (person for person, _ in day.waited)
    yield from day.promised


def _play(
    people: Sequence[Person], organisation: Organisation, midnight: datetime, asked: staffing_options.Asked, seed: str
) -> Day:
    handling = lognormal(f"handling {seed}", asked.handling, asked.variation)
    return play_day(people, organisation, midnight, handling, rings(f"rings {seed}", asked.ring, asked.missed))


def _lately(organisation: Organisation, practice: str) -> timedelta:
    known = organisation.practices.get(practice)
    return known.known_agent.lately if known else timedelta()


def _came(
    context: click.Context, file: Path | None, day: datetime, zone: str, before: Organisation
) -> tuple[Came, ...]:
    if file is not None:
        return of_day(read_arrivals(file, zone), day.date())
    with opened(context) as installation, installation.database.read() as connection:
        found = recorded(connection, day.date(), zone, lambda practice: _lately(before, practice))
    if not found:
        raise BadArrivals(f"this installation recorded no call on {day:%Y-%m-%d}; name another day, or a file")
    return found
