"""One-time codes: made for a call, texted to the number on file, checked where they are given."""

from __future__ import annotations

from callflows.vocabulary import AskCode, AwaitCode, SendCode
from ivr.codes import checking, forgetting, sending, tables, texts, verify, verify_checks
from ivr.codes.preflight import check_numbers
from ivr.codes.tables import FIELD, USABLE, one_time_code
from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature, Metric, OutboxHandler, Shift

_CODE = one_time_code.c

FEATURE = Feature(
    name="codes",
    effects={SendCode: sending.send_code},
    answer_checks={AskCode: checking.check_given_code, AwaitCode: checking.keep_digits_out},
    outbox={
        "text_code": OutboxHandler(texts.send_text, texts.give_up_text, tries=texts.TRIES),
        "start_verification": OutboxHandler(verify.start_verification, verify.give_up_start, tries=verify.TRIES),
        "check_code": OutboxHandler(verify_checks.check_given, verify_checks.give_up_check, tries=verify_checks.TRIES),
    },
    sealed=(SealedColumn(_CODE.code_sealed, FIELD, (_CODE.id,), _CODE.practice_id),),
    memory=forgetting.MEMORY,
    checks=(check_numbers,),
    metrics=(Metric("codes", one_time_code),),
    tables=(tables.one_time_code,),
    shifts=(Shift(one_time_code, _CODE.state.in_(USABLE), ("expires_at",)),),
)
