"""The list of messages, and the page of one message, on which somebody says that they have dealt with it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.guard import refuse_unknown, require_permission
from ivr.callbacks import messages
from ivr.callbacks.messages import Message
from ivr.callbacks.tables import OPEN
from ivr.core.paging import find_row_before
from ivr.core.unit_of_work import Work, in_transaction
from ivr.core.web_app import services

blueprint = Blueprint("messages", __name__)


@blueprint.get("/messages")
@require_permission("messages")
def list_messages(person: Person) -> str:
    """Show the messages with what was promised, the newest first."""
    with services().database.read() as connection:
        before = find_row_before(connection, messages.find_row)
        shown, older = messages.read_page(services().features, connection, before)
    audit_trail.write_row(services(), person, "messages.list")
    return render_template("callbacks/messages.html", messages=shown, older_id=older)


@blueprint.get("/messages/<message_id>")
@require_permission("messages")
def show_message(person: Person, message_id: str) -> str:
    """Show one message: its sound, the number to call back, and the button."""
    message = _find(person, message_id)
    audit_trail.write_row(services(), person, "message.read", _about(message))
    number, settled = messages.open_number(services(), message.row), message.row.state not in OPEN
    return render_template("callbacks/message.html", message=message, number=number, settled=settled)


@blueprint.post("/messages/<message_id>/handled")
@require_permission("handle")
def mark_handled(person: Person, message_id: str) -> Response:
    """Keep the promise, because somebody dealt with the message."""
    message = _find(person, message_id)

    def once(work: Work) -> bool:
        kept = messages.keep_promise(work, message.row, person.name)
        about, outcome = _about(message), "ok" if kept else "refused"
        audit_trail.write_row_within(work.connection, services(), person, "message.handle", about, outcome=outcome)
        return kept

    kept = in_transaction(services(), once)
    flash("The promise is kept." if kept else "This message was settled already.")
    return redirect(url_for("messages.show_message", message_id=message_id), 303)  # type: ignore[return-value]


def _find(person: Person, message_id: str) -> Message:
    with services().database.read() as connection:
        message = messages.find_message(services().features, connection, message_id)
    return message or refuse_unknown(person, "message.read", message_id)


def _about(message: Message) -> audit_trail.About:
    row = message.row
    return audit_trail.About(row.id, row.call_id, row.practice_id, row.patient_id)
