"""Section 4.4, warm transfers and what can go wrong in them. Each test quotes the rule it pins."""

import pytest

from phonesim import Line, Options
from tests.simulator.contract.rooms import ANA, BEN, CAT, EVENTS, events, invite, refused, seen
from tests.simulator.stage import OURS, Stage


def held(stage: Stage, noun: str = "") -> tuple[Line, Line]:
    """Ana is on hold while Ben consults."""
    ana, ben = stage.member(ANA, noun=f"{EVENTS} {noun}"), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(hold=True)
    stage.net.run_due()
    return ana, ben


@pytest.mark.parametrize(("ends", "goes_on"), [("false", True), ("true", False)])
def test_a_caller_who_hangs_up_on_hold_ends_it_only_with_end_on_exit(stage: Stage, ends: str, goes_on: bool) -> None:
    """4.4: "conference continues with agents; a held participant whose endConferenceOnExit is true ends it for all"."""
    ana, ben = held(stage, f'endConferenceOnExit="{ends}"')
    ana.hang_up()
    stage.net.run_due()
    assert (stage.conference().fetch().status == "in-progress") is goes_on
    assert (ben.state == "in-progress") is goes_on


def test_a_pending_consult_keeps_ringing_until_the_server_cancels_it(stage: Stage) -> None:
    """4.4: "cancel ringing agent 2 (Status=canceled/completed)"."""
    ana, _ = held(stage)
    sid = invite(stage, CAT)
    stage.net.advance(3)
    ana.hang_up()
    stage.net.advance(5)
    assert stage.net.phone(CAT).ringing
    stage.twilio.calls(sid).update(status="canceled")
    stage.net.run_due()
    assert not stage.net.phone(CAT).ringing


@pytest.mark.parametrize(("quirk", "ended"), [(True, False), (False, True)])
def test_changing_the_exit_rule_while_held_has_no_effect(quirk: bool, ended: bool) -> None:
    """4.4: "endConferenceOnExit changed while participant is on hold: API answers OK, change has no effect"."""
    stage = Stage(Options(hold_quirk=quirk))
    ana, ben = stage.member(ANA), stage.member(BEN)
    participant = stage.conference().participants(ana.call_sid)
    participant.update(hold=True)
    participant.update(end_conference_on_exit=True)
    ana.hang_up()
    stage.net.run_due()
    assert (stage.conference().fetch().status == "completed") is ended
    assert (ben.connected_to, ben.state) == (set(), "completed" if ended else "in-progress")


def test_the_exit_rule_changed_before_the_hold_holds(stage: Stage) -> None:
    """4.4: "change it before hold or unhold, set, re-hold"."""
    ana, _ = stage.member(ANA), stage.member(BEN)
    participant = stage.conference().participants(ana.call_sid)
    participant.update(end_conference_on_exit=True)
    participant.update(hold=True)
    ana.hang_up()
    stage.net.run_due()
    assert stage.conference().fetch().status == "completed"


@pytest.mark.parametrize(("ends", "caller"), [("true", "completed"), ("false", "in-progress")])
def test_agent_one_who_hangs_up_while_agent_two_rings(stage: Stage, ends: str, caller: str) -> None:
    """4.4: "with endConferenceOnExit=true everyone drops; with false caller waits alone"."""
    ana = stage.member(ANA, dial="")
    ben = stage.member(BEN, noun=f'endConferenceOnExit="{ends}"')
    invite(stage, CAT)
    stage.net.advance(3)
    ben.hang_up()
    stage.net.advance(5)
    assert ana.state == caller
    assert ana.connected_to == set()


@pytest.mark.parametrize(
    ("behaviour", "status"), [("busy", "busy"), ("ignore", "no-answer"), ("unreachable", "failed")]
)
def test_agent_two_who_does_not_come_leaves_the_caller_on_hold(stage: Stage, behaviour: str, status: str) -> None:
    """4.4: "call status callback gives busy/no-answer/failed; caller still on hold"."""
    ana, _ = held(stage)
    stage.phone(CAT, behaviour)
    sid = invite(stage, CAT, timeout=10)
    stage.net.advance(30)
    assert stage.twilio.calls(sid).fetch().status == status
    assert seen(stage)[-1]["ReasonParticipantLeft"] == "participant_add_failed"
    assert stage.conference().participants(ana.call_sid).fetch().hold is True


def test_a_voicemail_joins_like_anybody(stage: Stage) -> None:
    """4.4: "Agent 2's voicemail answers: it joins as a participant"."""
    ana = stage.member(ANA)
    stage.phone(BEN, "voicemail")
    invite(stage, BEN)
    stage.net.advance(20)
    assert ana.connected_to == {BEN}


def test_a_conference_with_one_participant_goes_on(stage: Stage) -> None:
    """4.4: "Only one participant remains: conference stays in-progress; not ended by Twilio"."""
    ana, ben = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    ben.hang_up()
    stage.net.advance(3600)
    assert stage.conference().fetch().status == "in-progress"
    assert ana.state == "in-progress"
    assert events(stage)[-1] == "participant-leave"


def test_rest_about_somebody_who_just_went_is_21220_and_20404(stage: Stage) -> None:
    """4.4: "REST to a call that just ended: 400 / 21220, participant 404 / 20404"."""
    ana, _ = stage.member(ANA), stage.member(BEN)
    participant = stage.conference().participants(ana.call_sid)
    ana.hang_up()
    stage.net.run_due()
    assert refused(lambda: stage.twilio.calls(ana.call_sid).update(status="completed")) == (400, 21220)
    assert refused(lambda: participant.update(hold=False)) == (404, 20404)
    assert refused(participant.fetch) == (404, 20404)


def test_agent_two_takes_over(stage: Stage) -> None:
    """4.4: hold the caller, add agent 2, consult, unhold, agent 1 leaves."""
    ana, ben = held(stage)
    stage.phone(CAT, "answer")
    sid = stage.twilio.conferences("room").participants.create(from_=OURS, to=CAT, end_conference_on_exit=True).call_sid
    stage.net.advance(10)
    assert (ana.connected_to, ben.connected_to) == (set(), {CAT})
    room = stage.conference()
    room.participants(ana.call_sid).update(hold=False)
    room.participants(ben.call_sid).delete()
    stage.net.run_due()
    assert ana.connected_to == {CAT}
    stage.twilio.calls(sid).update(status="completed")
    stage.net.run_due()
    assert room.fetch().status == "completed"
