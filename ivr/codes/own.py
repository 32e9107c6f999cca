"""Sunline's own codes: drawn, texted and checked here. Nothing but a keyed hash is kept of one that has left."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from sqlalchemy import Row

from callflows.dialogues.one_time_code import DIGITS, WRONG
from callflows.vocabulary import CodeChecked
from ivr.codes.audit_trail import Asker
from ivr.codes.drawing import draw_digits
from ivr.codes.outcomes import count_wrong, use
from ivr.codes.tables import FIELD, one_time_code
from ivr.codes.way import Way
from ivr.core.cipher import name_row
from ivr.core.ids import Ids
from ivr.core.unit_of_work import Work
from ivr.jobs import outbox


def make_code(ids: Ids) -> str:
    """Six digits: 19.9 bits."""
    return draw_digits(ids, DIGITS)


def hash_code(work: Work, practice_id: str, code_id: str, digits: str) -> str:
    """What is kept of a code: a keyed hash, another one for each code."""
    return work.services.cipher.lookup_hash(practice_id, "one_time_code", f"{code_id}:{digits}")


def _make(work: Work, about: Row[Any], code_id: str) -> dict[str, Any]:
    digits = make_code(work.services.ids)
    return {
        "code_hash": hash_code(work, about.practice_id, code_id, digits),
        "code_sealed": work.services.cipher.seal(about.practice_id, FIELD, name_row(one_time_code, code_id), digits),
    }


def _judge(work: Work, _asker: Asker, row: Row[Any], codes: tuple[str, ...]) -> CodeChecked:
    if any(compare_digest(hash_code(work, row.practice_id, row.id, code), row.code_hash) for code in codes):
        return use(work, row)
    return count_wrong(work, row) if any(len(code) == DIGITS for code in codes) else WRONG


def _send(work: Work, about: Row[Any], code_id: str) -> None:
    outbox.put_item(work, "text_code", code_id, call_id=about.id, urgency="urgent")


WAY = Way(_send, _make, _judge, tells_at_once=True)
