"""The ``key`` commands."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.privacy.errors import PrivacyError
from ivr.privacy.master import LocalMaster


@click.group("key")
def key() -> None:
    """The master key, under which every other key is kept."""


@key.command("new")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def new(path: Path) -> None:
    """Make a master key file at PATH that only you may read. Never replaces one."""
    if path.exists():
        raise click.ClickException(f"{path} exists; a master key is never replaced. Give another path")
    try:
        LocalMaster(path, create=True)
    except (PrivacyError, OSError) as refused:
        raise click.ClickException(f"the key could not be made at {path}: {type(refused).__name__}") from refused
    click.echo(f"{path} is made. Set SUNLINE_MASTER_KEY=file:{path.resolve()}")
    click.echo("Keep a copy elsewhere: whoever loses it loses every recording and every answer.")
