"""Conferences (Twilio: Conference)."""

from werkzeug.wrappers import Request

from phonesim.conference import Conference
from phonesim.interpreter import Goto
from phonesim.platform import Platform
from phonesim.rest import documents, forms
from phonesim.rest.paging import paged
from phonesim.rest.problems import Reply, bad_parameter, existing
from phonesim.rest.times import within
from phonesim.verbs.conferencing import announce

GONE = (16022, "The conference does not exist or is completed")


def listing(net: Platform, request: Request) -> Reply:
    """Newest first, by FriendlyName, Status, DateCreated and DateUpdated with < and >."""
    args = request.args
    status = args.get("Status")
    found = net.conferences.newest(status in {"init", "in-progress"}, name=args.get("FriendlyName"))
    so = (one for one in found if status in {None, one.status})
    chosen = within(args, so, DateCreated=lambda one: one.created, DateUpdated=lambda one: one.updated)
    return 200, paged(request, "conferences", chosen, documents.conference)


def find(net: Platform, request: Request, conference: str) -> Conference:
    """The conference with this sid, or 404."""
    return existing(net.conferences.get(conference), request.path)


def fetch(net: Platform, request: Request, conference: str) -> Reply:
    """One conference."""
    return 200, documents.conference(find(net, request, conference))


def update(net: Platform, request: Request, conference: str) -> Reply:
    """End it, or announce something to everyone."""
    one, form = find(net, request, conference), request.form
    if form.get("Status", "completed") != "completed":
        raise bad_parameter(20001, "Status can only be completed")
    if goto := announcement(form):
        if one.status == "completed":
            raise bad_parameter(*GONE)
        announce(one, list(one.participants.values()), goto, None)
    if "Status" in form:
        one.end("conference-ended-via-api")
    return 200, documents.conference(one)


def announcement(form: forms.Form) -> Goto | None:
    """AnnounceUrl and AnnounceMethod."""
    address = forms.url(form, "AnnounceUrl")
    return Goto(address, forms.method(form, "AnnounceMethod")) if address else None
