"""What has lapsed, or soon will."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ivr.directory import values
from ivr.directory.checks.oncall import clinicians_of
from ivr.directory.draft import ON_CALL, OPERATOR, Draft
from ivr.directory.on_call import entries_of
from ivr.directory.problems import Problem
from ivr.directory.yaml_reader import Place
from routing.licence_kinds import scopes
from routing.licences import may_take_pages

SOON = timedelta(days=30)


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


def _duties(draft: Draft) -> set[tuple[str, tuple[str, ...], str]]:
    """Everybody who may be on call, with the kinds of licence that count, and for patients in which states."""
    return {
        (person, entry.licences or (), practice.locations[location].state)
        for practice in draft.practices.values()
        for location, _, entry in entries_of(practice)
        for person in clinicians_of(draft, entry)
    }
