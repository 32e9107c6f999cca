"""``python -m bench``: every measurement, as one table of ratios."""

from __future__ import annotations

import csv
import inspect
import os
import pkgutil
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, fields
from importlib import import_module
from pathlib import Path
from typing import Any

import click

import bench
from bench.errors import CannotMeasure
from bench.rows import Row, readable
from ivr.core.counting import counted

NOTE = """
Ratios count: both sides of each were measured in this one run ({cores} cores, load {load:.1f} at the start).
Absolute figures move with whatever else the machine does."""
HEADINGS = ("measure", "what", "measured", "compared with", "ratio", "target", "met?")


def names() -> list[str]:
    """The measures there are: modules of this package with a ``measure``."""
    found = [module.name for module in pkgutil.iter_modules(bench.__path__) if not module.ispkg]
    return [name for name in found if name != "__main__" and hasattr(_module(name), "measure")]


def rows_of(name: str, *, quick: bool) -> list[Row]:
    """The rows of one measure; ``quick`` where it has a smaller form."""
    measure: Callable[..., Iterable[Row]] = _module(name).measure
    smaller = {"quick": True} if quick and "quick" in inspect.signature(measure).parameters else {}
    return list(measure(**smaller))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="Small and fast: shows that everything runs; the figures mean little.")
@click.option("--only", multiple=True, metavar="NAME", help="Only this measure; may be given several times.")
@click.option(
    "--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows there as well."
)
@click.option("--strict", is_flag=True, help="Exit with 1 when a target is missed.")
def main(quick: bool, only: Sequence[str], csv_file: Path | None, strict: bool) -> None:
    """Measure Sunline against its ceilings and peers, each pair in the same run.

    Exits with 1 when a measure could not be carried out.
    """
    load = os.getloadavg()[0]
    chosen = _chosen(only)
    done, broken = _measured(chosen, quick)
    for line in table(done):
        click.echo(line)
    click.echo(NOTE.format(cores=os.cpu_count(), load=load))
    if csv_file is not None:
        write_csv(csv_file, done)
    missed = [row for _, row in done if row.met is False]
    measured = f"{counted(len(done), 'row')}, {counted(len(missed), 'target')} missed"
    click.echo(f"{measured}, {counted(len(broken), 'measure')} failed")
    sys.exit(1 if broken or (strict and missed) else 0)


def table(done: Sequence[tuple[str, Row]]) -> list[str]:
    """The rows as lines of text."""
    cells = [HEADINGS, *(_cells(name, row) for name, row in done)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]


def write_csv(file: Path, done: Sequence[tuple[str, Row]]) -> None:
    """One line a row, with unrounded figures."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["measure", *(field.name for field in fields(Row))])
        writer.writerows((name, *astuple(row)) for name, row in done)


def _chosen(only: Sequence[str]) -> list[str]:
    known = names()
    unknown = [name for name in only if name not in known]
    if unknown:
        raise click.UsageError(f"there is no measure {unknown[0]!r}; there are: {', '.join(known)}")
    return list(only) or known


def _measured(chosen: Sequence[str], quick: bool) -> tuple[list[tuple[str, Row]], list[str]]:
    done: list[tuple[str, Row]] = []
    broken = []
    for name in chosen:
        start = time.perf_counter()
        try:
            done += [(name, row) for row in rows_of(name, quick=quick)]
            click.echo(f"{name}: measured in {time.perf_counter() - start:.0f} s", err=True)
        except Exception as problem:  # one broken measure must not hide the others
            broken.append(name)
            reason = str(problem) if isinstance(problem, CannotMeasure) else traceback.format_exc()
            click.echo(f"{name}: not measured: {reason}", err=True)
    return done, broken


def _cells(name: str, row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{readable(row.ratio)} x"
    met = {True: "yes", False: "NO", None: ""}[row.met]
    return name, row.what, f"{readable(row.value)} {row.unit}", row.compared, ratio, row.target, met


def _module(name: str) -> Any:
    return import_module(f"bench.{name}")


if __name__ == "__main__":
    main()
