"""The flows of an organisation as its callers meet them, for the explorer."""

from __future__ import annotations

from callflows.proof.graph import Subject
from callflows.proof.subjects import caller_subjects, landing_subjects, rung_subjects
from callflows.values import Call
from ivr.calls.flow_view import operator_call, patient_call
from ivr.directory.organisation import Organisation
from ivr.directory.problems import some


def subjects_of(organisation: Organisation) -> tuple[Subject, ...]:
    """Each flow, for each practice and location; locations that sound alike are walked once."""
    calls = _calls(organisation)
    calling = [subject for call, label in calls.items() for subject in caller_subjects(label, call)]
    stranger = operator_call(organisation, caller_id=True)
    landing = landing_subjects("an unknown number", stranger)
    return (*calling, *landing, *rung_subjects(next(iter(calls), stranger)))


def _calls(organisation: Organisation) -> dict[Call, str]:
    found: dict[Call, list[str]] = {}
    for name, file in organisation.practices.items():
        for location in file.locations:
            call = patient_call(organisation, name, location, caller_id=True)
            alike = found.setdefault(call, [])
            alike.append(location if alike else f"{name} {location}")
    return {call: _label(alike) for call, alike in found.items()}


def _label(alike: list[str]) -> str:
    return ", ".join(alike) if len(alike) < 4 else some(alike, 2)
