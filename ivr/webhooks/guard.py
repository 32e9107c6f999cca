"""Only Twilio gets in. Checked before anything is read, stored or logged of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qsl

import structlog
from flask import Response, abort, current_app, request

from ivr.calls import legs
from ivr.core.unit_of_work import Work, begin_again, transaction
from ivr.core.web_app import services
from ivr.twilio.signature import SignatureCheck, check_request

View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger(__name__)

IDENTIFYING = ("CallSid", "AccountSid", "ConferenceSid", "RecordingSid", "MessageSid")
"""Fields that a request cannot do without being what they should be; any other is dropped when it is malformed."""


def signed(*required: str) -> Callable[[View], View]:
    """Let only requests through that Twilio signed and that carry ``required``; gives the view their fields.

    What a view does it does in a transaction, and does it again where the database ended that by a deadlock.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**where: Any) -> Any:
            fields = _genuine_fields(required)
            return begin_again(lambda: view(fields, **where))

        return guarded  # type: ignore[return-value]

    return guard


@contextmanager
def leg_transaction(leg_id: str, fields: Mapping[str, str], named_by: str = "CallSid") -> Iterator[Work]:
    """A transaction about the leg of a request. Only the call is let in that is this leg, as ``named_by`` tells.

    A signature proves that Twilio sent the request, and not that the leg in its address is the call that it is about.
    """
    with transaction(services()) as work:
        row = legs.find(work, leg_id)
        # A leg that nobody knows, as after a restored backup, gets the document of last resort instead of a refusal.
        if row is not None and row.twilio_sid != fields[named_by]:
            _refuse_another_call()
        yield work


@contextmanager
def party_transaction(leg_id: str, fields: Mapping[str, str]) -> Iterator[Work]:
    """A transaction about a leg, for whichever party of the same call asks: one document is played to all of them."""
    with transaction(services()) as work:
        row, asking = legs.find(work, leg_id), legs.find_by_sid(work, fields["CallSid"])
        if row is not None and (asking is None or row.call_id != asking.call_id):
            _refuse_another_call()
        yield work


def twiml(document: str) -> Response:
    """A document for Twilio."""
    return Response(document, mimetype="text/xml")


def noted() -> Response:
    """The answer to a callback: received, nothing to do."""
    return Response(status=204)


def _refuse_another_call() -> NoReturn:
    log.warning("webhook_refused", endpoint=request.endpoint, problems=["another_call"])
    abort(403)


def _genuine_fields(required: tuple[str, ...]) -> Mapping[str, str]:
    signature: SignatureCheck = current_app.extensions["sunline-signature"]
    account = services().settings.twilio_account_sid
    checked = check_request(request.environ, signature=signature, account_sid=account, required=required)
    if checked.genuine:
        return checked.fields
    malformed = [problem.removeprefix("bad_field:") for problem in checked.problems if problem.startswith("bad_field:")]
    if len(malformed) == len(checked.problems) and not set(malformed) & set(IDENTIFYING):
        # The signature was good (shapes are checked after it): one odd field must not cost a caller the call.
        fields = dict(parse_qsl(request.get_data(as_text=True), keep_blank_values=True))
        return {name: value for name, value in fields.items() if name not in malformed}
    log.warning("webhook_refused", endpoint=request.endpoint, problems=list(checked.problems))
    abort(checked.http_status if checked.http_status != 200 else 403)
