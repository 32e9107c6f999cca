"""Conferences and participants (Twilio: Conference, Participants)."""

import pytest
from twilio.base.exceptions import TwilioRestException

from phonesim import Options
from tests.simulator.stage import BASE, OURS, Page, Stage, heard

ANA, BEN, CAT = "+13125550191", "+13125550192", "+13125550193"
EVENTS = 'statusCallback="/events" statusCallbackEvent="start end join leave mute hold modify announcement"'


def events(stage: Stage) -> list[str]:
    return [seen["StatusCallbackEvent"] for seen in stage.at("/events")]


def invite(stage: Stage, number: str, room: str = "room", **more: object) -> str:
    return str(stage.twilio.conferences(room).participants.create(from_=OURS, to=number, **more).call_sid)


def test_it_starts_with_two_participants_of_whom_one_may_start_it(stage: Stage) -> None:
    ana = stage.member(ANA, noun=EVENTS)
    assert ana.connected_to == set()
    assert stage.conference().fetch().status == "init"
    ben = stage.member(BEN)
    assert ana.connected_to == {BEN}
    assert ben.connected_to == {ANA}
    assert stage.conference().fetch().status == "in-progress"
    assert events(stage) == ["participant-join", "participant-join", "conference-start"]


def test_two_who_may_not_start_it_keep_waiting_until_a_third_may(stage: Stage) -> None:
    quiet = 'startConferenceOnEnter="false"'
    ana, ben = stage.member(ANA, noun=quiet), stage.member(BEN, noun=quiet)
    assert ana.connected_to == set()
    assert ben.heard[-1].kind == "music"
    stage.member(CAT)
    assert ana.connected_to == {BEN, CAT}


def test_until_the_start_the_wait_document_plays_once_then_silence(stage: Stage) -> None:
    stage.page("/wait", "<Say>one moment</Say>")
    ana = stage.member(ANA, noun='waitUrl="/wait" waitMethod="GET"')
    stage.net.advance(20)
    assert stage.one("/wait").method == "GET"
    assert [sound.kind for sound in ana.heard] == ["ring", "say", "silence"]


def test_a_redirect_keeps_the_wait_document_going(stage: Stage) -> None:
    stage.page("/wait", "<Pause length='5'/><Redirect/>")
    stage.member(ANA, noun='waitUrl="/wait"')
    stage.net.advance(12)
    assert len(stage.at("/wait")) == 3


def test_the_default_wait_is_music_and_an_empty_wait_url_silence(stage: Stage) -> None:
    assert stage.member(ANA).heard[-1].kind == "music"
    assert stage.member(BEN, "other", 'waitUrl=""').heard[-1].kind == "silence"


def test_a_wait_document_that_cannot_be_had_ends_the_dial(stage: Stage) -> None:
    stage.page("/wait", Page(status=500))
    stage.page("/left", "<Say>sorry</Say>")
    ana = stage.member(ANA, noun='waitUrl="/wait"')
    assert stage.at("/left")
    assert heard(ana) == ["sorry"]


@pytest.mark.parametrize("verb", ["<Gather/>", "<Hangup/>", "<Record/>", f"<Dial>{CAT}</Dial>"])
def test_verbs_not_allowed_while_waiting_are_13238(stage: Stage, verb: str) -> None:
    stage.page("/wait", f"{verb}<Say>one moment</Say>")
    ana = stage.member(ANA, noun='waitUrl="/wait"')
    assert stage.codes() == [13238]
    assert heard(ana) == ["one moment"]


def test_the_first_to_join_fixes_the_callbacks(stage: Stage) -> None:
    stage.member(ANA, noun=EVENTS)
    stage.member(BEN, noun='statusCallback="/others" statusCallbackEvent="join leave"')
    assert stage.at("/others") == []
    assert len(events(stage)) == 3


def test_a_conference_created_by_rest_without_callbacks_never_tells_anything(stage: Stage) -> None:
    stage.phone(BEN, "answer")
    invite(stage, BEN)
    stage.net.advance(10)
    stage.member(ANA, noun=EVENTS)
    assert stage.net.phone(BEN).line.connected_to == {ANA}
    assert events(stage) == []


