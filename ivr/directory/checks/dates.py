"""What has lapsed, or soon will."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta

from ivr.directory import values
from ivr.directory.checks.oncall import clinicians_of
from ivr.directory.draft import ON_CALL, OPERATOR, Draft
from ivr.directory.on_call import entries_of
from ivr.directory.problems import Problem
from ivr.directory.rotas import rota_of
from ivr.directory.yaml_reader import Place
from routing.licence_kinds import Scope, scopes
from routing.licences import may_take_pages
from routing.rota import RotaError, turns

SOON = timedelta(days=30)
AHEAD = timedelta(days=184)
"""How far ahead turns are looked at."""


def problems(draft: Draft, at: datetime) -> Iterator[Problem]:
    """Licences and training that no longer hold at ``at``, and clinicians on call without a licence where it counts."""
    today = at.date()
    for index, agent in enumerate(draft.operator.agents):
        for number, licence in enumerate(agent.licences):
            place = ("agents", index, "licences", number)
            what = f"the {licence.kind} licence of {agent.id} in {licence.state}"
            yield from _lapse(draft, OPERATOR, place, what, licence.expires, today)
        if agent.trained is not None:
            until = values.after(agent.trained.hipaa, draft.operator.policy.training_valid)
            yield from _lapse(
                draft, OPERATOR, ("agents", index, "trained"), f"the training of {agent.id}", until, today
            )
    yield from _clinicians(draft, at)
    yield from _turns_after_the_licence(draft, at)


def _lapse(draft: Draft, file: str, place: Place, what: str, until: date, today: date) -> Iterator[Problem]:
    if until < today:
        yield draft.problem(file, place, f"{what} ended on {until}", "renew it and write the new date", warning=True)
    elif until < today + SOON:
        yield draft.problem(file, place, f"{what} ends on {until}", "renew it in time", warning=True)


def _clinicians(draft: Draft, at: datetime) -> Iterator[Problem]:
    known = scopes(values.licence_kinds(draft.operator))
    missing: defaultdict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for person, kinds, state in sorted(_duties(draft)):
        entry = draft.on_call.people.get(person)
        if entry and not may_take_pages(values.licences(entry.licences, known), state, at, kinds):
            missing[person, kinds].add(state)
    for (person, kinds), states in missing.items():
        valid = f"a valid licence there ({' or '.join(kinds)})" if kinds else "a valid licence there"
        what = f"{person} is on call for patients in {', '.join(sorted(states))} without {valid}"
        yield draft.problem(ON_CALL, ("people", person), what, "add the licence, or take them off")


def _turns_after_the_licence(draft: Draft, at: datetime) -> Iterator[Problem]:
    """Whoever has a turn in the next months that begins after the last licence that counts for it has ended."""
    known = scopes(values.licence_kinds(draft.operator))
    states: defaultdict[str, set[tuple[str, tuple[str, ...]]]] = defaultdict(set)
    for practice in draft.practices.values():
        for location, _, entry in entries_of(practice):
            states[entry.rota].add((practice.locations[location].state, entry.licences or ()))
    for name in sorted(states.keys() & draft.on_call.rotas.keys()):
        for person, first in _first_turns_without(draft, name, sorted(states[name]), at, known):
            what = f"a licence of {person} ends before their turn on {name} from {first:%Y-%m-%d}"
            mend = "renew it and write the new date, or give the turn to somebody else"
            yield draft.problem(ON_CALL, ("people", person), what, mend, warning=True)


def _first_turns_without(
    draft: Draft, rota: str, asked: list[tuple[str, tuple[str, ...]]], at: datetime, known: Mapping[str, Scope]
) -> Iterator[tuple[str, datetime]]:
    """Each person who may be paged now and may not from the beginning of a turn, with the first such turn."""
    entries = draft.on_call.people
    if not set(draft.on_call.rotas[rota].everybody) <= entries.keys():
        return
    held = {name: values.licences(one.licences, known) for name, one in entries.items()}
    told: set[str] = set()
    with suppress(RotaError):
        for turn in turns(rota_of(rota, draft.on_call.rotas[rota]), at, at + AHEAD):
            for person in (turn.person, *turn.beside):
                lapses = any(
                    may_take_pages(held[person], state, at, kinds)
                    and not may_take_pages(held[person], state, turn.start, kinds)
                    for state, kinds in asked
                )
                if lapses and person not in told:
                    told.add(person)
                    yield person, turn.start


def _duties(draft: Draft) -> set[tuple[str, tuple[str, ...], str]]:
    """Everybody who may be on call, with the kinds of licence that count, and for patients in which states."""
    return {
        (person, entry.licences or (), practice.locations[location].state)
        for practice in draft.practices.values()
        for location, _, entry in entries_of(practice)
        for person in clinicians_of(draft, entry)
    }
