"""``sunline simulate``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import click

from ivr.core.counting import counted
from ivr.core.instants import parse_instant
from ivr.core.listing import echo_json, json_option
from ivr.directory.problems import DirectoryError
from phonesim.errors import PhonesimError
from phonesim.load import Plan, read_plan, table, write_calls, write_summary
from phonesim.load.command import beside
from phonesim.terminal import FileToWrite
from rehearsals import provisioning
from rehearsals.errors import RehearsalError
from rehearsals.running import EXAMPLE
from rehearsals.simulation.running import Simulated
from rehearsals.simulation.running import simulate as play
from rehearsals.simulation.scaling import with_agents

CANNOT_RUN = 2
A_READABLE_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
A_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("simulate")
@click.argument("plan", type=A_READABLE_FILE)
@click.option("--config", type=A_FOLDER, default=EXAMPLE, help="The configuration to call; default: the example.")
@click.option(
    "--at",
    metavar="WHEN",
    help="When it begins, such as '2026-11-03 09:00 America/Chicago'; default: the plan's start.",
)
@click.option("--calls", type=click.IntRange(1, 1_000_000), help="So many calls; default: the plan's.")
@click.option(
    "--agents-per-pool",
    type=click.IntRange(1, 10_000),
    help="Copy agents until every pool has so many; default: none is copied.",
)
@click.option(
    "--patients", type=A_READABLE_FILE, help="Records of the practice that is dialled, as CSV; default: none."
)
@click.option("--fault", "faults", multiple=True, metavar="NAME[=VALUE]", help="Break something; repeatable.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same run.")
@json_option
@click.option("--csv", "csv_file", type=FileToWrite(), help="Write one row a call there, and the table beside it.")
@click.pass_context
def simulate(
    context: click.Context,
    plan: Path,
    config: Path,
    at: str | None,
    calls: int | None,
    agents_per_pool: int | None,
    patients: Path | None,
    faults: tuple[str, ...],
    seed: int,
    as_json: bool,
    csv_file: Path | None,
) -> None:
    """Let everybody in PLAN call the whole installation, in virtual time.

    Exit status 0: nobody was stranded and nothing was left over; 1: somebody was, or something; 2: it cannot be run.
    """
    began = perf_counter()
    try:
        wanted = read_plan(plan, calls=calls)
        start = _start(wanted, at)
        organisation = provisioning.read_organisation(config, start)
        scaled = with_agents(organisation, agents_per_pool or 1)
        done = play(wanted, scaled, start, seed=seed, patients=patients, faults=faults, progress=_tell)
    except (PhonesimError, RehearsalError, DirectoryError) as problem:
        click.echo(str(problem), err=True)
        context.exit(CANNOT_RUN)
    if as_json:
        echo_json(map(asdict, done.summaries))
    else:
        _show(done)
    _tell_speed(done, perf_counter() - began)
    if csv_file is not None:
        write_calls(csv_file, done.calls)
        write_summary(beside(csv_file), done.summaries)
    context.exit(1 if done.stranded or done.wrongs else 0)


def _start(plan: Plan, at: str | None) -> datetime:
    if at is None and plan.start is None:
        raise RehearsalError(f"{plan.title}: nothing says when it begins; write start: in the plan, or give --at")
    try:
        return plan.start if at is None and plan.start is not None else parse_instant(at or "").astimezone(UTC)
    except ValueError as problem:
        raise RehearsalError(f"--at: {problem}") from problem


def _show(done: Simulated) -> None:
    click.echo("\n".join(table(done.summaries)))
    rung = sum(agent.rung for agent in done.agents)
    twice = sum(agent.rung_while_busy for agent in done.agents)
    click.echo(
        f"{counted(len(done.agents), 'person was', 'people were')} rung {counted(rung, 'time')}, "
        f"{counted(twice, 'time')} of them while on a call"
    )
    for wrong in done.wrongs:
        click.echo(f"left over: {wrong}")
    click.echo(f"events {done.events}")
    click.echo(f"trace  {done.trace}")


def _tell(ended: int, of: int, now: datetime) -> None:
    click.echo(f"{now:%Y-%m-%d %H:%M} UTC: {counted(ended, 'call is', 'calls are')} over, of {of}", err=True)


def _tell_speed(done: Simulated, seconds: float) -> None:
    rate = done.leg_minutes * 60 / seconds
    click.echo(f"{done.lasted} in {seconds:.1f} s: {rate:.0f} call-minutes a minute", err=True)
