"""What holds for one-time codes whoever makes, sends and checks them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from callflows.vocabulary import AskCode
from ivr.calls import log
from ivr.calls.event_tables import event
from ivr.calls.tables import call
from ivr.codes import limits
from ivr.codes.tables import VALID, one_time_code
from ivr.core.unit_of_work import transaction
from ivr.jobs.tables import outbox
from ivr.patients.tables import patient
from tests.calls.office import CALLER, Office
from tests.codes.codes import (
    ASKED,
    BO,
    CY,
    DI,
    ED,
    FA,
    WRONG,
    asks_for_a_bill,
    code_in,
    gives,
    hears_now,
    level,
    newest,
    other_than,
    texts,
    tried,
)

RIGHT = "Thank you. That is the code."


def test_the_code_raises_the_call_to_l2_and_is_audited_alike(either: Office) -> None:
    caller = asks_for_a_bill(either)
    assert ASKED in caller.heard.words
    code = code_in(texts(either)[0])
    assert level(either, caller) == "L1"
    assert RIGHT in gives(either, caller, code)
    assert (level(either, caller), newest(either).state) == ("L2", "used")
    assert tried(either) == ["asked", "sent", "right"]


@pytest.mark.sqlite_first
@pytest.mark.parametrize("who", [BO, CY, DI, ED])
def test_a_number_that_is_new_ours_not_textable_or_missing_gets_no_code(either: Office, who: tuple[str, str]) -> None:
    caller = asks_for_a_bill(either, who)
    assert ASKED not in caller.heard.words
    assert (either.rows(one_time_code), tried(either), level(either, caller)) == ([], ["no-number"], "L1")


def test_three_wrong_codes_spend_it(either: Office) -> None:
    caller = asks_for_a_bill(either)
    code = code_in(texts(either)[0])
    for by in (1, 2, 3):
        heard = gives(either, caller, other_than(code, by))
    assert "I can still help you reach a person" in heard
    assert (level(either, caller), newest(either).state, newest(either).wrong) == ("L1", "spent", 3)
    assert tried(either) == ["asked", "sent", "wrong", "wrong", "wrong"]


@pytest.mark.sqlite_first
@pytest.mark.parametrize(("after", "how"), [(VALID - timedelta(seconds=7), "used"), (VALID, "expired")])
def test_a_code_is_good_for_ten_minutes(either: Office, after: timedelta, how: str) -> None:
    caller = asks_for_a_bill(either)
    code = code_in(texts(either)[0])
    either.world.clock.advance(after)
    gives(either, caller, code)
    assert next(row.state for row in either.rows(one_time_code) if row.state != "made") == how
    assert level(either, caller) == ("L2" if how == "used" else "L1")


@pytest.mark.sqlite_first
def test_too_few_digits_are_wrong_and_cost_no_try(either: Office) -> None:
    caller = asks_for_a_bill(either)
    texts(either)
    assert WRONG in gives(either, caller, "12345")
    assert newest(either).wrong == 0


@pytest.mark.sqlite_first
def test_a_code_of_another_patient_behind_the_same_number_is_none(either: Office) -> None:
    asks_for_a_bill(either)
    of_ana = code_in(texts(either)[0])
    other = asks_for_a_bill(either, FA)
    assert code_in(texts(either)[-1]) != of_ana
    assert WRONG in gives(either, other, of_ana)
    assert level(either, other) == "L1"


def test_a_second_code_kills_the_first_and_there_is_no_third(either: Office) -> None:
    caller = asks_for_a_bill(either)
    first = code_in(texts(either)[0])
    assert ASKED in caller.presses("2").words
    second = code_in(texts(either)[-1])
    assert second != first
    assert WRONG in gives(either, caller, first)
    assert ASKED not in caller.presses("2").words
    assert [row.state for row in either.rows(one_time_code)].count("replaced") == 1
    assert level(either, caller) == "L1"


def test_no_more_than_five_codes_a_day_for_a_patient_or_a_number(either: Office) -> None:
    for _ in range(limits.MOST_A_DAY):
        assert ASKED in asks_for_a_bill(either).heard.words
    assert ASKED not in asks_for_a_bill(either).heard.words
    assert ASKED not in asks_for_a_bill(either, FA).heard.words  # another patient, the same number
    assert "too-many" in tried(either)


@pytest.mark.sqlite_first
def test_a_number_that_changes_before_the_code_leaves_gets_none(either: Office) -> None:
    caller = asks_for_a_bill(either)
    with either.services.database.write() as connection:
        connection.execute(update(patient).values(phone_since=either.world.now.date()))
    assert texts(either) == []
    assert newest(either).state == "failed"
    assert "We could not send a code." in hears_now(caller)


@pytest.mark.sqlite_first
def test_a_webhook_with_the_code_that_comes_twice_counts_once(either: Office) -> None:
    caller = asks_for_a_bill(either)
    wrong = other_than(code_in(texts(either)[0]))
    url = caller.heard.url("action")
    assert caller.send(url, Digits=wrong).text == caller.send(url, Digits=wrong).text
    either.world.settle()
    assert caller.send(url, Digits=wrong).words == hears_now(caller)
    either.world.settle()
    assert (newest(either).wrong, tried(either).count("wrong")) == (1, 1)


@pytest.mark.sqlite_first
def test_an_illness_beside_a_code_is_heard_and_the_code_is_kept_nowhere(either: Office) -> None:
    caller = asks_for_a_bill(either)
    code = code_in(texts(either)[0])
    assert "911" in caller.says(f"{code} my chest hurts").words
    either.world.settle()
    with transaction(either.services) as work:
        assert code not in str([entry.answer for entry in log.entries(work, caller.leg)])
    assert (newest(either).wrong, newest(either).code_sealed) == (0, None)


def test_digits_are_kept_sealed_and_only_until_somebody_has_been_told(either: Office) -> None:
    caller = asks_for_a_bill(either)
    code = code_in(texts(either)[0])
    assert newest(either).code_sealed is None
    gives(either, caller, code)
    assert newest(either).code_sealed is None
    assert all(code not in str(value) for value in newest(either))
    assert all(code not in str(item.details) for item in either.rows(outbox))
    assert code not in str(either.rows(event)) + str(either.rows(call)) + str(either.world.log)


def test_whoever_gets_no_text_goes_on_at_l1(either: Office) -> None:
    caller = asks_for_a_bill(either)
    texts(either, CALLER)
    caller.send(caller.heard.url("action"))
    assert level(either, caller) == "L1"
    assert caller.leg.pending_kind != AskCode.__name__
