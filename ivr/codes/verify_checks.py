"""Asking Twilio Verify whether a code is right, while whoever gave it waits a few seconds.

What Verify answers counts for the call, the patient and the question that it was asked for: whatever comes later than
their end raises nobody. Where Verify cannot be asked, nothing is lost but the level.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from callflows.dialogues.one_time_code import OVER, RIGHT, UNCHECKED, WRONG
from callflows.vocabulary import AwaitCode, CodeChecked
from ivr.calls import legs
from ivr.calls.configuration import call_row
from ivr.calls.conversation import answer_and_redirect
from ivr.codes.audit_trail import name_asker, note_code
from ivr.codes.outcomes import count_wrong, end, find_newest, lock_code, note_tried, set_columns, spend, use
from ivr.codes.tables import FIELD, USABLE, one_time_code
from ivr.core.cipher import name_row
from ivr.core.services import Services
from ivr.core.unit_of_work import Work, in_transaction
from ivr.twilio.errors import MAX_CHECKS, PartyGone, PermanentFailure

TRIES = 2
"""Tries of one check; whoever waits for it goes on within ten seconds."""
SPENT = CodeChecked("spent")
"""Verify's checks of this code are used up: it is over, as one at which was guessed too often."""


@dataclass(frozen=True, slots=True)
class Check:
    """What Verify is asked: the readings of one answer, likeliest first."""

    service: str
    verification: str
    codes: tuple[str, ...] = field(repr=False)


def check_given(services: Services, item: Row[Any]) -> None:
    """Ask Verify about what was given, and tell whoever waits. Raises as the REST API does."""
    check = in_transaction(services, lambda work: _read(work, item))
    if check is not None:
        found = _ask(services, check)
        in_transaction(services, lambda work: _note(work, item, found))


def give_up_check(services: Services, item: Row[Any]) -> None:
    """Let whoever waits go on: no code can be checked now."""
    in_transaction(services, lambda work: _note(work, item, UNCHECKED))


def _ask(services: Services, check: Check) -> CodeChecked:
    try:
        for code in check.codes:
            found = services.twilio.check_verification(check.service, check.verification, code)
            if found.approved:
                return RIGHT if found.sid == check.verification else OVER
    except PartyGone:
        return OVER
    except PermanentFailure as refusal:
        if refusal.code != MAX_CHECKS:
            raise
        return SPENT
    return WRONG


def _read(work: Work, item: Row[Any]) -> Check | None:
    """What is to be asked; None where nobody waits for it any more, or the code is over."""
    row = lock_code(work, item.subject)
    if row is None or row.code_sealed is None:
        return None
    if not (_is_waited_for(work, item) and _may_be_right(work, row)):
        _note(work, item, UNCHECKED)
        return None
    given = work.services.cipher.open(row.practice_id, FIELD, name_row(one_time_code, row.id), row.code_sealed)
    return Check(row.service_sid, row.verification_sid, tuple(given.split()))


def _note(work: Work, item: Row[Any], found: CodeChecked) -> None:
    """Forget the digits, note what came of them, and tell whoever waits, if they still do."""
    row = lock_code(work, item.subject)
    if row is None:
        return
    set_columns(work, row.id, code_sealed=None)
    about, leg = call_row(work, row.call_id), legs.lock(work, item.details["leg"])
    asker = name_asker(leg)
    if not _is_waited_for(work, item):
        note_code(work, about, asker, "too-late", row.id)
        return
    outcome = _settle(work, row, found) if _may_be_right(work, row) else OVER
    note_tried(work, about, asker, row, outcome)
    answer_and_redirect(work, leg.id, outcome, AwaitCode)


def _settle(work: Work, row: Row[Any], found: CodeChecked) -> CodeChecked:
    if found == UNCHECKED:
        return UNCHECKED
    if found == SPENT:
        return spend(work, row)
    if found == OVER or work.at >= row.expires_at:
        return end(work, row)
    return use(work, row) if found == RIGHT else count_wrong(work, row)


def _is_waited_for(work: Work, item: Row[Any]) -> bool:
    leg = legs.lock(work, item.details["leg"])
    over = leg.state == "ended" or call_row(work, leg.call_id).ended_at is not None
    # Beneath the question that it was given at, so that a late answer does not count for the next try.
    is_its_own = (leg.pending_key or "").startswith(f"{item.details['asked']}/")
    return not over and leg.pending_kind == AwaitCode.__name__ and is_its_own


def _may_be_right(work: Work, row: Row[Any]) -> bool:
    """Whether the code is the newest of its call, for whom that is matched with now, and not over."""
    newest = find_newest(work, call_row(work, row.call_id))
    return newest is not None and newest.id == row.id and row.state in USABLE
