"""Calls: create, fetch, update, list (Twilio: Call resource)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from phonesim.detection import Detection
from phonesim.interpreter import Goto, Redirected
from phonesim.leg import TERMINAL, Leg
from phonesim.numbers import ADDRESS, E164
from phonesim.outbound import Order, Record
from phonesim.outbound import call as place_call
from phonesim.rest import documents, forms
from phonesim.rest.paging import paged
from phonesim.rest.problems import bad_parameter, not_found, not_in_progress
from phonesim.rest.times import within

if TYPE_CHECKING:
    from phonesim.network import Network

Reply = tuple[int, documents.Json | None]
LONGEST_RING = 600


def create(net: "Network", request: Request) -> Reply:
    """Queue a call; it leaves at the account's calls per second."""
    form = request.form
    order = read_order(net, form)
    goto = forms.document(form)
    if goto is None:
        code = 21218 if "ApplicationSid" in form else 21205
        raise bad_parameter(code, "Url or Twiml is required; applications are not imitated")
    leg = place_call(net, order, goto)
    warn_about_events(net, form, leg)
    return 201, documents.call(leg)


def read_order(net: "Network", form: forms.Form) -> Order:
    """What Calls create and Participants create have in common."""
    to, from_ = form.get("To", ""), form.get("CallerId") or form.get("From", "")
    check_parties(net, to, from_)
    hook, _ = forms.status_hook(form)
    ring = forms.number(form, "Timeout", 60, 1, LONGEST_RING) + net.options.rest_ring_buffer
    return Order(
        to=to,
        from_=from_,
        ring=ring,
        time_limit=forms.number(form, "TimeLimit", 14400, 1),
        status_hook=hook,
        fallback=forms.fallback(form),
        digits=forms.text(form, "SendDigits"),
        detection=_detection(form),
        record=_record(form),
    )


def check_parties(net: "Network", to: str, from_: str) -> None:
    """The errors of To and From (21201, 21211, 21213, 21212, 21210)."""
    if not to:
        raise bad_parameter(21201, "No 'To' number is specified")
    if not ADDRESS.fullmatch(to):
        raise bad_parameter(21211, "The 'To' number is not a valid phone number")
    if not from_:
        raise bad_parameter(21213, "No 'From' number is specified")
    if not from_.startswith("client:") and not E164.fullmatch(from_):
        raise bad_parameter(21212, "The 'From' number is not a valid phone number")
    if not net.may_show(from_):
        raise bad_parameter(21210, "The source phone number is not yet verified for your account")


def warn_about_events(net: "Network", form: forms.Form, leg: Leg) -> None:
    """An unreadable StatusCallbackEvent is accepted, and silences the callbacks (21626)."""
    if not forms.status_hook(form)[1]:
        net.alert(21626, leg.sid, form.get("StatusCallback", ""), "repeat the parameter once for each event")


def _detection(form: forms.Form) -> Detection | None:
    mode = form.get("MachineDetection", "")
    if mode not in {"Enable", "DetectMessageEnd"} or form.get("SendDigits"):
        return None
    url = forms.url(form, "AsyncAmdStatusCallback") or forms.url(form, "AmdStatusCallback")
    asynchronous = bool(forms.switch(form, "AsyncAmd")) or bool(form.get("AmdStatusCallback"))
    return Detection(mode, asynchronous, url, forms.method(form, "AsyncAmdStatusCallbackMethod"))


def _record(form: forms.Form) -> Record | None:
    channels = 2 if form.get("RecordingChannels") == "dual" else 1
    return Record(channels, forms.recording_hook(form)) if forms.switch(form, "Record") else None


def find(net: "Network", request: Request, sid: str) -> Leg:
    """The leg, or 404."""
    if sid not in net.legs:
        raise not_found(request.path)
    return net.legs[sid]


def fetch(net: "Network", request: Request, sid: str) -> Reply:
    """One call."""
    return 200, documents.call(find(net, request, sid))


def update(net: "Network", request: Request, sid: str) -> Reply:
    """Redirect (Url or Twiml), cancel, complete, or limit a call; an ended call is 21220."""
    leg, form = find(net, request, sid), request.form
    if leg.ended:
        raise not_in_progress()
    goto = forms.document(form)
    if goto:
        _redirect(net, leg, form, goto)
    elif "Status" in form:
        _finish(leg, form["Status"])
    if "TimeLimit" in form:
        leg.after(forms.number(form, "TimeLimit", 14400, 1), leg.finish)
    return 200, documents.call(leg)


def _redirect(net: "Network", leg: Leg, form: forms.Form, goto: Goto) -> None:
    if not leg.in_progress or leg.answered_at is None:
        raise not_in_progress()
    if net.now < leg.answered_at + timedelta(seconds=net.faults.promotion_delay):
        raise not_in_progress()
    hook, _ = forms.status_hook(form)
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


def listing(net: "Network", request: Request) -> Reply:
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
