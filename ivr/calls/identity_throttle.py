"""Guessing at who somebody is: tries are counted by call, number, record and practice, and wait longer each time.

``routing/identity_tries.py`` decides; here the past is read and written. Whoever looks a record up asks
:func:`judge` once the look-up is done, so that a refused guess costs the time of a wrong one, and tells what came of
it by :func:`note`. Guesses at patients' records, at the codes of organisations and at those by which clinicians dial in
are kinds of their own, which are counted apart; what counts as a record is then an organisation, or a clinician.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, case, func, insert, select

from ivr.calls.configuration import pinned_of
from ivr.calls.event_tables import event
from ivr.calls.events import record
from ivr.calls.identity_tables import identity_try
from ivr.core.database import take_turn
from ivr.core.unit_of_work import Work
from ivr.patients.lookup import Kin, read_kin
from routing.identity_tries import BULK, DAY, Alert, Guess, Past, Refusal, Telephone, Try, find_alerts, find_refusal

MOST = 200
"""Failures that are read of one subject, the newest first: more than any limit counts. Successes are read apart:
however many there were, they push no failure out of sight.
"""
_TRY = identity_try.c
PATIENT, ORGANISATION, DIAL_IN = "patient", "organisation", "dial-in"
"""Kinds of tries."""
_OF_KIND = _TRY.kind == bindparam("kind")
_TRIES = select(_TRY.at, _TRY.source, _TRY.about, _TRY.failed, _TRY.alerted).order_by(_TRY.at.desc()).limit(MOST)
_SINCE = _TRY.at > bindparam("since")
_OF_PRACTICE = _TRY.practice_id == bindparam("practice")
IN_CALL = _TRIES.where(_TRY.call_id == bindparam("call"), _OF_KIND, _SINCE)
_FAILURES = _TRIES.where(_TRY.failed.is_(True), _OF_PRACTICE, _OF_KIND, _SINCE)
_LAST = func.max(_TRY.at)
_SUCCESSES = (
    select(func.min(_TRY.at).label("first"), _LAST.label("at"), _TRY.source, _TRY.about, _TRY.failed, _TRY.alerted)
    .where(_TRY.failed.is_(False), _OF_PRACTICE, _OF_KIND, _SINCE)
    .group_by(_TRY.source, _TRY.about, _TRY.failed, _TRY.alerted)
    .order_by(_LAST.desc())
    .limit(MOST)
)
"""Of the successes of each telephone at each record the first and the last."""
_FROM_NUMBER = _TRY.source == bindparam("source")
FROM_NUMBER, KNOWN_FROM_NUMBER = _FAILURES.where(_FROM_NUMBER), _SUCCESSES.where(_FROM_NUMBER)
HIDDEN = _FAILURES.where(_TRY.telephone == "hidden")
_AT_RECORD = and_(_TRY.about == bindparam("about"), _TRY.own.is_(False))
AT_RECORD, KNOWN_AT_RECORD = _FAILURES.where(_AT_RECORD), _SUCCESSES.where(_AT_RECORD)
IN_BULK = select(
    func.count(),
    func.sum(case((_TRY.failed, 1), else_=0)),
    func.max(case((and_(_TRY.failed, _TRY.telephone != "on-file"), _TRY.at))),
).where(_OF_PRACTICE, _OF_KIND, _SINCE)
"""How many tries there were, how many of them failed, and when last a telephone failed that nobody knows."""
ALERTED = select(event.c.data).where(
    event.c.kind == "alert", event.c.at > bindparam("since"), event.c.practice_id == bindparam("practice")
)
AT_RECORDS: frozenset[str] = frozenset({"record-guessed-at"})
"""Alerts about a record; the others are about a number, or the practice."""
IN_BULK_ALERT: Alert = "records-guessed-at-in-bulk"
RAISED: Mapping[str, Mapping[Alert, str]] = {
    PATIENT: {},
    ORGANISATION: {
        "records-guessed-at": "organisation-codes-guessed-at",
        "many-records-from-one-number": "many-organisations-from-one-number",
        "record-guessed-at": "organisation-code-guessed-at",
        "records-guessed-at-in-bulk": "organisation-codes-guessed-at-in-bulk",
    },
    DIAL_IN: {
        "records-guessed-at": "dial-in-guessed-at",
        "many-records-from-one-number": "dial-in-guessed-at",
        "record-guessed-at": "dial-in-guessed-at",
        "records-guessed-at-in-bulk": "dial-in-guessed-at",
    },
}
"""The names under which alerts are raised for a kind of tries, where they are others."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A try with its past. ``refusal`` is why it counts for nothing, None where it is let through."""

    refusal: Refusal | None
    guess: Guess
    past: Past
    source: str
    alerted: frozenset[str]
    """The alerts that were raised within a day at tries from the same number, or at the same record."""
    kind: str = PATIENT


