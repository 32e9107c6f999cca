"""``sunline hours``: who is open and who is at work, as the line sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import click
from sqlalchemy import Connection

from ivr.closures.register import live_calendar
from ivr.core.instants import InstantType
from ivr.core.listing import echo_json, json_option
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import load
from ivr.installation.command_line import opened, refusals
from routing.agents import Agent
from routing.hours import next_open, state
from routing.shifts import at_work, depth
from routing.zones import to_local

OPEN = {True: "open", False: "closed"}
AT_WORK = {"open": "at work", "special": "at work today only"}


@click.command("hours")
@click.option("--at", type=InstantType(), help="As of this instant, such as 2026-11-22T09:30Z; default: now.")
@json_option
@click.pass_context
def hours(context: click.Context, at: datetime | None, as_json: bool) -> None:
    """Which locations are open and until when, closures included; who is at work, and how deep in their shift."""
    with refusals(), opened(context) as installation:
        moment = at or installation.clock.now()
        with installation.database.read() as connection:
            organisation = load(connection)
            if as_json:
                return echo_json(_listed(connection, organisation, moment))
            lines = [*_locations(connection, organisation, moment), *_agents(organisation, moment)]
    click.echo("\n".join(lines))


def _listed(connection: Connection, organisation: Organisation, at: datetime) -> Iterator[dict[str, object]]:
    """Every location, then everybody who is at work."""
    for practice, location in sorted(organisation.calendars):
        calendar = live_calendar(connection, organisation, practice, location, at)
        found, opens = state(calendar, at), next_open(calendar, at)
        about = {"open": found.open, "reason": found.reason, "until": found.until, "opens": opens}
        yield {"practice": practice, "location": location, "zone": calendar.zone, **about}
    for agent in organisation.agents.values():
        if (here := depth(agent.calendar, at)) is not None:
            who = {"agent": agent.id, "name": organisation.names[agent.id], "pool": agent.pool.id}
            yield {**who, "reason": state(agent.calendar, at).reason, "through": round(here.share, 3)}


def _locations(connection: Connection, organisation: Organisation, at: datetime) -> Iterator[str]:
    for practice, location in sorted(organisation.calendars):
        calendar = live_calendar(connection, organisation, practice, location, at)
        found = state(calendar, at)
        word = found.reason if found.reason in ("open", "closed") else f"{OPEN[found.open]} ({found.reason})"
        opens = next_open(calendar, at)
        when = f"until {_local_time(found.until, calendar.zone)}" if found.open or opens is None else ""
        when = when or f"opens {_local_time(opens, calendar.zone)}"
        yield f"{practice}, {location}: {word}, {when} {calendar.zone}"


def _agents(organisation: Organisation, at: datetime) -> Iterator[str]:
    for name, pool in organisation.pools.items():
        members = [agent for agent in organisation.agents.values() if agent.pool.id == name]
        there = len(at_work(members, at))
        yield f"{name}, {_local_time(at, pool.site.zone)} {pool.site.zone}: {there} of {len(members)} at work"
        yield from _members(members, at)


def _members(members: Sequence[Agent], at: datetime) -> Iterator[str]:
    for agent in members:
        found, here = state(agent.calendar, at), depth(agent.calendar, at)
        if here is not None:
            what = AT_WORK.get(found.reason, "on a break")
            yield f"  {agent.id}: {what}, {here.share:.0%} through, {_length(here.to_edge)} from the nearer edge"


def _local_time(instant: datetime | None, zone: str) -> str:
    return "nobody knows when" if instant is None else f"{to_local(instant, zone):%a %Y-%m-%d %H:%M}"


def _length(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02} min"
