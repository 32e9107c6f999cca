"""Professional callers: the codes of listed organisations, and the call-back that proves them."""

from __future__ import annotations

from sqlalchemy import literal

from callflows.vocabulary import Ask, AskMeanwhile, AskOrganisationCode, ConfirmCallBack, RingListed
from ivr.core.cipher import SealedColumn
from ivr.core.feature import Feature
from ivr.privacy.keys import OPERATOR_KEYS
from ivr.professionals import checking, codes, forgetting, proof, ringing, tables
from ivr.professionals.preflight import check_codes
from ivr.professionals.tables import organisation_code

_CODE = organisation_code.c

FEATURE = Feature(
    name="professionals",
    facts={"caller_proof": proof.caller_proof, "listed_number": ringing.listed_number},
    effects={RingListed: ringing.ring_listed, ConfirmCallBack: ringing.confirm_call_back},
    answer_checks={
        AskOrganisationCode: checking.check_organisation_code,
        AskMeanwhile: checking.keep_codes_out,
        Ask: checking.keep_codes_out,
    },
    timers={ringing.TIMER: ringing.ring_now},
    leg_over=ringing.note_leg_over,
    sealed=(SealedColumn(_CODE.hash, codes.FIELD, (_CODE.id,), literal(OPERATOR_KEYS), hashes=True),),
    memory=forgetting.MEMORY,
    checks=(check_codes,),
    tables=(tables.organisation_code, tables.listed_caller),
)
