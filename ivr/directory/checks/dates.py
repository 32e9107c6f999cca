"""What has lapsed, or soon will."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ivr.directory import values
from ivr.directory.checks.oncall import clinicians_of
from ivr.directory.draft import ON_CALL, OPERATOR, Draft
from ivr.directory.problems import Problem
from ivr.directory.yaml_reader import Place
from routing.licences import may_prescribe

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
    missing: dict[tuple[str, str], None] = {}
    for name, practice in draft.practices.items():
        for person in dict.fromkeys(person for person, _ in clinicians_of(draft, name)):
            entry = draft.on_call.people.get(person)
            for state in sorted({location.state for location in practice.locations.values()}):
                if entry and not may_prescribe(values.licences(entry.licences), state, at):
                    missing[person, state] = None
    for person, state in missing:
        what = f"{person} is on call for patients in {state} without a valid licence there"
        yield draft.problem(ON_CALL, ("people", person), what, "add the licence, or take them off")
