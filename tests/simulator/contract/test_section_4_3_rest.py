"""Section 4.3, conferences and participants over REST. Each test quotes the rule it pins."""

from typing import Any

import pytest

from phonesim import Options
from tests.simulator.contract.rooms import ANA, BEN, CAT, EVENTS, events, invite, refused, room_events, seen
from tests.simulator.stage import BASE, OURS, Stage, heard


def test_conferences_are_found_by_name_and_status(stage: Stage) -> None:
    """4.3: "GET Conferences.json?FriendlyName=&Status=init|in-progress|completed"."""
    old = stage.member(ANA, "one")
    old.hang_up()
    stage.net.run_due()
    stage.member(ANA, "one")
    stage.member(BEN, "two")
    stage.member(CAT, "two")
    found = {status: [one.friendly_name for one in stage.twilio.conferences.list(status=status)]
             for status in ("init", "in-progress", "completed")}  # fmt: skip
    assert found == {"init": ["one"], "in-progress": ["two"], "completed": ["one"]}
    assert len(stage.twilio.conferences.list(friendly_name="one")) == 2


def test_conferences_are_found_by_their_dates(stage: Stage) -> None:
    """4.3 and OAI: DateCreated and DateUpdated with < and >."""
    stage.member(ANA, "one")
    stage.net.advance(86400)
    stage.member(BEN, "two")
    today = stage.net.now.date()
    assert [one.friendly_name for one in stage.twilio.conferences.list(date_created=today)] == ["two"]
    assert [one.friendly_name for one in stage.twilio.conferences.list(date_created_before=today)] == ["one"]


def test_ending_it_by_rest_sends_everyone_on(stage: Stage) -> None:
    """4.3: "POST Conferences/{CF}.json Status=completed"; "Finished conferences list no participants"."""
    stage.member(ANA, noun=EVENTS)
    stage.member(BEN)
    room = stage.conference()
    assert room.update(status="completed").status == "completed"
    stage.net.run_due()
    assert len(stage.at("/left")) == 2
    assert room.participants.list() == []


def test_an_announcement_to_all_is_fetched_once_and_heard_by_all(stage: Stage) -> None:
    """4.3: "AnnounceUrl(+Method)" on the conference."""
    stage.page("/news", "<Say>this call is recorded</Say>")
    ana, ben = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    stage.conference().update(announce_url=f"{BASE}/news", announce_method="GET")
    stage.net.advance(5)
    assert stage.one("/news").method == "GET"
    assert heard(ana) == heard(ben) == ["this call is recorded"]


def test_an_announcement_to_one_is_heard_by_one(stage: Stage) -> None:
    """4.3: "AnnounceUrl/Method" on a participant."""
    stage.page("/news", "<Say>only for you</Say>")
    ana, ben = stage.member(ANA), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(announce_url=f"{BASE}/news")
    stage.net.advance(5)
    assert (heard(ana), heard(ben)) == (["only for you"], [])


def test_a_finished_conference_takes_nobody_and_tells_nothing(stage: Stage) -> None:
    """4.3: "16022 = conference gone"."""
    stage.member(ANA)
    room = stage.conference()
    room.update(status="completed")
    stage.net.run_due()
    assert refused(lambda: room.participants.create(from_=OURS, to=BEN)) == (400, 16022)
    assert refused(lambda: room.update(announce_url=f"{BASE}/news")) == (400, 16022)


def test_a_participant_created_by_name_is_called_and_joins_on_answer(stage: Stage) -> None:
    """4.3: "Returns 201 with status: queued, call_sid, conference_sid, queue_time ms"."""
    ana = stage.member(ANA, noun=EVENTS)
    created = stage.twilio.conferences("room").participants.create(from_=OURS, to=BEN, label="agent")
    assert (created.status, created.label, created.queue_time) == ("queued", "agent", "0")
    assert created.conference_sid == stage.conference().fetch().sid
    stage.net.advance(2)
    assert stage.conference().participants(created.call_sid).fetch().status == "ringing"
    stage.net.phone(BEN).answer()
    stage.net.run_due()
    assert ana.connected_to == {BEN}
    assert events(stage)[-2:] == ["participant-join", "conference-start"]
    assert stage.conference().participants("agent").fetch().status == "connected"