def judge(work: Work, row: Row[Any], nearest: str | None, *, goes_on: bool = False) -> Judged:
    """Judge a try of the call ``row`` that is nearest to the record ``nearest``, None where it is near none.

    ``goes_on``: it was judged before, with an item less. It is not held against itself, and refused if it was then.
    Until the transaction ends no other call is judged at the practice: guesses that are made by many calls at once,
    from however many numbers, all count.
    """
    take_turn(work.connection, f"guesses:{row.practice_id}")
    kin = read_kin(work.connection, row.practice_id, row.caller_hash, nearest)
    guess = Guess(_subject(work, row, kin), _telephone(row, kin), kin.own, is_shared(work, row))
    source = row.caller_hash or row.id
    past, alerted = _read_past(work, row, guess, source, PATIENT)
    refused = _last_refusal(work, row) if goes_on else None
    if goes_on and not refused and past.in_call:
        past = _without_newest(past)
    return Judged(refused or find_refusal(guess, past, work.at), guess, past, source, alerted)


def judge_organisation(work: Work, row: Row[Any], guess: Guess) -> Judged:
    """Judge a try of the call ``row`` at the code of an organisation, in turn as :func:`judge`."""
    return _judge_code(work, row, guess, ORGANISATION)


def judge_dial_in(work: Work, row: Row[Any], guess: Guess) -> Judged:
    """The same of a clinician's code and PIN; what counts as a record is then the clinician."""
    return _judge_code(work, row, guess, DIAL_IN)


def _judge_code(work: Work, row: Row[Any], guess: Guess, kind: str) -> Judged:
    take_turn(work.connection, f"guesses:{row.practice_id}")
    source = row.caller_hash or row.id
    past, alerted = _read_past(work, row, guess, source, kind)
    return Judged(find_refusal(guess, past, work.at), guess, past, source, alerted, kind)


def note(work: Work, row: Row[Any], judged: Judged, *, matched: bool) -> None:
    """Note what came of a try that was let through, and alert the supervisors to what it adds up to, once a day."""
    done = Try(work.at, judged.source, judged.guess.about, not matched)
    alerts = find_alerts(judged.guess, _add(judged.past, done, own=judged.guess.own)) - judged.alerted
    names = RAISED[judged.kind]
    if IN_BULK_ALERT in alerts and _was_alerted(work, row, names.get(IN_BULK_ALERT, IN_BULK_ALERT)):
        alerts -= {IN_BULK_ALERT}
    news = sorted(alerts)
    for what in news:
        record(work, "alert", row.id, what=names.get(what, what))
    work.connection.execute(
        insert(identity_try).values(
            at=work.at,
            practice_id=row.practice_id,
            call_id=row.id,
            kind=judged.kind,
            source=judged.source,
            telephone=judged.guess.telephone,
            about=judged.guess.about,
            own=judged.guess.own,
            failed=not matched,
            alerted=" ".join(news),
        )
    )


def _subject(work: Work, row: Row[Any], kin: Kin) -> str | None:
    """What a guess is about, as it is kept. Records of one day of birth are one: a guess at one is a guess at each."""
    return work.services.cipher.lookup_hash(row.practice_id, "guessed-at", kin.group) if kin.group else None


