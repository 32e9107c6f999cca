"""Calls: create, fetch, update, list (Twilio: Call resource)."""

import re
from dataclasses import replace
from datetime import timedelta

from werkzeug.wrappers import Request

from phonesim.detection import Detection
from phonesim.hooks import Fallback, StatusHook
from phonesim.interpreter import Goto, Redirected
from phonesim.leg import TERMINAL, Leg
from phonesim.numbers import ADDRESS, E164, reached
from phonesim.outbound import Order, Record
from phonesim.outbound import call as place_call
from phonesim.platform import Platform
from phonesim.rest import documents, forms
from phonesim.rest.paging import paged
from phonesim.rest.problems import Reply, RestProblem, bad_parameter, existing, not_in_progress
from phonesim.rest.times import within

LONGEST_RING = 600
LONGEST_REASON = 50
DETECTION_RANGES = {
    "MachineDetectionTimeout": (30, 3, 60), "MachineDetectionSpeechThreshold": (2400, 1000, 6000),
    "MachineDetectionSpeechEndThreshold": (1200, 500, 5000), "MachineDetectionSilenceTimeout": (5000, 2000, 10000),
}  # fmt: skip


def create(net: Platform, request: Request) -> Reply:
    """Queue a call; it leaves at the account's calls per second."""
    form = request.form
    order = read_order(net, form, _detection(form))
    order = replace(order, digits=_digits(form), fallback=forms.fallback(form))
    if application := form.get("ApplicationSid"):
        order, goto = _by_application(net, order, application)
    else:
        goto = _document(form)
    if net.lane.full:
        raise RestProblem(429, 22005, "More than 24 hours of calls are queued")
    leg = place_call(net, order, goto)
    warn_about_events(net, form, leg)
    _warn_about_detection(net, order, leg)
    return 201, documents.call(leg)


def _document(form: forms.Form) -> Goto:
    goto = forms.document(form)
    if goto is None:
        raise bad_parameter(21205, "Url, Twiml or ApplicationSid is required")
    return goto


def _by_application(net: Platform, order: Order, sid: str) -> tuple[Order, Goto]:
    # The request's own Url, FallbackUrl and StatusCallback are ignored then (Twilio: Calls create).
    one = net.account.applications.get(sid)
    if one is None or not one.voice_url:
        raise bad_parameter(21218, "ApplicationSid names no application with a VoiceUrl")
    hook = StatusHook(one.status_callback, one.status_method) if one.status_callback else None
    spare = Fallback(one.voice_fallback_url, one.voice_fallback_method) if one.voice_fallback_url else None
    return replace(order, status_hook=hook, fallback=spare), Goto(one.voice_url, one.voice_method)


def read_order(net: Platform, form: forms.Form, detection: Detection | None) -> Order:
    """What Calls create and Participants create have in common."""
    to, from_ = reached(form.get("To", "")), reached(form.get("CallerId") or form.get("From", ""))
    check_parties(net, to, from_, form.get("CallToken"))
    hook, _ = forms.status_hook(form)
    ring = forms.number(form, "Timeout", 60, 1, LONGEST_RING) + net.options.rest_ring_buffer
    if len(form.get("CallReason", "")) > LONGEST_REASON:
        raise bad_parameter(20001, "CallReason has at most 50 characters")
    return Order(
        to=to,
        from_=from_,
        ring=ring,
        time_limit=forms.number(form, "TimeLimit", 14400, 1),
        status_hook=hook,
        detection=detection,
        record=_record(form),
    )


def _digits(form: forms.Form) -> str:
    digits = form.get("SendDigits", "")
    if not re.fullmatch(r"[0-9A-Da-d#*wW]{0,32}", digits):
        raise bad_parameter(20001, "SendDigits has at most 32 of 0-9 A-D # * w W")
    return digits


def check_parties(net: Platform, to: str, from_: str, token: str | None = None) -> None:
    """The errors of To and From (21201, 21211, 21214 to 21219, 21213, 21212, 21210).

    The token of an inbound call lets a new call show the caller of that one (Twilio: CallToken).
    """
    if not to:
        raise bad_parameter(21201, "No 'To' number is specified")
    if not ADDRESS.fullmatch(to):
        raise bad_parameter(21211, "The 'To' number is not a valid phone number")
    if code := next((code for prefix, code in net.account.refused.items() if to.startswith(prefix)), None):
        raise bad_parameter(code, "The 'To' number cannot be called")
    if not from_:
        raise bad_parameter(21213, "No 'From' number is specified")
    if not from_.startswith("client:") and not E164.fullmatch(from_):
        raise bad_parameter(21212, "The 'From' number is not a valid phone number")
    if not net.may_show(from_) and not (token and _forwarded(net, from_, token)):
        raise bad_parameter(21210, "The source phone number is not yet verified for your account")


