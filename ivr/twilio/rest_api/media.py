"""The audio of a recording, as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self

from ivr.twilio.errors import TemporaryFailure
from ivr.twilio.rest_api.transport import HttpResponse


@dataclass(frozen=True, slots=True)
class Media:
    """``length`` is in bytes, None where Twilio did not say. Iterate once, inside ``with``.

    A stream that ends before its length raises `TemporaryFailure`: half a recording never passes for a whole one.
    """

    length: int | None
    media_type: str
    _response: HttpResponse = field(repr=False)

    @classmethod
    def of(cls, response: HttpResponse) -> Self:
        """From a response that has just begun."""
        length = response.headers.get("content-length", "")
        kind = response.headers.get("content-type", "application/octet-stream")
        return cls(int(length) if length.isascii() and length.isdigit() else None, kind, response)

    def __iter__(self) -> Iterator[bytes]:
        seen = 0
        for chunk in self._response.chunks:
            seen += len(chunk)
            yield chunk
        if self.length is not None and seen != self.length:
            raise TemporaryFailure("media cut short")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._response.close()
