"""The clinician's page behind the link in the text: a PIN, then the summary, then "ring me now".

Before the PIN it is the same page for every link, also for one that was never made.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from sqlalchemy import Row

from callflows.call_record.callers import describe_proof
from callflows.call_record.record import CallRecord
from ivr.accounts import known_device
from ivr.accounts.address import find_client_address
from ivr.accounts.viewer_zone import use_viewer_zone
from ivr.calls import legs
from ivr.calls.configuration import call_row, line_name, line_zone, pinned_of
from ivr.calls.whereabouts import describe_whereabouts
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.core.web_app import services
from ivr.oncall import page_again, page_sessions, page_sign_in, rings
from ivr.oncall.audit_trail import note_page_use
from ivr.oncall.pages import get as get_page
from ivr.oncall.summary import open_complaint
from ivr.professionals.proof import read_proof

logger = structlog.get_logger(__name__)

blueprint = Blueprint("oncall", __name__, url_prefix="/oncall")
Answer = Response | str | tuple[str, int]


@blueprint.get("/<token>")
def show_page(token: str) -> Answer:
    """Show the summary to whoever has signed in, and ask everybody else for the PIN."""
    with transaction(services()) as work:
        row = _signed_in(work, token)
        if row is None:
            return render_template("oncall/sign_in.html")
        told = _summary(work, row)
        person = pinned_of(work, told["call"]).people.get(row.person_id)
        _note_read(work, row, told["call"])
        others = [_other_call(work, wanted, told["call"]) for wanted in rings.list_sharing(work, row)]
    use_viewer_zone(person.zone if person else None)
    return render_template("oncall/clinician.html", token=token, page=row, others=others, **told)


@blueprint.post("/<token>")
def sign_in(token: str) -> Answer:
    """Check the PIN. Whoever was signed in in this browser before is signed out."""
    settings, digits = services().settings, request.form.get("pin", "").strip()
    with services().database.read() as connection:
        row = page_sign_in.find_readable_page(connection, token, services().clock.now())
    account = page_sign_in.name_account(row, token)
    device = known_device.find_device(request, settings, account)
    begun = page_sign_in.check_link_and_pin(services(), token, digits, find_client_address(request), row, device)
    if begun is None:
        return render_template("oncall/sign_in.html", failed=True), 403
    _end_session()
    page_sessions.remember_sign_in(session, begun)
    answer = _back(token)
    known_device.remember_device(answer, request, settings, account)
    return answer


@blueprint.post("/<token>/ring")
def ring_clinician(token: str) -> Answer:
    """Ring the clinician's phone now."""
    rung = in_transaction(services(), lambda work: _ring(work, token))
    if rung is None:
        return render_template("oncall/sign_in.html"), 403
    flash("Your phone will ring in a moment." if rung else "Not now: your phone rings already, or was rung often.")
    return _back(token)


@blueprint.post("/<token>/leave")
def sign_out(token: str) -> Answer:
    """Sign out."""
    _end_session()
    return _back(token)


def _ring(work: Work, token: str) -> bool | None:
    """Whether the phone will ring; None where nobody is signed in."""
    row = _signed_in(work, token)
    if row is None:
        return None
    rung = page_again.page_again(work, row.id)
    note_page_use(work, row, find_client_address(request), "oncall.ring", "ok" if rung else "refused")
    return rung


def _end_session() -> None:
    with transaction(services()) as work:
        page_id = page_sessions.end_session(work, session)
        if page_id is not None:
            note_page_use(work, get_page(work, page_id), find_client_address(request), "oncall.sign-out", "ok")


def _signed_in(work: Work, token: str) -> Row[Any] | None:
    row = page_sign_in.find_readable_page(work.connection, token, work.at)
    return row if row is not None and page_sessions.use_session(work, session, row.id) else None


def _summary(work: Work, row: Row[Any]) -> dict[str, Any]:
    """Urgency, practice, language, who calls, whereabouts, own words and the record; how far page and call are."""
    about = call_row(work, row.call_id)
    proof = read_proof(work.connection, about)
    return {
        "call": about,
        "zone": line_zone(work, about),
        "practice": line_name(work, about),
        "complaint": open_complaint(work, about),
        "proof": describe_proof(proof.how, proof.organisation),
        "place": describe_whereabouts(work, about, row.person_id),
        "caller_here": bool(legs.list_parties(work, row.call_id, "caller")),
        "has_number": services().features.has_number(work, row.call_id),
        "record": _read_record(work, row.call_id),
    }


def _read_record(work: Work, call_id: str) -> CallRecord | None:
    """The record of the call; None where it fails, because the rest of the page is needed now."""
    try:
        with work.connection.begin_nested():
            return services().features.read_call_record(work.connection, services().cipher, call_id)
    except Exception as problem:
        logger.error("call_record_failed", call=call_id, exc_info=problem)
        return None


def _other_call(work: Work, wanted: rings.Wanted, beside: Row[Any]) -> dict[str, Any]:
    """The same, in one line, of another call for which the telephone of this person rings too."""
    about = call_row(work, wanted.place.call)
    _note_read(work, get_page(work, str(wanted.page_id)), about)
    return {
        "urgency": wanted.urgency,
        "practice": line_name(work, about),
        "since": about.created_at,
        "zone": line_zone(work, about),
        "here": wanted.place.here,
        "same_telephone": about.caller_hash is not None and about.caller_hash == beside.caller_hash,
        "language": about.language,
        "complaint": open_complaint(work, about),
    }


def _note_read(work: Work, row: Row[Any], about: Row[Any]) -> None:
    note_page_use(work, row, find_client_address(request), "oncall.read", "ok", patient_id=about.patient_id)


def _back(token: str) -> Response:
    return redirect(url_for("oncall.show_page", token=token), 303)  # type: ignore[return-value]
