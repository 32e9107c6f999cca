"""Codes of organisations: shown once, kept as slow hashes, and guessed at in vain."""

from __future__ import annotations

import pytest

from ivr.calls import log
from ivr.calls.identity_tables import identity_try
from ivr.calls.identity_throttle import judge, judge_organisation
from ivr.calls.tables import call_log
from ivr.core.unit_of_work import transaction
from ivr.jobs.tables import outbox
from ivr.oncall import in_vain, joining
from ivr.oncall.tables import escalation
from ivr.professionals.listing import NotListed, find_listed
from ivr.professionals.ringing import AT_LATEST
from ivr.professionals.tables import listed_caller, organisation_code
from routing.identity_tries import CROWD, NUMBER, RECORD, Guess
from tests.calls.office import Office
from tests.professionals.callers import (
    CALLER,
    FAILED,
    LAKESIDE,
    OTHER,
    RIGHT,
    WRONG,
    asked,
    audited,
    call_of,
    found,
    make,
    other_than,
    withdraw,
)

pytestmark = pytest.mark.sqlite_first


def tries(office: Office, code: str, times: int, from_: str = OTHER) -> None:
    """So many wrong codes that begin as ``code`` does, two a call, within a second or so."""
    for first in range(0, times, 2):
        caller = asked(office, from_)
        for turn in range(min(2, times - first)):
            caller.presses(other_than(code, 1 + first + turn))


def test_the_page_is_under_way_before_the_code_is_asked_for(any_office: Office) -> None:
    caller = asked(any_office)
    assert "if your organization has a code with us" in caller.heard.words
    assert any_office.one(escalation).state == "paging"


def test_the_right_code_is_known_and_kept_nowhere(any_office: Office) -> None:
    code = make(any_office.world)
    caller = asked(any_office)
    assert RIGHT in caller.presses(code).words
    row = any_office.one(listed_caller)
    assert (row.listed_id, row.leg_id, row.reached_at) == ("lakeside", None, None)
    assert found(any_office) == ["right"]
    assert audited(any_office, "professional.code") == [("right", "lakeside")]
    assert code not in repr(any_office.contents())
    with transaction(any_office.services) as work:
        assert code not in repr([one.answer for one in log.entries(work, caller.leg)])


def test_what_is_stored_of_a_code_is_a_slow_hash_and_a_keyed_one_of_its_beginning(any_office: Office) -> None:
    made = [make(any_office.world), make(any_office.world, "mercy")]
    assert len({code[:3] for code in made}) == 2
    for row in any_office.rows(organisation_code):
        assert row.hash.startswith("$argon2id$")
        assert len(row.selector_hash) == 64
        assert not any(code in repr(row) for code in made)


def test_nine_digits_that_are_said_are_the_code(any_office: Office) -> None:
    code = make(any_office.world)
    spoken = " ".join(code)
    assert RIGHT in asked(any_office).says(spoken).words
    assert found(any_office) == ["right"]
    assert spoken not in repr(any_office.rows(call_log))


def test_a_renewed_code_and_a_withdrawn_one_are_good_no_more(any_office: Office) -> None:
    old = make(any_office.world)
    new = make(any_office.world)
    caller = asked(any_office)
    assert WRONG in caller.presses(old).words
    assert RIGHT in caller.presses(new).words
    withdraw(any_office.world)
    assert WRONG in asked(any_office).presses(new).words


@pytest.mark.parametrize("given", ["", "5", "0"], ids=["silence or pound", "a key", "zero"])
def test_whoever_gives_none_goes_on_to_the_clinician_at_once(any_office: Office, given: str) -> None:
    make(any_office.world)
    heard = asked(any_office).presses(given)
    assert ("Enqueue" in heard.verbs, found(any_office)) == (True, [])


def test_two_wrong_codes_go_on_and_tell_nothing(any_office: Office) -> None:
    code = make(any_office.world)
    known, strange = asked(any_office), asked(any_office, OTHER)
    assert known.presses(other_than(code)).words == strange.presses(other_than("000111222")).words
    last = known.presses(other_than(code, 2))
    assert FAILED in last.words
    assert "Lakeside" not in last.text
    assert "Enqueue" in last.verbs
    assert (any_office.rows(listed_caller), found(any_office)) == ([], ["wrong"] * 3)


def test_too_few_digits_are_no_try(any_office: Office) -> None:
    make(any_office.world)
    assert WRONG in asked(any_office).presses("1234").words
    assert (any_office.rows(identity_try), audited(any_office, "professional.code")) == ([], [("incomplete", None)])


