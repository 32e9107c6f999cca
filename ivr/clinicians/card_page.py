"""The clinician's card behind the link in the text: a PIN, then the call at a glance and what to do about it.

Before the PIN it is the same page for every link, also for one that was never made. Whoever is signed in for the shift
on a device of their own needs no PIN for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, session, url_for
from sqlalchemy import Row

from callflows import open_items
from ivr.accounts import known_device
from ivr.accounts.address import find_client_address
from ivr.accounts.viewer_zone import use_viewer_zone
from ivr.calls.configuration import call_row, line_name, line_zone, newest, pinned_of
from ivr.clinicians import actions, card
from ivr.core.unit_of_work import Work, in_transaction, transaction
from ivr.core.web_app import services
from ivr.oncall import page_access, page_sessions, page_sign_in, rings, shift_sessions
from ivr.oncall.audit_trail import note_page_use
from ivr.oncall.marks import mark_page
from ivr.oncall.pages import get as get_page
from ivr.oncall.summary import list_story, open_complaint

blueprint = Blueprint("oncall", __name__, url_prefix="/oncall")
Answer = Response | str | tuple[str, int]
OVER = "That page is over: nothing was done."
BESIDE = "The page of that link is over. Your telephone rings for this one too: it is another call."


@blueprint.get("/<token>")
def show_page(token: str) -> Answer:
    """Show the card to whoever has signed in, and ask everybody else for the PIN."""
    with transaction(services()) as work:
        row = page_access.find_signed_in(work, token)
        if row is None:
            return _show_over(work, token)
        told = card.read_card_of(work, row)
        person = pinned_of(work, told.call).people.get(row.person_id)
        _note_read(work, row, told.call)
        others = [_other_call(work, wanted, told.call) for wanted in rings.list_sharing(work, row)]
    use_viewer_zone(person.zone if person else None)
    g.runs_script = True
    return render_template(
        "clinicians/card.html",
        token=token,
        mark=mark_page(token),
        card=told,
        others=others,
        choices=open_items,
        missing=actions.MISSING,
        call=told.call,
    )


def _show_over(work: Work, token: str) -> Answer:
    """Tell its person that a page is over, and nothing of its patient, or lead them on to what their telephone still
    rings for; ask everybody else for the PIN.
    """
    beside = page_access.find_beside(work, token)
    if beside is not None:
        flash(BESIDE)
        return _back(beside.token)
    row = page_access.find_over(work, token)
    if row is None:
        return render_template("oncall/sign_in.html")
    note_page_use(work, row, find_client_address(request), "oncall.over", "ok")
    return render_template("clinicians/over.html", state=card.find_state(work, row), by=card.find_who_took(work, row))


@blueprint.post("/<token>")
def sign_in(token: str) -> Answer:
    """Check the PIN. Whoever was signed in in this browser before is signed out.

    By a link whose own page is over they are signed in to what its ring still rings for, and led to that card.
    """
    settings, digits, at = services().settings, request.form.get("pin", "").strip(), services().clock.now()
    with services().database.read() as connection:
        row = page_sign_in.find_readable_page(connection, token, at)
        row = row or page_sign_in.find_ringing_beside(connection, token, at)
    account = page_sign_in.name_account(row, token)
    device = known_device.find_device(request, settings, account)
    begun = page_sign_in.check_link_and_pin(services(), token, digits, find_client_address(request), row, device)
    if begun is None:
        return render_template("oncall/sign_in.html", failed=True), 403
    page_access.sign_out(services(), actions.note_sign_out)
    page_sessions.remember_sign_in(session, begun)
    if row is not None and request.form.get("own") == "yes":
        _begin_shift(row)
    answer = _back(row.token if row is not None else token)
    known_device.remember_device(answer, request, settings, account)
    return answer


@blueprint.post("/<token>/accept")
def accept(token: str) -> Answer:
    """Accept the page; the clinician's telephone is rung to join."""
    return _act(token, "oncall.accept", actions.accept)


@blueprint.post("/<token>/ring")
def ring_clinician(token: str) -> Answer:
    """Ring the clinician's phone now."""
    return _act(token, "oncall.ring", actions.ring)


@blueprint.post("/<token>/call")
def call_patient(token: str) -> Answer:
    """Ring the clinician's telephone, and then the patient's."""
    return _act(token, "oncall.call", actions.call_patient)


@blueprint.post("/<token>/pass")
def pass_on(token: str) -> Answer:
    """Hand the call to whoever is next, now."""
    return _act(token, "oncall.pass", actions.pass_on)


@blueprint.post("/<token>/note")
def write_note(token: str) -> Answer:
    """Keep a note."""
    return _act(token, "oncall.note", actions.write_note)


@blueprint.post("/<token>/more")
def ask_for_more(token: str) -> Answer:
    """Ask the supervisors for what is missing."""
    return _act(token, "oncall.more", actions.ask_for_more)


@blueprint.post("/<token>/done")
def finish(token: str) -> Answer:
    """Write the outcome."""
    return _act(token, "oncall.done", actions.finish)


@blueprint.post("/<token>/leave")
def sign_out(token: str) -> Answer:
    """Sign out."""
    page_access.sign_out(services(), actions.note_sign_out)
    return _back(token)


def _act(token: str, action: str, act: Callable[[Work, Row[Any]], tuple[bool, str]]) -> Answer:
    """Do what a button is for, for whoever is signed in, and say how that went. Everything leaves a row.

    It is done to the page of the link and to no other, whatever else its ring is for.
    """

    def once(work: Work) -> str | None:
        row = page_access.find_own(work, token)
        if row is None:
            return None
        may = page_sign_in.find_readable_page(work.connection, token, work.at) is not None
        taken, words = act(work, row) if may else (False, OVER)
        note_page_use(work, row, find_client_address(request), action, "ok" if taken else "refused")
        return words

    words = in_transaction(services(), once)
    if words is None:
        return render_template("oncall/sign_in.html"), 403
    flash(words)
    return _back(token)


def _begin_shift(row: Row[Any]) -> None:
    """Keep whoever says that it is a device of their own signed in until the shift ends."""

    def begin(work: Work) -> str:
        ends_at = shift_sessions.find_end(work.connection, newest(work), row.person_id, work.at)
        note_page_use(work, row, find_client_address(request), "oncall.shift-begin", "ok")
        return shift_sessions.begin_session(work, row.person_id, ends_at)

    shift_sessions.remember_session(session, in_transaction(services(), begin))


def _other_call(work: Work, wanted: rings.Wanted, beside: Row[Any]) -> dict[str, Any]:
    """The same, in one line, of another call for which the telephone of this person rings too."""
    about = call_row(work, wanted.place.call)
    other = get_page(work, str(wanted.page_id))
    _note_read(work, other, about)
    return {
        "token": other.token,
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
    for one in list_story(work, about):
        note_page_use(work, row, find_client_address(request), "oncall.read", "ok", one)


def _back(token: str) -> Response:
    return redirect(url_for("oncall.show_page", token=token), 303)  # type: ignore[return-value]
