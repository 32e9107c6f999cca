"""The list of morning summaries, and the page of one."""

from __future__ import annotations

from flask import Blueprint, render_template

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.guard import refuse_unknown, require_permission
from ivr.call_records.reading import read_complaint
from ivr.calls.places import Place
from ivr.core.paging import find_row_before
from ivr.core.unit_of_work import transaction
from ivr.core.web_app import services
from ivr.directory.in_force import find_organisation
from ivr.morning_summaries.reading import read_summary
from ivr.morning_summaries.register import find_summary, find_zone, read_page
from ivr.morning_summaries.summary import MorningSummary
from ivr.morning_summaries.telling import find_hand_over

blueprint = Blueprint("morning_summaries", __name__, url_prefix="/morning-summaries")
ACTION = "morning-summary.read"


@blueprint.get("")
@require_permission("morning-summary")
def list_summaries(person: Person) -> str:
    """Show which nights have a summary, the newest first."""
    with services().database.read() as connection:
        rows, older = read_page(connection, find_row_before(connection, find_summary))
    organisation = find_organisation()
    zones = {row.id: find_zone(organisation, Place(row.practice_id, row.location_id)) for row in rows}
    audit_trail.write_row(services(), person, "morning-summary.list")
    return render_template("morning_summaries/list.html", rows=rows, zones=zones, older_id=older)


@blueprint.get("/<summary_id>")
@require_permission("morning-summary")
def show_summary(person: Person, summary_id: str) -> str:
    """Show what happened in one night, with what the callers who were ill said."""
    organisation = find_organisation()
    with services().database.read() as connection:
        row = find_summary(connection, summary_id)
        summary = read_summary(connection, organisation, row) if row is not None else None
    if summary is None:
        refuse_unknown(person, ACTION, summary_id)
    words = {one.row.id: read_complaint(services().cipher, one.row) for one in summary.clinical}
    _note(person, summary)
    return render_template(
        "morning_summaries/summary.html", summary=summary, words=words, find_hand_over=find_hand_over
    )


def _note(person: Person, summary: MorningSummary) -> None:
    """Leave a row for the summary, and one for each call whose caller's words are shown."""
    abouts = [audit_trail.About(summary.id, None, summary.place.practice_id, None)]
    abouts += [
        audit_trail.About(summary.id, one.row.id, one.row.practice_id, one.row.patient_id) for one in summary.clinical
    ]
    with transaction(services()) as work:
        for about in abouts:
            audit_trail.write_row_within(work.connection, services(), person, ACTION, about)
