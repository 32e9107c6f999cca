"""The ``key`` commands."""

from __future__ import annotations

from pathlib import Path

import click

from ivr.audit.append import append
from ivr.core.cipher import SealedColumn
from ivr.core.command import FEATURES
from ivr.core.counting import counted
from ivr.core.errors import Refusal
from ivr.installation.command_line import Installation, opened, refusals
from ivr.privacy.cipher import BY_FIELD, BY_ROW, PracticeCipher
from ivr.privacy.errors import PrivacyError
from ivr.privacy.master import LocalMaster
from ivr.privacy.resealing import reseal_column


class NotYet(Refusal):
    """Values cannot be sealed for their rows while the release before this one may have to open them."""


TOO_EARLY = (
    "sealing anew needs SUNLINE_SEALS=by-row, and it is by-field here; set it once no process of the release before "
    "runs any more, and restart web, worker and clock. Nothing was sealed anew"
)


@click.group("key")
def key() -> None:
    """The master key, under which every other key is kept, and the keys of the practices."""


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


@key.command("rotate")
@click.argument("practices", metavar="PRACTICE...", nargs=-1, required=True)
@click.pass_context
def rotate(context: click.Context, practices: tuple[str, ...]) -> None:
    """Seal what is said at PRACTICE with a fresh key from now on. What older keys sealed still opens."""
    with refusals(), opened(context) as installation:
        for practice in practices:
            installation.keys.rotate(practice)
            _note(installation, "key.rotate", practice)
            click.echo(f"{practice} has a fresh key")
    click.echo("Restart web, worker and clock, which know the older key; then seal what is stored: sunline key reseal")


@key.command("reseal", short_help="Seal what is stored anew, for its row and with the newest key.")
@click.option("--dry-run", is_flag=True, help="Say how many values are to be sealed anew, and stop.")
@click.pass_context
def reseal(context: click.Context, dry_run: bool) -> None:
    """Seal every stored value anew, for the row that it stands in and with the newest key of its practice.

    Needs SUNLINE_SEALS=by-row or only-by-row. Calls go on meanwhile. It may be stopped and begun again; exit status 1
    where a value does not open.
    """
    columns: tuple[SealedColumn, ...] = context.meta[FEATURES]().sealed
    with refusals(), opened(context) as installation:
        too_early = installation.seals == BY_FIELD
        if too_early and not dry_run:
            raise NotYet(TOO_EARLY)
        # A dry run counts what the real one will find, once the setting is made.
        cipher = PracticeCipher(installation.keys, BY_ROW) if too_early else installation.cipher
        broken = sum(_reseal(installation, cipher, column, dry_run=dry_run) for column in columns)
        if not dry_run:
            _note(installation, "key.reseal")
        opens_not = counted(broken, "value does not open", "values do not open")
        if too_early:
            raise NotYet(f"{opens_not}; {TOO_EARLY}" if broken else TOO_EARLY)
    if broken:
        raise click.ClickException(f"{opens_not}: left as before; see docs/runbook.md")


def _reseal(installation: Installation, cipher: PracticeCipher, column: SealedColumn, *, dry_run: bool) -> int:
    """Seal a column anew, with a line that tells how far it is; how many values do not open."""
    name = f"{column.column.table.fullname}.{column.column.name}"
    found = changed = broken = 0
    for batch in reseal_column(installation.database, cipher, column, dry_run=dry_run):
        found, changed, broken = found + batch.found, changed + batch.changed, broken + batch.broken
        click.echo(f"{name}: {found} looked at", err=True)
    click.echo(
        f"{name}: {counted(found, 'value')}, {changed} {'to be sealed' if dry_run else 'sealed'} anew, {broken} broken"
    )
    return broken


def _note(installation: Installation, action: str, practice: str | None = None) -> None:
    with installation.database.write() as connection:
        append(
            connection,
            at=installation.clock.now(),
            actor=installation.actor,
            action=action,
            outcome="ok",
            practice_id=practice,
        )
