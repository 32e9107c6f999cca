"""An agent who talks with a caller raises them by a code and the checklist; nobody else does, and never afterwards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from ivr.audit.tables import audit_row
from ivr.calls.tables import call
from ivr.codes.tables import one_time_code
from ivr.core.unit_of_work import transaction
from ivr.verification.feature import FEATURE
from ivr.verification.tables import identity_check
from tests.calls.office import CALLER, Office
from tests.calls.scenes import goes_on, joined, ringing, run, said_to, until_it_rings
from tests.codes.codes import other_than, send_through_verify
from tests.verification.desk import ALL, ANA, SENT, TO_L3, Desk, leave, newest_call, talk, texts_to
from tests.web.line import HOST

STRANGER = ("1", "2", "2")
NEW_NUMBER = ("1", "2", "1", "01311970", "60698")
OVER = "Nothing was done. Only who talks with the caller can prove them, and only while they talk."
MOVED_ON = "Nothing was done. This call has moved on since you opened the page. Look at it again."


def trail(office: Office, action: str) -> list[tuple[str, str, str | None]]:
    rows = office.rows(audit_row, audit_row.c.action == action)
    return [(row.actor, row.outcome, row.reason) for row in rows]


def test_an_agent_raises_a_caller_from_l1_to_l2_and_l3(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    assert desk.level == "L1"
    assert desk.gives(desk.texts()) == "The code is right: identity level L2."
    assert desk.level == "L2"
    assert desk.proves() == TO_L3
    assert desk.level == "L3"
    (row,) = known.rows(identity_check)
    assert (row.result, row.account, tuple(row.ticked), row.reason) == ("proved", "ana", ALL, "")
    assert trail(known, "patient.check") == [("ana", "proved", f"ticked: {', '.join(ALL)}")]
    codes = [(actor, outcome) for actor, outcome, _ in trail(known, "patient.code")]
    assert codes == [("ana", "asked"), ("system", "sent"), ("ana", "right")]
    assert {row.address for row in known.rows(audit_row, audit_row.c.actor == "ana")} == {"127.0.0.1"}


@pytest.mark.sqlite_first
@pytest.mark.parametrize("left_out", ALL)
def test_a_checklist_that_is_not_complete_stays_at_l2_and_leaves_a_row(known: Office, left_out: str) -> None:
    talk(known.world)
    desk = Desk(known)
    desk.to_l2()
    ticked = tuple(item for item in ALL if item != left_out)
    assert desk.proves(ticked).startswith("Nothing was done. Every item must be ticked.")
    assert (desk.level, known.rows(identity_check)) == ("L2", [])
    assert trail(known, "patient.check") == [("ana", "incomplete", f"ticked: {', '.join(ticked)}")]


def test_a_checklist_without_a_code_raises_nobody(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    assert desk.proves() == "Nothing was done. The checklist counts after a code was given."
    assert (desk.level, known.rows(identity_check)) == ("L1", [])


def test_who_is_not_proved_keeps_the_level_and_only_a_supervisor_decides_anew(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    desk.to_l2()
    assert desk.disproves("prompted", ("own-wish",)) == "Not proved: written down. No list raises this caller now."
    assert "somebody prompted the caller or spoke for them" in desk.text
    supervisor = Desk(known, "rosa", "supervisor")
    refused = desk.sends("check", mark=supervisor.mark, result="proved", ticked=ALL)
    assert refused == "Nothing was done. The caller was not proved before. Only a supervisor can decide anew."
    assert "Only a supervisor can decide anew." in desk.text
    assert desk.level == "L2"
    assert supervisor.proves() == TO_L3
    assert [
        (row.number, row.result, row.account) for row in sorted(known.rows(identity_check), key=lambda r: r.number)
    ] == [
        (1, "not-proved", "ana"),
        (2, "proved", "rosa"),
    ]
    assert trail(known, "patient.check")[0] == ("ana", "not-proved", "prompted, ticked: own-wish")


@pytest.mark.sqlite_first
@pytest.mark.parametrize("reason", ["", "she sounded odd"])
def test_why_somebody_is_not_proved_is_chosen_from_the_list(known: Office, reason: str) -> None:
    talk(known.world)
    desk = Desk(known)
    assert desk.disproves(reason) == "Nothing was done. Choose why the caller is not proved."
    assert known.rows(identity_check) == []
    assert "odd" not in str(trail(known, "patient.check"))


@pytest.mark.parametrize("who", ["caller", "agent"])
def test_when_the_talk_is_over_nothing_is_proved_any_more(known: Office, who: str) -> None:
    caller, agent = talk(known.world)
    desk = Desk(known)
    desk.to_l2()
    {"caller": caller, "agent": agent}[who].hang_up()
    run(known.world, 1)
    assert desk.proves() == OVER
    assert desk.disproves("no-code") == OVER
    assert (desk.level, known.rows(identity_check)) == ("L2", [])
    assert [outcome for _, outcome, _ in trail(known, "patient.check")] == ["no-talk", "no-talk"]
    assert "You are in no call now" in desk.browser.get("/my-call").get_data(as_text=True) or who == "caller"


def test_no_code_is_sent_or_looked_at_when_the_talk_is_over(known: Office) -> None:
    caller, _ = talk(known.world)
    desk = Desk(known)
    code = desk.texts()
    caller.hang_up()
    run(known.world, 1)
    assert desk.gives(code) == OVER
    assert desk.sends("code") == OVER
    assert (desk.level, len(texts_to(known))) == ("L1", 1)


def test_a_supervisor_proves_nobody_when_nobody_talks_with_the_caller(known: Office) -> None:
    caller, agent = talk(known.world)
    supervisor = Desk(known, "rosa", "supervisor")
    leave(known.world, agent, caller)
    assert supervisor.proves() == OVER
    assert known.rows(identity_check) == []


def test_another_agent_does_not_learn_that_there_is_such_a_call(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    desk.to_l2()
    other = Desk(known, "thandi")
    assert (other.status, other.look().count("Level reached")) == (403, 0)
    for act in ("code", "code/given", "check"):
        other.sends(act, mark=desk.mark, result="proved", ticked=ALL, code="123456")
        assert other.status == 403
    never = other.browser.get(f"/calls/{'0' * 24}/identity")
    assert (never.status_code, never.data) == (403, other.browser.get(other.path).data)
    assert (desk.level, known.rows(identity_check)) == ("L2", [])
    assert {outcome for actor, outcome, _ in trail(known, "call.identity") if actor == "thandi"} == {"denied"}


def test_an_agent_who_has_handed_the_caller_on_proves_them_no_more(known: Office) -> None:
    world = known.world
    caller, agent = talk(world)
    desk = Desk(known)
    desk.to_l2()
    agent.hang_up()
    goes_on(world, caller, ("1",))
    assert world.advance(lambda: any(name != ANA for name in ringing(world)), timedelta(minutes=2))
    (name,) = ringing(world)
    other = goes_on(world, world.net.phone(name).answer(), ("1",))
    joined(world, other, CALLER)
    assert desk.proves() == OVER
    assert (desk.level, known.rows(identity_check)) == ("L2", [])
    supervisor = Desk(known, "rosa", "supervisor")
    assert supervisor.proves() == TO_L3


def test_an_account_with_the_name_of_an_agent_and_another_role_is_not_that_agent(known: Office) -> None:
    talk(known.world)
    desk = Desk(known, "ana", "compliance")
    assert desk.status == 403
    assert desk.browser.get("/my-call").status_code == 403


def test_an_agent_who_has_stepped_out_for_a_moment_is_still_of_the_talk(known: Office) -> None:
    _, agent = talk(known.world)
    desk = Desk(known)
    desk.to_l2()
    agent.press("*")
    run(known.world, 3)
    assert desk.proves() == TO_L3


def test_who_speaks_for_the_patient_is_raised_by_nobody(known: Office) -> None:
    talk(known.world)
    with transaction(known.services) as work:
        work.connection.execute(update(call).values(representative_id="mother", relation="parent", caller_level="L1"))
    for name, role in (("ana", "agent"), ("rosa", "supervisor")):
        desk = Desk(known, name, role)
        assert "The caller speaks for the patient." in desk.text
        assert "<form method" not in desk.text.partition("<h1>")[2]
        assert desk.sends("code").startswith("Nothing was done. The caller speaks for the patient.")
        assert desk.proves().startswith("Nothing was done. The caller speaks for the patient.")
    assert (desk.level, texts_to(known), known.rows(identity_check)) == ("L1", [], [])


def test_who_was_not_matched_is_raised_by_nobody(known: Office) -> None:
    talk(known.world, STRANGER)
    desk = Desk(known)
    assert "No record was matched with this caller" in desk.text
    assert desk.sends("code").startswith("Nothing was done. No record was matched")
    assert desk.proves().startswith("Nothing was done. No record was matched")
    assert (desk.level, known.rows(one_time_code), known.rows(identity_check)) == ("L0", [], [])


def test_a_number_that_was_changed_lately_gets_no_code_and_nobody_learns_why(known: Office) -> None:
    talk(known.world, NEW_NUMBER)
    desk = Desk(known)
    assert desk.sends("code") == "No code can be sent or given in this call."
    assert known.rows(one_time_code) == []
    assert [row[:2] for row in trail(known, "patient.code")] == [("ana", "no-number")]


def test_a_code_goes_to_no_number_that_a_form_brings(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    assert desk.sends("code", number="+13125550155", to="+13125550155", phone="+13125550155").startswith(SENT)
    run(known.world, 3)
    assert (len(texts_to(known)), texts_to(known, "+13125550155")) == (1, [])


def test_wrong_codes_count_as_a_callers_do_and_a_form_that_is_sent_again_counts_once(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    code = desk.texts()
    mark = desk.mark
    assert desk.gives(other_than(code)) == "That is not the code."
    assert desk.sends("code/given", mark=mark, code=other_than(code)) == MOVED_ON
    assert known.one(one_time_code).wrong == 1
    assert desk.gives("12345") == "Type the six digits that the caller reads out."
    for by in (2, 3):
        desk.gives(other_than(code, by))
    assert known.one(one_time_code).state == "spent"
    assert desk.gives(code) == "That code is good no more. Send another one."
    assert desk.level == "L1"
    assert not {code, other_than(code)} & set(str(known.rows(audit_row)).replace("'", " ").split())


def test_a_button_that_is_pressed_twice_texts_once(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    assert desk.sends("code").startswith(SENT)
    assert desk.sends("code") == MOVED_ON
    run(known.world, 3)
    assert len(texts_to(known)) == 1


def test_a_form_of_an_older_page_and_one_that_is_sent_again_change_nothing(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    older = desk.mark
    desk.to_l2()
    assert desk.sends("check", mark=older, result="proved", ticked=ALL) == MOVED_ON
    assert desk.sends("check", mark="", result="proved", ticked=ALL) == MOVED_ON
    mark = desk.mark
    assert desk.proves() == TO_L3
    assert desk.sends("check", mark=mark, result="proved", ticked=ALL) == MOVED_ON
    assert desk.sends("check", mark=mark, result="not-proved", reason="prompted") == MOVED_ON
    assert (desk.level, len(known.rows(identity_check))) == ("L3", 1)


@pytest.mark.parametrize("result", ["", "L3", "proved "])
def test_a_form_that_no_page_has_is_refused(known: Office, result: str) -> None:
    talk(known.world)
    desk = Desk(known)
    desk.sends("check", result=result, reason="prompted", ticked=ALL)
    assert (desk.status, known.rows(identity_check)) == (400, [])


@pytest.mark.parametrize("act", ["code", "code/given", "check"])
def test_a_form_without_the_token_of_its_page_is_refused(known: Office, act: str) -> None:
    talk(known.world)
    desk = Desk(known)
    form = {"mark": desk.mark, "result": "proved", "code": "123456"}
    assert desk.browser.client.post(f"{desk.path}/{act}", base_url=HOST, data=form).status_code == 400
    assert known.rows(one_time_code) == []


def test_the_page_shows_no_value_of_the_record(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    seen = desk.text
    code = desk.texts()
    seen += desk.text
    desk.gives(code)
    seen += desk.text
    # Tokens and addresses are drawn, and may hold any digits.
    shown = re.sub(r'(value|action|href)="[^"]*"', "", seen)
    for value in ("Example", "1988", "02-29", "60699", "0199", code, "A-1"):
        assert value not in shown


def test_the_page_tells_what_is_missing_for_the_service(known: Office) -> None:
    talk(known.world)
    with transaction(known.services) as work:
        work.connection.execute(update(call).values(service="billing"))
    desk = Desk(known)
    assert "<dd>a code from the number on file</dd>" in desk.text
    desk.to_l2()
    assert "<dt>Missing for it</dt> <dd>nothing</dd>" in desk.text


def test_an_agent_is_brought_to_the_call_that_they_are_in(known: Office) -> None:
    caller, agent = talk(known.world)
    desk = Desk(known)
    assert desk.browser.get("/my-call").location == desk.path
    leave(known.world, caller, agent)
    assert "You are in no call now" in desk.browser.get("/my-call").get_data(as_text=True)


def test_the_level_holds_for_its_call_alone(known: Office) -> None:
    caller, agent = talk(known.world)
    desk = Desk(known)
    desk.to_l2()
    desk.proves()
    leave(known.world, caller, agent)
    talk(known.world)
    assert newest_call(known) != desk.call_id
    again = Desk(known)
    assert again.level == "L1"
    assert known.one(call, call.c.id == desk.call_id).identity_level == "L3"


def test_the_next_agent_of_the_same_call_hears_the_level(known: Office) -> None:
    caller, agent = talk(known.world)
    desk = Desk(known)
    desk.to_l2()
    desk.proves()
    agent.hang_up()
    world = known.world
    goes_on(world, caller, ("1",))
    until_it_rings(world, ANA)
    again = world.net.phone(ANA).answer()
    assert world.advance(lambda: "Identity level L3." in said_to(again), timedelta(seconds=30))


def test_what_was_decided_is_forgotten_with_its_call_and_stays_in_the_trail(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    desk.disproves("no-code", ("own-wish",))
    (row,) = known.rows(identity_check)
    memory = FEATURE.memory
    assert memory is not None
    assert memory.keeps is not None
    assert memory.forget is not None
    with known.services.database.write() as connection:
        memory.forget(connection, "0" * 24)
        assert connection.execute(select(call.c.id).where(memory.keeps)).scalars().all() == [row.call_id]
        memory.forget(connection, row.call_id)
        assert connection.execute(select(call.c.id).where(memory.keeps)).scalars().all() == []
    assert trail(known, "patient.check") == [("ana", "not-proved", "no-code, ticked: own-wish")]


@pytest.mark.sqlite_first
def test_codes_of_verify_are_asked_for_by_telephone(known: Office) -> None:
    send_through_verify(known.world)
    talk(known.world)
    desk = Desk(known)
    told = "Codes of this practice are sent and given by telephone"
    assert told in desk.text
    assert desk.sends("code").startswith(f"Nothing was done. {told}")
    assert desk.gives("402179").startswith(f"Nothing was done. {told}")
    assert (desk.level, known.rows(one_time_code)) == ("L1", [])


def test_whoever_proved_a_caller_may_take_it_back_in_the_same_talk(known: Office) -> None:
    talk(known.world)
    desk = Desk(known)
    desk.to_l2()
    assert desk.proves() == TO_L3
    assert desk.disproves("prompted").startswith("Not proved: written down.")
    assert desk.level == "L2"
    assert [row.result for row in sorted(known.rows(identity_check), key=lambda row: row.number)] == [
        "proved",
        "not-proved",
    ]
    assert trail(known, "patient.check")[-1][:2] == ("ana", "not-proved")
