"""Hours that cannot be meant: nobody is ever there, a break outside the shift, a day or an override that is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ivr.directory import values
from ivr.directory.draft import ON_CALL, OPERATOR, Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import PracticeFile
from ivr.directory.schema.operator import AgentEntry, PoolEntry
from ivr.directory.yaml_reader import Place
from routing.hours import Calendar, next_open
from routing.promises import parse_rule
from routing.windows import outside
from routing.zones import to_local, to_utc


def problems(draft: Draft, at: datetime) -> Iterator[Problem]:
    """What is wrong with the hours of locations, pools, agents and rotas, as of ``at``."""
    for name, practice in draft.practices.items():
        yield from _locations(draft, file_of("practices", name), practice, at)
    yield from _people(draft, at)
    yield from _overrides(draft, at)


def _locations(draft: Draft, file: str, practice: PracticeFile, at: datetime) -> Iterator[Problem]:
    waiting = [name for name, one in practice.services.items() if parse_rule(one.promise).base == "next_open"]
    for name, entry in practice.locations.items():
        if entry.opening_hours.is_empty or next_open(values.calendar(entry), at) is None:
            what = f"{name} is never open"
            never = f", and what is promised for {', '.join(waiting)} would never fall due" if waiting else ""
            hours = ("locations", name, "opening_hours")
            mend = "write its opening hours"
            yield draft.problem(
                file, hours, what + never, mend, warning=not waiting, cause=f"never open{never}", about=name
            )


def _people(draft: Draft, at: datetime) -> Iterator[Problem]:
    operator = draft.operator
    if any(pool.site not in operator.sites for pool in operator.pools.values()):
        return
    pools = values.pools(operator)
    for name, entry in operator.pools.items():
        yield from _worker(draft, ("pools", name), name, entry, pools[name].calendar, at)
    for index, agent in enumerate(operator.agents):
        if agent.pool in pools and (agent.shift or agent.breaks or agent.days):
            calendar = values.agent(agent, pools, operator.policy.training_valid).calendar
            yield from _worker(draft, ("agents", index), agent.id, agent, calendar, at)


def _worker(
    draft: Draft, place: Place, who: str, entry: PoolEntry | AgentEntry, calendar: Calendar, at: datetime
) -> Iterator[Problem]:
    for begins in outside(entry.breaks, calendar.weekly) if entry.breaks else ():
        what = f"the break of {who} that begins {begins} is not within the shift"
        mend = "move the break into the shift (after midnight it is one of the next day), or remove it"
        yield draft.problem(OPERATOR, (*place, "breaks"), what, mend)
    today = to_local(at, calendar.zone).date()
    for day in sorted(one for one in entry.days if one < today):
        what = f"{day}, a day of {who} with hours of its own, is over"
        yield draft.problem(OPERATOR, (*place, "days", str(day)), what, "remove it", warning=True)
    if next_open(calendar, at) is None:
        what = f"{who} does not work once in the year after {at:%Y-%m-%d}"
        yield draft.problem(OPERATOR, place, what, "write a shift, or remove them", warning=True)


def _overrides(draft: Draft, at: datetime) -> Iterator[Problem]:
    for name, rota in draft.on_call.rotas.items():
        for index, override in enumerate(rota.overrides):
            if to_utc(override.until, rota.timezone, repeated="second") <= at:
                place = ("rotas", name, "overrides", index)
                what = f"the override by {override.person} was over on {override.until:%Y-%m-%d %H:%M}"
                mend = "remove it, or judge an earlier day with --at"
                yield draft.problem(ON_CALL, place, what, mend, warning=True)