def _telephone(row: Row[Any], kin: Kin) -> Telephone:
    if row.caller_hash is None:
        return "hidden"
    return "on-file" if kin.on_file else "unknown"


def is_shared(work: Work, row: Row[Any]) -> bool:
    """Whether a call is from a number from which many patients of its practice call, as the practice has named it."""
    shared = pinned_of(work, row).practice(row.practice_id).identity.shared_telephones
    return row.caller_hash in {work.services.cipher.lookup_hash(row.practice_id, "phone", number) for number in shared}


def _read_past(work: Work, row: Row[Any], guess: Guess, source: str, kind: str) -> tuple[Past, frozenset[str]]:
    """The past of a try, and which alerts were raised at tries of the same number or record."""
    given = {"practice": row.practice_id, "call": row.id, "source": source, "about": guess.about, "kind": kind}
    from_number = (HIDDEN,) if guess.telephone == "hidden" else (FROM_NUMBER, KNOWN_FROM_NUMBER)
    of_number = _rows(work, from_number, given)
    at_record = _rows(work, (AT_RECORD, KNOWN_AT_RECORD), given)
    lately = {"practice": row.practice_id, "kind": kind, "since": work.at - BULK}
    tried, failed, unknown = work.connection.execute(IN_BULK, lately).one()
    past = Past(
        in_call=_tries(_rows(work, (IN_CALL,), given)),
        from_number=_tries(of_number),
        at_record=_tries(at_record),
        failures=int(failed or 0),
        successes=tried - int(failed or 0),
        unknown_failed_at=unknown,
    )
    return past, _alerts(of_number) - AT_RECORDS | _alerts(at_record) & AT_RECORDS


def _rows(work: Work, queries: Iterable[Select[Any]], given: Mapping[str, Any]) -> list[Row[Any]]:
    """The tries of a day, of each query the newest first."""
    since = {**given, "since": work.at - DAY}
    return [row for query in queries for row in work.connection.execute(query, since)]


def _alerts(rows: Iterable[Row[Any]]) -> frozenset[str]:
    return frozenset(what for one in rows for what in one.alerted.split())


def _tries(rows: Iterable[Row[Any]]) -> tuple[Try, ...]:
    return tuple(
        Try(at, one.source, one.about, one.failed)
        for one in rows
        for at in sorted({one.at, one._mapping.get("first", one.at)}, reverse=True)
    )


def _was_alerted(work: Work, row: Row[Any], what: str) -> bool:
    """Whether the supervisors were alerted within a day to tries in bulk, which stand with no number nor record."""
    known = work.connection.execute(ALERTED, {"practice": row.practice_id, "since": work.at - DAY}).scalars()
    return any(data.get("what") == what for data in known)


def _last_refusal(work: Work, row: Row[Any]) -> Refusal | None:
    """Why the last try of a call was refused, None where it was let through."""
    tried = select(event.c.data).where(event.c.call_id == row.id, event.c.kind == "identity-tried")
    last = work.connection.execute(tried.order_by(event.c.id.desc()).limit(1)).scalar()
    return (last or {}).get("refused")


def _without_newest(past: Past) -> Past:
    """The past without the newest try of the call."""
    newest, *before = past.in_call
    return replace(
        past,
        in_call=tuple(before),
        from_number=_without(past.from_number, newest),
        at_record=_without(past.at_record, newest),
        failures=past.failures - newest.failed,
    )


def _without(tries: tuple[Try, ...], one: Try) -> tuple[Try, ...]:
    found = tries.index(one) if one in tries else len(tries)
    return (*tries[:found], *tries[found + 1 :])


def _add(past: Past, done: Try, *, own: bool) -> Past:
    return replace(
        past,
        from_number=(done, *past.from_number),
        at_record=past.at_record if own or done.about is None else (done, *past.at_record),
        failures=past.failures + done.failed,
        successes=past.successes + (not done.failed),
    )
