"""The report of an import: which lines were left out or are to be looked at, and why. It holds nothing of a patient."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.directory.problems import DirectoryError, Problem
from ivr.patients.survey import Listen

HEADINGS = ("line", "what", "field", "reason", "mend")
LEFT_OUT, TAKEN = "left out", "look at it"


class ReportRefused(DirectoryError):
    """A place where no report can be written."""


def place_beside(path: Path) -> Path:
    """Where the report of a file lies unless another place is named."""
    return path.with_name(f"{path.name}.report.csv")


@contextmanager
def written_report(place: Path | None) -> Iterator[Listen]:
    """Takes problems, and writes each at ``place`` at once, which only its owner may read; None writes nothing.

    Another report there makes way. Any other file is :class:`ReportRefused`, before anything is touched.
    """
    if place is None:
        yield lambda problem, is_left_out: None
        return
    if place.exists() and not place.is_file():
        raise ReportRefused(f"{place} is a pipe or a device; name a file with --report")
    if place.exists() and not _is_report(place):
        raise ReportRefused(f"{place} is there and is no report; name another place with --report")
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise ReportRefused(f"{place} cannot be written ({type(error).__name__}); name another with --report") from None
    os.fchmod(descriptor, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(HEADINGS)

        def write(problem: Problem, is_left_out: bool) -> None:
            writer.writerow(
                [problem.line, LEFT_OUT if is_left_out else TAKEN, problem.about, problem.what, problem.mend]
            )

        yield write


def _is_report(place: Path) -> bool:
    begins = ",".join(HEADINGS).encode()
    try:
        with place.open("rb") as opened:
            return opened.read(len(begins)) == begins
    except OSError:
        return False
