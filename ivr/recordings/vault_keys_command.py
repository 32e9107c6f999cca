"""``sunline vault rotate`` and ``retire``: the keys of practices, which wrap the key that each recording has.

A fresh key wraps what comes from the moment it is made. What is stored is wrapped anew one recording after the other,
each in a transaction of its own, and no sound is touched: so it may be stopped or killed at any point and gone on with.
"""

from __future__ import annotations

import click

from ivr.core.counting import counted
from ivr.recordings.custodian import Custodian, opened_custodian
from recordings_vault import KeyMissing

TOLD_EVERY = 200
practices_argument = click.argument("practices", metavar="PRACTICE...", nargs=-1, required=True)


@click.command("rotate")
@practices_argument
@click.option("--resume", is_flag=True, help="Make no fresh key; go on where a rotation was stopped.")
@click.option("--dry-run", is_flag=True, help="Say how many recordings are to be wrapped anew, and stop.")
@click.pass_context
def rotate_command(context: click.Context, practices: tuple[str, ...], resume: bool, dry_run: bool) -> None:
    """Wrap the keys of all recordings of PRACTICE by a fresh key. No recording is encrypted anew.

    Calls go on, and recordings are played, meanwhile; nothing need be restarted. It may be stopped and gone on with by
    --resume. Exit status 1 where the key of a recording does not open. `operator` is the practice of unknown numbers.
    """
    broken = 0
    with opened_custodian(context) as custodian:
        _demand_keys(custodian, practices)
        for practice in practices:
            if dry_run:
                broken += _tell(custodian, practice, resume=resume)
            else:
                with custodian.noted_for("vault.rotate", practice):
                    broken += _rotate(custodian, practice, resume=resume)
    context.exit(1 if broken else 0)


@click.command("retire", short_help="Forget the older keys of PRACTICE; a dry run without --yes.")
@practices_argument
@click.option("--yes", is_flag=True, help="Really forget them; without this it is only said what would happen.")
@click.pass_context
def retire_command(context: click.Context, practices: tuple[str, ...], yes: bool) -> None:
    """Forget all keys of PRACTICE but the present one, for good: a copy in a backup that they wrap opens no more.

    Refused while a recording needs one of them: see `sunline vault rotate`.
    """
    with opened_custodian(context) as custodian:
        _demand_keys(custodian, practices)
        for practice in practices:
            _refuse_needed_keys(custodian, practice)
        for practice in practices:
            older = custodian.vault.older_keys(practice)
            if not yes:
                click.echo(f"{practice}: {counted(len(older), 'older key')} would be forgotten")
                continue
            with custodian.noted_for("vault.retire", practice):
                for key_id in older:
                    custodian.vault.retire(practice, key_id, at=custodian.now())
            click.echo(f"{practice}: {counted(len(older), 'older key')} forgotten")
    if not yes:
        click.echo("Dry run: nothing was changed. Repeat with --yes to forget them.")


def _demand_keys(custodian: Custodian, practices: tuple[str, ...]) -> None:
    """Refuse, before anything is done for any of them, where a practice has no keys or they do not open."""
    for practice in practices:
        try:
            custodian.vault.older_keys(practice)
        except KeyMissing as missing:
            mend = "check its name, or load its configuration first: sunline load DIR"
            raise click.ClickException(f"practice {practice}: it has no key for recordings; {mend}") from missing


def _refuse_needed_keys(custodian: Custodian, practice: str) -> None:
    """Refuse where recordings of a practice are still wrapped by a key that would be forgotten."""
    left = sum(1 for _ in custodian.vault.behind(practice))
    if left:
        need = counted(left, "recording needs", "recordings need")
        mend = f"wrap anew first: sunline vault rotate {practice} --resume"
        raise click.ClickException(f"{practice}: {need} an older key; {mend}")


def _tell(custodian: Custodian, practice: str, *, resume: bool) -> int:
    """Say what a rotation would do; how many recordings it could not wrap anew, because their keys do not open."""
    sound = broken = 0
    for finding in custodian.vault.try_keys(practice, only_behind=resume):
        sound, broken = sound + finding.sound, broken + (not finding.sound)
        if not finding.sound:
            click.echo(f"{finding.recording_id}  {finding.outcome}", err=True)
    click.echo(f"{practice}: {counted(sound, 'recording')} to be wrapped anew, {broken} broken")
    return broken


def _rotate(custodian: Custodian, practice: str, *, resume: bool) -> int:
    """Rotate the key of a practice, with a line that tells how far it is; how many recordings do not open."""
    if not resume:
        custodian.vault.rotate(practice, at=custodian.now())
        click.echo(f"{practice} has a fresh key", err=True)
    done = broken = 0
    for finding in custodian.vault.rewrap_each(practice, actor=custodian.actor, at=custodian.now()):
        done, broken = done + finding.sound, broken + (not finding.sound)
        if not finding.sound:
            click.echo(f"{finding.recording_id}  {finding.outcome}", err=True)
        if (done + broken) % TOLD_EVERY == 0:
            click.echo(f"{practice}: {done} wrapped anew", err=True)
    left = sum(1 for _ in custodian.vault.behind(practice)) - broken
    click.echo(f"{practice}: {counted(done, 'recording')} wrapped anew, {broken} broken")
    if left > 0:
        click.echo(f"{practice}: {left} came meanwhile; run again with --resume")
    return broken