def test_events_carry_the_conference_and_the_participant(stage: Stage) -> None:
    ana = stage.member(ANA, noun=f'{EVENTS} participantLabel="caller"')
    seen = stage.at("/events")[0]
    wanted = {
        "FriendlyName": "room", "SequenceNumber": "0", "CallSid": ana.call_sid, "Muted": "false", "Hold": "false",
        "Coaching": "false", "EndConferenceOnExit": "false", "StartConferenceOnEnter": "true",
        "ParticipantLabel": "caller",
    }  # fmt: skip
    assert {name: seen[name] for name in wanted} == wanted
    assert seen["ConferenceSid"].startswith("CF")


def test_leaving_is_told_with_its_reason_and_the_dial_action_gets_answered(stage: Stage) -> None:
    ana, _ = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    ana.hang_up()
    stage.net.run_due()
    seen = stage.at("/events")[-1]
    assert seen["StatusCallbackEvent"] == "participant-leave"
    assert (seen["ReasonParticipantLeft"], seen["ParticipantCallStatus"]) == ("participant_hung_up", "completed")
    left = stage.one("/left")
    assert left["DialCallStatus"] == "answered"
    assert "DialCallSid" not in left.params


def test_a_conference_with_one_participant_goes_on_in_silence(stage: Stage) -> None:
    ana, ben = stage.member(ANA), stage.member(BEN)
    ben.hang_up()
    stage.net.advance(60)
    assert stage.conference().fetch().status == "in-progress"
    assert ana.state == "in-progress"
    assert ana.heard[-1].kind == "silence"


def test_end_conference_on_exit_ends_it_for_all(stage: Stage) -> None:
    stage.page("/left", "<Say>the meeting is over</Say><Pause length='9'/>")
    ana, ben = stage.member(ANA, noun=EVENTS), stage.member(BEN, noun='endConferenceOnExit="true"')
    ben.hang_up()
    stage.net.run_due()
    end = stage.at("/events")[-1]
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert end["CallSidEndingConference"] == ben.call_sid
    leave = [seen for seen in stage.at("/events") if seen.params.get("CallSid") == ana.call_sid][-1]
    assert leave["ReasonParticipantLeft"] == "moderator_ended_conference"
    assert heard(ana) == ["the meeting is over"]


def test_the_last_to_leave_ends_it_and_the_name_is_free_again(stage: Stage) -> None:
    ana = stage.member(ANA, noun=EVENTS)
    ana.hang_up()
    stage.net.run_due()
    assert stage.at("/events")[-1]["ReasonConferenceEnded"] == "last-participant-left"
    stage.member(BEN)
    assert len(stage.twilio.conferences.list(friendly_name="room")) == 2


def test_hold_means_neither_hearing_nor_being_heard(stage: Stage) -> None:
    stage.page("/hold", "<Say>please hold</Say><Pause length='5'/><Redirect method='GET'/>")
    ana, ben, cat = stage.member(ANA, noun=EVENTS), stage.member(BEN), stage.member(CAT)
    participant = stage.conference().participants(ana.call_sid)
    assert participant.update(hold=True, hold_url=f"{BASE}/hold").hold is True
    stage.net.run_due()
    assert stage.one("/hold").method == "GET"
    assert (ana.connected_to, ben.connected_to) == (set(), {CAT})
    assert heard(ana) == ["please hold"]
    participant.update(hold=False)
    stage.net.run_due()
    assert cat.connected_to == {ANA, BEN}
    assert events(stage)[-2:] == ["participant-hold", "participant-unhold"]


def test_hold_without_a_url_plays_music(stage: Stage) -> None:
    ana, _ = stage.member(ANA), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(hold=True)
    stage.net.run_due()
    assert ana.heard[-1].kind == "music"


def test_a_muted_participant_hears_but_is_not_heard(stage: Stage) -> None:
    ana, ben = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(muted=True)
    ana.say("nobody hears this")
    ben.say("can you hear me")
    stage.net.run_due()
    assert (heard(ana, "speech"), heard(ben, "speech")) == (["can you hear me"], [])
    assert ana.connected_to == set()
    assert events(stage)[-1] == "participant-mute"


def test_a_coach_is_heard_only_by_the_coached(stage: Stage) -> None:
    ana, ben = stage.member(ANA), stage.member(BEN)
    coach = stage.member(CAT, noun=f'coach="{ana.call_sid}"')
    coach.say("ask about the pain")
    stage.net.run_due()
    assert (heard(ana, "speech"), heard(ben, "speech")) == (["ask about the pain"], [])


def test_coaching_someone_who_is_not_there_is_13240_and_goes_to_the_action(stage: Stage) -> None:
    stage.member(ANA, noun=f'coach="CA{"0" * 32}"')
    assert stage.codes() == [13240]
    assert stage.at("/left")


