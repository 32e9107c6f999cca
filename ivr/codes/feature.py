"""One-time codes: made for a call, texted to the number on file, checked where they are given."""

from __future__ import annotations

from callflows.vocabulary import AskCode, SendCode
from ivr.codes import checking, forgetting, sending, tables, texts
from ivr.codes.preflight import check_numbers
from ivr.codes.tables import USABLE, one_time_code
from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature, Metric, OutboxHandler, Shift

_CODE = one_time_code.c

FEATURE = Feature(
    name="codes",
    effects={SendCode: sending.send_code},
    answer_checks={AskCode: checking.check_given_code},
    outbox={"text_code": OutboxHandler(texts.send_text, texts.give_up_text, tries=texts.TRIES)},
    sealed=(SealedColumn(_CODE.code_sealed, sending.FIELD, (_CODE.id,), _CODE.practice_id),),
    memory=forgetting.MEMORY,
    checks=(check_numbers,),
    metrics=(Metric("codes", one_time_code),),
    tables=(tables.one_time_code,),
    shifts=(Shift(one_time_code, _CODE.state.in_(USABLE), ("expires_at",)),),
)
