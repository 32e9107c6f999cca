"""The page with the record of one call."""

from __future__ import annotations

from flask import Blueprint, render_template

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.guard import refuse_unknown, require_permission
from ivr.call_records.reading import find_call, read_record
from ivr.core.web_app import services

blueprint = Blueprint("call_records", __name__)
ACTION = "call.record"


@blueprint.get("/calls/<call_id>/record")
@require_permission("call-record")
def show_record(person: Person, call_id: str) -> str:
    """Show the record of a call, with what was said and keyed."""
    with services().database.read() as connection:
        call = find_call(connection, call_id)
        record = call and read_record(connection, services().cipher, call)
    if call is None:
        refuse_unknown(person, ACTION, call_id)
    about = audit_trail.About(call.id, call.id, call.practice_id, call.patient_id)
    audit_trail.write_row(services(), person, ACTION, about)
    return render_template("call_records/call_record.html", call=call, record=record)
