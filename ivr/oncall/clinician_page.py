"""The clinician's page behind the link in the text: a PIN, then the summary, then "ring me now".

Before the PIN it is the same page for every link, also for one that was never made.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from sqlalchemy import Connection, Row

from ivr.accounts.address import find_client_address
from ivr.audit.append import append
from ivr.calls import legs
from ivr.calls.configuration import STRANGER, call_row, pinned
from ivr.calls.tables import COMPLAINT
from ivr.calls.whereabouts import to_tell
from ivr.core.unit_of_work import Work, transaction
from ivr.core.web_app import services
from ivr.oncall import ring_again, signing_in

blueprint = Blueprint("oncall", __name__, url_prefix="/oncall")
Answer = Response | str | tuple[str, int]


@blueprint.get("/<token>")
def show_page(token: str) -> Answer:
    """Show the summary to whoever has signed in, and ask everybody else for the PIN."""
    with transaction(services()) as work:
        row = _signed_in(work, token)
        if row is None:
            return render_template("oncall/sign_in.html")
        signing_in.remember(session, row.id, work.at)
        told = _summary(work, row)
        _note(work.connection, "oncall.read", "ok", row, patient_id=told["call"].patient_id)
    return render_template("oncall/clinician.html", token=token, page=row, **told)


@blueprint.post("/<token>")
def sign_in(token: str) -> Answer:
    """Check the PIN."""
    tried = signing_in.check(services(), token, request.form.get("pin", "").strip(), find_client_address(request))
    if tried.admitted:
        with transaction(services()) as work:
            _note(work.connection, "oncall.sign-in", "ok" if tried.right else "denied", tried.page)
    if tried.page is None or not tried.right:
        return render_template("oncall/sign_in.html", failed=True), 403
    signing_in.remember(session, tried.page.id, services().clock.now())
    return _back(token)


@blueprint.post("/<token>/ring")
def ring_clinician(token: str) -> Answer:
    """Ring the clinician's phone now."""
    with transaction(services()) as work:
        row = _signed_in(work, token)
        if row is None:
            return render_template("oncall/sign_in.html"), 403
        rung = ring_again.ring_again(work, row.id)
        _note(work.connection, "oncall.ring", "ok" if rung else "refused", row)
    flash("Your phone will ring in a moment." if rung else "Not now: your phone rings already, or was rung often.")
    return _back(token)


@blueprint.post("/<token>/leave")
def sign_out(token: str) -> Answer:
    """Sign out."""
    signing_in.forget(session)
    return _back(token)


def _signed_in(work: Work, token: str) -> Row[Any] | None:
    row = signing_in.find(work.connection, token, work.at)
    return row if row is not None and signing_in.remembered(session, row.id, work.at) else None


def _summary(work: Work, row: Row[Any]) -> dict[str, Any]:
    """Urgency, practice, language, whereabouts and the caller's own words; how far the page and the call are."""
    about = call_row(work, row.call_id)
    organisation = pinned(work, row.call_id)
    stranger = about.practice_id == STRANGER
    sealed = about.complaint_sealed
    return {
        "call": about,
        "zone": "UTC" if stranger else organisation.location(about.practice_id, about.location_id).timezone,
        "practice": organisation.operator.operator if stranger else organisation.practice(about.practice_id).name,
        "complaint": work.services.cipher.open(about.practice_id, COMPLAINT, sealed) if sealed else "",
        "place": to_tell(work, about, row.person_id),
        "caller_here": bool(legs.of_call(work, row.call_id, "caller", "patient")),
    }


def _note(
    connection: Connection, action: str, outcome: str, row: Row[Any] | None, patient_id: str | None = None
) -> None:
    append(
        connection,
        at=services().clock.now(),
        actor=row.person_id if row else "unknown",
        role="clinician" if row else None,
        address=find_client_address(request),
        purpose="treatment",
        action=action,
        outcome=outcome,
        object_id=row.id if row else None,
        call_id=row.call_id if row else None,
        patient_id=patient_id,
    )


def _back(token: str) -> Response:
    return redirect(url_for("oncall.show_page", token=token), 303)  # type: ignore[return-value]
