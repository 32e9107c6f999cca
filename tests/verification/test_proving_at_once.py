"""Several people and tabs at one call at the same moment, in real threads: one result stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from ivr.accounts.accounts_store import Person
from ivr.calls import legs
from ivr.calls.conversation import interrupt_flow
from ivr.codes.tables import USABLE, one_time_code
from ivr.core.unit_of_work import Work, in_transaction
from ivr.verification import proving
from ivr.verification.proving import Form
from ivr.verification.tables import identity_check
from tests.calls.office import Office
from tests.codes.codes import other_than
from tests.races.threads import at_once
from tests.verification.desk import ALL, Desk, talk

ANA, ROSA = Person("1", "ana", "agent"), Person("2", "rosa", "supervisor")


def act(office: Office, what: Callable[[Work], str]) -> str:
    return in_transaction(office.services, what)


def form(desk: Desk, person: Person) -> Form:
    return Form(person, desk.call_id, desk.mark)


def proves(desk: Desk, person: Person) -> str:
    return act(desk.office, lambda work: proving.decide(work, form(desk, person), "proved", ALL, ""))


def disproves(desk: Desk, person: Person) -> str:
    return act(desk.office, lambda work: proving.decide(work, form(desk, person), "not-proved", (), "prompted"))


def types(desk: Desk, digits: str) -> str:
    return act(desk.office, lambda work: proving.check_read_out(work, form(desk, ANA), digits))


def hangs_up(office: Office, call_id: str) -> str:
    def end(work: Work) -> str:
        legs.lock_call(work, call_id)
        (caller,) = legs.list_living(work, call_id, "caller")
        interrupt_flow(work, caller.id, "hung-up")
        legs.note_status(work, caller.id, "completed", None)
        return "over"

    return act(office, end)


@pytest.fixture
def desk(known: Office) -> Desk:
    talk(known.world)
    made = Desk(known)
    made.to_l2()
    return made


def test_of_several_tabs_and_people_who_prove_at_once_one_writes_it_down(known: Office, desk: Desk) -> None:
    told = at_once(*[partial(proves, desk, ANA)] * 3, partial(proves, desk, ROSA))
    assert sorted(told) == ["proved", "seen-before", "seen-before", "seen-before"]
    assert (desk.level, len(known.rows(identity_check))) == ("L3", 1)


def test_who_is_proved_and_not_proved_at_once_is_one_of_both(known: Office, desk: Desk) -> None:
    told = at_once(partial(proves, desk, ANA), partial(disproves, desk, ROSA))
    (row,) = known.rows(identity_check)
    assert sorted(told) == sorted((row.result, "seen-before"))
    assert desk.level == ("L3" if row.result == "proved" else "L2")


def test_a_caller_who_hangs_up_as_the_list_is_sent_is_proved_before_it_or_not_at_all(known: Office, desk: Desk) -> None:
    told, _ = at_once(partial(proves, desk, ANA), partial(hangs_up, known, desk.call_id))
    assert told in ("proved", "no-talk")
    assert (desk.level, len(known.rows(identity_check))) == (("L3", 1) if told == "proved" else ("L2", 0))


def test_of_right_codes_that_are_typed_at_once_one_raises(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    code = desk.texts()
    assert sorted(at_once(*[partial(types, desk, code)] * 3)) == ["right", "seen-before", "seen-before"]
    assert desk.level == "L2"


def test_of_wrong_codes_that_are_typed_at_once_from_one_page_one_counts(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    code = desk.texts()
    told = at_once(*[partial(types, desk, other_than(code, by)) for by in (1, 2, 3, 4)])
    assert sorted(told) == ["seen-before", "seen-before", "seen-before", "wrong"]
    assert known.one(one_time_code).wrong == 1


def test_of_buttons_that_are_pressed_at_once_one_texts(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)

    def text() -> str:
        return act(known, lambda work: proving.text_code(work, form(desk, ANA)))

    assert sorted(at_once(text, text, text)) == ["seen-before", "seen-before", "sent"]
    assert len(known.rows(one_time_code, one_time_code.c.state.in_(USABLE))) == 1
