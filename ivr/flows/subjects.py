"""The flows of an organisation as its callers meet them, for the explorer."""

from __future__ import annotations

from callflows.proof.graph import Subject
from callflows.proof.subjects import caller_subjects, landing_subjects, rung_subjects
from callflows.values import Call
from ivr.calls.flow_view import operator_call, patient_call
from ivr.directory.organisation import Organisation
from ivr.directory.problems import some

NUMBERS = {True: "", False: " (number hidden)"}
"""Whether the number of whoever calls shows, and how a subject is labelled then."""


def subjects_of(organisation: Organisation) -> tuple[Subject, ...]:
    """Each flow, for each practice and location, by callers whose number shows and by those whose number does not.

    What sounds alike is walked once.
    """
    calls = _calls(organisation)
    calling = [subject for call, label in calls.items() for subject in caller_subjects(label, call)]
    strangers = [(shown, operator_call(organisation, caller_id=shown)) for shown in NUMBERS]
    landing = [
        subject
        for shown, stranger in strangers
        for subject in landing_subjects(f"an unknown number{NUMBERS[shown]}", stranger)
    ]
    return (*calling, *landing, *rung_subjects(next(iter(calls), strangers[0][1])))


def _calls(organisation: Organisation) -> dict[Call, str]:
    found: dict[Call, tuple[list[str], str]] = {}
    for name, file in organisation.practices.items():
        for shown, hidden in NUMBERS.items():
            for location in file.locations:
                call = patient_call(organisation, name, location, caller_id=shown)
                alike, _ = found.setdefault(call, ([], hidden))
                alike.append(location if alike else f"{name} {location}")
    return {call: _label(alike) + hidden for call, (alike, hidden) in found.items()}


def _label(alike: list[str]) -> str:
    return ", ".join(alike) if len(alike) < 4 else some(alike, 2)
