"""The text of a file of patients, whatever program wrote it."""

from __future__ import annotations

import codecs
import io
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ivr.directory.problems import DirectoryError

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")
"""What a file may be said to be written in."""

LONGEST_LINE = 1 << 24
"""Characters of a line that are read; a photograph within a resource fits, and nothing else comes near."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PACKED = (
    (b"\x1f\x8b", "compressed (gzip); unpack it, as with gunzip"),
    (b"BZh", "compressed (bzip2); unpack it, as with bunzip2"),
    (b"\xfd7zXZ", "compressed (xz); unpack it, as with unxz"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd); unpack it, as with unzstd"),
    (b"7z\xbc\xaf", "compressed (7z); unpack it"),
    (b"PK\x03\x04", "a zip archive, or a workbook of a spreadsheet; unpack it, or save the sheet as CSV in UTF-8"),
    (b"\xd0\xcf\x11\xe0", "a workbook of a spreadsheet; save the sheet as CSV in UTF-8"),
    (b"%PDF", "a PDF; export the patients as CSV or FHIR instead"),
    (codecs.BOM_UTF32_LE, "UTF-32; save it as UTF-8"),
    (codecs.BOM_UTF32_BE, "UTF-32; save it as UTF-8"),
)
"""How a file begins that has no lines of text, what it is, and the mend."""
_UNMARKED = (
    (re.compile(b"[^\0]\0[^\0]\0", re.DOTALL), "utf-16-le"),
    (re.compile(b"\0[^\0]\0[^\0]", re.DOTALL), "utf-16-be"),
)
_NO_TEXT = re.compile("[\ufffd\ud800-\udfff]")

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written, where it does not say so itself; ``ignored`` are columns of CSV that are passed over."""

    encoding: str | None = None
    ignored: frozenset[str] = frozenset()


USUAL = Form()


class UnreadableFile(DirectoryError):
    """A file that is neither CSV nor ndjson, or that cannot be opened."""


def is_text(line: str) -> bool:
    """Whether every byte of a line could be read; what could not is a lone surrogate, or was lost before us."""
    return _NO_TEXT.search(line) is None


def require_file(path: Path) -> None:
    """Raise UnreadableFile unless it is a file, which can be read twice as a pipe and a device cannot."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnreadableFile(f"{path.name} is a pipe or a device, and is read twice; save it as a file first")


def _require_lines(path: Path, first: bytes) -> None:
    if told := next((told for mark, told in _PACKED if first.startswith(mark)), None):
        raise UnreadableFile(f"{path.name} is {told}")


@contextmanager
def opened_text(path: Path, encoding: str | None, progress: Progress = lambda read: None) -> Iterator[Iterator[str]]:
    """The lines of a file: UTF-8 unless its first bytes or ``encoding`` say otherwise.

    Bytes that are no text stay in their line (see :func:`is_text`), so that they cost no more than that.
    ``progress`` is told how many bytes were read since the last time.
    """
    require_file(path)
    with path.open("rb") as raw:
        first = raw.peek(8)
        _require_lines(path, first)
        marked = next((name for mark, name in _MARKS if first.startswith(mark)), None)
        if marked is None and encoding is None and b"\0" in first[:4]:
            meant = next((name for form, name in _UNMARKED if form.match(first)), None)
            if meant is None:
                raise UnreadableFile(f"{path.name} is no text; export the patients as CSV or FHIR")
            raise UnreadableFile(f"{path.name} is UTF-16 without a mark; say --encoding {meant}")
        used = marked or encoding or "utf-8"
        # What is halved in UTF-16 cannot be kept as it is.
        errors = "replace" if used.startswith("utf-16") else "surrogateescape"
        with io.TextIOWrapper(raw, used, errors=errors, newline="") as text:
            yield _lines(text, raw, progress)


def _lines(text: TextIO, raw: io.BufferedReader, progress: Progress) -> Iterator[str]:
    told = 0
    while line := text.readline(LONGEST_LINE):
        rest = line
        while rest and rest[-1] not in "\r\n":
            rest = text.readline(LONGEST_LINE)
        if (read := raw.tell()) != told:
            progress(read - told)
            told = read
        yield line
