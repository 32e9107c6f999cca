"""What becomes of a code, whoever made it: it left, did not arrive, was right, wrong or over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select, update

from callflows.dialogues.one_time_code import OVER, RIGHT, TRIES, UNSENT, WRONG
from callflows.lifecycles.tables import ONE_TIME_CODE
from callflows.vocabulary import AskCode, CodeChecked
from ivr.calls import legs
from ivr.calls.configuration import call_row
from ivr.calls.conversation import answer_and_redirect
from ivr.calls.events import record
from ivr.codes.audit_trail import SYSTEM, Asker, note_code
from ivr.codes.limits import alert_many_failed, take_turn_at_codes
from ivr.codes.tables import USABLE, one_time_code
from ivr.core.state_machines import fire
from ivr.core.unit_of_work import Work


def lock_code(work: Work, code_id: str) -> Row[Any] | None:
    """The code, its call being locked."""
    mine = select(one_time_code).where(one_time_code.c.id == code_id)
    row = work.connection.execute(mine).first()
    if row is None:
        return None
    legs.lock_call(work, row.call_id)
    return work.connection.execute(mine).one()


def find_newest(work: Work, about: Row[Any]) -> Row[Any] | None:
    """The newest code of a call for whom it is matched with now; a code for somebody else is none."""
    mine = (one_time_code.c.call_id == about.id) & (one_time_code.c.patient_id == about.patient_id)
    # Of codes made in the same instant the one that may still be given is the newest.
    newest = (one_time_code.c.made_at.desc(), one_time_code.c.state.in_(USABLE).desc(), one_time_code.c.id)
    return work.connection.execute(select(one_time_code).where(mine).order_by(*newest).limit(1)).first()


def find_to_send(work: Work, code_id: str) -> Row[Any] | None:
    """The code, its call being locked, where it is still to be sent; one whose time is over ends here."""
    row = lock_code(work, code_id)
    if row is None or row.state not in USABLE:
        return None
    if work.at < row.expires_at:
        return row
    if fire(work, ONE_TIME_CODE, one_time_code, row.id, "expire", code_sealed=None):
        _let_go_on(work, row)
    return None


def set_columns(work: Work, code_id: str, **columns: Any) -> None:
    """Set columns of a code that are not its state."""
    work.connection.execute(update(one_time_code).where(one_time_code.c.id == code_id).values(columns))


def note_sent(work: Work, code_id: str, **columns: Any) -> None:
    """Note that the code has left, and under which name of the phone network; nobody is to be told its digits more."""
    row = lock_code(work, code_id)
    if row is not None:
        set_columns(work, code_id, code_sealed=None, **columns)
        if fire(work, ONE_TIME_CODE, one_time_code, code_id, "send"):
            note_code(work, call_row(work, row.call_id), SYSTEM, "sent", code_id)


def note_failed(work: Work, code_id: str) -> None:
    """Note that the code did not arrive, and let whoever is asked for it go on at once."""
    row = lock_code(work, code_id)
    if row is None:
        return
    take_turn_at_codes(work, row.practice_id)
    if not fire(work, ONE_TIME_CODE, one_time_code, code_id, "fail", code_sealed=None):
        return
    record(work, "code-not-delivered", row.call_id, code=code_id)
    note_code(work, call_row(work, row.call_id), SYSTEM, "not-delivered", code_id)
    alert_many_failed(work, row.practice_id, row.call_id)
    _let_go_on(work, row)


def note_tried(work: Work, about: Row[Any], asker: Asker, row: Row[Any], outcome: CodeChecked) -> None:
    """Note what came of a code that somebody gave."""
    record(work, "code-tried", about.id, leg=asker.leg, found=outcome.how)
    note_code(work, about, asker, outcome.how, row.id)


def use(work: Work, row: Row[Any]) -> CodeChecked:
    """Use up a code that was right. Of two who give it at once, one wins: it is over for the other."""
    return RIGHT if fire(work, ONE_TIME_CODE, one_time_code, row.id, "use", code_sealed=None) else OVER


def end(work: Work, row: Row[Any]) -> CodeChecked:
    """Let a code be good no more whose time is over."""
    fire(work, ONE_TIME_CODE, one_time_code, row.id, "expire", code_sealed=None)
    return OVER


def count_wrong(work: Work, row: Row[Any]) -> CodeChecked:
    """Count a wrong try; a third one spends the code."""
    counted = update(one_time_code).where(one_time_code.c.id == row.id).values(wrong=one_time_code.c.wrong + 1)
    wrong = work.connection.execute(counted.returning(one_time_code.c.wrong)).scalar_one()
    if wrong >= len(TRIES):
        spend(work, row)
    return WRONG


def spend(work: Work, row: Row[Any]) -> CodeChecked:
    """Let a code be good no more at which was guessed too often."""
    take_turn_at_codes(work, row.practice_id)
    fire(work, ONE_TIME_CODE, one_time_code, row.id, "spend", code_sealed=None)
    alert_many_failed(work, row.practice_id, row.call_id)
    return OVER


def _let_go_on(work: Work, row: Row[Any]) -> None:
    for waiting in legs.list_living(work, row.call_id, "caller", "agent"):
        answer_and_redirect(work, waiting.id, UNSENT, AskCode)
