"""Only Twilio gets in. Checked before anything is read, stored or logged of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, NoReturn, TypeVar

import structlog
from flask import Response, abort, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from ivr.calls import going_on, legs
from ivr.calls.events import alert_once
from ivr.core.unit_of_work import Work, begin_again, transaction
from ivr.core.web_app import services
from ivr.twilio.signature import CheckedRequest, SignatureCheck, check_request

View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger(__name__)

IDENTIFYING = ("CallSid", "ParentCallSid", "ConferenceSid", "RecordingSid", "MessageSid")
"""Fields that say what a request is about. Without one that is required only the safe document can be given."""
READ_IN_PART = "webhook-read-in-part"
"""What supervisors are alerted to, once a call, where something in Twilio's requests could not be believed."""


class Unidentified(Exception):
    """What a signed request is about cannot be believed."""


def signed(*required: str) -> Callable[[View], View]:
    """Let only requests through that Twilio signed, and give the view those of their fields that may be believed.

    Whatever else is odd about a signed request, a caller is behind it: it is answered, and supervisors are alerted.
    What a view does it does in a transaction, and does it again where others were in its way in the database.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**where: Any) -> Any:
            checked = _check(required)
            answer = begin_again(lambda: view(checked.believed, **where))
            if not checked.genuine:
                _alert(checked)
            return answer

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
        if row is not None and not going_on.is_telephone_of(work, row, fields[named_by]):
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


def _check(required: tuple[str, ...]) -> CheckedRequest:
    signature: SignatureCheck = current_app.extensions["sunline-signature"]
    account = services().settings.twilio_account_sid
    checked = check_request(request.environ, signature=signature, account_sid=account, required=required)
    if checked.genuine:
        return checked
    if not checked.signed or checked.believed.get("AccountSid", account) != account:
        log.warning("webhook_refused", endpoint=request.endpoint, problems=list(checked.problems))
        abort(403 if checked.signed else checked.http_status)
    log.error("webhook_read_in_part", endpoint=request.endpoint, problems=list(checked.problems))
    if any(name in IDENTIFYING and name not in checked.believed for name in required):
        raise Unidentified(", ".join(checked.problems))
    return checked


def _alert(checked: CheckedRequest) -> None:
    """Tell supervisors. A caller who has been answered must not lose the answer over it."""
    try:
        with transaction(services()) as work:
            row = legs.find_by_sid(work, checked.believed.get("CallSid", ""))
            if row is not None:
                alert_once(work, row.call_id, READ_IN_PART, problems=", ".join(checked.problems))
    except (SQLAlchemyError, OSError) as problem:
        log.error("alert_not_written", what=READ_IN_PART, exc_info=problem)
