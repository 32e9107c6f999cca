"""``sunline replay``: what another schedule would have done to a recorded day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click

from ivr.directory.options import FOLDER
from ivr.directory.organisation import Organisation, read_folder
from ivr.installation.command_line import now, opened, refusals
from ivr.workforce import staffing_options
from ivr.workforce.demand import mix_of, unknown_in
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
@click.option("--day", type=staffing_options.DAY, required=True, help="The recorded day.")
@click.option(
    "--promise",
    type=staffing_options.POSITIVE,
    default=120.0,
    show_default=True,
    help="Seconds in which a caller is promised a person.",
)
@staffing_options.shared
@click.pass_context
def replay(
    context: click.Context, /, file: Path | None, new: Path, old: Path, day: datetime, promise: float, **rest: object
) -> None:
    """Would a changed schedule have served a recorded day better, for everybody?

    ARRIVALS is a CSV file as for `sunline staffing`; without one, the day is taken from the events of this
    installation. The same callers, patience and handling times meet both schedules. Waits, promises broken and the
    share answered in time are compared, for all and by language.
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
    people = people_of(came, before, mix, asked.patience)
    midnight = to_utc(datetime.combine(judged_at.date(), datetime.min.time()), zone)
    one, other = (_play(people, schedule, midnight, asked) for schedule in (before, after))
    click.echo("\n".join(compared(one, other, asked.within, promise)))


def compared(before: Day, after: Day, within: float, promise: float) -> Iterator[str]:
    """The table of both, for all callers, then by language, and how far apart the languages are."""
    languages = sorted({person.wish.language for person in _everybody(before)})
    groups = ("all", *languages) if len(languages) > 1 else ("all",)
    measured = {group: [_measured(day, group, within, promise) for day in (before, after)] for group in groups}
    yield f"{'':10}{'':32}{'before':>12}{'after':>12}"
    for group, both in measured.items():
        for number, (name, told) in enumerate(_rows(within, promise)):
            yield f"{group if number == 0 else '':10}{name:32}{told(both[0]):>12}{told(both[1]):>12}"
    if len(languages) > 1:
        apart = [_apart([measured[language][side] for language in languages]) for side in (0, 1)]
        yield f"{'fairness':10}{'languages apart, in time':32}{apart[0]:>12}{apart[1]:>12}"


def _rows(within: float, promise: float) -> tuple[tuple[str, Callable[[Measured], str]], ...]:
    return (
        ("callers who waited for a person", lambda one: str(one.waited.calls)),
        ("promised a call-back at once", lambda one: str(one.promised)),
        ("mean wait", lambda one: f"{one.waited.mean_wait:.1f} s"),
        ("nine in ten wait less than", lambda one: f"{one.waited.ninth_in_ten:.1f} s"),
        (f"answered within {within:g} s", lambda one: f"{one.waited.within:.1%}"),
        ("never answered", lambda one: f"{one.waited.lost:.1%}"),
        (f"promise of {promise:g} s broken", lambda one: str(one.broken)),
    )


def _measured(day: Day, group: str, within: float, promise: float) -> Measured:
    waited = [outcome for person, outcome in day.waited if group in ("all", person.wish.language)]
    promised = [person for person in day.promised if group in ("all", person.wish.language)]
    return Measured(figures(waited, within), len(promised), sum(_broken(one, promise) for one in waited))


def _broken(outcome: Outcome, promise: float) -> bool:
    """Whoever hangs up before the promise is due was not failed by it."""
    return outcome.waited > promise


def _apart(groups: Sequence[Measured]) -> str:
    """Percentage points between the languages that are served best and worst."""
    shares = [one.waited.within for one in groups if one.waited.calls]
    return f"{(max(shares) - min(shares)) * 100:.1f} points" if shares else ""


def _everybody(day: Day) -> Iterator[Person]:
    yield from (person for person, _ in day.waited)
    yield from day.promised


def _play(
    people: Sequence[Person], organisation: Organisation, midnight: datetime, asked: staffing_options.Asked
) -> Day:
    handling = lognormal("handling", asked.handling, asked.variation)
    return play_day(people, organisation, midnight, handling, rings("rings", asked.ring, asked.missed))


def _lately(organisation: Organisation, practice: str) -> timedelta:
    known = organisation.practices.get(practice)
    return known.known_agent.lately if known else timedelta()


def _came(
    context: click.Context, file: Path | None, day: datetime, zone: str, before: Organisation
) -> tuple[Came, ...]:
    if file is not None:
        return of_day(read_arrivals(file), day.date())
    with opened(context) as installation, installation.database.read() as connection:
        found = recorded(connection, day.date(), zone, lambda practice: _lately(before, practice))
    if not found:
        raise BadArrivals(f"this installation recorded no call on {day:%Y-%m-%d}; name another day, or a file")
    return found
