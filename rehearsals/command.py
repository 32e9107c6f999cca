"""``sunline rehearse``."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

import click

from ivr.core.listing import echo_json, json_option
from ivr.directory.problems import DirectoryError, Problem
from phonesim.errors import FaultError
from phonesim.faults import read as read_fault
from phonesim.terminal import FileToWrite
from rehearsals.errors import RehearsalError, Unreadable
from rehearsals.language import read_script
from rehearsals.listing import for_terminal
from rehearsals.recorder.by_hand import NETWORK, by_hand
from rehearsals.report import as_row, failure, summary, total, write_junit
from rehearsals.running import Result
from rehearsals.running import rehearse as run
from rehearsals.script import Script

CANNOT_RUN = 2
OTHERWISE = {"snippets", "load"}
"""Folders of these names hold what rehearsals include, and plans of many calls for ``sunline simulate``."""


def _list_steps(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(for_terminal())
        context.exit()


def _readable(_context: click.Context, _option: click.Parameter, faults: tuple[str, ...]) -> tuple[str, ...]:
    try:
        for fault in faults:
            read_fault(fault)
    except FaultError as problem:
        raise click.BadParameter(str(problem)) from problem
    return faults


@click.command("rehearse")
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--config",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The configuration to call; default: the rehearsal's own, else the example organisation.",
)
@click.option("--twice", is_flag=True, help="Deliver every webhook twice; nobody may notice.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[=VALUE]",
    callback=_readable,
    help="Let something go wrong from the first ring on; repeatable. python -m phonesim faults lists what can.",
)
@click.option("--database", metavar="URL", help="Use this empty database; default: a new SQLite file each.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same run.")
@click.option("--verbose", is_flag=True, help="Show the transcript of every call.")
@json_option
@click.option("--junit", type=FileToWrite(), help="Write the results as JUnit XML.")
@click.option(
    "--record",
    type=FileToWrite(),
    help="Write the next call that is made by hand on the phones of a running demo to this file, and play it.",
)
@click.option("--network", metavar="URL", default=NETWORK, show_default=True, help="Whose phones, with --record.")
@click.option(
    "--patients",
    type=click.Path(exists=True, path_type=Path),
    help="Whose records exist, as CSV, with --record; default: nobody's.",
)
@click.option("--force", is_flag=True, help="Let --record replace a file.")
@click.option(
    "--list-steps",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_steps,
    help="Show every step that a rehearsal may have.",
)
@click.pass_context
def rehearse(
    context: click.Context,
    files: tuple[Path, ...],
    config: Path | None,
    twice: bool,
    faults: tuple[str, ...],
    database: str | None,
    seed: int,
    verbose: bool,
    as_json: bool,
    junit: Path | None,
    record: Path | None,
    network: str,
    patients: Path | None,
    force: bool,
) -> None:
    """Run scripted calls in virtual time: each FILE, or every *.yaml in and below a folder, snippets and loads apart.

    Exit status 0: everything happened as written; 1: something did not; 2: a file cannot be run.
    """
    # What the network complains of is told with the step that it belongs to, not in between.
    logging.getLogger("phonesim").addHandler(logging.NullHandler())
    if record is not None:
        context.exit(by_hand(record, network, config=config, patients=patients, force=force))
    if not files:
        raise click.UsageError("name rehearsals, or folders of them; --record FILE writes one, --list-steps explains")
    results: list[Result] = []
    given = _options(config, twice, faults, database, seed)
    try:
        scripts = _read(files)
        for script in scripts:
            results.append(run(script, config=config, database_url=database, seed=seed, twice=twice, faults=faults))
            if not as_json:
                _tell(results[-1], verbose, given, _progress(len(results), len(scripts)))
    except (RehearsalError, DirectoryError) as problem:
        click.echo(str(problem), err=True)
        context.exit(CANNOT_RUN)
    if junit is not None:
        write_junit(junit, results, given)
    if as_json:
        echo_json(map(as_row, results))
    else:
        click.echo(total(results))
    context.exit(0 if all(result.passed for result in results) else 1)


def _progress(done: int, of: int) -> str:
    return f"[{done:{len(str(of))}}/{of}] " if of > 1 else ""


def _tell(result: Result, verbose: bool, options: str, progress: str) -> None:
    if verbose and result.passed:
        click.echo("\n".join(f"  {line}" for line in result.lines))
    if not result.passed:
        click.echo(failure(result, options))
    click.secho(progress + summary(result), fg="green" if result.passed else "red")


def _read(named: tuple[Path, ...]) -> list[Script]:
    """Read every script before any is played: somebody who mends typing errors wants to see all of them."""
    scripts: list[Script] = []
    problems: list[Problem] = []
    for file in _files(named):
        try:
            scripts.append(read_script(file))
        except Unreadable as refusal:
            problems += refusal.problems
    if problems:
        raise Unreadable(problems)
    return scripts


def _files(named: tuple[Path, ...]) -> Iterator[Path]:
    for path in named:
        found = [path] if path.is_file() else sorted(file for file in path.rglob("*.yaml") if _is_rehearsal(path, file))
        if not found:
            raise RehearsalError(f"{path}: there is no rehearsal (*.yaml) in this folder; name one that has some")
        yield from found


def _is_rehearsal(folder: Path, file: Path) -> bool:
    return OTHERWISE.isdisjoint(file.relative_to(folder).parent.parts)


def _options(config: Path | None, twice: bool, faults: tuple[str, ...], database: str | None, seed: int) -> str:
    said = {"--config": config, "--database": database, "--seed": None if seed == 1 else seed}
    given = "".join(f" {name} {value}" for name, value in said.items() if value is not None)
    return given + (" --twice" if twice else "") + "".join(f" --fault {quote(fault)}" for fault in faults)
