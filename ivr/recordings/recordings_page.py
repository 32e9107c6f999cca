"""The list of recordings, the custody record of one, and its sound."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.guard import demand_permission, refuse_unknown, require_permission
from ivr.core.paging import find_row_before
from ivr.core.web_app import services
from ivr.recordings import playback, recording_list
from ivr.recordings.recording_list import Kept

blueprint = Blueprint("recordings", __name__)


@blueprint.get("/recordings")
@require_permission("recordings")
def list_recordings(person: Person) -> str:
    """Show every recording and how it is kept."""
    with services().database.read() as connection:
        shown = recording_list.read_page(connection, find_row_before(connection, recording_list.find_recording))
    audit_trail.write_row(services(), person, "recordings.list")
    return render_template("recordings/recordings.html", page=shown)


@blueprint.get("/recordings/<recording_id>")
@require_permission("recordings")
def show_recording(person: Person, recording_id: str) -> str:
    """Show one recording with its custody record."""
    kept = _find(person, recording_id, "recording.read")
    about = audit_trail.About(recording_id, kept.recording.call_id)
    audit_trail.write_row(services(), person, "recording.read", about)
    entries = services().vault.custody(recording_id) if kept.vault else []
    return render_template("recordings/recording.html", kept=kept, entries=entries)


@blueprint.get("/recordings/<recording_id>/audio")
@require_permission("play-message")
def play_recording(person: Person, recording_id: str) -> Response:
    """Send the sound. What was said in a call is for fewer people than a message that was left."""
    kept = _find(person, recording_id, playback.ACTION)
    demand_permission(person, "play-message" if kept.recording.kind == "message" else "play-call", recording_id)
    return playback.send_audio(services(), person, kept.recording)


def _find(person: Person, recording_id: str, action: str) -> Kept:
    with services().database.read() as connection:
        kept = recording_list.find_recording(connection, recording_id)
    return kept or refuse_unknown(person, action, recording_id)
