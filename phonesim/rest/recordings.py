"""Recordings: start and steer on a call, fetch, media, delete, list (Twilio: Recordings)."""

from datetime import timedelta

from werkzeug.wrappers import Request, Response

from phonesim.conference import Conference
from phonesim.leg import Leg
from phonesim.platform import Platform
from phonesim.recording import Recording
from phonesim.rest import conferences, documents, forms
from phonesim.rest.calls import find
from phonesim.rest.paging import paged
from phonesim.rest.problems import Reply, bad_parameter, existing, not_found, not_in_progress
from phonesim.rest.times import within

CURRENT = "Twilio.CURRENT"
METADATA_KEPT = timedelta(days=40)
BEHAVIOURS = ("silence", "skip")


def start(net: Platform, request: Request, call: str) -> Reply:
    """Record a call in progress from now on."""
    leg, form = find(net, request, call), request.form
    if not leg.in_progress:
        raise not_in_progress()
    channels, track = forms.channels(form)
    hook, trim = forms.recording_hook(form), forms.trims(form, "Trim", False)
    recording = Recording(leg, "StartCallRecordingAPI", channels, hook, track, trim=trim)
    return 201, documents.recording_inside(recording)


def steer(net: Platform, request: Request, call: str, sid: str) -> Reply:
    """Pause, resume or stop; Twilio.CURRENT means the only one running."""
    recording = _pick(find(net, request, call), request, sid)
    _apply(request.form, recording, stoppable=True)
    return 200, {**documents.recording_inside(recording), "status": _shown(recording)}


def steer_in_conference(net: Platform, request: Request, conference: str, sid: str) -> Reply:
    """Pause or resume a conference's recording; it cannot be stopped."""
    recording = _pick(conferences.find(net, request, conference), request, sid)
    _apply(request.form, recording, stoppable=False)
    return 200, documents.recording_inside(recording)


def _apply(form: forms.Form, recording: Recording, stoppable: bool) -> None:
    behaviour = forms.choice(form, "PauseBehavior", BEHAVIOURS, "silence")
    actions = {"paused": lambda: recording.pause(behaviour), "in-progress": recording.resume}
    if stoppable:
        actions["stopped"] = recording.stop
    if form.get("Status", "") not in actions:
        raise bad_parameter(20001, f"Status must be one of {', '.join(actions)}")
    if not recording.running:
        raise bad_parameter(21220, "The recording is not in progress")
    actions[form["Status"]]()


def _shown(recording: Recording) -> str:
    return "stopped" if recording.status == "processing" else recording.status


def _of(owner: Leg | Conference) -> list[Recording]:
    known = owner.net.shelf(Recording)
    return [known[one.sid] for one in owner.recordings]


def _pick(owner: Leg | Conference, request: Request, sid: str) -> Recording:
    recordings = _of(owner)
    running = [one for one in recordings if one.running]
    if sid == CURRENT and len(running) == 1:
        return running[0]
    if sid == CURRENT and running:
        raise bad_parameter(16108, "several recordings run; name the recording")
    return existing(next((one for one in recordings if one.sid == sid and _there(one)), None), request.path)


# Below a call or a conference


def of_call(net: Platform, request: Request, call: str) -> Reply:
    """The recordings of a call."""
    return _listed(request, find(net, request, call))


def of_conference(net: Platform, request: Request, conference: str) -> Reply:
    """The recordings of a conference."""
    return _listed(request, conferences.find(net, request, conference))


def _listed(request: Request, owner: Leg | Conference) -> Reply:
    there = (one for one in _of(owner) if _there(one))
    found = within(request.args, there, DateCreated=lambda one: one.started_at)
    return 200, paged(request, "recordings", found, documents.recording_inside)


def fetch_of_call(net: Platform, request: Request, call: str, sid: str) -> Reply:
    """One recording of a call."""
    return 200, documents.recording_inside(_pick(find(net, request, call), request, sid))


def fetch_of_conference(net: Platform, request: Request, conference: str, sid: str) -> Reply:
    """One recording of a conference."""
    return 200, documents.recording_inside(_pick(conferences.find(net, request, conference), request, sid))


def delete_of_call(net: Platform, request: Request, call: str, sid: str) -> Reply:
    """Delete a recording of a call."""
    return _deleted(_pick(find(net, request, call), request, sid))


def delete_of_conference(net: Platform, request: Request, conference: str, sid: str) -> Reply:
    """Delete a recording of a conference."""
    return _deleted(_pick(conferences.find(net, request, conference), request, sid))


# Of the account


def listing(net: Platform, request: Request) -> Reply:
    """Newest first; deleted ones only with IncludeSoftDeleted."""
    args = request.args
    found = net.recordings.newest(call=args.get("CallSid"), conference=args.get("ConferenceSid"))
    soft = forms.switch(args, "IncludeSoftDeleted")
    there = (one for one in found if _there(one, soft))
    chosen = within(args, there, DateCreated=lambda one: one.started_at)
    return 200, paged(request, "recordings", chosen, documents.recording)


def _there(one: Recording, soft: bool | None = False) -> bool:
    return one.status != "deleted" or (bool(soft) and not one.forgotten(METADATA_KEPT))


def _one(net: Platform, request: Request, sid: str, soft: bool | None = False) -> Recording:
    found = net.recordings.get(sid)
    if found is None or not _there(found, soft):
        raise not_found(request.path)
    return found


def fetch(net: Platform, request: Request, sid: str) -> Reply:
    """One recording's metadata; that of a deleted one only with IncludeSoftDeleted."""
    return 200, documents.recording(_one(net, request, sid, forms.switch(request.args, "IncludeSoftDeleted")))


def delete(net: Platform, request: Request, sid: str) -> Reply:
    """Delete the media for good; only finished recordings."""
    return _deleted(_one(net, request, sid))


def _deleted(recording: Recording) -> Reply:
    if recording.status != "completed":
        raise bad_parameter(20009, "only a completed recording can be deleted")
    recording.delete()
    return 204, None


def media(net: Platform, request: Request, sid: str, extension: str = "wav") -> Response:
    """The stored audio; 404 until completed, 400 for two channels of a mono recording."""
    recording = _one(net, request, sid)
    if recording.status != "completed" or recording.missing:
        raise not_found(request.path)
    if extension == "mp3":
        raise bad_parameter(16109 if recording.envelope else 20001, "mp3 is not available; ask for wav")
    channels = forms.number(request.args, "RequestedChannels", recording.channels, 1, 2)
    if channels > recording.channels:
        raise bad_parameter(16113, "The recording has one channel; request 1")
    return _file(recording, None if recording.envelope else channels)


def _file(recording: Recording, channels: int | None) -> Response:
    reply = Response(recording.media(channels), 200, mimetype="audio/x-wav")
    reply.content_length = recording.media_bytes(channels)
    return reply
