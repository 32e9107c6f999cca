"""Messages (Twilio: Messages)."""

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from phonesim.numbers import E164
from phonesim.rest import documents, forms
from phonesim.rest.calls import Reply
from phonesim.rest.paging import paged
from phonesim.rest.problems import bad_parameter, not_found
from phonesim.texts import TextMessage, send

if TYPE_CHECKING:
    from phonesim.network import Network

LONGEST = 1600


def create(net: "Network", request: Request) -> Reply:
    """Queue a text message from one of our numbers or a messaging service."""
    form = request.form
    to, body = form.get("To", ""), form.get("Body", "")
    if not E164.fullmatch(to):
        raise bad_parameter(21211, "The 'To' number is not a valid phone number")
    if not 0 < len(body) <= LONGEST:
        raise bad_parameter(21617 if body else 21602, "Body needs 1 to 1600 characters")
    sender = _sender(net, form)
    service = form.get("MessagingServiceSid")
    status_url = forms.url(form, "StatusCallback")
    message = TextMessage(net.sids.new("SM"), to, sender, body, net.now, net.now, status_url, service)
    send(net, message)
    return 201, documents.message(message, net.account_sid)


def _sender(net: "Network", form: forms.Form) -> str:
    if form.get("MessagingServiceSid"):
        return form.get("From") or next(iter(net.numbers), "")
    if not form.get("From"):
        raise bad_parameter(21603, "A 'From' number or MessagingServiceSid is required")
    if form["From"] not in net.numbers:
        raise bad_parameter(21606, "The 'From' number is not a number of this account")
    return form["From"]


def fetch(net: "Network", request: Request, sid: str) -> Reply:
    """One message."""
    if sid not in net.texts:
        raise not_found(request.path)
    return 200, documents.message(net.texts[sid], net.account_sid)


def listing(net: "Network", request: Request) -> Reply:
    """Newest first; filters To and From."""
    found = net.texts.newest(to=request.args.get("To"), from_=request.args.get("From"))
    return 200, paged(request, "messages", found, lambda one: documents.message(one, net.account_sid))
