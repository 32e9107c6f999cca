"""Who speaks for whom: whether a caller is on file as somebody who may be served for a patient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from callflows.authority import Sought, Speaker, find_speaker, records_of_caller
from ivr.calls.audit_trail import note_representative
from ivr.calls.configuration import call_row, line_zone, pinned_of
from ivr.calls.identity_match import answers_given, count_try
from ivr.calls.identity_throttle import judge
from ivr.core.unit_of_work import Work
from ivr.patients.representatives.lookup import list_speakers, read_represented
from routing.zones import to_local


def representative_match(work: Work, leg: Row[Any], about: Mapping[str, str]) -> Mapping[str, str]:
    """Whether the caller may be served for the patient, by the service that is asked for.

    ``about`` has the patient, or "" where no record matched, the service, and the questions of the caller's own items.
    Nothing but "none" comes back of what failed: whose record it is, who calls, or what they may speak about.
    """
    row = call_row(work, leg.call_id)
    # Looked up first: a refused guess must cost the same time and get the same words as a wrong one.
    speaker, is_on_file = _find(work, leg, row, about) if about["patient"] else (None, False)
    judged = judge(work, row, about["patient"] or None)
    if judged.refusal:
        speaker = None
    if about["patient"]:
        # The patient's own items were right, which counted for nothing yet: the two together are one try.
        count_try(work, row, "one" if speaker else "none", judged, matched=speaker is not None)
    outcome = "locked" if judged.refusal else "one" if speaker else "no-authority" if is_on_file else "none"
    note_representative(work, leg, outcome, about["patient"] or None, speaker.id if speaker else None)
    if speaker is None:
        return {"found": "none", "representative": "", "relation": ""}
    return {"found": "one", "representative": speaker.id, "relation": speaker.representation.relation}


def _find(work: Work, leg: Row[Any], row: Row[Any], about: Mapping[str, str]) -> tuple[Speaker | None, bool]:
    """The record by which the caller may be served, and whether they are on file at all."""
    organisation, cipher = pinned_of(work, row), work.services.cipher
    practice = organisation.practice(row.practice_id)
    state = organisation.location(row.practice_id, row.location_id).state
    said, language = answers_given(work, leg, about), about.get("language", row.language)
    today = to_local(work.at, line_zone(work, row)).date()
    speakers = list_speakers(work.connection, cipher, row.practice_id, about["patient"], today)
    patient = read_represented(work.connection, cipher, row.practice_id, about["patient"], state)
    sought = Sought(about["service"], practice.confidential_from(about["service"]))
    records = records_of_caller(said, speakers, language)
    return find_speaker(records, patient, sought, today, practice.identity.scopes_of_relations()), bool(records)
