"""The flows of an organisation as its callers meet them, for the explorer."""

from __future__ import annotations

from dataclasses import replace

from callflows.proof.graph import Subject
from callflows.proof.subjects import caller_subjects, landing_subjects, rung_subjects
from callflows.values import Call
from ivr.calls.flow_view import operator_call, patient_call
from ivr.directory.organisation import Organisation
from ivr.directory.problems import some

NUMBERS = {True: "", False: " (number hidden)"}
"""Whether the number of whoever calls shows, and how a subject is labelled then."""
ABROAD = " (number abroad)"


def subjects_of(organisation: Organisation) -> tuple[Subject, ...]:
    """Each flow, for each practice and location, by callers whose number shows and by those whose number does not.

    What is alike but for the practice's name is walked once. No supervisor takes over a caller whose number is hidden:
    what a takeover leads to is walked where numbers show, and for hidden ones with the samples.
    """
    calls = _calls(organisation)
    calling = [
        subject if call.caller_id else _left_alone(subject)
        for call, label in calls.items()
        for subject in caller_subjects(label, call)
    ]
    strangers = [(shown, operator_call(organisation, caller_id=shown)) for shown in NUMBERS]
    landing = [
        subject
        for shown, stranger in strangers
        for subject in landing_subjects(f"an unknown number{NUMBERS[shown]}", stranger)
    ]
    return (*calling, *landing, *rung_subjects(next(iter(calls), strangers[0][1])))


def _left_alone(subject: Subject) -> Subject:
    return replace(subject, world=replace(subject.world, takeovers=0))


def _calls(organisation: Organisation) -> dict[Call, str]:
    """One call of each kind that differs, and the places that are called alike."""
    first: dict[Call, Call] = {}
    places: dict[Call, list[str]] = {}
    for name, file in organisation.practices.items():
        for shown in NUMBERS:
            for location in file.locations:
                call = patient_call(organisation, name, location, caller_id=shown)
                _add_place(first, places, call, f"{name} {location}")
                if file.waiting.call_back_countries and not shown:
                    _add_place(first, places, replace(call, abroad=True), f"{name} {location}")
    return {call: _label(places[alike]) + _number_label(call) for alike, call in first.items()}


def _add_place(first: dict[Call, Call], places: dict[Call, list[str]], call: Call, place: str) -> None:
    first.setdefault(_nameless(call), call)
    places.setdefault(_nameless(call), []).append(place)


def _number_label(call: Call) -> str:
    return ABROAD if call.abroad else NUMBERS[call.caller_id]


def _nameless(call: Call) -> Call:
    """A call without its practice's name, which flows say and never judge by (``tests/flows/test_yield_rules.py``)."""
    return replace(call, practice=replace(call.practice, name=""))


def _label(places: list[str]) -> str:
    """The places in a few words: of one practice its name once."""
    practice = places[0].partition(" ")[0]
    named = [places[0], *(place.removeprefix(f"{practice} ") for place in places[1:])]
    return ", ".join(named) if len(named) < 4 else some(named, 2)