def test_one_number_waits_longer_after_each_failure_and_is_then_right_in_vain(any_office: Office) -> None:
    code = make(any_office.world)
    tries(any_office, code, NUMBER.first)
    caller = asked(any_office, OTHER)
    assert WRONG in caller.presses(code).words
    assert found(any_office)[-1] == "refused number"
    assert any_office.rows(listed_caller) == []
    assert audited(any_office, "professional.code")[-1] == ("refused", "lakeside")
    any_office.passes(61)
    assert RIGHT in asked(any_office, OTHER).presses(code).words


def test_an_organisation_that_is_guessed_at_from_many_numbers_is_slowed_but_for_its_own(any_office: Office) -> None:
    code = make(any_office.world)
    for last in range(3):
        tries(any_office, code, 2, from_=f"+1210555014{last}")
    assert any_office.alerts() == ["organisation-code-guessed-at"]
    assert RECORD.first <= 6
    assert WRONG in asked(any_office, CALLER).presses(code).words
    assert found(any_office)[-1] == "refused record"
    assert RIGHT in asked(any_office, LAKESIDE).presses(code).words


def test_mistakes_behind_a_listed_number_do_not_lock_its_people_out(any_office: Office) -> None:
    code = make(any_office.world)
    tries(any_office, code, NUMBER.last - 1, from_=LAKESIDE)
    assert CROWD.first > NUMBER.last - 1
    assert RIGHT in asked(any_office, LAKESIDE).presses(code).words


def test_tries_at_codes_and_at_records_are_counted_apart(any_office: Office) -> None:
    tries(any_office, make(any_office.world), NUMBER.first)
    caller = asked(any_office, OTHER)
    with transaction(any_office.services) as work:
        row = call_of(any_office, caller)
        assert judge(work, row, None).refusal is None
        assert judge_organisation(work, row, Guess(None, "unknown")).refusal == "number"


def test_a_number_of_other_length_with_words_around_it_is_kept_nowhere(any_office: Office) -> None:
    make(any_office.world)
    caller = asked(any_office)
    caller.says("well I believe it was 1234567 perhaps")
    with transaction(any_office.services) as work:
        answers = repr([getattr(one.answer, "words", "") for one in log.entries(work, caller.leg)])
    assert ("believe" in answers, "1234567" in answers) == (True, False)


def test_a_clinician_takes_the_caller_from_the_question_for_a_code(any_office: Office) -> None:
    caller = asked(any_office)
    with transaction(any_office.services) as work:
        assert joining.join_callers(work, caller.leg.call_id, "dr-nguyen")
    assert caller.leg.pending_kind == "WithPerson"


def test_that_nobody_accepted_ends_the_question_for_a_code(any_office: Office) -> None:
    caller = asked(any_office)
    with transaction(any_office.services) as work:
        in_vain.tell_no_clinician(work, any_office.one(escalation).id)
    assert caller.leg.pending_key.startswith("backline/house/")


def test_a_listed_number_is_rung_though_nothing_tells_that_the_line_is_over(any_office: Office) -> None:
    caller = asked(any_office)
    caller.presses(make(any_office.world))
    caller.presses("1")
    rings = (outbox.c.kind == "dial_leg") & (outbox.c.subject == any_office.one(listed_caller).leg_id)
    any_office.world.settle()
    assert any_office.rows(outbox, rings) == []
    any_office.passes(AT_LATEST.total_seconds())
    any_office.world.settle()
    assert len(any_office.rows(outbox, rings)) == 1


def test_the_same_code_by_a_repeated_webhook_is_one_try(any_office: Office) -> None:
    code = make(any_office.world)
    caller = asked(any_office)
    action = caller.heard.url("action")
    first = caller.asks(action, Digits=other_than(code))
    again = caller.send(action, Digits=other_than(code))
    assert (first.text, len(any_office.rows(identity_try))) == (again.text, 1)


def test_an_unknown_practice_or_organisation_is_refused_with_the_mend(office: Office) -> None:
    organisation = office.world.organisation
    with pytest.raises(NotListed, match="there is no practice 'rivreside'; did you mean"):
        find_listed(organisation, "rivreside", "lakeside")
    with pytest.raises(NotListed, match="'lakesite' is not listed for the backline of riverside"):
        find_listed(organisation, "riverside", "lakesite")
    with pytest.raises(NotListed, match="list it, then: sunline load DIR"):
        find_listed(organisation, "maple", "lakeside")
    assert find_listed(organisation, "riverside", "mercy").kind == "hospital"
