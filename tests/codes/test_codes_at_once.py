"""Several things about one code at the same moment, in real threads."""

from __future__ import annotations

from functools import partial

from callflows.vocabulary import CodeChecked, SendCode
from ivr.calls import legs
from ivr.codes import limits
from ivr.codes.audit_trail import name_asker
from ivr.codes.checking import check_code
from ivr.codes.outcomes import note_failed
from ivr.codes.sending import send_code
from ivr.codes.tables import USABLE, one_time_code
from ivr.core.unit_of_work import Work, in_transaction
from tests.calls.office import Office
from tests.codes.codes import asks_for_a_bill, code_in, newest, other_than, texts
from tests.races.threads import at_once


def given(office: Office, leg_id: str, digits: str) -> str:
    def check(work: Work) -> CodeChecked:
        leg = legs.lock(work, leg_id)
        return check_code(work, leg.call_id, name_asker(leg), (digits,))

    return in_transaction(office.services, check).how


def sent(office: Office, leg_id: str) -> bool:
    return (
        in_transaction(office.services, lambda work: send_code(work, legs.lock(work, leg_id), "code", SendCode()))
        is None
    )


def test_of_two_right_answers_at_once_one_wins(known: Office) -> None:
    caller = asks_for_a_bill(known)
    code = code_in(texts(known)[0])
    assert sorted(at_once(*[partial(given, known, caller.leg.id, code)] * 4)) == ["over", "over", "over", "right"]


def test_no_more_wrong_codes_count_at_once_than_there_are_tries(known: Office) -> None:
    caller = asks_for_a_bill(known)
    code = code_in(texts(known)[0])
    guesses = [partial(given, known, caller.leg.id, other_than(code, by)) for by in range(1, 7)]
    assert sorted(at_once(*guesses)) == ["over"] * 3 + ["wrong"] * 3
    assert given(known, caller.leg.id, code) == "over"


def test_of_two_codes_for_one_call_at_once_one_is_left(known: Office) -> None:
    caller = asks_for_a_bill(known)
    assert at_once(*[partial(sent, known, caller.leg.id)] * 2) == [True, True]
    assert len(known.rows(one_time_code, one_time_code.c.state.in_(USABLE))) == 1


def test_calls_that_ask_at_once_for_one_number_stay_below_its_limit(known: Office) -> None:
    callers = [asks_for_a_bill(known) for _ in range(limits.MOST_A_DAY - 1)]
    assert sorted(at_once(*[partial(sent, known, caller.leg.id) for caller in callers])) == [False, False, False, True]


def test_a_right_answer_and_the_news_that_nothing_arrived_leave_one_outcome(known: Office) -> None:
    caller = asks_for_a_bill(known)
    code, row = code_in(texts(known)[0]), newest(known)

    def fails() -> str:
        in_transaction(known.services, lambda work: note_failed(work, row.id))
        return ""

    answers = at_once(partial(given, known, caller.leg.id, code), fails)
    assert (answers[0], newest(known).state) in (("right", "used"), ("unsent", "failed"))
