"""The log of a leg: its answers so far, sealed with the practice's key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select

from callflows.engine import answers
from callflows.engine.replay import Entry
from callflows.vocabulary import Answer
from ivr.calls.tables import call_log
from ivr.core.cipher import Cipher, name_row
from ivr.core.unit_of_work import Work

FIELD = "call_log.answer"

_ENTRIES = (
    select(call_log.c.step, call_log.c.key, call_log.c.answer_sealed)
    .where(call_log.c.leg_id == bindparam("leg"), call_log.c.step >= bindparam("from"))
    .order_by(call_log.c.step)
)
_APPEND = insert(call_log)


def append(work: Work, row: Row[Any], step: int, key: str, answer: Answer) -> None:
    """Write one answer down. The primary key refuses the same step twice."""
    written = answers.write(answer, by_name=work.services.settings.answer_log == "by-name")
    sealed = work.services.cipher.seal(row.practice_id, FIELD, name_row(call_log, row.id, step), written)
    work.connection.execute(
        _APPEND, {"leg_id": row.id, "step": step, "key": key, "answer_sealed": sealed, "at": work.at}
    )


def entries(work: Work, row: Row[Any]) -> list[Entry]:
    """The answers of the flow the leg is on now, in order."""
    mine = work.connection.execute(_ENTRIES, {"leg": row.id, "from": row.base_step})
    cipher = work.services.cipher
    return [
        Entry(key, answers.read(open_answer(cipher, row.practice_id, row.id, step, sealed)))
        for step, key, sealed in mine
    ]


def open_answer(cipher: Cipher, practice_id: str, leg_id: str, step: int, sealed: bytes) -> str:
    """An answer as it was written."""
    return cipher.open(practice_id, FIELD, name_row(call_log, leg_id, step), sealed)


def find_answer(work: Work, row: Row[Any], step: int) -> Answer | None:
    """The answer that the leg gave at a step; None where there is none yet."""
    mine = select(call_log.c.answer_sealed).where(call_log.c.leg_id == row.id, call_log.c.step == step)
    sealed = work.connection.execute(mine).scalar()
    if sealed is None:
        return None
    return answers.read(open_answer(work.services.cipher, row.practice_id, row.id, step, sealed))


def answers_to(work: Work, row: Row[Any], keys: Sequence[str]) -> dict[str, Answer]:
    """What the leg answered to these requests of the flow that it is on now, by key; nothing for those not answered.

    Of several answers to one of them the last counts.
    """
    of_leg = (call_log.c.leg_id == row.id, call_log.c.step >= row.base_step, call_log.c.key.in_(keys))
    columns = (call_log.c.step, call_log.c.key, call_log.c.answer_sealed)
    found = work.connection.execute(select(*columns).where(*of_leg).order_by(call_log.c.step))
    cipher = work.services.cipher
    return {
        key: answers.read(open_answer(cipher, row.practice_id, row.id, step, sealed)) for step, key, sealed in found
    }


def next_step(work: Work, leg_id: str) -> int:
    """The first step that has no answer yet."""
    last = select(func.max(call_log.c.step)).where(call_log.c.leg_id == leg_id)
    highest = work.connection.execute(last).scalar()
    return 0 if highest is None else highest + 1
