"""Taking in a long file of patients by the command itself: how long it takes, and whether memory grows with it."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.errors import CannotMeasure
from bench.rig.installation import BACKENDS, Installation, installed
from bench.rows import Baseline, Row, at_most, reported, within
from ivr.core.counting import counted

PATIENTS, FEW = 100_000, 10_000
SECONDS, GROWTH = 120, 1.2
_GIVEN = ("Ana", "Bo", "Cy", "Dee", "Eli", "Fay", "Gus", "Hal", "Ida", "Joe", "Kim", "Lou")
_FAMILY = ("Ruiz", "Lund", "Poe", "Okoye", "Diaz", "Nguyen", "O'Brien", "Smith", "Garcia", "Kowalski")


def measure(quick: bool = False) -> list[Row]:
    """A first import of made-up patients and the same file again, on both databases; memory beside a tenth of it."""
    backends, many = (BACKENDS[:1], 2_000) if quick else (BACKENDS, PATIENTS)
    return [row for backend in backends for row in _rows(backend, many, many // (PATIENTS // FEW))]


def _rows(backend: str, many: int, few: int) -> Iterator[Row]:
    with installed(backend) as small:
        usual = _import(small, few)
    with installed(backend) as one:
        first, again = _import(one, many), _import(one, many)
    what = f"{backend}, {counted(many, 'patient')}"
    yield within(f"{what}, taken in", first.seconds, "s", SECONDS)
    yield reported(f"{what}, time of the processor", first.busy, "s")
    yield reported(f"{what}, the same file again", again.seconds, "s", Baseline("the first time", first.seconds))
    yield at_most(
        f"{what}, peak memory", first.megabytes, "MB", Baseline(counted(few, "patient"), usual.megabytes), GROWTH
    )


@dataclass(frozen=True, slots=True)
class _Used:
    seconds: float
    busy: float
    megabytes: float


def _import(installation: Installation, many: int) -> _Used:
    """Run the command on made-up patients, in a process of its own, whose time and memory are its alone."""
    file = installation.folder / f"{many}.csv"
    write_patients(file, many)
    command = [sys.executable, "-m", "ivr.cli", "patients", "import", str(file), "--practice", "maple"]
    start = time.perf_counter()
    with (installation.folder / "told").open("w+") as told:
        process = subprocess.Popen(command, env=installation.environment, stdout=told, stderr=told)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        told.seek(0)
        if process.returncode:
            raise CannotMeasure(told.read())
    return _Used(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def write_patients(file: Path, many: int) -> None:
    """So many patients, who are the same in every run; some share a name and a date of birth, as people do."""
    chance, first = random.Random(1), date(1925, 1, 1)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("id", "name", "date_of_birth", "zip", "phone", "mrn", "language", "state"))
        for number in range(many):
            name = f"{chance.choice(_GIVEN)} {chance.choice(_GIVEN)} {chance.choice(_FAMILY)}"
            born = first + timedelta(days=chance.randrange(36_000))
            phone = f"+1312{chance.randrange(2_000_000, 10_000_000)}"
            writer.writerow(
                (f"{number:09}", name, born, f"{chance.randrange(60601, 60700)}", phone, 100_000 + number, "en", "IL")
            )
