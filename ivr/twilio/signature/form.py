"""Reading one webhook, more strictly than Twilio's libraries do.

Checked in this order, the cheap and the unauthenticated first: method, kind and size of the body, number of
fields, repeated fields, signature, then the shape of every field. Unknown fields are signed but ignored, because
Twilio may add some at any time (Twilio: "Webhooks security").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlsplit

from ivr.twilio.signature.check import SignatureCheck
from ivr.twilio.signature.fields import wrong_field

MOST_BYTES = 64 * 1024
MOST_FIELDS = 200

Environ = dict[str, Any]
Pairs = list[tuple[str, str]]

_STATUS = {"method": 405, "length_required": 411, "too_large": 413, "too_many_fields": 413, "not_a_form": 415}


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """The fields of a request that may be believed, or the problems (codes, no values) why it may not."""

    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    problems: tuple[str, ...] = ()

    @property
    def genuine(self) -> bool:
        """True where nothing is wrong."""
        return not self.problems

    @property
    def http_status(self) -> int:
        """What to answer: 200, or the refusal that fits the first problem (403 where in doubt)."""
        return _STATUS.get(self.problems[0], 403) if self.problems else 200


class _Refused(Exception):
    """Carries the code of the problem."""


def check_request(
    environ: Environ,
    *,
    signature: SignatureCheck,
    account_sid: str,
    methods: frozenset[str] = frozenset({"POST"}),
    required: tuple[str, ...] = ("CallSid",),
) -> CheckedRequest:
    """Decide on a WSGI environ. The body is put back, so that it can be read again."""
    try:
        path, query = raw_target(environ)
        pairs = _pairs(environ, query, methods)
        _refuse_repeats(pairs)
        posted = pairs if environ["REQUEST_METHOD"] == "POST" else []
        if not signature.verify(path, query, posted, environ.get("HTTP_X_TWILIO_SIGNATURE")):
            raise _Refused("signature")
    except _Refused as refused:
        return CheckedRequest(problems=(str(refused),))
    fields = dict(pairs)
    problems = _problems(fields, account_sid, required)
    return CheckedRequest({} if problems else fields, problems)


def raw_target(environ: Environ) -> tuple[str, str]:
    """Path and query as the client wrote them; the path must be the one that was routed."""
    routed = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1", "replace")
    written = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if not written:
        return quote(routed, safe="/:@!$&'()*+,;=~-._"), environ.get("QUERY_STRING", "")
    path, _, query = written.partition("?")
    if not path.startswith("/"):
        path = urlsplit(path).path
    if unquote_to_bytes(path) != routed or query != environ.get("QUERY_STRING", ""):
        raise _Refused("target")
    return path, query


def _pairs(environ: Environ, query: str, methods: frozenset[str]) -> Pairs:
    method = environ["REQUEST_METHOD"]
    if method not in methods or method not in ("GET", "POST"):
        raise _Refused("method")
    if method == "GET":
        return _parse(query.encode("latin-1", "replace"))
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise _Refused("not_a_form")
    return _parse(_body(environ))


def _body(environ: Environ) -> bytes:
    length = environ.get("CONTENT_LENGTH", "")
    if not (length.isascii() and length.isdigit() and len(length) < 10):
        raise _Refused("length_required")
    if int(length) > MOST_BYTES:
        raise _Refused("too_large")
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _parse(text: bytes) -> Pairs:
    if text.count(b"&") >= MOST_FIELDS:
        raise _Refused("too_many_fields")
    try:
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise _Refused("bad_encoding") from None


def _refuse_repeats(pairs: Pairs) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise _Refused("repeated_field")


def _problems(fields: Mapping[str, str], account_sid: str, required: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [problem for name, value in fields.items() if (problem := wrong_field(name, value)) is not None]
    missing = [f"missing_field:{name}" for name in ("AccountSid", *required) if name not in fields]
    other = ["other_account"] if fields.get("AccountSid") != account_sid else []
    return tuple(dict.fromkeys([*missing, *other, *wrong]))