def test_a_conference_may_be_named_or_given_by_sid_to_add_somebody(stage: Stage) -> None:
    """4.3: "POST Conferences/{CF or friendly name}/Participants.json"; the rest "need the CF sid (field)"."""
    ana = stage.member(ANA)
    room = stage.conference().fetch()
    assert stage.twilio.conferences(room.sid).participants.create(from_=OURS, to=BEN).conference_sid == room.sid
    by_name = stage.twilio.conferences("room")
    assert refused(lambda: by_name.participants(ana.call_sid).update(muted=True)) == (404, 20404)
    assert stage.rest("GET", "/Conferences/room/Participants.json").status_code == 404


def test_the_ring_timer_of_a_participant_is_timeout_plus_five_seconds(stage: Stage) -> None:
    """4.3: "Timeout 60 (5-600, +5 s)"."""
    stage.member(ANA)
    sid = invite(stage, BEN, timeout=20)
    stage.net.advance(25.9)
    assert stage.net.phone(BEN).ringing
    stage.net.advance(0.1)
    assert stage.twilio.calls(sid).fetch().status == "no-answer"


@pytest.mark.parametrize(("early", "rings"), [({}, 1), ({"early_media": True}, 1), ({"early_media": False}, 0)])
def test_those_in_the_conversation_hear_the_invited_phone_ring(stage: Stage, early: Any, rings: int) -> None:
    """4.3: "EarlyMedia true (hears ringing)"."""
    ana, _ = stage.member(ANA), stage.member(BEN)
    before = [sound.kind for sound in ana.heard].count("ring")
    invite(stage, CAT, **early)
    stage.net.advance(4)
    ringing = [sound for sound in ana.heard if sound.kind == "ring"][before:]
    assert [sound.until for sound in ringing] == [None] * rings
    stage.net.phone(CAT).answer()
    stage.net.run_due()
    assert all(sound.until == stage.net.now for sound in ringing)


def test_a_participant_comes_in_as_rest_said(stage: Stage) -> None:
    """4.3: "StartConferenceOnEnter true, EndConferenceOnExit false, Muted, Beep, ..."."""
    stage.phone(BEN, "answer")
    ana = stage.member(ANA)
    sid = invite(stage, BEN, muted=True, start_conference_on_enter=False, end_conference_on_exit=True, beep="false")
    stage.net.advance(10)
    told = stage.conference().participants(sid).fetch()
    assert (told.muted, told.start_conference_on_enter, told.end_conference_on_exit) == (True, False, True)
    assert "beep" not in [sound.kind for sound in ana.heard]
    stage.net.phone(BEN).line.hang_up()
    stage.net.run_due()
    assert stage.conference().fetch().status == "completed"


def test_an_invited_participant_waits_with_the_document_of_its_wait_url(stage: Stage) -> None:
    """4.3: "WaitUrl/WaitMethod"."""
    stage.page("/hold", "<Say>you are first</Say>")
    stage.phone(ANA, "answer")
    invite(stage, ANA, wait_url=f"{BASE}/hold", wait_method="GET")
    stage.net.advance(10)
    assert stage.one("/hold").method == "GET"
    assert heard(stage.net.phone(ANA).line) == ["you are first"]


def test_a_coach_can_be_called_in(stage: Stage) -> None:
    """4.3: "Coaching + CallSidToCoach"."""
    ana, ben = stage.member(ANA), stage.member(BEN)
    stage.phone(CAT, "answer")
    sid = invite(stage, CAT, coaching=True, call_sid_to_coach=ana.call_sid)
    stage.net.advance(10)
    stage.net.phone(CAT).line.say("ask about the pain")
    stage.net.run_due()
    assert (heard(ana, "speech"), heard(ben, "speech")) == (["ask about the pain"], [])
    told = stage.conference().participants(sid).fetch()
    assert (told.coaching, told.call_sid_to_coach) == (True, ana.call_sid)


@pytest.mark.parametrize("value", ["true", "record-from-start"])
def test_a_conference_and_its_leg_can_both_be_recorded(stage: Stage, value: str) -> None:
    """4.3: "Record, RecordingChannels, RecordingStatusCallback*, ConferenceRecord"."""
    for number in (ANA, BEN):
        stage.phone(number, "answer")
    invite(
        stage, ANA, conference_record=value, conference_recording_status_callback=f"{BASE}/room", record=True,
        recording_channels="dual", recording_status_callback=f"{BASE}/leg", timeout=20,
        recording_status_callback_event=["in-progress", "completed"],
    )  # fmt: skip
    invite(stage, BEN)
    stage.net.advance(20)
    stage.conference().update(status="completed")
    stage.net.advance(5)
    room, (started, done) = stage.one("/room"), stage.at("/leg")
    assert (room["RecordingSource"], room["RecordingStatus"]) == ("Conference", "completed")
    assert (started["RecordingStatus"], done["RecordingStatus"]) == ("in-progress", "completed")
    assert (done["RecordingChannels"], done["RecordingSource"]) == ("2", "OutboundAPI")


