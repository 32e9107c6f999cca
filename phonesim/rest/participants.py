"""Participants of conferences: invite, list, change, remove (Twilio: Participants)."""

from werkzeug.wrappers import Request

from phonesim.conference import Conference, JoinRefused, conference_named
from phonesim.detection import Detection
from phonesim.outbound import invite
from phonesim.participant import BEEPS, ConferenceSettings, Manner, Participant
from phonesim.platform import Platform
from phonesim.rest import documents, forms
from phonesim.rest.calls import detection_mode, detection_seconds, read_order, warn_about_events
from phonesim.rest.conferences import GONE, announcement, find
from phonesim.rest.paging import paged
from phonesim.rest.problems import Reply, bad_parameter, existing, not_found
from phonesim.verbs.conferencing import announce


def listing(net: Platform, request: Request, conference: str) -> Reply:
    """Who is in or called; a finished conference lists nobody. Filters Muted, Hold, Coaching."""
    one = find(net, request, conference)
    everyone = [] if one.status == "completed" else [*one.participants.values(), *one.invited.values()]
    muted, hold = forms.switch(request.args, "Muted"), forms.switch(request.args, "Hold")
    coaching = forms.switch(request.args, "Coaching")
    chosen = [p for p in everyone if muted in {None, p.manner.muted} and hold in {None, p.hold}]
    chosen = [p for p in chosen if coaching in {None, p.coaching}]
    return 200, paged(request, "participants", chosen, documents.participant)


def create(net: Platform, request: Request, conference: str) -> Reply:
    """Call someone into the conference, by its sid or its name (then it is created on demand)."""
    form = request.form
    order = read_order(net, form, _detection(form))
    settings = _settings(form)
    room = net.conferences.get(conference) or conference_named(net, conference, settings)
    if room.status == "completed":
        raise bad_parameter(*GONE)
    try:
        room.check_label(form.get("Label", ""), 16024, 16026)
    except JoinRefused as refusal:
        raise bad_parameter(refusal.code, str(refusal)) from refusal
    participant = invite(net, order, room, _manner(form), settings)
    warn_about_events(net, form, participant.leg)
    return 201, {**documents.participant(participant), "status": "queued"}


def _detection(form: forms.Form) -> Detection | None:
    mode, url = detection_mode(form), forms.url(form, "AmdStatusCallback")
    method = forms.method(form, "AmdStatusCallbackMethod")
    return Detection(mode, True, url, method, *detection_seconds(form)) if mode else None


def _manner(form: forms.Form) -> Manner:
    enter, leave = BEEPS[forms.choice(form, "Beep", BEEPS, "true")]
    forms.choice(form, "JitterBufferSize", ("off", "small", "medium", "large"))
    return Manner(
        label=form.get("Label", ""),
        muted=bool(forms.switch(form, "Muted")),
        beep_on_enter=enter,
        beep_on_exit=leave,
        start_on_enter=forms.switch(form, "StartConferenceOnEnter") is not False,
        end_on_exit=bool(forms.switch(form, "EndConferenceOnExit")),
        wait_url=_wait_url(form),
        wait_method=forms.method(form, "WaitMethod"),
        most=forms.number(form, "MaxParticipants", 250, 2, 250),
        coach=coached(form) or "",
        region=form.get("Region", ""),
        early_media=forms.switch(form, "EarlyMedia") is not False,
    )


def coached(form: forms.Form) -> str | None:
    """CallSidToCoach unless Coaching is false; "" ends coaching, None says nothing about it."""
    coaching, sid = forms.switch(form, "Coaching"), form.get("CallSidToCoach", "")
    if coaching and not sid:
        raise bad_parameter(13240, "CallSidToCoach is required when Coaching is true")
    return None if coaching is None and not sid else sid if coaching is not False else ""


def _wait_url(form: forms.Form) -> str | None:
    return forms.url(form, "WaitUrl") if "WaitUrl" in form else None


