"""The list of open care for supervisors, and the buttons by which somebody says that the patient was reached."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.address import find_client_address
from ivr.accounts.guard import refuse_unknown, require_permission
from ivr.calls import legs
from ivr.core.unit_of_work import Work, in_transaction
from ivr.core.web_app import services
from ivr.oncall import page_access
from ivr.oncall.audit_trail import note_page_use
from ivr.oncall.tables import care_item
from ivr.responsibility import open_care, outcomes
from ivr.responsibility.outcomes import Taken
from ivr.responsibility.settling import find_row

blueprint = Blueprint("open_care", __name__)

NOT_TAKEN = {
    Taken.OVER: "Nobody waits for contact there any more.",
    Taken.WAITS: (
        "The caller is on the line and waits: somebody must talk with them first, or they must have hung up. "
        "Nothing was stopped."
    ),
}


@blueprint.get("/open-care")
@require_permission("open-care")
def list_open(person: Person) -> str:
    """Show every call in which somebody still waits for contact, with its clock and who is responsible."""
    with services().database.read() as connection:
        shown = open_care.read_open(connection, services().clock.now())
        count = open_care.count_open(connection)
    audit_trail.write_row(services(), person, "open-care.list")
    return render_template("responsibility/open_care.html", shown=shown, count=count)


@blueprint.post("/open-care/<call_id>/<outcome>")
@require_permission("close-care")
def report_outcome(person: Person, call_id: str, outcome: str) -> Response:
    """Take a supervisor's word that the patient of a call was reached."""
    taken = in_transaction(services(), lambda work: _report_reached(work, person, call_id, outcome))
    if taken is None:
        refuse_unknown(person, "open-care.report", call_id)
    flash(NOT_TAKEN.get(taken, "It is closed."))
    return redirect(url_for("open_care.list_open"), 303)  # type: ignore[return-value]


def _report_reached(work: Work, person: Person, call_id: str, outcome: str) -> Taken | None:
    """Whether it was taken; None where there is no such call or outcome."""
    row = find_row(work, call_id)
    if row is None or outcome not in outcomes.OUTCOMES:
        return None
    taken = outcomes.report_contact(work, call_id, person.name, outcome)
    about = audit_trail.About(call_id, call_id, row.practice_id, None)
    said = "ok" if taken is Taken.TAKEN else "refused"
    audit_trail.write_row_within(work.connection, services(), person, "open-care.report", about, outcome=said)
    return taken


@blueprint.post("/oncall/<token>/talked")
def report_talk(token: str) -> Response | tuple[str, int]:
    """Take the word of a clinician who is signed in to their page that they have talked with the patient."""
    taken = in_transaction(services(), lambda work: _report(work, token))
    if taken is None:
        return render_template("oncall/sign_in.html"), 403
    flash(NOT_TAKEN.get(taken, "Thank you. Nobody is paged for it any more."))
    return redirect(url_for("oncall.show_page", token=token), 303)  # type: ignore[return-value]


def _report(work: Work, token: str) -> Taken | None:
    """Whether it was taken; None where nobody is signed in who accepted the page."""
    row = page_access.find_signed_in(work, token)
    if row is None or row.state != "accepted":
        return None
    legs.lock_call(work, row.call_id)
    item = work.connection.execute(select(care_item).where(care_item.c.id == row.call_id)).first()
    taken = Taken.OVER
    if page_access.is_theirs(item, row):
        taken = outcomes.report_contact(work, row.call_id, row.person_id, outcomes.TALKED)
    note_page_use(work, row, find_client_address(request), "oncall.talked", "ok" if taken is Taken.TAKEN else "refused")
    return taken