@pytest.mark.parametrize("value", ["false", "do-not-record"])
def test_a_conference_is_not_recorded_unless_asked(stage: Stage, value: str) -> None:
    """4.3: "ConferenceRecord (true|false|record-from-start|do-not-record)"."""
    for number in (ANA, BEN):
        stage.phone(number, "answer")
        invite(stage, number, conference_record=value)
    stage.net.advance(20)
    assert stage.conference().fetch().status == "in-progress"
    assert stage.twilio.recordings.list() == []


def test_the_call_of_a_participant_reports_its_progress(stage: Stage) -> None:
    """4.3: "StatusCallback(+Event, +Method)"."""
    stage.phone(BEN, "answer")
    hook = {"status_callback": f"{BASE}/leg", "status_callback_event": ["initiated", "ringing", "answered"]}
    invite(stage, BEN, status_callback_method="GET", **hook)
    stage.net.advance(10)
    assert [one["CallStatus"] for one in stage.at("/leg")] == ["initiated", "ringing", "in-progress"]
    assert stage.at("/leg")[0].method == "GET"


def test_a_participant_has_a_time_limit(stage: Stage) -> None:
    """4.3: "TimeLimit"."""
    stage.member(ANA)
    stage.phone(BEN, "answer")
    sid = invite(stage, BEN, time_limit=30)
    stage.net.advance(40)
    assert stage.twilio.calls(sid).fetch().duration == "30"


def test_machine_detection_of_a_participant_is_told_beside_the_conversation(stage: Stage) -> None:
    """4.3: "MachineDetection*, AmdStatusCallback"."""
    stage.member(ANA)
    stage.phone(BEN, "voicemail")
    invite(stage, BEN, machine_detection="Enable", amd_status_callback=f"{BASE}/amd")
    stage.net.advance(30)
    assert stage.one("/amd")["AnsweredBy"] == "machine_start"


@pytest.mark.parametrize("label", ["a/b", "x" * 129, "CA" + "0" * 32])
def test_a_bad_label_is_refused_at_once(stage: Stage, label: str) -> None:
    """4.1: "(unique in the conference, <=128 chars, not a CallSid, no `/`"; over REST 16024."""
    assert refused(lambda: invite(stage, BEN, label=label)) == (400, 16024)
    assert stage.twilio.calls.list() == []


@pytest.mark.parametrize("joined", [True, False])
def test_a_doubled_label_is_refused_even_while_the_other_still_rings(stage: Stage, joined: bool) -> None:
    """4.1: labels are "unique in the conference"; over REST 16026."""
    if joined:
        stage.member(ANA, noun='participantLabel="nurse"')
    else:
        invite(stage, ANA, label="nurse")
    assert refused(lambda: invite(stage, BEN, label="nurse")) == (400, 16026)


def test_the_caller_id_may_be_another_verified_number(stage: Stage) -> None:
    """4.3: "CallerId"."""
    stage.net.verify_caller_id("+13125550777")
    sid = invite(stage, BEN, caller_id="+13125550777")
    assert stage.net.legs[sid].from_ == "+13125550777"


def test_hold_means_neither_hearing_nor_being_heard_and_its_document_is_asked_for_by_get(stage: Stage) -> None:
    """4.3: "Hold, HoldUrl, HoldMethod (GET default)"; 4.4: "held means neither hears nor is heard"."""
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


def test_hold_may_ask_by_post(stage: Stage) -> None:
    """4.3: "HoldMethod"."""
    stage.page("/hold", "<Say>please hold</Say>")
    ana, _ = stage.member(ANA), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(hold=True, hold_url=f"{BASE}/hold", hold_method="POST")
    stage.net.run_due()
    assert stage.one("/hold").method == "POST"


def test_hold_without_a_url_plays_music(stage: Stage) -> None:
    """13.7 (unconfirmed): "what a held participant hears without HoldUrl (default music assumed)"."""
    ana, _ = stage.member(ANA), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(hold=True)
    stage.net.run_due()
    assert ana.heard[-1].kind == "music"


