"""Only Twilio gets in. Checked before anything is read, stored or logged of a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import structlog
from flask import Response, abort, current_app, request

from ivr.core.unit_of_work import begin_again
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


def twiml(document: str) -> Response:
    """A document for Twilio."""
    return Response(document, mimetype="text/xml")


def noted() -> Response:
    """The answer to a callback: received, nothing to do."""
    return Response(status=204)


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
