"""``sunline rehearse``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from ivr.directory.problems import DirectoryError
from rehearsals.errors import RehearsalError
from rehearsals.language import read_script
from rehearsals.report import failure, summary, write_junit
from rehearsals.running import Result
from rehearsals.running import rehearse as run

CANNOT_RUN = 2


@click.command("rehearse")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--config",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The configuration to call; default: the rehearsal's own, else the example organisation.",
)
@click.option("--twice", is_flag=True, help="Deliver every webhook twice; nobody may notice.")
@click.option("--database", metavar="URL", help="Use this empty database; default: a new SQLite file each.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same run.")
@click.option("--verbose", is_flag=True, help="Show the transcript of every call.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write the results as JUnit XML.")
@click.pass_context
def rehearse(
    context: click.Context,
    files: tuple[Path, ...],
    config: Path | None,
    twice: bool,
    database: str | None,
    seed: int,
    verbose: bool,
    junit: Path | None,
) -> None:
    """Run scripted calls in virtual time: each FILE, or every *.yaml of a folder.

    Exit status 0: everything happened as written; 1: something did not; 2: a file cannot be run.
    """
    results = []
    try:
        for file in _files(files):
            results.append(run(read_script(file), config=config, database_url=database, seed=seed, twice=twice))
            _tell(results[-1], verbose, _options(config, twice, database, seed))
    except (RehearsalError, DirectoryError) as problem:
        click.echo(str(problem), err=True)
        context.exit(CANNOT_RUN)
    if junit is not None:
        write_junit(junit, results)
    failed = sum(not result.passed for result in results)
    click.echo(f"{len(results)} rehearsals, {failed} failed")
    context.exit(1 if failed else 0)


def _tell(result: Result, verbose: bool, options: str) -> None:
    if verbose and result.passed:
        click.echo("\n".join(f"  {line}" for line in result.lines))
    if not result.passed:
        click.echo(failure(result, options))
    click.secho(summary(result), fg="green" if result.passed else "red")


def _files(named: tuple[Path, ...]) -> Iterator[Path]:
    for path in named:
        found = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not found:
            raise RehearsalError(f"{path}: there is no rehearsal (*.yaml) in this folder; name one that has some")
        yield from found


def _options(config: Path | None, twice: bool, database: str | None, seed: int) -> str:
    said = {"--config": config, "--database": database, "--seed": None if seed == 1 else seed}
    given = "".join(f" {name} {value}" for name, value in said.items() if value is not None)
    return given + (" --twice" if twice else "")
