"""Reading one webhook, more strictly than Twilio's libraries do.

Checked in this order, the cheap and the unauthenticated first: method, kind and size of the body, number of fields,
signature, then every field. Unknown fields are signed but ignored, because Twilio may add some at any time (Twilio:
"Webhooks security").

A request that is signed may still be odd: a caller is behind it all the same, so it says what may be believed of it.
That is whatever the signature covers in one way only:

1. A field that comes twice with one value has that value, as the signature covers it once.
2. A field that comes with two values has none: the signature holds for either order, so neither is the one meant.
3. A known field of a wrong shape has none, and so has one that may be part of an odd name.
4. What is no UTF-8 is signed as it came, and read with a mark in place of each such byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlsplit

from ivr.twilio.signature.check import SignatureCheck
from ivr.twilio.signature.fields import is_known, swallowed_names, wrong_field

MOST_BYTES = 64 * 1024
"""The longest body that is read of any request, before and after it has a thread."""
MOST_FIELDS = 200

Environ = dict[str, Any]
Pairs = list[tuple[str, str]]

_STATUS = {"method": 405, "length_required": 411, "too_large": 413, "too_many_fields": 413, "not_a_form": 415}


@dataclass(frozen=True, slots=True)
class CheckedRequest:
    """The fields of a request, or the problems (codes, no values) with it.

    ``believed`` is what may be believed of a request that is ``signed``, whatever else is wrong with it.
    """

    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    problems: tuple[str, ...] = ()
    believed: Mapping[str, str] = field(default_factory=dict, repr=False)
    signed: bool = False

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
        posted = pairs if environ["REQUEST_METHOD"] == "POST" else []
        _verify(signature, path, query, posted, environ.get("HTTP_X_TWILIO_SIGNATURE"))
    except _Refused as refused:
        return CheckedRequest(problems=(str(refused),))
    legible = [(_legible(name), _legible(value)) for name, value in pairs]
    problems = _problems(legible, account_sid, required)
    if legible != pairs:
        problems = ("bad_encoding", *problems)
    return CheckedRequest({} if problems else dict(legible), problems, _believed(legible), signed=True)


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
    if not length and _comes_in_chunks(environ):
        body: bytes = environ["wsgi.input"].read(MOST_BYTES + 1)
    elif length.isascii() and length.isdigit() and len(length) < 10:
        if int(length) > MOST_BYTES:
            raise _Refused("too_large")
        body = environ["wsgi.input"].read(int(length))
    else:
        raise _Refused("length_required")
    if len(body) > MOST_BYTES:
        raise _Refused("too_large")
    environ["wsgi.input"] = BytesIO(body)
    return body


def _comes_in_chunks(environ: Environ) -> bool:
    """Whether the server knows where the body ends, which no header says: a proxy may send on what it gets."""
    return environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked" and bool(environ.get("wsgi.input_terminated"))


def _parse(text: bytes) -> Pairs:
    if text.count(b"&") >= MOST_FIELDS:
        raise _Refused("too_many_fields")
    return parse_qsl(text.decode("utf-8", "surrogateescape"), keep_blank_values=True, errors="surrogateescape")


def _verify(signature: SignatureCheck, path: str, query: str, posted: Pairs, header: str | None) -> None:
    if signature.verify(path, query, posted, header):
        return
    legible = [(_legible(name), _legible(value)) for name, value in posted]
    if legible == posted:
        raise _Refused("signature")
    # Whether Twilio signs such bytes as they are or as it could read them, it does not say.
    if not signature.verify(path, query, legible, header):
        raise _Refused("bad_encoding")


def _legible(text: str) -> str:
    """The text with a mark in place of every byte that is no UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _believed(pairs: Pairs) -> dict[str, str]:
    """The fields that the signature covers in one way only."""
    values: dict[str, set[str]] = {}
    for name, value in pairs:
        values.setdefault(name, set()).add(value)
    odd = [name for name in values if not is_known(name) and wrong_field(name, "")]
    doubted = set(odd).union(*map(swallowed_names, odd))
    told = {name: next(iter(one)) for name, one in values.items() if len(one) == 1 and name not in doubted}
    return {name: value for name, value in told.items() if wrong_field(name, value) is None}


def _problems(pairs: Pairs, account_sid: str, required: tuple[str, ...]) -> tuple[str, ...]:
    fields = dict(pairs)
    repeated = ["repeated_field"] if len(fields) != len(pairs) else []
    wrong = [problem for name, value in fields.items() if (problem := wrong_field(name, value)) is not None]
    missing = [f"missing_field:{name}" for name in ("AccountSid", *required) if name not in fields]
    other = ["other_account"] if fields.get("AccountSid") != account_sid else []
    return tuple(dict.fromkeys([*repeated, *missing, *other, *wrong]))
