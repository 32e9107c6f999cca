"""One-time codes go to numbers on file, are good once and for ten minutes, and hold nobody up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from callflows.identity.digits import read_digits
from callflows.vocabulary import Spoke
from callflows.vocabulary.hearing import CALM
from ivr.audit.tables import audit_row
from ivr.calls import hearing, log
from ivr.calls.event_tables import event
from ivr.calls.tables import call
from ivr.codes import limits, own
from ivr.codes.checking import read_code
from ivr.codes.own import make_code
from ivr.codes.tables import VALID, one_time_code
from ivr.codes.texts import TEXTS, note_status, send_text
from ivr.core.ids import seeded_ids
from ivr.core.unit_of_work import transaction
from ivr.hearing.heard import Class
from ivr.jobs.tables import outbox
from ivr.patients.tables import patient
from ivr.twilio.errors import PermanentFailure
from phonesim import switch_on
from phonesim.texts import GSM
from tests.calls.office import CALLER, Office
from tests.codes.codes import (
    ASKED,
    BO,
    CY,
    DI,
    ED,
    FA,
    OTHER,
    WRONG,
    asks_for_a_bill,
    code_in,
    level,
    newest,
    other_than,
    texts,
)

RIGHT = "Thank you. That is the code."


def outcomes(office: Office) -> list[str]:
    return [row.outcome for row in office.rows(audit_row, audit_row.c.action == "patient.code")]


def test_whoever_keys_in_the_code_is_known_to_l2(known: Office) -> None:
    caller = asks_for_a_bill(known)
    assert ASKED in caller.heard.words
    (text,) = texts(known)
    code = code_in(text)
    assert text == f"Maple Family Medicine: code {code}. Our staff will ask for it only if YOU called us."
    assert level(known, caller) == "L1"
    assert RIGHT in caller.presses(code).words
    assert (level(known, caller), newest(known).state) == ("L2", "used")
    assert outcomes(known) == ["asked", "sent", "right"]
    assert texts(known, OTHER) == []


@pytest.mark.sqlite_first
@pytest.mark.parametrize("who", [BO, CY, DI, ED])
def test_a_number_that_is_new_ours_not_textable_or_missing_gets_no_code(known: Office, who: tuple[str, str]) -> None:
    caller = asks_for_a_bill(known, who)
    assert ASKED not in caller.heard.words
    assert level(known, caller) == "L1"
    assert (known.rows(one_time_code), outcomes(known)) == ([], ["no-number"])


def test_a_code_is_good_once_and_not_in_another_call(known: Office) -> None:
    first, second = asks_for_a_bill(known), asks_for_a_bill(known)
    one, two = map(code_in, texts(known))
    assert WRONG in second.presses(one).words
    assert RIGHT in first.presses(one).words
    assert RIGHT in second.presses(two).words


def test_a_code_of_another_patient_behind_the_same_number_is_none(known: Office) -> None:
    asks_for_a_bill(known)
    other = asks_for_a_bill(known, FA)
    of_ana, _ = map(code_in, texts(known))
    assert WRONG in other.presses(of_ana).words


@pytest.mark.sqlite_first
@pytest.mark.parametrize(("after", "how"), [(VALID - timedelta(seconds=6), "used"), (VALID, "expired")])
def test_a_code_is_good_for_ten_minutes(known: Office, after: timedelta, how: str) -> None:
    caller = asks_for_a_bill(known)
    code = code_in(texts(known)[0])
    known.world.clock.advance(after)
    caller.presses(code)
    assert [row.state for row in known.rows(one_time_code) if row.state != "made"] == [how]
    assert level(known, caller) == ("L2" if how == "used" else "L1")


def test_three_wrong_codes_spend_it(known: Office) -> None:
    caller = asks_for_a_bill(known)
    code = code_in(texts(known)[0])
    for by in (1, 2, 3):
        heard = caller.presses(other_than(code, by)).words
    assert "I can still help you reach a person" in heard
    assert (level(known, caller), newest(known).state, newest(known).wrong) == ("L1", "spent", 3)
    assert outcomes(known) == ["asked", "sent", "wrong", "wrong", "wrong"]


@pytest.mark.sqlite_first
def test_too_few_digits_are_wrong_and_cost_no_try(known: Office) -> None:
    caller = asks_for_a_bill(known)
    assert WRONG in caller.presses("12345").words
    assert newest(known).wrong == 0


@pytest.mark.sqlite_first
@pytest.mark.parametrize("said", ["{}", "it is {}", "the code is {} I think"])
def test_a_code_that_is_said_is_heard(known: Office, said: str) -> None:
    caller = asks_for_a_bill(known)
    code = code_in(texts(known)[0])
    assert RIGHT in caller.says(said.format(" ".join(code))).words


CODE = "402179"
SAID = [
    *("402179 please", "I got 402179", "it's 402179", "okay 402179", "okay I got 402179", "the code is 402179 I think"),
    *("four oh two one seven nine", "402 179, thank you", "for oh two one seven nine", "four oh two seventeen nine"),
]


@pytest.fixture
def of_402179(known: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The same office, whose next code is 402179."""
    monkeypatch.setattr(own, "make_code", lambda ids: CODE)
    return known


