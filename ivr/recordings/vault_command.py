"""``sunline vault``: custody of recordings. Every act leaves a custody entry and an audit row."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ivr.audit.append import demand_reason
from ivr.core.command import FEATURES
from ivr.core.counting import counted
from ivr.core.listing import echo_json, json_option
from ivr.recordings.account_list import read_unmatched
from ivr.recordings.custodian import Custodian, opened_custodian
from ivr.recordings.retention import is_forgotten
from ivr.recordings.vault_keys_command import retire_command, rotate_command
from recordings_vault import Finding, Stored
from recordings_vault.records import ids
from recordings_vault.retention import may_destroy

reason_option = click.option("--reason", required=True, help="A short phrase in small letters, without any name.")


@click.group("vault")
def vault() -> None:
    """Custody of recordings."""


@vault.command("list", short_help="Print every recording, its state, and until when it is kept.")
@click.option("--practice", help="Only this practice's recordings.")
@json_option
@click.pass_context
def list_command(context: click.Context, practice: str | None, as_json: bool) -> None:
    """Print every recording: id, practice, state, seconds, kept until, legal hold."""
    with opened_custodian(context) as custodian:
        known = list(ids(custodian.installation.database.read, practice))
        rows = (custodian.get(recording_id) for recording_id in known)
        if as_json:
            echo_json(map(_listed, rows))
        else:
            click.echo("".join(f"{_line(row)}\n" for row in rows), nl=False)
        custodian.note("vault.list")
    if as_json:
        return
    click.echo(counted(len(known), "recording"))


@vault.command("verify", short_help="Check every byte and the custody of ID, or of all.")
@click.argument("recording_id", metavar="[ID]", required=False)
@json_option
@click.pass_context
def verify_command(context: click.Context, recording_id: str | None, as_json: bool) -> None:
    """Check custody, size, every byte and the hash of ID, or of all; exit status 1 where anything is wrong."""
    with opened_custodian(context) as custodian:
        wrong = _listed_findings(custodian, recording_id) if as_json else _verified(custodian, recording_id)
        custodian.note("vault.verify", "failed" if wrong else "ok", recording_id)
    context.exit(1 if wrong else 0)


@vault.command("custody")
@click.argument("recording_id", metavar="ID")
@json_option
@click.pass_context
def custody_command(context: click.Context, recording_id: str, as_json: bool) -> None:
    """Print who did what to ID and when, oldest first."""
    with opened_custodian(context) as custodian:
        custodian.get(recording_id)
        custodian.note("vault.custody", recording_id=recording_id)
        entries = custodian.vault.custody(recording_id)
        if as_json:
            return echo_json({name: getattr(entry, name) for name in ENTRY} for entry in entries)
        for entry in entries:
            when = entry.at.strftime("%Y-%m-%d %H:%M:%S UTC")
            click.echo(f"{entry.sequence:>4}  {when}  {entry.actor}  {entry.action}  {entry.outcome}  {entry.purpose}")


@vault.command("unmatched", short_help="Print what Twilio has recorded of no call of ours.")
@json_option
@click.pass_context
def unmatched_command(context: click.Context, as_json: bool) -> None:
    """Print what Twilio has recorded of no call that we know: its sid there, when it was made and found.

    It is kept at Twilio. What is yours and not needed any more, delete in Twilio's console; it then leaves this list.
    """
    with opened_custodian(context) as custodian:
        with custodian.installation.database.read() as connection:
            rows = read_unmatched(connection)
        custodian.note("vault.unmatched")
    if as_json:
        return echo_json({name: getattr(row, name) for name in ("twilio_sid", "made_at", "found_at")} for row in rows)
    for row in rows:
        made = row.made_at.strftime(MINUTE) if row.made_at else "unknown"
        click.echo(f"{row.twilio_sid}  made {made}  found {row.found_at.strftime(MINUTE)}")
    click.echo(counted(len(rows), "recording"))


MINUTE = "%Y-%m-%d %H:%M UTC"


@vault.command("hold", short_help="Put ID under legal hold until it is lifted.")
@click.argument("recording_id", metavar="ID")
@reason_option
@click.pass_context
def hold_command(context: click.Context, recording_id: str, reason: str) -> None:
    """Put ID under legal hold: nothing destroys it, nor what was said in its call, until the hold is lifted.

    What was gone before is told.
    """
    with opened_custodian(context) as custodian:
        custodian.get(recording_id)
        with custodian.noted("vault.hold", recording_id, reason):
            row = custodian.vault.hold(recording_id, actor=custodian.actor, purpose=reason, at=custodian.now())
        with custodian.installation.database.read() as connection:
            forgotten = is_forgotten(connection, context.meta[FEATURES]().memories, recording_id)
    click.echo(f"{recording_id} is under legal hold.")
    if row.destroyed_at is not None:
        click.echo(f"Its sound is gone: it was destroyed on {row.destroyed_at:%Y-%m-%d}.")
    if forgotten:
        click.echo("What was said in its call is gone: it was forgotten when its retention was over.")


@vault.command("release")
@click.argument("recording_id", metavar="ID")
@reason_option
@click.pass_context
def release_command(context: click.Context, recording_id: str, reason: str) -> None:
    """Lift the legal hold of ID."""
    with opened_custodian(context) as custodian:
        custodian.get(recording_id)
        with custodian.noted("vault.release", recording_id, reason):
            custodian.vault.lift_hold(recording_id, actor=custodian.actor, purpose=reason, at=custodian.now())
    click.echo(f"{recording_id} is not under legal hold.")


@vault.command("destroy", short_help="Destroy ID for good; a dry run without --yes.")
@click.argument("recording_id", metavar="ID")
@reason_option
@click.option("--before-retention", is_flag=True, help="Although its retention rule still runs; never under hold.")
@click.option("--yes", is_flag=True, help="Really destroy it; without this it is only said what would happen.")
@click.pass_context
def destroy_command(context: click.Context, recording_id: str, reason: str, before_retention: bool, yes: bool) -> None:
    """Destroy ID for good: its key is forgotten, its custody record remains."""
    with opened_custodian(context) as custodian:
        row = custodian.get(recording_id)
        demand_reason(reason)
        click.echo(_line(row))
        ruling = may_destroy(row, custodian.now(), before_retention=before_retention)
        if yes:
            _destroy(custodian, recording_id, reason, before_retention)
        elif ruling.allowed:
            click.echo("Dry run: it would be destroyed; nothing was changed. Repeat with --yes to destroy it.")
        else:
            raise click.ClickException(f"it must be kept: {'; '.join(ruling.reasons)}")


vault.add_command(rotate_command)
vault.add_command(retire_command)

ENTRY = ("sequence", "at", "actor", "action", "outcome", "purpose")
"""What is told of an entry of the custody record."""


def _listed(row: Stored) -> dict[str, object]:
    return {
        "id": row.recording_id,
        "practice": row.practice_id,
        "state": row.state,
        "seconds": row.duration_seconds,
        "kept_until": row.retention_until,
        "legal_hold": row.legal_hold,
    }


def _line(row: Stored) -> str:
    until = row.retention_until.strftime("until %Y-%m-%d") if row.retention_until else "no rule"
    hold = "  legal hold" if row.legal_hold else ""
    return f"{row.recording_id}  {row.practice_id}  {row.state}  {row.duration_seconds:.0f} s  {until}{hold}"


def _verified(custodian: Custodian, recording_id: str | None) -> int:
    """Print each finding; how many are bad, objects that belong to nothing included."""
    seen = wrong = 0
    for finding in _findings(custodian, recording_id):
        seen, wrong = seen + 1, wrong + (not finding.sound)
        click.echo(f"{finding.recording_id}  {finding.outcome}")
    strays = _strays(custodian, recording_id)
    for name in strays:
        click.echo(f"{name}  {STRAY}", err=True)
    click.echo(f"{counted(seen, 'recording')}, {counted(wrong + len(strays), 'problem')}")
    return wrong + len(strays)


def _listed_findings(custodian: Custodian, recording_id: str | None) -> int:
    """The same as a JSON list."""
    rows = [
        {"id": one.recording_id, "outcome": one.outcome, "sound": one.sound}
        for one in _findings(custodian, recording_id)
    ]
    rows += [{"id": name, "outcome": STRAY, "sound": False} for name in _strays(custodian, recording_id)]
    echo_json(rows)
    return sum(not row["sound"] for row in rows)


STRAY = "belongs to no recording"


def _findings(custodian: Custodian, recording_id: str | None) -> Iterator[Finding]:
    vault, at = custodian.vault, custodian.now()
    if recording_id is None:
        return iter(vault.verify_all(actor=custodian.actor, at=at))
    custodian.get(recording_id)
    return iter([vault.verify(recording_id, actor=custodian.actor, at=at)])


def _strays(custodian: Custodian, recording_id: str | None) -> list[str]:
    """Objects of the store that belong to nothing, where all is looked at."""
    return [] if recording_id is not None else list(custodian.vault.strays())


def _destroy(custodian: Custodian, recording_id: str, reason: str, before_retention: bool) -> None:
    custodian.destroy(recording_id, reason, before_retention=before_retention)
    click.echo(f"{recording_id} is destroyed.")
