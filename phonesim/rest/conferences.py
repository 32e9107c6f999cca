"""Conferences and participants (Twilio: Conference, Participants)."""

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from phonesim.conference import Conference, ConferenceSettings, Manner, Participant, valid_label
from phonesim.interpreter import Goto
from phonesim.outbound import invite
from phonesim.rest import documents, forms
from phonesim.rest.calls import Reply, read_order, warn_about_events
from phonesim.rest.paging import paged
from phonesim.rest.problems import bad_parameter, not_found
from phonesim.rest.times import within
from phonesim.verbs.conferencing import announce

if TYPE_CHECKING:
    from phonesim.network import Network


def listing(net: "Network", request: Request) -> Reply:
    """Newest first, by FriendlyName, Status, DateCreated and DateUpdated with < and >."""
    args = request.args
    status = args.get("Status")
    found = net.conferences.newest(status in {"init", "in-progress"}, name=args.get("FriendlyName"))
    so = (one for one in found if status in {None, one.status})
    chosen = within(args, so, DateCreated=lambda one: one.created, DateUpdated=lambda one: one.updated)
    return 200, paged(request, "conferences", chosen, documents.conference)


def _one(net: "Network", request: Request, conference: str) -> Conference:
    if conference not in net.conferences:
        raise not_found(request.path)
    return net.conferences[conference]


def fetch(net: "Network", request: Request, conference: str) -> Reply:
    """One conference."""
    return 200, documents.conference(_one(net, request, conference))


def update(net: "Network", request: Request, conference: str) -> Reply:
    """End it, or announce something to everyone."""
    one, form = _one(net, request, conference), request.form
    if form.get("Status") == "completed":
        one.end("conference-ended-via-api")
    elif "Status" in form:
        raise bad_parameter(20001, "Status can only be completed")
    if address := forms.url(form, "AnnounceUrl"):
        announce(one, list(one.participants.values()), Goto(address, forms.method(form, "AnnounceMethod")))
    return 200, documents.conference(one)


def participants(net: "Network", request: Request, conference: str) -> Reply:
    """Who is in or called; a finished conference lists nobody. Filters Muted, Hold, Coaching."""
    one = _one(net, request, conference)
    everyone = [] if one.status == "completed" else [*one.participants.values(), *one.invited.values()]
    muted, hold = forms.switch(request.args, "Muted"), forms.switch(request.args, "Hold")
    coaching = forms.switch(request.args, "Coaching")
    chosen = [p for p in everyone if muted in {None, p.manner.muted} and hold in {None, p.hold}]
    chosen = [p for p in chosen if coaching in {None, p.coaching}]
    return 200, paged(request, "participants", chosen, documents.participant)


def invite_participant(net: "Network", request: Request, conference: str) -> Reply:
    """Call someone into the conference, by its sid or its name (then it is created on demand)."""
    form = request.form
    order = read_order(net, form)
    if not valid_label(form.get("Label", "")):
        raise bad_parameter(16025, "Label is not allowed")
    room = net.conferences.get(conference) or net.conference_named(conference, _settings(form))
    if room.status == "completed":
        raise not_found(request.path)
    participant = invite(net, order, room, _manner(form))
    warn_about_events(net, form, participant.leg)
    return 201, {**documents.participant(participant), "status": "queued"}


def _manner(form: forms.Form) -> Manner:
    return Manner(
        label=form.get("Label", ""),
        muted=bool(forms.switch(form, "Muted")),
        beep=form.get("Beep", "true"),
        start_on_enter=forms.switch(form, "StartConferenceOnEnter") is not False,
        end_on_exit=bool(forms.switch(form, "EndConferenceOnExit")),
        wait_url=form.get("WaitUrl"),
        wait_method=forms.method(form, "WaitMethod"),
        most=forms.number(form, "MaxParticipants", 250, 2, 250),
        coach=form.get("CallSidToCoach", "") if forms.switch(form, "Coaching") else "",
    )


def _settings(form: forms.Form) -> ConferenceSettings:
    return ConferenceSettings(
        status_url=forms.url(form, "ConferenceStatusCallback"),
        status_method=forms.method(form, "ConferenceStatusCallbackMethod"),
        events=forms.events(form, "ConferenceStatusCallbackEvent", "start end"),
        record=form.get("ConferenceRecord") in {"true", "record-from-start"},
        recording_hook=forms.recording_hook(form, "Conference"),
    )


def _participant(net: "Network", request: Request, conference: str, key: str) -> Participant:
    found = _one(net, request, conference).find(key)
    if found is None:
        raise not_found(request.path)
    return found


def participant(net: "Network", request: Request, conference: str, key: str) -> Reply:
    """One participant, by CallSid or label."""
    return 200, documents.participant(_participant(net, request, conference, key))


def change(net: "Network", request: Request, conference: str, key: str) -> Reply:
    """Mute, hold, coach, announce; there is no Status parameter."""
    one = _participant(net, request, conference, key)
    _hold(one, request.form)
    _mute(one, request.form)
    _modify(net, one, request.form)
    if address := forms.url(request.form, "AnnounceUrl"):
        announce(one.conference, [one], Goto(address, forms.method(request.form, "AnnounceMethod")))
    one.conference.refresh()
    one.updated = net.now
    return 200, documents.participant(one)


def _hold(one: Participant, form: forms.Form) -> None:
    wanted = forms.switch(form, "Hold")
    if "HoldUrl" in form:
        one.manner.hold_url, one.manner.hold_method = (
            forms.url(form, "HoldUrl"),
            forms.method(form, "HoldMethod", "GET"),
        )
    if wanted is not None and wanted != one.hold:
        one.hold = wanted
        one.conference.net.record("hold" if wanted else "unhold", one.leg.address, conference=one.conference.sid)
        one.conference.report("participant-hold" if wanted else "participant-unhold", one)


def _mute(one: Participant, form: forms.Form) -> None:
    wanted = forms.switch(form, "Muted")
    if wanted is not None and wanted != one.manner.muted:
        one.manner.muted = wanted
        one.conference.net.record("mute" if wanted else "unmute", one.leg.address, conference=one.conference.sid)
        one.conference.report("participant-mute" if wanted else "participant-unmute", one)


def _modify(net: "Network", one: Participant, form: forms.Form) -> None:
    coaching, ending = forms.switch(form, "Coaching"), forms.switch(form, "EndConferenceOnExit")
    if coaching and form.get("CallSidToCoach", "") not in one.conference.participants:
        raise bad_parameter(13240, "CallSidToCoach is not in the conference")
    if coaching is not None:
        one.coaching, one.manner.coach = coaching, form.get("CallSidToCoach", "") if coaching else ""
    # Accepted without effect while on hold, as reported from live deployments.
    if ending is not None and not (one.hold and net.options.hold_quirk):
        one.manner.end_on_exit = ending
    if coaching is not None or ending is not None:
        one.conference.report("participant-modify", one)


def kick(net: "Network", request: Request, conference: str, key: str) -> Reply:
    """Remove a participant; the call goes on with its next verb, or ends if it has no document."""
    one = _participant(net, request, conference, key)
    if one.joined:
        one.conference.remove(one, "participant_updated_via_api", kicked=True)
    else:
        one.leg.finish("canceled", 487)
    return 204, None
