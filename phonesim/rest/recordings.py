"""Recordings: start and steer on a call, fetch, media, delete, list (Twilio: Recordings)."""

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from phonesim.conference import Conference
from phonesim.leg import Leg
from phonesim.recording import Recording
from phonesim.rest import documents, forms
from phonesim.rest.calls import Reply, find
from phonesim.rest.paging import paged
from phonesim.rest.problems import RestProblem, bad_parameter, not_found, not_in_progress

if TYPE_CHECKING:
    from phonesim.network import Network

CURRENT = "Twilio.CURRENT"
DONE = frozenset({"completed", "absent"})


def start(net: "Network", request: Request, call: str) -> Reply:
    """Record a call in progress from now on."""
    leg = find(net, request, call)
    if not leg.in_progress:
        raise not_in_progress()
    channels = 2 if request.form.get("RecordingChannels") == "dual" else 1
    track = request.form.get("RecordingTrack", "both")
    recording = Recording(leg, "StartCallRecordingAPI", channels, forms.recording_hook(request.form), track)
    return 201, documents.recording(recording)


def steer(net: "Network", request: Request, call: str, sid: str) -> Reply:
    """Pause, resume or stop; Twilio.CURRENT means the only one running."""
    recording = _pick(find(net, request, call), request, sid)
    _apply(request.form, recording, stoppable=True)
    return 200, {**documents.recording(recording), "status": _shown(recording)}


def steer_conference(net: "Network", request: Request, conference: str, sid: str) -> Reply:
    """Pause or resume a conference's recording; it cannot be stopped."""
    owner = net.conferences.get(conference)
    if owner is None:
        raise not_found(request.path)
    recording = _pick(owner, request, sid)
    _apply(request.form, recording, stoppable=False)
    return 200, documents.recording(recording)


def _apply(form: forms.Form, recording: Recording, stoppable: bool) -> None:
    status = form.get("Status", "")
    actions = {"paused": lambda: recording.pause(form.get("PauseBehavior", "silence")), "in-progress": recording.resume}
    if stoppable:
        actions["stopped"] = recording.stop
    if status not in actions:
        raise bad_parameter(20001, f"Status must be one of {', '.join(actions)}")
    if not recording.running:
        raise bad_parameter(21220, "The recording is not in progress")
    actions[status]()


def _shown(recording: Recording) -> str:
    return "stopped" if recording.status == "processing" else recording.status


def _pick(owner: "Leg | Conference", request: Request, sid: str) -> Recording:
    running = [one for one in owner.recordings if one.running]
    if sid == CURRENT and len(running) == 1:
        return running[0]
    if sid == CURRENT and running:
        raise bad_parameter(20001, "several recordings run; name the recording")
    found = next((one for one in owner.recordings if one.sid == sid), None)
    if found is None:
        raise not_found(request.path)
    return found


def of_call(net: "Network", request: Request, call: str) -> Reply:
    """The recordings of a call."""
    return 200, paged(request, "recordings", find(net, request, call).recordings, documents.recording)


def listing(net: "Network", request: Request) -> Reply:
    """All recordings, newest first; deleted ones only with IncludeSoftDeleted."""
    deleted = forms.switch(request.args, "IncludeSoftDeleted")
    wanted = request.args.get("CallSid")
    found = [one for one in reversed(net.recordings.values()) if deleted or one.status != "deleted"]
    found = [one for one in found if wanted is None or (one.leg.sid == wanted and not one.conference)]
    return 200, paged(request, "recordings", found, documents.recording)


def _one(net: "Network", request: Request, sid: str) -> Recording:
    found = net.recordings.get(sid)
    soft = forms.switch(request.args, "IncludeSoftDeleted")
    if found is None or (found.status == "deleted" and not soft):
        raise not_found(request.path)
    return found


def fetch(net: "Network", request: Request, sid: str) -> Reply:
    """One recording's metadata."""
    return 200, documents.recording(_one(net, request, sid))


def delete(net: "Network", request: Request, sid: str) -> Reply:
    """Delete the media for good; only finished recordings."""
    recording = _one(net, request, sid)
    if recording.status not in DONE:
        raise bad_parameter(20001, "only a completed recording can be deleted")
    recording.delete()
    return 204, None


def media(net: "Network", request: Request, sid: str, extension: str = "wav") -> Response:
    """The stored audio; 404 until completed, 400 for two channels of a mono recording."""
    recording = _one(net, request, sid)
    failing = net.faults.media_fails_until
    if failing and net.now < failing:
        raise RestProblem(503, 20503, "The media is not available now")
    if recording.status != "completed":
        raise not_found(request.path)
    if extension == "mp3":
        raise bad_parameter(16109 if recording.envelope else 20001, "mp3 is not available; ask for wav")
    channels = forms.number(request.args, "RequestedChannels", recording.channels, 1, 2)
    if channels > recording.channels:
        raise bad_parameter(20001, "The recording has one channel; request 1")
    return _file(recording, None if recording.envelope else channels)


def _file(recording: Recording, channels: int | None) -> Response:
    reply = Response(recording.media(channels), 200, mimetype="audio/x-wav")
    reply.content_length = recording.media_bytes(channels)
    return reply
