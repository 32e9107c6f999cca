"""What Twilio Verify says, says twice, says late or does not say at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, update

from callflows.identity.digits import read_digits
from callflows.vocabulary import AskCode, AwaitCode, CodeChecked, Spoke
from ivr.calls import log
from ivr.calls.tables import call
from ivr.codes import verify, verify_checks
from ivr.codes.tables import VALID, one_time_code
from ivr.codes.verify import start_verification
from ivr.codes.verify_checks import check_given
from ivr.core.unit_of_work import in_transaction, transaction
from ivr.jobs.tables import outbox
from ivr.twilio.errors import PartyGone, PermanentFailure, TemporaryFailure
from ivr.twilio.rest_api import VerificationState
from phonesim import switch_on
from tests.calls.office import CALLER, Office, Party
from tests.codes.codes import (
    ASKED,
    FA,
    SERVICE,
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

UNSENT, UNCHECKED, OVER = "We could not send a code.", "We cannot check codes now.", "That code is good no more."
RIGHT = "Thank you. That is the code."

pytestmark = pytest.mark.sqlite_first


def item(office: Office, kind: str) -> Row[Any]:
    return max(office.rows(outbox, outbox.c.kind == kind), key=lambda row: row.id)


def asked_of(office: Office, monkeypatch: pytest.MonkeyPatch, method: str) -> list[tuple[Any, ...]]:
    """What is asked of the REST API by this method from now on."""
    asked: list[tuple[Any, ...]] = []
    ask = getattr(office.services.twilio, method)

    def noted(*arguments: Any) -> Any:
        asked.append(arguments)
        return ask(*arguments)

    monkeypatch.setattr(office.services.twilio, method, noted)
    return asked


def goes_wrong(office: Office, monkeypatch: pytest.MonkeyPatch, method: str, trouble: Exception) -> None:
    def refused(*_: Any) -> Any:
        raise trouble

    monkeypatch.setattr(office.services.twilio, method, refused)


def keys_in(office: Office, caller: Party, code: str) -> Row[Any]:
    """Key in a code, and have the check of it still to be carried out; its item."""
    caller.presses(code)
    assert caller.leg.pending_kind == AwaitCode.__name__
    return item(office, "check_code")


def test_the_text_is_verifys_and_names_the_service(verified: Office) -> None:
    asks_for_a_bill(verified)
    (text,) = texts(verified)
    assert text == f"Your Maple Family Medicine verification code is: {code_in(text)}"
    assert newest(verified).code_hash == ""
    assert newest(verified).service_sid == SERVICE
    assert newest(verified).verification_sid.startswith("VE")


@pytest.mark.parametrize("said", ["{}", "it is {}", "the code is {} I think"])
def test_a_code_that_is_said_is_checked(verified: Office, said: str) -> None:
    caller = asks_for_a_bill(verified)
    code = code_in(texts(verified)[0])
    caller.says(said.format(" ".join(code)))
    verified.world.settle()
    assert RIGHT in hears_now(caller)


def test_no_more_readings_of_what_was_said_are_checked_than_verify_allows(
    verified: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = asks_for_a_bill(verified)
    texts(verified)
    asked = asked_of(verified, monkeypatch, "check_verification")
    for _ in range(3):
        caller.says("twenty one thirty three for for")
        verified.world.settle()
        hears_now(caller)
    assert len(asked) == sum(verify.READINGS) < 5
    assert newest(verified).state == "spent"


# -- nothing is sent twice ----------------------------------------------------------------------------------------


def test_a_start_whose_answer_is_lost_is_not_sent_again_and_ends_the_question(verified: Office) -> None:
    switch_on(verified.world.net, "rest-lost-answer on POST Verifications 1 time")
    caller = asks_for_a_bill(verified)
    sent = texts(verified)
    verified.world.clock.advance(timedelta(seconds=60))
    assert (sent, texts(verified)) == (sent[:1], sent)
    assert newest(verified).state == "failed"
    assert UNSENT in hears_now(caller)
    assert gives(verified, caller, code_in(sent[0])) != RIGHT
    assert level(verified, caller) == "L1"


def test_a_start_of_a_worker_that_vanished_is_not_sent_again(verified: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = asks_for_a_bill(verified)
    with verified.services.database.write() as connection:
        connection.execute(update(one_time_code).values(start_asked=True))
    asked = asked_of(verified, monkeypatch, "start_verification")
    start_verification(verified.services, item(verified, "start_verification"))
    assert (asked, newest(verified).state) == ([], "failed")
    assert UNSENT in hears_now(caller)


def test_a_start_that_surely_did_not_happen_is_tried_again(verified: Office) -> None:
    switch_on(verified.world.net, "rest-busy on POST Verifications 2 times")
    caller = asks_for_a_bill(verified)
    verified.world.advance(lambda: newest(verified).state == "sent", timedelta(seconds=30))
    assert RIGHT in gives(verified, caller, code_in(texts(verified)[0]))


def test_a_start_that_is_repeated_after_it_was_done_changes_nothing(
    verified: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks_for_a_bill(verified)
    texts(verified)
    row, asked = newest(verified), asked_of(verified, monkeypatch, "start_verification")
    start_verification(verified.services, item(verified, "start_verification"))
    assert (asked, newest(verified)) == ([], row)


# -- refusals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "alerts"),
    [
        (PermanentFailure(60200), []),
        (PermanentFailure(60202), []),
        (PermanentFailure(60203), []),
        (PermanentFailure(60410), []),
        (PermanentFailure(60223), ["verify-refused"]),
        (PartyGone(60229), ["verify-refused"]),
        (PartyGone(20404), ["verify-service-unknown"]),
    ],
)
def test_a_start_that_is_refused_is_unsent_and_told_where_it_is_no_news_of_the_telephone(
    verified: Office, monkeypatch: pytest.MonkeyPatch, refusal: Exception, alerts: list[str]
) -> None:
    goes_wrong(verified, monkeypatch, "start_verification", refusal)
    caller = asks_for_a_bill(verified)
    assert texts(verified) == []
    assert UNSENT in hears_now(caller)
    assert (newest(verified).state, level(verified, caller), verified.alerts()) == ("failed", "L1", alerts)
    assert tried(verified) == ["asked", "not-delivered"]


def test_a_number_that_verify_blocks_and_a_service_that_is_gone_by_the_network_itself(verified: Office) -> None:
    verified.world.net.verifications[SERVICE].blocked.add("+1312")
    asks_for_a_bill(verified)
    assert (texts(verified), verified.alerts()) == ([], [])
    del verified.world.net.verifications[SERVICE]
    asks_for_a_bill(verified)
    assert (texts(verified), verified.alerts()) == ([], ["verify-service-unknown"])


# -- a check that cannot be made -----------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["rest-failing on VerificationCheck", "rest-busy on VerificationCheck"])
def test_while_verify_is_down_no_code_is_checked_and_the_caller_goes_on(verified: Office, fault: str) -> None:
    caller = asks_for_a_bill(verified)
    code = code_in(texts(verified)[0])
    switch_on(verified.world.net, fault)
    caller.presses(code)
    verified.world.advance(lambda: caller.leg.pending_kind != AwaitCode.__name__, timedelta(seconds=9))
    assert UNCHECKED in hears_now(caller)
    assert (level(verified, caller), newest(verified).state, newest(verified).code_sealed) == ("L1", "sent", None)
    assert tried(verified) == ["asked", "sent", "unchecked"]
    assert verified.alerts() == ["effect-failed"]


def test_a_check_that_is_put_off_once_still_raises(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    code = code_in(texts(verified)[0])
    switch_on(verified.world.net, "rest-busy on VerificationCheck 1 time")
    caller.presses(code)
    verified.world.advance(lambda: caller.leg.pending_kind != AwaitCode.__name__, timedelta(seconds=9))
    assert RIGHT in hears_now(caller)
    assert level(verified, caller) == "L2"


def test_a_check_whose_answer_is_lost_raises_nobody_and_another_code_is_sent(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    code = code_in(texts(verified)[0])
    switch_on(verified.world.net, "rest-lost-answer on VerificationCheck 1 time")
    caller.presses(code)
    verified.world.advance(lambda: caller.leg.pending_kind != AwaitCode.__name__, timedelta(seconds=9))
    heard = hears_now(caller)
    assert OVER in heard
    assert ASKED in heard
    assert level(verified, caller) == "L1"
    assert RIGHT in gives(verified, caller, code_in(texts(verified)[-1]))


def test_a_check_for_which_verify_has_no_more_tries_is_over(verified: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = asks_for_a_bill(verified)
    code = code_in(texts(verified)[0])
    goes_wrong(verified, monkeypatch, "check_verification", PermanentFailure(60202))
    assert OVER in gives(verified, caller, code)
    assert [row.state for row in verified.rows(one_time_code)].count("spent") == 1


def test_a_code_before_its_verification_has_started_is_none(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    assert "That is not the code." in caller.presses("123456").words
    assert (newest(verified).wrong, level(verified, caller)) == (0, "L1")


# -- what counts for this call alone ------------------------------------------------------------------------------


def test_a_code_that_went_to_another_call_is_over_once_this_one_asks(verified: Office) -> None:
    first = asks_for_a_bill(verified)
    one = code_in(texts(verified)[0])
    second = asks_for_a_bill(verified)
    two = code_in(texts(verified)[-1])
    assert RIGHT in gives(verified, second, two)
    assert OVER in gives(verified, first, one)
    assert (level(verified, first), level(verified, second)) == ("L1", "L2")


def test_a_verification_that_is_another_calls_is_none_of_this_one(
    verified: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = asks_for_a_bill(verified)
    one = code_in(texts(verified)[0])
    monkeypatch.setattr(verify, "_earlier", lambda work, row: ())  # as where both started at once
    second = asks_for_a_bill(verified)
    assert set(map(code_in, texts(verified))) == {one}
    assert UNSENT in hears_now(second)
    gives(verified, second, one)
    assert RIGHT in gives(verified, first, one)
    assert (level(verified, first), level(verified, second)) == ("L2", "L1")
    assert "effect_failed" not in [entry["event"] for entry in verified.world.log]


def test_a_verification_of_another_sid_raises_nobody(verified: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = asks_for_a_bill(verified)
    code = code_in(texts(verified)[0])
    other = VerificationState("VE" + "0" * 32, approved=True)
    monkeypatch.setattr(verified.services.twilio, "check_verification", lambda *_: other)
    assert OVER in gives(verified, caller, code)
    assert level(verified, caller) == "L1"


def comes_late(verified: Office, monkeypatch: pytest.MonkeyPatch, meanwhile: Any) -> Party:
    """The right code is given, and ``meanwhile`` happens while Verify is being asked."""
    caller = asks_for_a_bill(verified)
    code = code_in(texts(verified)[0])
    ask = verified.services.twilio.check_verification

    def slowly(*arguments: Any) -> Any:
        found = ask(*arguments)
        assert found.approved
        meanwhile(caller)
        return found

    monkeypatch.setattr(verified.services.twilio, "check_verification", slowly)
    caller.presses(code)
    check_given(verified.services, item(verified, "check_code"))
    return caller


def test_an_approval_after_the_wait_was_over_raises_nobody(verified: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def waits_in_vain(caller: Party) -> None:
        assert UNCHECKED in caller.send(caller.heard.url("action")).words

    caller = comes_late(verified, monkeypatch, waits_in_vain)
    assert (level(verified, caller), tried(verified)[-1]) == ("L1", "too-late")
    assert newest(verified).code_sealed is None
    verified.world.settle()
    assert level(verified, caller) == "L1"


def test_an_approval_after_the_call_was_over_raises_nobody(verified: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs_up(caller: Party) -> None:
        verified.post("/voice/status", CallSid=caller.sid, CallStatus="completed", SequenceNumber="9")

    caller = comes_late(verified, monkeypatch, hangs_up)
    assert verified.one(call, call.c.id == caller.leg.call_id).ended_at is not None
    assert (level(verified, caller), tried(verified)[-1]) == ("L1", "too-late")


def test_an_approval_for_an_agent_whose_caller_has_gone_raises_nobody(
    verified: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_over(caller: Party) -> None:
        with verified.services.database.write() as connection:
            connection.execute(update(call).values(ended_at=verified.world.now))

    caller = comes_late(verified, monkeypatch, is_over)
    assert (level(verified, caller), tried(verified)[-1]) == ("L1", "too-late")


def test_an_approval_after_ten_minutes_raises_nobody(verified: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = comes_late(verified, monkeypatch, lambda caller: verified.world.clock.advance(VALID))
    assert (level(verified, caller), tried(verified)[2]) == ("L1", "over")
    assert [row.state for row in verified.rows(one_time_code)].count("expired") == 1


def test_an_approval_after_the_patient_was_another_raises_nobody(
    verified: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_another(caller: Party) -> None:
        with verified.services.database.write() as connection:
            connection.execute(update(call).values(patient_id="somebody-else"))

    caller = comes_late(verified, monkeypatch, is_another)
    assert (level(verified, caller), tried(verified)[2]) == ("L1", "over")


def test_an_approval_after_another_code_was_sent_raises_nobody(
    verified: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_replaced(caller: Party) -> None:
        with verified.services.database.write() as connection:
            connection.execute(update(one_time_code).values(state="replaced"))

    caller = comes_late(verified, monkeypatch, is_replaced)
    assert (level(verified, caller), tried(verified)[2]) == ("L1", "over")


def test_nobody_is_asked_about_what_was_given_once_nobody_waits(
    verified: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = asks_for_a_bill(verified)
    code = code_in(texts(verified)[0])
    asked = asked_of(verified, monkeypatch, "check_verification")
    keys_in(verified, caller, code)
    assert UNCHECKED in caller.send(caller.heard.url("action")).words
    verified.world.settle()
    assert (asked, newest(verified).code_sealed, level(verified, caller)) == ([], None, "L1")


def test_a_check_that_is_repeated_after_it_was_done_changes_nothing(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    gives(verified, caller, other_than(code_in(texts(verified)[0])))
    row, before = newest(verified), tried(verified)
    check_given(verified.services, item(verified, "check_code"))
    assert (newest(verified), tried(verified), caller.leg.pending_kind) == (row, before, AskCode.__name__)


def test_digits_that_are_said_while_a_code_is_checked_are_kept_nowhere(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    code = code_in(texts(verified)[0])
    keys_in(verified, caller, code)
    assert "One moment, please." in caller.says(" ".join(code)).words
    verified.world.settle()
    assert RIGHT in hears_now(caller)
    with transaction(verified.services) as work:
        spoken = [entry.answer for entry in log.entries(work, caller.leg) if isinstance(entry.answer, Spoke)]
    assert [read_digits((one.words,), "en-US") for one in spoken] == [()]


def test_an_illness_said_while_a_code_is_checked_is_heard_at_once(verified: Office) -> None:
    caller = asks_for_a_bill(verified)
    keys_in(verified, caller, code_in(texts(verified)[0]))
    assert "911" in caller.says("my chest hurts").words
    verified.world.settle()
    assert level(verified, caller) == "L1"


def test_another_patient_behind_the_number_starts_anew(verified: Office) -> None:
    asks_for_a_bill(verified)
    of_ana = texts(verified)[0]
    other = asks_for_a_bill(verified, FA)
    assert code_in(texts(verified)[-1]) != code_in(of_ana)
    assert RIGHT in gives(verified, other, code_in(texts(verified, CALLER)[-1]))


def test_a_cancellation_that_fails_is_tried_again_before_anything_is_sent(verified: Office) -> None:
    asks_for_a_bill(verified)
    one = code_in(texts(verified)[0])
    switch_on(verified.world.net, "rest-lost-answer on POST Verifications/VE 1 time")
    second = asks_for_a_bill(verified)
    verified.world.advance(lambda: newest(verified).state == "sent", timedelta(seconds=30))
    two = code_in(texts(verified)[-1])
    assert two != one
    assert RIGHT in gives(verified, second, two)


def test_trouble_that_may_have_happened_is_told_apart(verified: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_wrong(verified, monkeypatch, "start_verification", TemporaryFailure("gone", may_have_happened=False))
    caller = asks_for_a_bill(verified)
    with pytest.raises(TemporaryFailure):
        start_verification(verified.services, item(verified, "start_verification"))
    assert (newest(verified).state, newest(verified).start_asked) == ("made", None)
    assert caller.leg.pending_kind == AskCode.__name__


def test_what_comes_late_of_one_try_counts_for_no_later_one(verified: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = asks_for_a_bill(verified)
    verified.world.settle()
    code = code_in(texts(verified, CALLER)[-1])
    gives(verified, caller, other_than(code))
    first, ask = item(verified, "check_code"), verified.services.twilio.check_verification

    def slowly(*about: Any) -> Any:
        found = ask(*about)
        in_transaction(verified.services, lambda work: verify_checks._note(work, first, CodeChecked("wrong")))
        return found

    monkeypatch.setattr(verified.services.twilio, "check_verification", slowly)
    assert RIGHT in gives(verified, caller, code)
    assert (level(verified, caller), newest(verified).wrong) == ("L2", 1)