def test_labels_are_unique_in_a_conference(stage: Stage) -> None:
    stage.member(ANA, noun='participantLabel="nurse"')
    stage.member(BEN, noun='participantLabel="nurse"')
    assert stage.codes() == [16025]
    assert len(stage.conference().participants.list()) == 1


def test_a_full_conference_is_16020(stage: Stage) -> None:
    for number in (ANA, BEN, CAT):
        stage.member(number, noun='maxParticipants="2"')
    assert stage.codes() == [16020]


def test_a_participant_is_found_by_label_too(stage: Stage) -> None:
    ana = stage.member(ANA, noun='participantLabel="caller"')
    found = stage.conference().participants("caller").fetch()
    assert (found.call_sid, found.status) == (ana.call_sid, "connected")


def test_a_participant_created_by_name_is_called_and_joins_on_answer(stage: Stage) -> None:
    ana = stage.member(ANA, noun=EVENTS)
    created = stage.twilio.conferences("room").participants.create(from_=OURS, to=BEN, label="agent")
    assert (created.status, created.label) == ("queued", "agent")
    stage.net.advance(2)
    assert stage.conference().participants(created.call_sid).fetch().status == "ringing"
    stage.net.phone(BEN).answer()
    stage.net.run_due()
    assert ana.connected_to == {BEN}
    assert events(stage)[-2:] == ["participant-join", "conference-start"]


def test_a_participant_who_does_not_come_is_told_as_add_failed(stage: Stage) -> None:
    stage.phone(BEN, "busy")
    ana = stage.member(ANA, noun=EVENTS)
    sid = invite(stage, BEN, status_callback=f"{BASE}/leg")
    stage.net.advance(5)
    seen = stage.at("/events")[-1]
    assert (seen["ReasonParticipantLeft"], seen["ParticipantCallStatus"]) == ("participant_add_failed", "busy")
    assert stage.one("/leg")["CallSid"] == sid
    assert ana.state == "in-progress"


def test_the_ring_timer_of_a_participant_is_timeout_plus_five_seconds(stage: Stage) -> None:
    stage.member(ANA)
    sid = invite(stage, BEN, timeout=20)
    stage.net.advance(25.9)
    assert stage.net.phone(BEN).ringing
    stage.net.advance(0.1)
    assert stage.twilio.calls(sid).fetch().status == "no-answer"


def test_a_voicemail_joins_like_anybody(stage: Stage) -> None:
    stage.phone(BEN, "voicemail")
    ana = stage.member(ANA)
    invite(stage, BEN)
    stage.net.advance(20)
    assert ana.connected_to == {BEN}


def test_a_kicked_caller_goes_on_with_the_action_and_a_called_participant_is_hung_up(stage: Stage) -> None:
    stage.phone(BEN, "answer")
    stage.page("/left", "<Say>you were taken out</Say><Pause length='9'/>")
    ana = stage.member(ANA, noun=EVENTS)
    sid = invite(stage, BEN)
    stage.net.advance(10)
    room = stage.conference()
    assert room.participants(sid).delete()
    stage.net.run_due()
    assert stage.twilio.calls(sid).fetch().status == "completed"
    assert room.participants(ana.call_sid).delete()
    stage.net.run_due()
    assert heard(ana) == ["you were taken out"]
    assert stage.at("/events")[-1]["ReasonConferenceEnded"] == "last-participant-kicked"


def test_deleting_a_participant_twice_is_404(stage: Stage) -> None:
    ana, _ = stage.member(ANA), stage.member(BEN)
    participant = stage.conference().participants(ana.call_sid)
    participant.delete()
    with pytest.raises(TwilioRestException) as problem:
        participant.delete()
    assert (problem.value.status, problem.value.code) == (404, 20404)


def test_ending_it_by_rest_sends_everyone_to_the_action(stage: Stage) -> None:
    stage.member(ANA, noun=EVENTS)
    stage.member(BEN)
    room = stage.conference()
    assert room.update(status="completed").status == "completed"
    stage.net.run_due()
    assert stage.at("/events")[-1]["ReasonConferenceEnded"] == "conference-ended-via-api"
    assert len(stage.at("/left")) == 2
    assert room.participants.list() == []