@pytest.mark.sqlite_first
@pytest.mark.parametrize("said", SAID)
def test_a_code_with_what_people_say_beside_it_is_a_code(of_402179: Office, said: str) -> None:
    assert RIGHT in asks_for_a_bill(of_402179).says(said).words


@pytest.mark.sqlite_first
@pytest.mark.parametrize("said", SAID)
def test_a_code_is_one_whatever_the_ear_alone_hears(
    of_402179: Office, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = asks_for_a_bill(of_402179)
    monkeypatch.setattr(hearing, "judge", lambda heard: Class.EMERGENT)
    assert RIGHT in caller.says(said).words


@pytest.mark.parametrize(
    ("words", "language", "code"),
    [
        ("four oh two double seven nine", "en-US", "402779"),
        ("doble cuatro dos uno siete nueve", "es-US", "442179"),
        ("402179", "en-US", CODE),
    ],
)
def test_a_code_is_read_as_numbers_are_said(words: str, language: str, code: str) -> None:
    assert code in read_code(Spoke(words, danger=CALM), language)


@pytest.mark.sqlite_first
def test_several_readings_of_a_wrong_code_are_one_try(of_402179: Office) -> None:
    caller = asks_for_a_bill(of_402179)
    assert len(read_code(Spoke("twenty one thirty three for for", danger=CALM), "en-US")) > 1
    assert WRONG in caller.says("twenty one thirty three for for").words
    assert newest(of_402179).wrong == 1


@pytest.mark.sqlite_first
@pytest.mark.parametrize("said", ["402179 my chest hurts", "my mother had a stroke four oh two one seven nine"])
def test_an_illness_beside_a_code_is_heard_and_the_code_is_kept_nowhere(of_402179: Office, said: str) -> None:
    caller = asks_for_a_bill(of_402179)
    assert "911" in caller.says(said).words
    with transaction(of_402179.services) as work:
        spoken = [entry.answer for entry in log.entries(work, caller.leg) if isinstance(entry.answer, Spoke)]
    assert [read_digits((one.words,), "en-US") for one in spoken] == [()]
    assert spoken[0].words
    assert spoken[0].danger != CALM
    assert newest(of_402179).wrong == 0


@pytest.mark.sqlite_first
def test_a_second_code_kills_the_first_and_there_is_no_third(known: Office) -> None:
    caller = asks_for_a_bill(known)
    first = code_in(texts(known)[0])
    assert ASKED in caller.presses("2").words
    second = code_in(texts(known)[1])
    assert [row.state for row in known.rows(one_time_code)].count("replaced") == 1
    assert WRONG in caller.presses(first).words
    assert RIGHT in caller.presses(second).words
    again = asks_for_a_bill(known)
    for _ in range(2):
        assert again.leg.pending_kind == "AskCode"
        again.presses("2")
    assert again.leg.pending_key.startswith("office/promise/")


@pytest.mark.sqlite_first
@pytest.mark.parametrize("how", ["silence", "an illness", "a person"])
def test_nobody_is_kept_at_the_question(known: Office, how: str) -> None:
    caller = asks_for_a_bill(known)
    if how == "silence":
        caller.asks(caller.heard.url("action"))
        assert level(known, caller) == "L1"
    elif how == "an illness":
        assert "911" in caller.says("my chest hurts").words
        return
    else:
        caller.presses("0")
    assert caller.leg.pending_key.startswith(("office/promise/", "person/"))


@pytest.mark.sqlite_first
def test_a_cry_for_911_among_digits_is_no_code(known: Office) -> None:
    caller = asks_for_a_bill(known)
    assert "dial 911 now" in caller.says("nine one one nine one one").words
    assert newest(known).wrong == 0


def test_news_that_the_text_did_not_arrive_ends_the_question(known: Office) -> None:
    switch_on(known.world.net, "texts-failing")
    caller = asks_for_a_bill(known)
    texts(known)
    assert newest(known).state == "failed"
    assert "We could not send a code." in caller.asks(f"/voice/leg/{caller.leg.id}/0/document").words
    assert level(known, caller) == "L1"
    assert outcomes(known) == ["asked", "sent", "not-delivered"]
    assert [row.kind for row in known.rows(event, event.c.kind == "code-not-delivered")] == ["code-not-delivered"]
    assert known.alerts() == []


@pytest.mark.sqlite_first
@pytest.mark.parametrize("code", [21610, 21614])
def test_a_number_that_twilio_refuses_is_no_alarm(known: Office, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refused(*_: str) -> str:
        raise PermanentFailure(code)

    monkeypatch.setattr(known.services.twilio, "send_message", refused)
    caller = asks_for_a_bill(known)
    texts(known)
    assert "We could not send a code." in caller.asks(f"/voice/leg/{caller.leg.id}/0/document").words
    assert (newest(known).state, known.alerts()) == ("failed", [])


@pytest.mark.sqlite_first
def test_late_forged_or_repeated_news_changes_nothing(known: Office) -> None:
    caller = asks_for_a_bill(known)
    code = code_in(texts(known)[0])
    row = newest(known)
    with transaction(known.services) as work:
        note_status(work, row.id, "SM" + "0" * 32, "undelivered")
        note_status(work, "nobody", row.message_sid, "undelivered")
        note_status(work, row.id, row.message_sid, "delivered")
    assert newest(known) == row
    caller.presses(code)
    for _ in range(2):
        with transaction(known.services) as work:
            note_status(work, row.id, row.message_sid, "undelivered")
    assert (newest(known).state, level(known, caller)) == ("used", "L2")


@pytest.mark.sqlite_first
def test_a_webhook_with_the_code_that_comes_twice_counts_once(known: Office) -> None:
    caller = asks_for_a_bill(known)
    wrong = other_than(code_in(texts(known)[0]))
    url = caller.heard.url("action")
    assert caller.send(url, Digits=wrong).text == caller.send(url, Digits=wrong).text
    assert newest(known).wrong == 1


def test_a_text_whose_answer_was_lost_is_not_sent_again(known: Office) -> None:
    switch_on(known.world.net, "rest-lost-answer on POST Messages 1 time")
    asks_for_a_bill(known)
    known.world.advance(lambda: newest(known).state == "sent", timedelta(seconds=30))
    assert len(texts(known)) == 1
    assert newest(known).code_sealed is None


def test_no_more_than_five_codes_a_day_for_a_patient_or_a_number(known: Office) -> None:
    for _ in range(limits.MOST_A_DAY):
        assert ASKED in asks_for_a_bill(known).heard.words
    assert ASKED not in asks_for_a_bill(known).heard.words
    assert ASKED not in asks_for_a_bill(known, FA).heard.words  # another patient, the same number
    assert "too-many" in outcomes(known)
    known.world.clock.advance(timedelta(days=1, minutes=1))
    assert ASKED in asks_for_a_bill(known).heard.words


@pytest.mark.sqlite_first
def test_codes_in_numbers_and_codes_that_fail_are_told_once(known: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MANY_AN_HOUR", 3), ("MANY_FAILED", 2), ("MOST_A_DAY", 9)):
        monkeypatch.setattr(limits, name, value)
    for _ in range(4):
        caller = asks_for_a_bill(known)
        code = code_in(texts(known)[-1])
        for by in (1, 2, 3):
            caller.presses(other_than(code, by))
    assert sorted(known.alerts()) == ["codes-asked-for-in-numbers", "codes-failing"]


@pytest.mark.sqlite_first
def test_a_number_that_changes_before_the_text_leaves_gets_none(known: Office) -> None:
    caller = asks_for_a_bill(known)
    with known.services.database.write() as connection:
        connection.execute(update(patient).values(phone_since=known.world.now.date()))
    assert texts(known) == []
    assert newest(known).state == "failed"
    assert "We could not send a code." in caller.asks(f"/voice/leg/{caller.leg.id}/0/document").words


@pytest.mark.sqlite_first
def test_a_text_that_would_leave_too_late_is_none_and_ends_the_question(known: Office) -> None:
    caller = asks_for_a_bill(known)
    known.world.clock.advance(VALID)
    (item,) = known.rows(outbox, outbox.c.kind == "text_code")
    send_text(known.services, item)
    assert (newest(known).state, newest(known).code_sealed) == ("expired", None)
    assert "We could not send a code." in caller.asks(f"/voice/leg/{caller.leg.id}/0/document").words
    assert known.world.net.phone(CALLER).messages == []


def test_nothing_is_texted_where_the_line_does_not_know_who_it_is(known: Office) -> None:
    caller = known.dialled(from_=CALLER)
    for keys in ("1", "4", "1", "02291988", "60001"):
        caller.presses(keys)
    assert (level(known, caller), known.rows(one_time_code), texts(known)) == ("L0", [], [])


def test_the_digits_are_kept_sealed_and_only_until_the_text_has_left(known: Office) -> None:
    caller = asks_for_a_bill(known)
    assert newest(known).code_sealed is not None
    code = code_in(texts(known)[0])
    row = newest(known)
    assert row.code_sealed is None
    caller.presses(code)
    assert all(code not in str(value) for value in row)
    assert all(code not in str(item.details) for item in known.rows(outbox))
    assert code not in str(known.rows(event)) + str(known.rows(audit_row)) + str(known.rows(call))


@pytest.mark.parametrize("text", TEXTS.values())
def test_every_text_is_one_text(text: str) -> None:
    written = text.format(practice="The Family Medicine Practice of the North", code="123456")
    assert GSM.fullmatch(written)
    assert len(written) <= 160


def test_codes_are_six_digits_and_never_hold_911() -> None:
    ids = seeded_ids(3)
    made = [make_code(ids) for _ in range(3000)]
    assert all(len(code) == 6 and code.isdigit() and "911" not in code for code in made)
    assert len(set(made)) > 2950
    assert any(code.startswith("0") for code in made)
