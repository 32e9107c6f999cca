"""The pages. Each looks up, leaves its row in the trail, and shows; decisions are elsewhere."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, Row

from ivr.accounts import audit_trail
from ivr.accounts.guard import allowed, demand, present, to_sign_in, unknown
from ivr.accounts.people import Person
from ivr.accounts.roles import may, pages_of
from ivr.core.unit_of_work import transaction
from ivr.core.web_app import services
from ivr.directory.organisation import Organisation
from ivr.directory.revisions import current, load
from ivr.web import alerts, audio, calls, coverage, messages, recordings, timeline

console = Blueprint("console", __name__)
Answer = Response | str


@console.context_processor
def names() -> dict[str, Any]:
    """What every page of the console may name: practices, and what the person may open."""
    person, organisation = present(), _organisation()
    pages = pages_of(person.role) if person else ()
    return {"practice_name": partial(_practice_name, organisation), "may": may, "person": person, "pages": pages}


@console.get("/")
def start() -> Answer:
    """To the first page that the person may open."""
    person = present()
    if person is None:
        return to_sign_in()
    return redirect(url_for(f"console.{pages_of(person.role)[0]}_list"))  # type: ignore[return-value]


@console.get("/calls")
@allowed("calls")
def calls_list(person: Person) -> Answer:
    """The list of calls, newest first."""
    with services().database.read() as connection:
        shown = calls.page(connection, _before(person, connection, calls.find))
    audit_trail.note(services(), person, "calls.list")
    return render_template("web/calls.html", page=shown)


@console.get("/calls/<call_id>")
@allowed("calls")
def call_story(person: Person, call_id: str) -> Answer:
    """One call."""
    with services().database.read() as connection:
        about = calls.find(connection, call_id)
        told = about and timeline.story(connection, services().cipher, about)
    if about is None:
        unknown(person, "call.read", call_id)
    audit_trail.note(services(), person, "call.read", _about(about, about.id))
    return render_template("web/call.html", call=about, story=told, zone=_zone(about))


@console.get("/recordings")
@allowed("recordings")
def recordings_list(person: Person) -> Answer:
    """Every recording and how it is kept."""
    with services().database.read() as connection:
        shown = recordings.page(connection, _before(person, connection, recordings.find))
    audit_trail.note(services(), person, "recordings.list")
    return render_template("recordings/recordings.html", page=shown)


@console.get("/recordings/<recording_id>")
@allowed("recordings")
def recording_custody(person: Person, recording_id: str) -> Answer:
    """One recording with its custody record."""
    kept = _recording(person, recording_id, "recording.read")
    audit_trail.note(services(), person, "recording.read", audit_trail.About(recording_id, kept.recording.call_id))
    entries = services().vault.custody(recording_id) if kept.vault else []
    return render_template("recordings/recording.html", kept=kept, entries=entries)


@console.get("/recordings/<recording_id>/audio")
@allowed("play-message")
def recording_audio(person: Person, recording_id: str) -> Answer:
    """The sound. What was said in a call is for fewer people than a message that was left."""
    kept = _recording(person, recording_id, audio.ACTION)
    demand(person, "play-message" if kept.recording.kind == "message" else "play-call", recording_id)
    return audio.play(services(), person, kept.recording)


@console.get("/messages")
@allowed("messages")
def messages_list(person: Person) -> Answer:
    """Messages with what was promised."""
    with services().database.read() as connection:
        shown, older = messages.page(connection, _before(person, connection, messages.find))
    audit_trail.note(services(), person, "messages.list")
    return render_template("callbacks/messages.html", messages=shown, older_id=older)


@console.get("/messages/<message_id>")
@allowed("messages")
def message_page(person: Person, message_id: str) -> Answer:
    """One message: its sound, the number to call back, and the button."""
    row = _message(person, message_id)
    audit_trail.note(services(), person, "message.read", _about(row, row.call_id, message_id))
    number = messages.number_of(services(), row)
    return render_template("callbacks/message.html", message=row, number=number, settled=row.state not in messages.OPEN)


@console.post("/messages/<message_id>/handled")
@allowed("handle")
def message_handled(person: Person, message_id: str) -> Answer:
    """Somebody dealt with it: the promise is kept."""
    row = _message(person, message_id)
    with transaction(services()) as work:
        kept = messages.handled(work, row, person.name)
        about, outcome = _about(row, row.call_id, message_id), "ok" if kept else "refused"
        audit_trail.note_within(work.connection, services(), person, "message.handle", about, outcome=outcome)
    flash("The promise is kept." if kept else "This message was settled already.")
    return redirect(url_for("console.message_page", message_id=message_id), 303)  # type: ignore[return-value]


@console.get("/alerts")
@allowed("alerts")
def alerts_list(person: Person) -> Answer:
    """What needs a look."""
    before = request.args.get("before", "")
    with services().database.read() as connection:
        shown, older = alerts.page(connection, int(before) if before.isdecimal() and len(before) < 16 else None)
    audit_trail.note(services(), person, "alerts.list")
    return render_template("web/alerts.html", alerts=shown, older_id=older)


@console.get("/coverage")
@allowed("coverage")
def coverage_list(person: Person) -> Answer:
    """Where nobody would answer in the year to come, and what would mend it."""
    organisation = _organisation() or abort(404)
    audit_trail.note(services(), person, "coverage.list")
    return render_template("workforce/coverage.html", proof=coverage.proof(organisation, services().clock.now()))


@console.get("/coverage/map.svg")
@allowed("coverage")
def coverage_map(person: Person) -> Answer:
    """The same as a heat map."""
    organisation = _organisation() or abort(404)
    audit_trail.note(services(), person, "coverage.list")
    return Response(coverage.proof(organisation, services().clock.now()).picture, mimetype="image/svg+xml")


def _before(person: Person, connection: Connection, find: Any) -> Any:
    """The row that a list goes on from; 404 for one that is not there."""
    wanted = request.args.get("before")
    if wanted is None:
        return None
    return find(connection, wanted) or abort(404)


def _recording(person: Person, recording_id: str, action: str) -> recordings.Kept:
    with services().database.read() as connection:
        kept = recordings.find(connection, recording_id)
    return kept or unknown(person, action, recording_id)


def _message(person: Person, message_id: str) -> Row[Any]:
    with services().database.read() as connection:
        row = messages.find(connection, message_id)
    return row or unknown(person, "message.read", message_id)


def _about(row: Row[Any], call_id: str, object_id: str | None = None) -> audit_trail.About:
    return audit_trail.About(object_id, call_id, row.practice_id, row.patient_id)


def _organisation() -> Organisation | None:
    """The organisation in force; None before the first configuration was loaded."""
    with services().database.read() as connection:
        return None if current(connection) is None else load(connection)


def _practice_name(organisation: Organisation | None, practice_id: str) -> str:
    known = organisation.practices.get(practice_id) if organisation else None
    return known.name if known else practice_id


def _zone(row: Row[Any]) -> str:
    organisation = _organisation()
    practice = organisation.practices.get(row.practice_id) if organisation else None
    location = practice.locations.get(row.location_id) if practice else None
    return location.timezone if location else "UTC"
