"""Messages (Twilio: Messages)."""

from datetime import datetime, timedelta

from werkzeug.wrappers import Request

from phonesim.numbers import E164, number_of, reached
from phonesim.platform import Platform
from phonesim.rest import documents, forms
from phonesim.rest.paging import paged
from phonesim.rest.problems import Reply, bad_parameter, existing
from phonesim.rest.times import within
from phonesim.texts import TextMessage, cancel, send

LONGEST = 1600
SOONEST, LATEST = timedelta(minutes=5), timedelta(days=35)


def create(net: Platform, request: Request) -> Reply:
    """Queue a text message from one of our numbers or a messaging service, now or at SendAt."""
    form = request.form
    if not form.get("To"):
        raise bad_parameter(21604, "A 'To' phone number is required")
    sender = _sender(net, form)
    to = _recipient(net, form, sender)
    if (sender, to) in net.account.opted_out:
        raise bad_parameter(21610, "The recipient has replied STOP to this number")
    at = _scheduled(net, form)
    message = TextMessage(net.sids.new("SM"), to, sender, _body(form), net.now, net.now, _status_url(net, form))
    message.service_sid = form.get("MessagingServiceSid")
    message.media = len(form.getlist("MediaUrl"))
    message.keep = forms.choice(form, "ContentRetention", ("retain", "discard"), "retain") == "retain"
    message.status = "scheduled" if at else "accepted" if message.service_sid else "queued"
    forms.number(form, "ValidityPeriod", 36000, 1, 36000)
    send(net, message, at)
    return 201, documents.message(message, net.account_sid)


def _recipient(net: Platform, form: forms.Form, sender: str) -> str:
    to = number_of(form.get("To", ""), beside=sender)
    if to is None:
        raise bad_parameter(21211, "The 'To' number is not a valid phone number")
    if net.options.landlines_refused_at_once and not net.phone(to).accepts_texts:
        raise bad_parameter(21614, "The 'To' number is not a valid mobile number")
    return to


def _body(form: forms.Form) -> str:
    body = form.get("Body", "")
    if not body and not form.getlist("MediaUrl") and "ContentSid" not in form:
        raise bad_parameter(21602, "Body, MediaUrl or ContentSid is required")
    if len(body) > LONGEST:
        raise bad_parameter(21617, "Body has at most 1600 characters")
    return body


def _sender(net: Platform, form: forms.Form) -> str:
    wanted = form.get("From", "")
    if not wanted and not form.get("MessagingServiceSid"):
        raise bad_parameter(21603, "A 'From' number or MessagingServiceSid is required")
    sender = reached(wanted) or next(iter(net.numbers), "")
    if not E164.fullmatch(sender):
        raise bad_parameter(21212, "The 'From' number is not a valid phone number")
    if sender not in net.numbers:
        raise bad_parameter(21606, "The 'From' number is not a number of this account")
    return sender


def _status_url(net: Platform, form: forms.Form) -> str:
    application = net.account.applications.get(form.get("ApplicationSid", ""))
    return forms.url(form, "StatusCallback") or (application.message_status_callback if application else "")


def _scheduled(net: Platform, form: forms.Form) -> datetime | None:
    if not forms.choice(form, "ScheduleType", ("fixed",)):
        return None
    if not form.get("MessagingServiceSid"):
        raise bad_parameter(35118, "MessagingServiceSid is required to schedule a message")
    if "SendAt" not in form:
        raise bad_parameter(35111, "SendAt is missing")
    try:
        at = datetime.fromisoformat(form["SendAt"])
    except ValueError as problem:
        raise bad_parameter(35114, "SendAt is not ISO 8601") from problem
    if at.tzinfo is None or not SOONEST <= at - net.now <= LATEST:
        raise bad_parameter(35114, "SendAt must lie between 5 minutes and 35 days ahead")
    return at


def _one(net: Platform, request: Request, sid: str) -> TextMessage:
    return existing(net.texts.get(sid), request.path)


def fetch(net: Platform, request: Request, sid: str) -> Reply:
    """One message."""
    return 200, documents.message(_one(net, request, sid), net.account_sid)


def update(net: Platform, request: Request, sid: str) -> Reply:
    """Redact it (an empty Body), or cancel one that has not left (Status=canceled)."""
    one, form = _one(net, request, sid), request.form
    if form.get("Body"):
        raise bad_parameter(20001, "Body can only be emptied")
    if forms.choice(form, "Status", ("canceled",)) and not cancel(net, one):
        raise bad_parameter(30409, "This message cannot be canceled")
    if "Body" in form:
        one.body, one.updated = "", net.now
    return 200, documents.message(one, net.account_sid)


def delete(net: Platform, request: Request, sid: str) -> Reply:
    """Remove the record of a message that is on its way no more."""
    if _one(net, request, sid).status in {"accepted", "scheduled", "queued", "sending"}:
        raise bad_parameter(20009, "a message can be deleted only after it was sent")
    del net.texts[sid]
    return 204, None


def listing(net: Platform, request: Request) -> Reply:
    """Newest first; filters To, From and DateSent with < and >."""
    found = net.texts.newest(to=request.args.get("To"), from_=request.args.get("From"))
    chosen = within(request.args, found, DateSent=lambda one: one.sent)
    return 200, paged(request, "messages", chosen, lambda one: documents.message(one, net.account_sid))
