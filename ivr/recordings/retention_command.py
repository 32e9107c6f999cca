"""``sunline retention``: destroying what its rule no longer asks to be kept."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

import click

from ivr.core.command import FEATURES
from ivr.core.counting import counted
from ivr.core.feature import Memory
from ivr.core.listing import echo_json, json_option
from ivr.core.settings import read_settings
from ivr.recordings.custodian import Custodian, opened_custodian
from ivr.recordings.retention import Due, find_due, forget
from recordings_vault import VaultError

REASON = "retention is over"


@click.command("retention")
@click.option("--yes", is_flag=True, help="Really destroy it; without this it is only said what would happen.")
@json_option
@click.pass_context
def retention(context: click.Context, yes: bool, as_json: bool) -> None:
    """Destroy what need not be kept any longer. Run it every day; a dry run unless told otherwise.

    Recordings of calls have the rule of their practice, messages SUNLINE_RETENTION_MESSAGES, and what was said, pressed
    and called from in calls SUNLINE_RETENTION_CALL_LOGS. What is under legal hold stays, with everything of its call,
    and so does a call for which something is still to be done.
    """
    keep, memories = read_settings(os.environ).retention_call_logs, context.meta[FEATURES]().memories
    with opened_custodian(context) as custodian:
        due = find_due(custodian.installation.database, memories, custodian.now(), keep)
        if not as_json:
            _tell(due)
        gone = {one: yes and _destroy(custodian, one) for one in due.recordings}
        forgotten = {one: yes and _forget(custodian, one, memories, keep) for one in due.calls}
    if as_json:
        echo_json([*_listed("recording", gone), *_listed("call", forgotten)])
        if due.held:
            click.echo(f"{counted(due.held, 'recording')} more under legal hold", err=True)
    elif yes:
        told = counted(sum(gone.values()), "recording"), counted(sum(forgotten.values()), "call")
        click.echo(f"Destroyed {told[0]}; forgot {told[1]}.")
    else:
        click.echo("Dry run: nothing was changed. Repeat with --yes to destroy it.")
    context.exit(0 if all(gone.values()) or not yes else 1)


def _listed(kind: str, done: Mapping[str, bool]) -> Iterator[dict[str, object]]:
    """What is due. ``done``: it is destroyed or forgotten now, which a dry run leaves undone."""
    yield from ({"kind": kind, "id": name, "done": one} for name, one in done.items())


def _tell(due: Due) -> None:
    for name in due.recordings:
        click.echo(f"recording {name}")
    for name in due.calls:
        click.echo(f"call {name}")
    held = f", {due.held} more under legal hold" if due.held else ""
    click.echo(f"Due: {counted(len(due.recordings), 'recording')}{held}; {counted(len(due.calls), 'call')}.")


def _destroy(custodian: Custodian, recording_id: str) -> bool:
    """Destroy a recording, on the record. One that cannot be is told of, and keeps no other."""
    try:
        custodian.destroy(recording_id, REASON)
    except VaultError as refusal:
        click.echo(str(refusal), err=True)
        return False
    return True


def _forget(custodian: Custodian, call_id: str, memories: Sequence[Memory], keep: str) -> bool:
    """Forget a call and say so on the record, in one transaction."""
    with custodian.installation.database.write() as connection:
        done = forget(connection, memories, call_id, custodian.now(), keep)
        if done:
            custodian.note_within(connection, "retention.forget", call_id=call_id, reason=REASON)
    return done
