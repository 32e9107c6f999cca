"""What is no file of patients is refused at once, and an import that stops says how many came in."""

from __future__ import annotations

import gzip
import os
import signal
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bench.patients import write_patients
from ivr.installation.command_line import Installation
from ivr.patients import import_job, importing
from ivr.patients.card import read_card
from ivr.patients.lookup import find
from ivr.patients.representatives import import_job as representatives
from ivr.patients.representatives.tables import representative
from ivr.patients.source import UnreadableFile
from ivr.patients.stopping import SIGNALS, watched_signals
from ivr.patients.tables import patient
from tests.directory import test_patients_as_they_are as as_they_are
from tests.directory.conftest import AT
from tests.directory.test_patients_as_they_are import ANA, HEADER, imported, ndjson, reported, written

ready = as_they_are.ready
pytestmark = pytest.mark.sqlite_first

STEP = 40


@pytest.fixture(autouse=True)
def usual_signals() -> Iterator[None]:
    """Signals as in a foreground: a run in the background, or after nohup, ignores some, and the import would too."""
    usual = dict.fromkeys(SIGNALS, signal.SIG_DFL) | {signal.SIGINT: signal.default_int_handler}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def count(ready: Installation, table: Any = patient) -> int:
    with ready.database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def long_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hundred patients, who come in by three steps."""
    monkeypatch.setattr(importing, "BATCH", STEP)
    file = tmp_path / "long.csv"
    write_patients(file, 100)
    return file


def before_step(monkeypatch: pytest.MonkeyPatch, number: int, happens: Callable[[], None]) -> None:
    """Let something happen while a step is sealed, the first being 1."""
    seal, steps = import_job.seal_patients, iter(range(1, 100))

    def and_more(*about: Any) -> Any:
        if next(steps) == number:
            happens()
        return seal(*about)

    monkeypatch.setattr(import_job, "seal_patients", and_more)


AGAIN = "the same command again goes on with those who are missing, and takes nobody in twice"


def took_the_rest(ready: Installation, file: Path, done: int) -> bool:
    return f"created {100 - done}, updated 0, unchanged {done}, skipped 0" in imported(ready, file).output


def changed(file: Path) -> Callable[[], None]:
    return lambda: os.utime(file, ns=(1, 1))


def test_a_file_that_changes_after_some_came_in_says_how_many(
    ready: Installation, long_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_step(monkeypatch, 2, changed(long_file))
    stopped = imported(ready, long_file)
    told = (
        "long.csv was changed while it was read; came in before and kept: patients created 80, updated 0, unchanged 0"
    )
    assert (stopped.exit_code, count(ready)) == (4, 80)
    assert told in stopped.output
    assert AGAIN in stopped.output
    assert took_the_rest(ready, long_file, 80)


@pytest.mark.parametrize("number", SIGNALS)
def test_whoever_stops_an_import_is_told_how_many_came_in(
    ready: Installation, long_file: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    before_step(monkeypatch, 2, lambda: os.kill(os.getpid(), number))
    before = signal.getsignal(number)
    stopped = imported(ready, long_file)
    assert (stopped.exit_code, count(ready)) == (4, 80)
    assert "the import was stopped, as asked for; came in before and kept: patients created 80" in stopped.output
    assert signal.getsignal(number) is before
    assert took_the_rest(ready, long_file, 80)


def test_whoever_asks_twice_stops_it_at_once(
    ready: Installation, long_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    before_step(monkeypatch, 2, twice)
    stopped = imported(ready, long_file)
    assert (stopped.exit_code, count(ready)) == (4, 40)
    assert "the import was stopped at once; came in before and kept: patients created 40" in stopped.output


def test_what_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with watched_signals() as is_to_stop:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not is_to_stop()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_database_that_goes_away_half_way_says_how_many_came_in(
    ready: Installation, long_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OperationalError("INSERT of Ana Ruiz", {}, Exception("gone"))

    before_step(monkeypatch, 3, gone)
    stopped = imported(ready, long_file)
    assert (stopped.exit_code, count(ready)) == (4, 80)
    assert "the database cannot be used (OperationalError)" in stopped.output
    assert "Ana" not in stopped.output


@pytest.mark.parametrize(("step", "options"), [(1, ()), (2, ("--dry-run",))], ids=["before the first", "a dry run"])
def test_where_nothing_was_kept_nothing_was_taken_in(
    ready: Installation, long_file: Path, monkeypatch: pytest.MonkeyPatch, step: int, options: tuple[str, ...]
) -> None:
    def stop() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        if step == 1:
            os.kill(os.getpid(), signal.SIGINT)

    before_step(monkeypatch, step, stop)
    stopped = imported(ready, long_file, *options)
    assert (stopped.exit_code, count(ready)) == (1, 0)


def test_representatives_who_came_in_before_a_stop_are_counted_too(
    ready: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(ready, written(tmp_path, HEADER + ANA))
    monkeypatch.setattr(representatives.RepresentativesJob, "store", stop_after(1))
    monkeypatch.setattr("ivr.patients.representatives.importing.BATCH", 1)
    header = "id,represents,name,relation,date_of_birth\n"
    rows = "".join(f"s{number},007,Ana Poe,parent,1970-01-02\n" for number in range(3))
    stopped = imported(ready, written(tmp_path, header + rows, "representatives.csv"))
    assert (stopped.exit_code, count(ready, representative)) == (4, 2)
    assert "came in before and kept: representatives created 2" in stopped.output


def stop_after(steps: int) -> Callable[..., None]:
    store, done = representatives.RepresentativesJob.store, iter(range(100))

    def and_stop(*about: Any) -> None:
        store(*about)
        if next(done) == steps:
            os.kill(os.getpid(), signal.SIGTERM)

    return and_stop


PACKED = {
    "gzip": (gzip.compress((HEADER + ANA).encode()), "is compressed (gzip); unpack it, as with gunzip"),
    "bzip2": (b"BZh91AY", "is compressed (bzip2)"),
    "xz": (b"\xfd7zXZ\0\0", "is compressed (xz)"),
    "zstd": (b"\x28\xb5\x2f\xfd\x04", "is compressed (zstd)"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "is compressed (7z)"),
    "a workbook": (b"PK\x03\x04\x14\0\x06\0", "is a zip archive, or a workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a workbook of a spreadsheet"),
    "UTF-32": ((HEADER + ANA).encode("utf-32"), "is UTF-32; save it as UTF-8"),
    "noughts": (b"\0\0\0\0\0\0", "is no text"),
    "UTF-16, the other way": ((HEADER + ANA).encode("utf-16-be"), "is UTF-16 without a mark; say --encoding utf-16-be"),
}


@pytest.mark.parametrize("name", ["patients.csv", "patients.ndjson"])
@pytest.mark.parametrize("kind", PACKED)
def test_what_has_no_lines_of_text_is_called_what_it_is(
    ready: Installation, tmp_path: Path, kind: str, name: str
) -> None:
    content, told = PACKED[kind]
    refused = imported(ready, written(tmp_path, content, name))
    assert (refused.exit_code, count(ready)) == (1, 0)
    assert f"{name} {told}" in refused.output
    assert kind.startswith("UTF-16") or "UTF-16" not in refused.output


def test_a_file_that_is_named_as_packed_is_told_to_be_unpacked(ready: Installation, tmp_path: Path) -> None:
    refused = imported(ready, written(tmp_path, gzip.compress(b"id"), "patients.csv.gz"))
    assert "patients.csv.gz is compressed (gzip); unpack it" in refused.output


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_and_a_device_are_refused_at_once(ready: Installation, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "patients.csv"
    os.mkfifo(place) if kind == "pipe" else place.symlink_to("/dev/zero")
    refused = imported(ready, place)
    assert refused.exit_code == 1
    assert "patients.csv is a pipe or a device, and is read twice; save it as a file first" in refused.output
    report = imported(ready, written(tmp_path, HEADER + ANA, "whole.csv"), "--report", str(place))
    assert (report.exit_code, count(ready)) == (1, 0)
    assert f"{place} is a pipe or a device; name a file with --report" in report.output


@pytest.mark.parametrize(
    "content", ["", "\n", "\r\n \r\n", "\ufeff", "\ufeff\n\n", ",,,\n", "sep=;\n", "sep=;\n\n;;\n"]
)
def test_a_file_without_a_word_is_one_fault(ready: Installation, tmp_path: Path, content: str) -> None:
    refused = imported(ready, written(tmp_path, content))
    assert refused.exit_code == 1
    assert refused.output.count("; ") == refused.output.count("the file is empty; look whether the export") == 1


def test_lines_without_a_word_before_the_header_are_passed_over_and_counted(
    ready: Installation, tmp_path: Path
) -> None:
    file = written(tmp_path, f"\n,,,\n{HEADER}{ANA}9,Cy Poe,1980-02-30,,,,,,\n")
    assert imported(ready, file, "--skip-bad").exit_code == 3
    assert [line for line, *_ in reported(file)] == [5]


HIDING = {
    "an override": "Ana \u202eziuR\u202c",
    "an isolate": "\u2066Ana Ruiz\u2069",
    "no width": "Ana\u200b Ru\u200diz",
    "a soft hyphen": "Ana Ru\u00adiz",
    "a tag": "Ana Ruiz\U000e0041",
    "a filler": "Ana\u3164 Ruiz\uffa0",
    "a blank of Braille": "Ana\u2800 Ruiz",
    "a joiner of marks": "Ana\u034f Ruiz",
    "a variation": "Ana Ruiz\ufe0f\U000e0101",
}


@pytest.mark.parametrize("kind", HIDING)
@pytest.mark.parametrize("form", ["csv", "fhir"])
def test_what_does_not_show_in_a_name_is_left_out_and_told(
    ready: Installation, tmp_path: Path, kind: str, form: str
) -> None:
    name = HIDING[kind]
    file = written(tmp_path, HEADER + ANA.replace("Ana Ruiz", name))
    if form == "fhir":
        file = ndjson(tmp_path, {"name": [{"text": name}], "birthDate": "1980-03-14"})
    taken = imported(ready, file, "--report", f"{file}.report.csv")
    line = 1 if form == "fhir" else 2
    assert taken.exit_code == 0
    assert f"the name of 1 record has characters that do not show, which are left out (line {line})" in taken.output
    assert [one[:3] for one in reported(file)] == [(line, "look at it", "name")]
    with ready.database.read() as connection:
        (who,) = connection.execute(select(patient.c.id)).scalars()
        card = read_card(connection, ready.cipher, "maple", who)
    assert card is not None
    assert card.name == ("Ana ziuR" if kind == "an override" else "Ana Ruiz")


def test_a_name_of_what_does_not_show_alone_is_missing(ready: Installation, tmp_path: Path) -> None:
    refused = imported(ready, written(tmp_path, HEADER + ANA.replace("Ana Ruiz", "\u3164\u202e\u3164")))
    assert "the name is missing" in refused.output


def test_a_fault_is_told_of_a_value_beside_what_does_not_show(ready: Installation, tmp_path: Path) -> None:
    refused = imported(ready, written(tmp_path, HEADER + ANA.replace("1980-03-14", "1980-02-30\u200b")))
    assert "the date_of_birth cannot be read" in refused.output


def test_letters_of_other_scripts_are_no_matter(ready: Installation, tmp_path: Path) -> None:
    taken = imported(
        ready, written(tmp_path, HEADER + ANA.replace("Ana Ruiz", "\u00c5sa N\u0303u\u00f1ez \u674e\u5a1c \ud64d"))
    )
    assert (taken.exit_code, "do not show" in taken.output) == (0, False)
    with ready.database.read() as connection:
        assert find(connection, ready.cipher, "maple", mrn="A-4101")


@pytest.mark.parametrize(("days", "status"), [(0, 0), (1, 2), (9999, 2)])
def test_a_day_to_come_is_none_since_which_numbers_are_known(
    ready: Installation, tmp_path: Path, days: int, status: int
) -> None:
    day = AT.date() + timedelta(days=days)
    given = imported(ready, written(tmp_path, HEADER + ANA), "--phones-since", day.isoformat(), "--at", AT.isoformat())
    assert (given.exit_code, count(ready)) == (status, 0 if status else 1)
    if status:
        assert f"{day} is in the future; write the day on which the numbers were taken down" in given.output


def test_a_number_is_not_known_since_a_day_to_come(ready: Installation, tmp_path: Path) -> None:
    rows = "id,name,date_of_birth,phone,phone_since\n1,Cy Poe,1980-03-14,3125550142,{}\n"
    refused = imported(ready, written(tmp_path, rows.format(date(2099, 1, 1))))
    assert ":2: the phone_since is in the future; write the day on which the number was taken down" in refused.output
    assert imported(ready, written(tmp_path, rows.format(AT.date()))).exit_code == 0


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="look whether it is still there"):
        list(as_they_are.read_file(tmp_path / "patients.csv", AT))
