"""The list of calls, and the page of one call with its timeline."""

from __future__ import annotations

from flask import Blueprint, render_template

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.guard import refuse_unknown, require_permission
from ivr.core.paging import find_row_before
from ivr.core.web_app import services
from ivr.directory.in_force import find_time_zone
from ivr.web import call_list, timeline

blueprint = Blueprint("calls", __name__)


@blueprint.get("/calls")
@require_permission("calls")
def list_calls(person: Person) -> str:
    """Show the calls, the newest first."""
    with services().database.read() as connection:
        shown = call_list.read_page(connection, find_row_before(connection, call_list.find_call))
    audit_trail.write_row(services(), person, "calls.list")
    return render_template("web/calls.html", page=shown)


@blueprint.get("/calls/<call_id>")
@require_permission("calls")
def show_call(person: Person, call_id: str) -> str:
    """Show one call from beginning to end."""
    with services().database.read() as connection:
        call = call_list.find_call(connection, call_id)
        story = call and timeline.tell_story(connection, services().cipher, call)
    if call is None:
        refuse_unknown(person, "call.read", call_id)
    about = audit_trail.About(call.id, call.id, call.practice_id, call.patient_id)
    audit_trail.write_row(services(), person, "call.read", about)
    zone = find_time_zone(call.practice_id, call.location_id)
    return render_template("web/call.html", call=call, story=story, zone=zone)
