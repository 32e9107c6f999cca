"""``sunline explain``: why a caller waited and why this agent was asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Connection, Row, select

from ivr.calls.tables import call
from ivr.core.counting import counted
from ivr.core.listing import echo_json, json_option
from ivr.installation.command_line import opened, refusals
from ivr.queue import decisions
from ivr.queue.explanations import explain_decision


class NothingDecided(click.ClickException):
    """There is no such call, or it never looked for an agent."""


@click.command("explain")
@click.argument("call_id", metavar="CALL")
@click.option("--replay", is_flag=True, help="Ask every question again; exit status 1 when an answer differs.")
@json_option
@click.pass_context
def explain(context: click.Context, call_id: str, replay: bool, as_json: bool) -> None:
    """Why did CALL wait, and why was it offered to this agent? CALL is the id at the end of its page's address."""
    with refusals(), opened(context) as installation, installation.database.read() as connection:
        rows = _read_decisions(connection, call_id)
        same = [decisions.decide_again(connection, row).same if replay else None for row in rows]
    if as_json:
        echo_json(map(_listed, rows, same))
    else:
        _tell(rows, same)
    context.exit(1 if False in same else 0)


def _tell(rows: Sequence[Row[Any]], same: Sequence[bool | None]) -> None:
    for row in rows:
        click.echo("\n".join(_lines(row)))
    if None not in same:
        click.echo(f"{counted(len(rows), 'decision')} asked again, {same.count(False)} answered otherwise")


def _read_decisions(connection: Connection, call_id: str) -> Sequence[Row[Any]]:
    if connection.execute(select(call.c.id).where(call.c.id == call_id)).first() is None:
        raise NothingDecided("there is no call of this id; copy it from the address of the call's page")
    rows = decisions.read_decisions(connection, call_id)
    if not rows:
        raise NothingDecided("this call never looked for an agent")
    return rows


def _listed(row: Row[Any], same: bool | None) -> dict[str, object]:
    """A decision in words. ``same``: whether it was answered alike when it was asked again; null where it was not."""
    words = explain_decision(row)
    ranked = [{"words": one.words, "idle_since": one.idle_since} for one in words.ranked]
    about = {"at": words.at, "outcome": words.outcome, "chosen": row.chosen, "needed": words.needed}
    return {**about, "configuration": row.revision_id, "ranked": ranked, "refused": words.refused, "same": same}


def _lines(row: Row[Any]) -> Iterator[str]:
    words = explain_decision(row)
    yield f"{words.at:%Y-%m-%d %H:%M:%S} UTC  {words.outcome}"
    yield f"  asked for {words.needed} (configuration {row.revision_id})"
    yield from (f"  {one.words}, {_idle(one.idle_since)}" for one in words.ranked)
    yield from (f"  no: {line}" for line in words.refused)


def _idle(since: datetime | None) -> str:
    return f"without a call since {since:%Y-%m-%d %H:%M:%S} UTC" if since else "without a call so far"