def _settings(form: forms.Form) -> ConferenceSettings:
    records = ("true", "false", "record-from-start", "do-not-record")
    return ConferenceSettings(
        status_url=forms.url(form, "ConferenceStatusCallback"),
        status_method=forms.method(form, "ConferenceStatusCallbackMethod"),
        events=forms.events(form, "ConferenceStatusCallbackEvent", "start end"),
        record=forms.choice(form, "ConferenceRecord", records, "false") in {"true", "record-from-start"},
        trim=forms.trims(form, "ConferenceTrim", True),
        recording_hook=forms.recording_hook(form, "Conference"),
    )


def _participant(net: Platform, request: Request, conference: str, key: str) -> Participant:
    return existing(find(net, request, conference).find(key), request.path)


def fetch(net: Platform, request: Request, conference: str, key: str) -> Reply:
    """One participant, by CallSid or label."""
    return 200, documents.participant(_participant(net, request, conference, key))


def update(net: Platform, request: Request, conference: str, key: str) -> Reply:
    """Mute, hold, coach, announce; there is no Status parameter. A wrong parameter changes nothing."""
    room, form = find(net, request, conference), request.form
    one = _participant(net, request, conference, key)
    coach, goto = _new_coach(room, form), announcement(form)
    _sounds(one, form)
    _hold(one, form)
    _mute(one, form)
    _modify(net, one, form, coach)
    if goto:
        announce(room, [one], goto, one)
    room.refresh()
    one.updated = net.now
    return 200, documents.participant(one)


def _new_coach(conference: Conference, form: forms.Form) -> str | None:
    for name in ("Muted", "Hold", "BeepOnExit", "EndConferenceOnExit"):
        forms.switch(form, name)
    coach = coached(form)
    if coach and coach not in conference.participants:
        raise bad_parameter(13240, "CallSidToCoach is not in the conference")
    return coach


def _sounds(one: Participant, form: forms.Form) -> None:
    manner = one.manner
    before = (manner.wait_url, manner.hold_url)
    hold = (forms.url(form, "HoldUrl"), forms.method(form, "HoldMethod", "GET"))
    wait = (_wait_url(form), forms.method(form, "WaitMethod"))
    if "HoldUrl" in form:
        manner.hold_url, manner.hold_method = hold
    if "WaitUrl" in form:
        manner.wait_url, manner.wait_method = wait
    if before != (manner.wait_url, manner.hold_url):
        one.restart_sound()


def _hold(one: Participant, form: forms.Form) -> None:
    wanted = forms.switch(form, "Hold")
    if wanted is not None and wanted != one.hold:
        one.hold = wanted
        _tell(one, "hold" if wanted else "unhold")


def _mute(one: Participant, form: forms.Form) -> None:
    wanted = forms.switch(form, "Muted")
    if wanted is not None and wanted != one.manner.muted:
        one.manner.muted = wanted
        _tell(one, "mute" if wanted else "unmute")


def _tell(one: Participant, what: str) -> None:
    one.leg.net.record(what, one.leg.address, conference=one.conference.sid)
    one.conference.report(f"participant-{what}", one)


def _modify(net: Platform, one: Participant, form: forms.Form, coach: str | None) -> None:
    ending, beep = forms.switch(form, "EndConferenceOnExit"), forms.switch(form, "BeepOnExit")
    if coach is not None:
        one.coaching, one.manner.coach = bool(coach), coach
    # Accepted without effect while on hold, as reported from live deployments.
    if ending is not None and not (one.hold and net.options.hold_quirk):
        one.manner.end_on_exit = ending
    if beep is not None:
        one.manner.beep_on_exit = beep
    if (coach, ending, beep) != (None, None, None):
        one.conference.report("participant-modify", one)


def kick(net: Platform, request: Request, conference: str, key: str) -> Reply:
    """Remove a participant; the call goes on with its next verb, or ends if it has no document."""
    room = find(net, request, conference)
    one = room.find(key)
    if one is None and key in room.kicked:
        return _again(net, request)
    if one is None:
        raise not_found(request.path)
    if one.joined:
        room.remove(one, "participant_updated_via_api", kicked=True)
    else:
        one.leg.finish("canceled", 487)
    room.kicked.update({one.leg.sid, one.manner.label})
    return 204, None


def _again(net: Platform, request: Request) -> Reply:
    if net.options.repeated_kick_is_404:
        raise not_found(request.path)
    return 204, None
