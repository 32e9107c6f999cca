"""What control requests carry: one JSON object each."""

import json
from typing import Any

from werkzeug.wrappers import Request

from phonesim.errors import PhonesimError

Body = dict[str, Any]


def body_of(request: Request) -> Body:
    """The JSON object sent. Only JSON is taken: a page of somebody else's cannot send it without being asked first."""
    if request.mimetype != "application/json":
        raise PhonesimError("send JSON with Content-Type: application/json")
    body = json.loads(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise PhonesimError("send a JSON object")
    return body
