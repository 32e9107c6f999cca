"""``python -m phonesim load``."""

from pathlib import Path

import click

from phonesim.client import SimClient
from phonesim.errors import PhonesimError
from phonesim.load.live import Live
from phonesim.load.reading import read_plan
from phonesim.load.results import summarise, table, write_calls, write_summary
from phonesim.terminal import FileToWrite, Seconds


@click.command("load")
@click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--against", required=True, metavar="URL", help="A running phonesim, such as http://127.0.0.1:8100.")
@click.option(
    "--for",
    "longest",
    type=Seconds(),
    default=600.0,
    show_default=True,
    help="Real seconds after which to stop.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same people.")
@click.option("--csv", "csv_file", type=FileToWrite(), help="Write one row a call there, and the table beside it.")
@click.pass_context
def load(context: click.Context, plan: Path, against: str, longest: float, seed: int, csv_file: Path | None) -> None:
    """Let the callers and agents of PLAN use a phonesim that runs elsewhere.

    Exit status 0: nobody was stranded; 1: somebody was, or time ran out; 2: the plan cannot be followed.
    """
    sim = SimClient(against)
    try:
        people = Live(sim, read_plan(plan), seed)
        done = people.run(longest)
    except (PhonesimError, OSError) as problem:
        click.echo(str(problem), err=True)
        context.exit(2)
    finally:
        sim.close()
    summaries = summarise(people.population.calls)
    click.echo("\n".join(table(summaries)))
    if not done:
        click.echo(f"time ran out after {longest:g} s, before every call was over; give more with --for", err=True)
    if csv_file is not None:
        write_calls(csv_file, people.population.calls)
        write_summary(beside(csv_file), summaries)
    context.exit(0 if done and not summaries[-1].stranded else 1)


def beside(csv_file: Path) -> Path:
    """Where the table goes that belongs to a file of calls."""
    return csv_file.with_stem(f"{csv_file.stem}-summary")
