"""The clinician's page behind the link in the text: a PIN, then the summary, then "ring me now".

Before the PIN it is the same page for every link, also for one that was never made.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from sqlalchemy import Row

from ivr.accounts.address import find_client_address
from ivr.calls import legs
from ivr.calls.configuration import call_row, line_name, line_zone
from ivr.calls.whereabouts import describe_whereabouts
from ivr.core.unit_of_work import Work, transaction
from ivr.core.web_app import services
from ivr.oncall import page_again, page_sign_in
from ivr.oncall.audit_trail import note_page_use
from ivr.oncall.summary import open_complaint

blueprint = Blueprint("oncall", __name__, url_prefix="/oncall")
Answer = Response | str | tuple[str, int]


@blueprint.get("/<token>")
def show_page(token: str) -> Answer:
    """Show the summary to whoever has signed in, and ask everybody else for the PIN."""
    with transaction(services()) as work:
        row = _signed_in(work, token)
        if row is None:
            return render_template("oncall/sign_in.html")
        page_sign_in.remember_sign_in(session, row.id, work.at)
        told = _summary(work, row)
        note_page_use(work, row, find_client_address(request), "oncall.read", "ok", patient_id=told["call"].patient_id)
    return render_template("oncall/clinician.html", token=token, page=row, **told)


@blueprint.post("/<token>")
def sign_in(token: str) -> Answer:
    """Check the PIN."""
    tried = page_sign_in.check_link_and_pin(
        services(), token, request.form.get("pin", "").strip(), find_client_address(request)
    )
    if tried.admitted:
        with transaction(services()) as work:
            note_page_use(
                work, tried.page, find_client_address(request), "oncall.sign-in", "ok" if tried.right else "denied"
            )
    if tried.page is None or not tried.right:
        return render_template("oncall/sign_in.html", failed=True), 403
    page_sign_in.remember_sign_in(session, tried.page.id, services().clock.now())
    return _back(token)


@blueprint.post("/<token>/ring")
def ring_clinician(token: str) -> Answer:
    """Ring the clinician's phone now."""
    with transaction(services()) as work:
        row = _signed_in(work, token)
        if row is None:
            return render_template("oncall/sign_in.html"), 403
        rung = page_again.page_again(work, row.id)
        note_page_use(work, row, find_client_address(request), "oncall.ring", "ok" if rung else "refused")
    flash("Your phone will ring in a moment." if rung else "Not now: your phone rings already, or was rung often.")
    return _back(token)


@blueprint.post("/<token>/leave")
def sign_out(token: str) -> Answer:
    """Sign out."""
    page_sign_in.forget_sign_in(session)
    return _back(token)


def _signed_in(work: Work, token: str) -> Row[Any] | None:
    row = page_sign_in.find_readable_page(work.connection, token, work.at)
    return row if row is not None and page_sign_in.is_signed_in(session, row.id, work.at) else None


def _summary(work: Work, row: Row[Any]) -> dict[str, Any]:
    """Urgency, practice, language, whereabouts and the caller's own words; how far the page and the call are."""
    about = call_row(work, row.call_id)
    return {
        "call": about,
        "zone": line_zone(work, about),
        "practice": line_name(work, about),
        "complaint": open_complaint(work, about),
        "place": describe_whereabouts(work, about, row.person_id),
        "caller_here": bool(legs.list_parties(work, row.call_id, "caller")),
        "has_number": services().features.has_number(work, row.call_id),
    }


def _back(token: str) -> Response:
    return redirect(url_for("oncall.show_page", token=token), 303)  # type: ignore[return-value]
