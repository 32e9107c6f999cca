"""What is kept on this machine is for its owner only: folders 0700, files 0600."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

FOR_OTHERS = 0o077


def keep_private() -> None:
    """Let this process make nothing that others on the machine may open. Every process begins with this."""
    os.umask(FOR_OTHERS)


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner may open, and private ones above it; one that is there is left as it is."""
    for place in (*reversed(folder.parents), folder):
        place.mkdir(mode=0o700, exist_ok=True)


def make_file(file: Path) -> None:
    """Make an empty file that only its owner may open; one that is there is left as it is, and is not even opened.

    Closing any descriptor of a file gives up all the locks that this process has on it (POSIX, fcntl): a database would
    lose those of SQLite, and the next process that closed it would take away the log that is still in use.
    """
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDONLY | os.O_CLOEXEC, 0o600))


def is_private(place: Path) -> bool:
    """Whether nobody but its owner may open a file or folder; true where there is none."""
    return not (place.exists() and stat.S_IMODE(place.stat().st_mode) & FOR_OTHERS)
