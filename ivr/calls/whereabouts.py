"""Where the patient is now: the state of a ZIP code, and what is told of it to whoever takes the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from ivr.calls.configuration import NO_PRACTICE, newest, newest_for, pinned_of
from ivr.core.unit_of_work import Work
from routing.whereabouts import place_to_tell, state_of_zip


def look_up_state(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    """The state of a typed ZIP code, empty where the code tells none. The code itself is written nowhere."""
    return {"state": state_of_zip(about["zip"]) or ""}


def describe_whereabouts(work: Work, about: Row[Any], person_id: str) -> Mapping[str, str]:
    """What a clinician must hear of where the patient of a call is, and the state that it is about."""
    if about.practice_id == NO_PRACTICE:
        return {"where": "", "state": ""}
    # Licences are live: one that was withdrawn since the page began does not count, nor any of a person taken out.
    person, kinds = newest(work).people.get(person_id), _kinds(work, about)
    said, called = about.patient_state, _called(work, about)
    where = place_to_tell(said, called, person.licences if person else (), work.at, kinds)
    return {"where": where, "state": called if said is None else said}


def state_elsewhere(work: Work, about: Row[Any]) -> str:
    """The state of a patient who is known not to be in that of the location called; empty otherwise."""
    said: str = about.patient_state or ""
    return said if said and said != _called(work, about) else ""


def _kinds(work: Work, about: Row[Any]) -> tuple[str, ...]:
    return newest_for(work, about).on_call_for(about.practice_id, about.location_id, about.service).licences


def _called(work: Work, about: Row[Any]) -> str:
    return pinned_of(work, about).location(about.practice_id, about.location_id).state
