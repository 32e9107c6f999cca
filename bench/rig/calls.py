"""A caller of the example practice, as the eight webhooks that Twilio would send for the call.

Language, reason, patient known, date of birth, ZIP, the queue, hang-up. Every call has an id and a caller of
its own, carries the fields Twilio sends (Twilio: "TwiML request parameters") and is signed for the address it goes to.
"""

from __future__ import annotations

import hmac
from binascii import b2a_base64
from collections.abc import Generator, Mapping
from urllib.parse import quote, urlsplit

from bench.errors import CannotMeasure

KEYS = ("1", "2", "1", "03141980", "60601")
"""English, appointments, seen here before, and the two items of the one patient."""

WEBHOOKS = len(KEYS) + 3
REASON = 2
"""The place of the webhook with the reason for the call, the one that may be said."""

Play = Generator[bytes, bytes, None]
"""Yields requests, is sent the body of each response."""


class LeftThePath(CannotMeasure):
    """A response did not hold what the call goes on with."""


class Callers:
    """Plays calls to one installation."""

    def __init__(self, account_sid: str, token: str, public_url: str) -> None:
        self._token = token.encode()
        self._origin = public_url.encode()
        self._host = urlsplit(public_url).netloc.encode()
        place = {"City": "CHICAGO", "Country": "US", "State": "IL", "Zip": "60601"}
        parties = {"Called": "+13125550100", "To": "+13125550100", "Caller": "{caller}", "From": "{caller}"}
        fields = {"AccountSid": account_sid, "ApiVersion": "2010-04-01", "CallSid": "CA{sid}", "Direction": "inbound"}
        fields |= parties | {f"{party}{name}": value for party in parties for name, value in place.items()}
        asked = fields | {"CallStatus": "in-progress"}
        self._plain = _Form(asked)
        self._keyed = _Form(asked | {"Digits": "{digits}", "FinishedOnKey": "", "msg": "Gather End"})
        speech = {"SpeechResult": "{said}", "Confidence": "0.9"}
        self._spoken = _Form(asked | speech)
        self._over = _Form(fields | {"CallStatus": "completed", "SequenceNumber": "0", "CallDuration": "60"})

    def call(self, number: int, reason: str = "") -> Play:
        """The ``number``-th call, with the reason in words where they are given.

        Raises LeftThePath where a response does not lead on.
        """
        party = {"sid": f"{number:032x}", "caller": f"+1312{number % 10_000_000:07d}", "digits": "", "said": reason}
        document = yield self._post(b"/voice/incoming", self._plain, party)
        for place, digits in enumerate(KEYS, start=1):
            form = self._spoken if reason and place == REASON else self._keyed
            document = yield self._post(self._next(document, b'action="'), form, party | {"digits": digits})
        yield self._post(self._next(document, b'waitUrl="'), self._plain, party)
        yield self._post(b"/voice/status", self._over, party)

    def _next(self, document: bytes, attribute: bytes) -> bytes:
        _, found, rest = document.partition(attribute + self._origin)
        if not found:
            raise LeftThePath(f"no {attribute.decode()} in: {document[:300].decode(errors='replace')}")
        return rest[: rest.index(b'"')].partition(b"#")[0]

    def _post(self, path: bytes, form: _Form, values: Mapping[str, str]) -> bytes:
        signed = hmac.digest(self._token, self._origin + path + form.joined(values), "sha1")
        body = form.body(values)
        return b"".join(
            (
                b"POST ", path, b" HTTP/1.1\r\nHost: ", self._host,
                b"\r\nContent-Type: application/x-www-form-urlencoded\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*",
                b"\r\nX-Twilio-Signature: ", b2a_base64(signed, newline=False),
                b"\r\nContent-Length: ", str(len(body)).encode(), b"\r\n\r\n", body,
            )
        )  # fmt: skip


class _Form:
    """A form with places for what differs between calls, prepared twice so that the client stays cheap."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._joined = "".join(name + value for name, value in sorted(fields.items()))
        self._body = "&".join(f"{name}={quote(value, safe='{}')}" for name, value in fields.items())

    def joined(self, values: Mapping[str, str]) -> bytes:
        """Names and values as Twilio signs them."""
        return self._joined.format(**values).encode()

    def body(self, values: Mapping[str, str]) -> bytes:
        """Names and values as they travel."""
        return self._body.format(**{name: quote(value) for name, value in values.items()}).encode()
