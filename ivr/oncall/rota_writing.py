"""A change that is made, or only tried."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click
from sqlalchemy import Connection

from ivr.installation.command_line import Installation

DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be, and stop.")


class _OnlyTried(Exception):
    """Undoes what was only tried."""


@contextmanager
def writing(installation: Installation, dry_run: bool) -> Iterator[Connection]:
    """A transaction of which nothing is kept where it is only a try."""
    with suppress(_OnlyTried), installation.database.write() as connection:
        yield connection
        if dry_run:
            raise _OnlyTried