def test_a_new_hold_document_replaces_the_one_that_plays(stage: Stage) -> None:
    """4.3: HoldUrl of a participant who is held already."""
    stage.page("/first", "<Say>first words of the first document</Say><Pause length='60'/>")
    stage.page("/second", "<Say>second</Say>")
    ana, _ = stage.member(ANA), stage.member(BEN)
    participant = stage.conference().participants(ana.call_sid)
    participant.update(hold=True, hold_url=f"{BASE}/first")
    stage.net.advance(5)
    participant.update(hold_url=f"{BASE}/second")
    stage.net.advance(5)
    assert heard(ana) == ["first words of the first document", "second"]


def test_muting_by_rest(stage: Stage) -> None:
    """4.3: "Muted"; 4.4: "Mute instead of hold lets the caller hear the consult"."""
    ana, ben = stage.member(ANA), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(muted=True)
    ana.say("nobody hears this")
    ben.say("can you hear me")
    stage.net.run_due()
    assert (heard(ana, "speech"), heard(ben, "speech")) == (["can you hear me"], [])


def test_coaching_can_begin_and_end_by_rest(stage: Stage) -> None:
    """4.3: "Coaching, CallSidToCoach"."""
    ana, ben, cat = stage.member(ANA, noun=EVENTS), stage.member(BEN), stage.member(CAT)
    participant = stage.conference().participants(cat.call_sid)
    participant.update(coaching=True, call_sid_to_coach=ana.call_sid)
    assert ben.connected_to == {ANA}
    participant.update(coaching=False)
    stage.net.run_due()
    assert ben.connected_to == {ANA, CAT}
    assert [one["Coaching"] for one in seen(stage, "participant-modify")] == ["true", "false"]


@pytest.mark.parametrize("sid", ["", "CA" + "0" * 32])
def test_coaching_nobody_is_refused_and_changes_nothing_else(stage: Stage, sid: str) -> None:
    """4.1: "a connected participant (else 13240"."""
    ana, _ = stage.member(ANA), stage.member(BEN)
    participant = stage.conference().participants(ana.call_sid)
    assert refused(lambda: participant.update(hold=True, coaching=True, call_sid_to_coach=sid)) == (400, 13240)
    assert participant.fetch().hold is False


def test_the_exit_beep_can_be_switched_off_later(stage: Stage) -> None:
    """4.3: "BeepOnExit"."""
    ana, ben = stage.member(ANA, noun='beep="false"'), stage.member(BEN, noun='beep="onExit"')
    stage.conference().participants(ben.call_sid).update(beep_on_exit=False)
    ben.hang_up()
    stage.net.run_due()
    assert "beep" not in [sound.kind for sound in ana.heard]


def test_a_waiting_participant_can_be_given_another_wait_document(stage: Stage) -> None:
    """4.3: "WaitUrl" on update."""
    stage.page("/better", "<Say>a better wait</Say>")
    ana = stage.member(ANA)
    stage.conference().participants(ana.call_sid).update(wait_url=f"{BASE}/better")
    stage.net.run_due()
    assert heard(ana) == ["a better wait"]


def test_there_is_no_status_parameter_on_a_participant(stage: Stage) -> None:
    """4.3: "There is no Status parameter"; an unknown one is ignored."""
    ana, ben = stage.member(ANA), stage.member(BEN)
    room = stage.conference().fetch()
    reply = stage.rest("POST", f"/Conferences/{room.sid}/Participants/{ana.call_sid}.json", {"Status": "completed"})
    stage.net.run_due()
    assert reply.status_code == 200
    assert ben.connected_to == {ANA}


@pytest.mark.parametrize("by", ["sid", "label"])
def test_a_participant_is_found_and_removed_by_call_sid_or_label(stage: Stage, by: str) -> None:
    """4.3: "POST .../Participants/{CallSid or label}.json"; "DELETE ... (204, kick)"."""
    ana, ben = stage.member(ANA, noun='participantLabel="caller"'), stage.member(BEN)
    key = ana.call_sid if by == "sid" else "caller"
    room = stage.conference().fetch()
    assert stage.conference().participants(key).fetch().call_sid == ana.call_sid
    assert stage.rest("DELETE", f"/Conferences/{room.sid}/Participants/{key}.json").status_code == 204
    assert ben.connected_to == set()


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_kicked_caller_goes_on_with_the_action_or_is_hung_up(goes_on: bool) -> None:
    """13.8 (unconfirmed): "Where a kicked participant's call continues"."""
    stage = Stage(Options(kicked_goes_on=goes_on))
    stage.page("/left", "<Say>you were taken out</Say><Pause length='9'/>")
    ana, _ = stage.member(ANA), stage.member(BEN)
    stage.conference().participants(ana.call_sid).delete()
    stage.net.run_due()
    assert ana.state == ("in-progress" if goes_on else "completed")
    assert heard(ana) == (["you were taken out"] if goes_on else [])


