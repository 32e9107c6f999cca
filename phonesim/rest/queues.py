"""Queues and their members (Twilio: Queues, Members)."""

from werkzeug.wrappers import Request

from phonesim.callqueue import Entry, Queue, find_queue, queue_named
from phonesim.platform import Platform
from phonesim.rest import documents, forms
from phonesim.rest.paging import paged
from phonesim.rest.problems import Reply, bad_parameter, existing

LARGEST = 5000
LONGEST_NAME = 64


def create(net: Platform, request: Request) -> Reply:
    """A new queue; a name already taken is 22003."""
    name = request.form.get("FriendlyName", "")
    _free(net, name)
    size = forms.number(request.form, "MaxSize", net.options.queue_capacity, 1, LARGEST)
    return 201, documents.queue(queue_named(net, name, size))


def _free(net: Platform, name: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise bad_parameter(20001, "FriendlyName has 1 to 64 characters")
    if find_queue(net, name):
        raise bad_parameter(22003, "A queue with this FriendlyName already exists")


def _one(net: Platform, request: Request, queue: str) -> Queue:
    return existing(net.queues.get(queue), request.path)


def fetch(net: Platform, request: Request, queue: str) -> Reply:
    """One queue."""
    return 200, documents.queue(_one(net, request, queue))


def update(net: Platform, request: Request, queue: str) -> Reply:
    """Change FriendlyName or MaxSize."""
    one = _one(net, request, queue)
    name = request.form.get("FriendlyName", one.name)
    if name != one.name:
        _free(net, name)
        del net.queues[one.sid]
        one.name = name
        net.queues[one.sid] = one
    one.max_size = forms.number(request.form, "MaxSize", one.max_size, 1, LARGEST)
    return 200, documents.queue(one)


def delete(net: Platform, request: Request, queue: str) -> Reply:
    """Remove an empty queue."""
    if _one(net, request, queue).waiting:
        raise bad_parameter(20001, "the queue is not empty")
    del net.queues[queue]
    return 204, None


def listing(net: Platform, request: Request) -> Reply:
    """All queues."""
    return 200, paged(request, "queues", net.queues.values(), documents.queue)


def members(net: Platform, request: Request, queue: str) -> Reply:
    """Who waits, in order."""
    return 200, paged(request, "queue_members", _one(net, request, queue).waiting, documents.member)


def _member(net: Platform, request: Request, queue: str, call: str) -> Entry:
    return existing(_one(net, request, queue).member(call), request.path)


def member(net: Platform, request: Request, queue: str, call: str) -> Reply:
    """One waiting caller; ``Front`` is the first."""
    return 200, documents.member(_member(net, request, queue, call))


def dequeue(net: Platform, request: Request, queue: str, call: str) -> Reply:
    """Take a caller out into a new document."""
    entry = _member(net, request, queue, call)
    goto = forms.document(request.form)
    if goto is None:
        raise bad_parameter(21205, "Url is required")
    shown = documents.member(entry)
    entry.leg.after(net.options.rest_delay, lambda: entry.end("redirected", goto))
    return 200, shown
