"""Playing a recording: its rows in the trail and the custody record first, then bytes straight from the vault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from flask import Response, abort, request
from sqlalchemy import Row
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from ivr.accounts import audit_trail
from ivr.accounts.accounts_store import Person
from ivr.accounts.roles import find_purpose
from ivr.calls.events import record
from ivr.core.services import Services
from ivr.core.unit_of_work import transaction
from recordings_vault import RecordingDestroyed, TamperedRecording, VaultError

ACTION = "recording.play"


def send_audio(services: Services, person: Person, row: Row[Any]) -> Response:
    """Return the audio, whole or the range that was asked for (RFC 9110, 14). HEAD tells about it and plays nothing."""
    stored = services.vault.find(row.id)
    if stored is None:
        audit_trail.write_row(services, person, ACTION, _about(row), outcome="unknown")
        abort(404)
    start, end, partial = _wanted(stored.length)
    head = request.method == "HEAD"
    audit_trail.write_row(services, person, "recording.read" if head else ACTION, _about(row))
    body = () if head else _chunks(services, person, row, start, end)
    return _described(Response(body, mimetype=stored.media_type), start, end, stored.length, partial)


def _chunks(services: Services, person: Person, row: Row[Any], start: int, end: int) -> Iterator[bytes]:
    try:
        return services.vault.open(
            row.id,
            actor=person.name,
            purpose=find_purpose(person.role),
            at=services.clock.now(),
            start=start,
            end=end,
            practice_id=row.practice_id,
        ).chunks
    except VaultError as refusal:
        _refused(services, person, row, refusal)


def _refused(services: Services, person: Person, row: Row[Any], refusal: VaultError) -> NoReturn:
    """A recording that is not what was stored is never played, and somebody is told (45 CFR 164.312(c)(2))."""
    tampered = isinstance(refusal, TamperedRecording)
    with transaction(services) as work:
        if tampered:
            record(work, "alert", row.call_id, what="recording-tampered", recording=row.id)
        audit_trail.write_row_within(work.connection, services, person, ACTION, _about(row), outcome=refusal.outcome)
    abort(409 if tampered else 410 if isinstance(refusal, RecordingDestroyed) else 503)


def _wanted(length: int) -> tuple[int, int, bool]:
    """First byte, the byte after the last, and whether that is a part. Several ranges at once are answered whole."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or "If-Range" in request.headers:
        return 0, length, False
    span = asked.range_for_length(length)
    if span is None:
        raise RequestedRangeNotSatisfiable(length)
    return span[0], span[1], True


def _described(response: Response, start: int, end: int, length: int, partial: bool) -> Response:
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Length"] = str(end - start)
    if partial:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    return response


def _about(row: Row[Any]) -> audit_trail.About:
    return audit_trail.About(row.id, row.call_id, row.practice_id)
