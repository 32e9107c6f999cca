"""``sunline agents``: who is set aside or away, who signs out, and who is ready again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Row, select

from ivr.audit.append import append_last
from ivr.calls.configuration import newest
from ivr.core.listing import echo_json, json_option
from ivr.core.unit_of_work import Work, transaction
from ivr.directory.organisation import Organisation
from ivr.directory.problems import nearest
from ivr.directory.revisions import load
from ivr.installation.command_line import find_person, refusals, services_of
from ivr.queue import agent_states, presence
from ivr.queue.explanations import REASONS
from ivr.queue.tables import agent_state
from routing.agents import Agent, Available
from routing.shifts import at_work, signed_out_until
from routing.zones import to_local

Command = Callable[..., Any]
DOING = {**REASONS, "offered": "being rung", "busy": "at a call", "wrap-up": "writing up a call"}
"""What an agent is doing, where no call is asked about."""


@click.group("agents")
def agents_command() -> None:
    """What agents are doing; signing out for the moment, and back to work for those who were set aside."""


def _people(command: Command) -> Command:
    """Several agents, by name, by pool or all of them."""
    command = click.option("--all", "everybody", is_flag=True, help="Everybody.")(command)
    command = click.option("--pool", "pools", multiple=True, help="Everybody of this pool; several times.")(command)
    return click.argument("names", metavar="[AGENT]...", nargs=-1)(command)


@agents_command.command("list", short_help="Print who is at a call, set aside or away, and until when.")
@json_option
@click.pass_context
def list_command(context: click.Context, as_json: bool) -> None:
    """Every agent who is not just waiting for a call, since when they are away, and until when."""
    with refusals(), services_of(context).database.read() as connection:
        organisation = load(connection)
        rows = connection.execute(select(agent_state).order_by(agent_state.c.agent_id)).all()
    if as_json:
        return echo_json({**row._asdict(), "name": organisation.names.get(row.agent_id, row.agent_id)} for row in rows)
    lines = [line for row in rows for line in _describe_agent(row, _zone(organisation, row.agent_id))]
    click.echo("\n".join(lines) or "nobody is at a call, set aside or away")


@agents_command.command("away", short_help="Sign AGENTs out: they are offered nothing until they are ready.")
@_people
@click.option("--dry-run", is_flag=True, help="Say who would be away, and stop.")
@click.pass_context
def away_command(
    context: click.Context, names: tuple[str, ...], pools: tuple[str, ...], everybody: bool, dry_run: bool
) -> None:
    """AGENTs sign out: they are offered nothing until they are ready again, or their shift is over.

    Of a pool, or of all, those who are at work now. Whoever is at a call finishes it. Callers in line whom nobody else
    may serve are offered a promise at once.
    """
    with refusals(), transaction(services_of(context)) as work:
        organisation = newest(work)
        named, group = _chosen(organisation, names, pools, everybody)
        there = set(at_work(group, work.at))
        people = (*named, *(agent for agent in group if agent.id in there))
        lines = [_describe_sign_out(one, work.at, dry_run) for one in agent_states.read_availability(work, people)]
        if not dry_run:
            _note(work, "agent.sign-out", presence.sign_out_agents(work, people))
    click.echo("\n".join(lines) or "nobody of them is at work; nothing changes")


@agents_command.command("ready", short_help="Let AGENTs be offered calls again.")
@_people
@click.pass_context
def ready_command(context: click.Context, names: tuple[str, ...], pools: tuple[str, ...], everybody: bool) -> None:
    """AGENTs say that they are there: they sign in again, and a rest or wrap-up ends now."""
    with refusals(), transaction(services_of(context)) as work:
        named, group = _chosen(newest(work), names, pools, everybody)
        agent_states.lock(work, *(agent.id for agent in (*named, *group)))
        back = [agent.id for agent in (*named, *group) if agent_states.make_ready(work, agent.id)]
        _note(work, "agent.ready", back)
    click.echo("\n".join(f"{name} is offered calls again" for name in back) or _nothing_changed(named))


def _note(work: Work, action: str, agents: Iterable[str]) -> None:
    for agent in agents:
        append_last(work, actor=find_person(), action=action, outcome="ok", object_id=agent)


def _chosen(
    organisation: Organisation, names: Iterable[str], pools: Iterable[str], everybody: bool
) -> tuple[tuple[Agent, ...], tuple[Agent, ...]]:
    """Those who were named, and those who are meant besides."""
    named = tuple(organisation.agent(name) for name in dict.fromkeys(names))
    meant = {_pool(organisation, pool) for pool in pools}
    group = (agent for agent in organisation.agents.values() if everybody or agent.pool.id in meant)
    if not (named or meant or everybody):
        raise click.UsageError("name an AGENT, a --pool, or --all")
    return named, tuple(agent for agent in group if agent not in named)


def _pool(organisation: Organisation, pool: str) -> str:
    if pool not in organisation.pools:
        raise click.UsageError(f"the organisation has no pool {pool!r}; {nearest(pool, organisation.pools)}")
    return pool


def _describe_sign_out(one: Available, at: datetime, dry_run: bool) -> str:
    if one.doing == "away":
        return f"{one.agent.id}: away already"
    first = ", once the call they are at is over" if one.doing == "busy" else ""
    until = signed_out_until(one.agent.calendar, at)
    when = _clock(until, one.agent.pool.site.zone)
    return f"{one.agent.id}: {'would be ' if dry_run else ''}away until {when}{first}"


def _nothing_changed(named: Iterable[Agent]) -> str:
    lines = (f"{agent.id} was not set aside; nothing changes" for agent in named)
    return "\n".join(lines) or "nobody was set aside; nothing changes"


def _describe_agent(row: Row[Any], zone: str) -> Iterator[str]:
    if row.state != "idle":
        until = f" until {_clock(row.until, zone, '%H:%M:%S')}" if row.until else ""
        yield f"{row.agent_id}: {DOING[row.state]}{until}"
    if row.away_since:
        since, until = (_clock(one, zone) for one in (row.away_since, row.away_until))
        yield f"{row.agent_id}: {REASONS['away']} since {since}, until {until}"


def _zone(organisation: Organisation, agent: str) -> str:
    known = organisation.agents.get(agent)
    return known.pool.site.zone if known else "UTC"


def _clock(at: datetime, zone: str, time: str = "%H:%M") -> str:
    return f"{to_local(at, zone):%a %Y-%m-%d {time}} {zone}"
