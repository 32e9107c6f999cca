"""The page on which an agent, in the middle of a talk, makes surer of who is calling; a supervisor may help.

It shows how sure we are and what is missing, and no value of any record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, Response, abort, flash, render_template, request, url_for

from callflows.dialogues.one_time_code import DIGITS
from callflows.identity import by_person
from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.address import find_client_address
from ivr.accounts.guard import go_to, refuse_unknown, require_permission
from ivr.calls import legs
from ivr.core.unit_of_work import Work, in_transaction
from ivr.core.web_app import services
from ivr.verification import proving, talk_now, words
from ivr.verification.reading import Found, read_found

blueprint = Blueprint("verification", __name__)
ACTION = "call.identity"
Answer = Response | str


@blueprint.get("/my-call")
@require_permission("own-call")
def show_own(person: Person) -> Answer:
    """Send an agent on to the call that they are in; without one, say so."""
    call_id = in_transaction(services(), lambda work: talk_now.find_own_call(work, person))
    return _back(call_id) if call_id else render_template("verification/no_call.html")


@blueprint.get("/calls/<call_id>/identity")
@require_permission("prove-caller")
def show_identity(person: Person, call_id: str) -> Answer:
    """Show how sure we are of the caller, and what can be done about it now."""
    found = in_transaction(services(), lambda work: _find(work, person, call_id))
    if found is None:
        return _refuse(person, call_id)
    about = found.about
    seen = audit_trail.About(about.id, about.id, about.practice_id, about.patient_id)
    audit_trail.write_row(services(), person, ACTION, seen)
    return render_template(
        "verification/identity.html",
        found=found,
        hindrance=words.HINDRANCES.get(by_person.find_hindrance(found.standing)),
        of_code=by_person.find_hindrance_of_code(found.standing),
        by_telephone=words.HINDRANCES[by_person.BY_TELEPHONE],
        of_list=words.HINDRANCES.get(by_person.find_hindrance_of_list(found.standing)),
        missing=words.tell_missing(found),
        by_person=by_person,
    )


@blueprint.post("/calls/<call_id>/identity/code")
@require_permission("prove-caller")
def text_code(person: Person, call_id: str) -> Answer:
    """Have a code texted to the number on file."""
    return _act(person, call_id, lambda work: proving.text_code(work, _form(person, call_id)))


@blueprint.post("/calls/<call_id>/identity/code/given")
@require_permission("prove-caller")
def check_code(person: Person, call_id: str) -> Answer:
    """Look at the code that the caller has read out."""
    digits = "".join(filter(str.isdecimal, request.form.get("code", "")))[:12]
    if not digits.isascii() or len(digits) != DIGITS:
        flash(words.NO_CODE_TYPED)
        return _back(call_id)
    return _act(person, call_id, lambda work: proving.check_read_out(work, _form(person, call_id), digits))


@blueprint.post("/calls/<call_id>/identity/check")
@require_permission("prove-caller")
def decide(person: Person, call_id: str) -> Answer:
    """Write down that the caller is proved by the checklist, or is not and why."""
    form = request.form
    result, ticked, reason = form.get("result", ""), form.getlist("ticked"), form.get("reason", "")
    if result not in (by_person.PROVED, by_person.NOT_PROVED):
        abort(400)

    def act(work: Work) -> str:
        return proving.decide(work, _form(person, call_id), result, ticked, reason)

    return _act(person, call_id, act, keep=ticked)


def _act(person: Person, call_id: str, act: Callable[[Work], str], keep: Sequence[str] = ()) -> Answer:
    """Do something about a call that this person may look at, and say what came of it.

    What was ticked stays so on the next page (``keep``) where the form lacked something.
    """

    def once(work: Work) -> str | None:
        return act(work) if _may_look(work, person, call_id) else None

    outcome = in_transaction(services(), once)
    if outcome is None:
        return _refuse(person, call_id)
    flash(words.tell_outcome(outcome))
    for item in keep if outcome in (by_person.INCOMPLETE, by_person.NO_REASON) else ():
        flash(item, "ticked")
    return _back(call_id)


def _find(work: Work, person: Person, call_id: str) -> Found | None:
    return read_found(work, person, legs.lock_call(work, call_id)) if _may_look(work, person, call_id) else None


def _may_look(work: Work, person: Person, call_id: str) -> bool:
    """Whether there is such a call, and it is the agent's own or a supervisor looks."""
    if person.role == talk_now.SUPERVISOR:
        return talk_now.is_call(work, call_id)
    return talk_now.has_taken_part(work, person, call_id)


def _refuse(person: Person, call_id: str) -> Answer:
    """An agent learns of no call that is not theirs, nor whether there is one."""
    if person.role == talk_now.SUPERVISOR:
        refuse_unknown(person, ACTION, call_id)
    seen = audit_trail.About(audit_trail.keep_opaque(call_id))
    audit_trail.write_row(services(), person, ACTION, seen, outcome="denied")
    abort(403)


def _form(person: Person, call_id: str) -> proving.Form:
    return proving.Form(person, call_id, request.form.get("mark", ""), find_client_address(request))


def _back(call_id: str) -> Response:
    return go_to(url_for("verification.show_identity", call_id=call_id))