@pytest.mark.parametrize(("quirk", "ended"), [(True, False), (False, True)])
def test_changing_the_exit_rule_while_held_has_no_effect(quirk: bool, ended: bool) -> None:
    stage = Stage(Options(hold_quirk=quirk))
    ana, ben = stage.member(ANA), stage.member(BEN)
    participant = stage.conference().participants(ana.call_sid)
    participant.update(hold=True)
    participant.update(end_conference_on_exit=True)
    ana.hang_up()
    stage.net.run_due()
    assert (stage.conference().fetch().status == "completed") is ended
    assert (ben.connected_to, ben.state) == (set(), "completed" if ended else "in-progress")


def test_a_held_participant_whose_exit_ends_it_still_ends_it(stage: Stage) -> None:
    ana, _ = stage.member(ANA, noun='endConferenceOnExit="true"'), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(hold=True)
    ana.hang_up()
    stage.net.run_due()
    assert stage.conference().fetch().status == "completed"


def test_an_announcement_to_all_is_fetched_once_and_heard_by_all(stage: Stage) -> None:
    stage.page("/news", "<Say>this call is recorded</Say>")
    ana, ben = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    stage.conference().update(announce_url=f"{BASE}/news")
    stage.net.advance(5)
    assert len(stage.at("/news")) == 1
    assert heard(ana) == heard(ben) == ["this call is recorded"]
    assert events(stage)[-1] == "announcement-end"


def test_an_announcement_to_one_is_heard_by_one(stage: Stage) -> None:
    stage.page("/news", "<Say>only for you</Say>")
    ana, ben = stage.member(ANA), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(announce_url=f"{BASE}/news")
    stage.net.advance(5)
    assert (heard(ana), heard(ben)) == (["only for you"], [])


def test_joining_beeps_for_the_others_unless_switched_off(stage: Stage) -> None:
    ana = stage.member(ANA)
    stage.member(BEN)
    stage.member(CAT, noun='beep="false"')
    assert [sound.kind for sound in ana.heard].count("beep") == 1


def test_keys_pressed_in_a_conference_reach_nobody_but_star_may_leave_it(stage: Stage) -> None:
    ana, _ = stage.member(ANA, dial='action="/left" hangupOnStar="true"'), stage.member(BEN)
    ana.press("12")
    stage.net.advance(1)
    assert stage.at("/left") == []
    ana.press("*")
    stage.net.run_due()
    assert stage.one("/left")["DialCallStatus"] == "answered"


def test_a_conference_is_recorded_from_its_start_until_its_end(stage: Stage) -> None:
    record = 'record="record-from-start" recordingStatusCallback="/rec"'
    stage.member(ANA, noun=record)
    stage.net.advance(30)
    stage.member(BEN)
    stage.net.advance(10)
    stage.conference().update(status="completed")
    stage.net.advance(5)
    seen = stage.one("/rec")
    assert (seen["RecordingDuration"], seen["RecordingSource"], seen["RecordingChannels"]) == ("10", "Conference", "1")
    assert "CallSid" not in seen.params
    assert seen["ConferenceSid"].startswith("CF")


def test_a_redirect_by_rest_takes_a_caller_out_of_the_conference(stage: Stage) -> None:
    stage.page("/back", "<Say>back to the menu</Say><Pause length='9'/>")
    ana, _ = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    stage.twilio.calls(ana.call_sid).update(url=f"{BASE}/back")
    stage.net.run_due()
    assert stage.paths()[-2:] == ["/left", "/back"]
    assert stage.at("/events")[-1]["ReasonParticipantLeft"] == "participant_updated_via_api"
    assert heard(ana) == ["back to the menu"]


def test_a_called_participant_can_be_redirected_to_a_document(stage: Stage) -> None:
    stage.phone(BEN, "answer")
    stage.page("/new", "<Say>a document at last</Say><Pause length='9'/>")
    stage.member(ANA)
    sid = invite(stage, BEN)
    stage.net.advance(10)
    stage.twilio.calls(sid).update(url=f"{BASE}/new")
    stage.net.run_due()
    assert heard(stage.net.phone(BEN).line) == ["a document at last"]


def test_hanging_up_a_ringing_participant_cancels_the_ring(stage: Stage) -> None:
    stage.member(ANA)
    sid = invite(stage, BEN)
    stage.net.advance(3)
    stage.conference().participants(sid).delete()
    stage.net.run_due()
    assert stage.twilio.calls(sid).fetch().status == "canceled"
    assert not stage.net.phone(BEN).ringing