def _forwarded(net: Platform, from_: str, token: str) -> bool:
    return any(leg.extra.get("CallToken") == token for leg in net.legs.newest(from_=from_))


def warn_about_events(net: Platform, form: forms.Form, leg: Leg) -> None:
    """An unreadable StatusCallbackEvent is accepted, and silences the callbacks (21626)."""
    if not forms.status_hook(form)[1]:
        net.alert(21626, leg.sid, form.get("StatusCallback", ""), "repeat the parameter once for each event")


def _warn_about_detection(net: Platform, order: Order, leg: Leg) -> None:
    if order.detection and order.detection.asynchronous and not order.detection.url:
        net.alert(21262, leg.sid, "", "AsyncAmd without AsyncAmdStatusCallback")


def detection_mode(form: forms.Form) -> str:
    """MachineDetection, "" for none."""
    return forms.choice(form, "MachineDetection", ("Enable", "DetectMessageEnd"))


def detection_seconds(form: forms.Form) -> list[float]:
    """The time-out and the thresholds of machine detection, in seconds; each must be in its range."""
    given = {name: forms.number(form, name, *range_) for name, range_ in DETECTION_RANGES.items()}
    return [seconds if name == "MachineDetectionTimeout" else seconds / 1000 for name, seconds in given.items()]


def _detection(form: forms.Form) -> Detection | None:
    mode, asynchronous, seconds = detection_mode(form), forms.switch(form, "AsyncAmd"), detection_seconds(form)
    url, method = forms.url(form, "AsyncAmdStatusCallback"), forms.method(form, "AsyncAmdStatusCallbackMethod")
    # Keys to send after the answer switch detection off (Twilio: Calls create).
    return Detection(mode, bool(asynchronous), url, method, *seconds) if mode and not form.get("SendDigits") else None


def _record(form: forms.Form) -> Record | None:
    channels, track = forms.channels(form)
    trim, hook = forms.trims(form, "Trim", True), forms.recording_hook(form)
    return Record(channels, hook, track, trim) if forms.switch(form, "Record") else None


def find(net: Platform, request: Request, sid: str) -> Leg:
    """The leg, or 404."""
    return existing(net.legs.get(sid), request.path)


def fetch(net: Platform, request: Request, sid: str) -> Reply:
    """One call."""
    return 200, documents.call(find(net, request, sid))


def update(net: Platform, request: Request, sid: str) -> Reply:
    """Redirect (Url or Twiml), cancel, complete, or limit a call; an ended call is 21220."""
    leg, form = find(net, request, sid), request.form
    if leg.ended:
        raise not_in_progress()
    if form.get("Url") and "Twiml" in form:
        raise bad_parameter(20001, "Url and Twiml exclude each other")
    goto = forms.document(form)
    limit = forms.number(form, "TimeLimit", 0, 1) if "TimeLimit" in form else None
    if goto:
        _redirect(net, leg, form, goto)
    elif "Status" in form:
        _finish(leg, form["Status"])
    if limit is not None:
        leg.after(max(0, limit - leg.seconds), leg.finish)
    return 200, documents.call(leg)


def _redirect(net: Platform, leg: Leg, form: forms.Form, goto: Goto) -> None:
    if not leg.in_progress or leg.answered_at is None:
        raise not_in_progress()
    if net.now < leg.answered_at + timedelta(seconds=net.options.promotion_seconds):
        raise not_in_progress()
    hook, _ = forms.status_hook(form)
    if form.get("Url"):
        leg.status_hook = hook or leg.status_hook
    leg.fallback = forms.fallback(form) or leg.fallback
    leg.after(net.options.rest_delay, lambda: leg.main.interrupt(Redirected(goto)) if leg.main else None)


def _finish(leg: Leg, status: str) -> None:
    if status not in {"canceled", "completed"}:
        raise bad_parameter(20001, "Status must be canceled or completed")
    if leg.in_progress and status == "completed":
        leg.finish("completed")
    elif not leg.in_progress:
        leg.finish("canceled", 487)


def delete(net: Platform, request: Request, sid: str) -> Reply:
    """Remove the record of a call that is over."""
    if not find(net, request, sid).ended:
        raise bad_parameter(20009, "a call can be deleted only after it has ended")
    del net.legs[sid]
    return 204, None


def listing(net: Platform, request: Request) -> Reply:
    """Newest first; filters To, From, ParentCallSid, Status, StartTime and EndTime with < and >."""
    args = request.args
    status = args.get("Status")
    found = net.legs.newest(
        unfinished=status is not None and status not in TERMINAL,
        to=args.get("To"),
        from_=args.get("From"),
        parent=args.get("ParentCallSid"),
    )
    so = (leg for leg in found if status in {None, leg.status})
    chosen = within(args, so, StartTime=lambda leg: leg.answered_at or leg.created, EndTime=lambda leg: leg.ended_at)
    return 200, paged(request, "calls", chosen, documents.call)