def test_a_kicked_participant_whom_rest_had_called_is_hung_up(stage: Stage) -> None:
    """4.3: "A REST-created participant has no document, so its call ends (unconfirmed)"."""
    stage.phone(BEN, "answer")
    stage.member(ANA)
    sid = invite(stage, BEN)
    stage.net.advance(10)
    stage.conference().participants(sid).delete()
    stage.net.run_due()
    assert stage.twilio.calls(sid).fetch().status == "completed"


@pytest.mark.parametrize("strict", [True, False])
def test_a_repeated_removal_is_404_or_204_again(strict: bool) -> None:
    """13.8 (unconfirmed): "HTTP code for a repeated DELETE"."""
    stage = Stage(Options(repeated_kick_is_404=strict))
    ana, _ = stage.member(ANA), stage.member(BEN)
    participant = stage.conference().participants(ana.call_sid)
    participant.delete()
    if strict:
        assert refused(participant.delete) == (404, 20404)
    else:
        assert participant.delete()
    assert refused(stage.conference().participants("CA" + "0" * 32).delete) == (404, 20404)


def test_removing_a_ringing_participant_cancels_the_ring(stage: Stage) -> None:
    """4.3: participants may be removed while their phone rings."""
    stage.member(ANA)
    sid = invite(stage, BEN)
    stage.net.advance(3)
    stage.conference().participants(sid).delete()
    stage.net.run_due()
    assert stage.twilio.calls(sid).fetch().status == "canceled"
    assert not stage.net.phone(BEN).ringing


def test_participants_have_the_documented_statuses(stage: Stage) -> None:
    """4.3: "Participant status: queued, connecting, ringing, connected, complete, failed"."""
    stage.phone(BEN, "busy")
    sids = [invite(stage, number, **room_events()) for number in (ANA, BEN, CAT)]
    known = stage.net.conferences[stage.conference().fetch().sid].invited
    people = [known[sid] for sid in sids]
    assert [one.status for one in people] == ["queued"] * 3
    stage.net.advance(1)
    assert [one.status for one in people] == ["ringing", "queued", "queued"]
    stage.net.phone(ANA).answer()
    stage.net.advance(2)
    assert [one.status for one in people] == ["connected", "failed", "ringing"]
    stage.net.phone(ANA).line.hang_up()
    assert people[0].status == "complete"


def test_participants_can_be_filtered(stage: Stage) -> None:
    """OAI: Muted, Hold and Coaching filter the list."""
    ana, _ = stage.member(ANA, noun='muted="true"'), stage.member(BEN)
    room = stage.conference()
    assert [one.call_sid for one in room.participants.list(muted=True)] == [ana.call_sid]
    assert len(room.participants.list(hold=False)) == 2
    assert room.participants.list(coaching=True) == []


def test_a_called_participant_can_be_redirected_to_a_document(stage: Stage) -> None:
    """6.2: "POST Calls/{CA}.json: Url" works on the call of a participant too."""
    stage.phone(BEN, "answer")
    stage.page("/new", "<Say>a document at last</Say><Pause length='9'/>")
    stage.member(ANA)
    sid = invite(stage, BEN)
    stage.net.advance(10)
    stage.twilio.calls(sid).update(url=f"{BASE}/new")
    stage.net.run_due()
    assert heard(stage.net.phone(BEN).line) == ["a document at last"]


def test_a_redirect_by_rest_takes_a_caller_out_of_the_conference(stage: Stage) -> None:
    """3.5: the Dial action is asked and ignored, "then runs the new document"."""
    stage.page("/back", "<Say>back to the menu</Say><Pause length='9'/>")
    ana, _ = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    stage.twilio.calls(ana.call_sid).update(url=f"{BASE}/back")
    stage.net.run_due()
    assert [path for path in stage.paths() if path in {"/left", "/back"}] == ["/left", "/back"]
    assert heard(ana) == ["back to the menu"]
