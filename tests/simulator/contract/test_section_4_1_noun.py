"""Section 4.1, the Conference noun. Each test quotes the rule it pins."""

import pytest

from phonesim import Line, Options
from tests.simulator.contract.rooms import ANA, BEN, CAT, EVENTS, events, invite, refused, seen
from tests.simulator.stage import OURS, Page, Stage, heard


def kinds(line: Line) -> list[str]:
    return [sound.kind for sound in line.heard]


def test_a_muted_participant_hears_and_is_not_heard(stage: Stage) -> None:
    """4.1: "muted false" is the default."""
    ana, ben = stage.member(ANA, noun='muted="true"'), stage.member(BEN)
    ana.say("nobody hears this")
    ben.say("can you hear me")
    stage.net.run_due()
    assert (heard(ana, "speech"), heard(ben, "speech")) == (["can you hear me"], [])


@pytest.mark.parametrize(
    ("beep", "beeps"), [("true", [1, 2]), ("false", [0, 0]), ("onEnter", [1, 1]), ("onExit", [0, 1])]
)
def test_the_others_hear_a_beep_when_somebody_enters_or_leaves(stage: Stage, beep: str, beeps: list[int]) -> None:
    """4.1: "beep true (true|false|onEnter|onExit)"."""
    ana, _ = stage.member(ANA, noun='beep="false"'), stage.member(BEN, noun='beep="false"')
    cat = stage.member(CAT, noun=f'beep="{beep}"')
    entered = kinds(ana).count("beep")
    cat.hang_up()
    stage.net.run_due()
    assert [entered, kinds(ana).count("beep")] == beeps


def test_it_starts_with_two_participants_of_whom_one_may_start_it(stage: Stage) -> None:
    """4.1: "Starts when >=2 participants are present and at least one has startConferenceOnEnter=true"."""
    ana = stage.member(ANA, noun=EVENTS)
    assert ana.connected_to == set()
    assert stage.conference().fetch().status == "init"
    ben = stage.member(BEN)
    assert (ana.connected_to, ben.connected_to) == ({BEN}, {ANA})
    assert stage.conference().fetch().status == "in-progress"
    assert events(stage) == ["participant-join", "participant-join", "conference-start"]


def test_two_who_may_not_start_it_keep_waiting_until_a_third_may(stage: Stage) -> None:
    """4.1: "Until then: init, participants are muted and hear waitUrl"."""
    quiet = 'startConferenceOnEnter="false"'
    ana, ben = stage.member(ANA, noun=quiet), stage.member(BEN, noun=quiet)
    ana.say("is anybody there")
    assert (ana.connected_to, heard(ben, "speech")) == (set(), [])
    assert ben.heard[-1].kind == "music"
    stage.member(CAT)
    assert ana.connected_to == {BEN, CAT}


def test_after_the_start_one_who_may_not_start_it_joins_at_once(stage: Stage) -> None:
    """4.1: startConferenceOnEnter is about the start only."""
    stage.member(ANA)
    stage.member(BEN)
    assert stage.member(CAT, noun='startConferenceOnEnter="false"').connected_to == {ANA, BEN}


def test_end_conference_on_exit_ends_it_for_all(stage: Stage) -> None:
    """4.1: "endConferenceOnExit false" is the default; 4.2 names the reasons."""
    stage.page("/left", "<Say>the meeting is over</Say><Pause length='9'/>")
    ana, ben = stage.member(ANA, noun=EVENTS), stage.member(BEN, noun='endConferenceOnExit="true"')
    ben.hang_up()
    stage.net.run_due()
    assert stage.conference().fetch().status == "completed"
    assert heard(ana) == ["the meeting is over"]


@pytest.mark.parametrize("label", ["nurse", "a/b", "x" * 129, "CA" + "0" * 32])
def test_a_label_is_unique_short_without_slash_and_no_call_sid(stage: Stage, label: str) -> None:
    """4.1: "participantLabel (unique in the conference, <=128 chars, not a CallSid, no `/`"."""
    stage.member(ANA, noun='participantLabel="nurse"')
    ben = stage.member(BEN, noun=f'participantLabel="{label}"')
    assert stage.codes() == [16025 if label == "nurse" else 16023]
    assert ben.state == "completed"
    assert len(stage.conference().participants.list()) == 1


def test_a_doubled_label_goes_on_at_the_next_verb_and_not_at_the_action(stage: Stage) -> None:
    """4.1: "duplicate -> 16025 and the call falls to the next verb"."""
    label = 'participantLabel="nurse"'
    stage.member(ANA, noun=label)
    ben = stage.call(
        f'<Dial action="/left"><Conference {label}>room</Conference></Dial><Say>next verb</Say><Pause/>', BEN
    )
    assert heard(ben) == ["next verb"]
    assert stage.at("/left") == []


def test_a_label_is_free_again_after_its_participant_left(stage: Stage) -> None:
    """4.1: labels are unique in the conference, not for ever."""
    stage.member(ANA)
    ben = stage.member(BEN, noun='participantLabel="nurse"')
    ben.hang_up()
    stage.net.run_due()
    assert stage.member(CAT, noun='participantLabel="nurse"').connected_to == {ANA}


def test_a_conference_nobody_could_join_leaves_no_trace(stage: Stage) -> None:
    """4.1: a refused first participant creates nothing that a later one would find."""
    stage.member(ANA, noun='participantLabel="a/b"')
    assert stage.twilio.conferences.list() == []


def test_the_default_wait_is_music_and_an_empty_wait_url_silence(stage: Stage) -> None:
    """4.1: "waitUrl (default music; '' = silence)"."""
    assert stage.member(ANA).heard[-1].kind == "music"
    assert stage.member(BEN, "other", 'waitUrl=""').heard[-1].kind == "silence"


@pytest.mark.parametrize(("how", "method"), [("", "POST"), (' waitMethod="GET"', "GET")])
def test_the_wait_document_is_asked_for_by_post_unless_it_says_get(stage: Stage, how: str, method: str) -> None:
    """4.1: "waitMethod POST"; "Use GET for static audio"."""
    stage.page("/wait", "<Say>one moment</Say>")
    ana = stage.member(ANA, noun=f'waitUrl="/wait"{how}')
    assert stage.one("/wait").method == method
    assert stage.one("/wait")["CallSid"] == ana.call_sid


def test_a_wait_document_that_runs_out_leaves_silence(stage: Stage) -> None:
    """4.1: "When it runs out: silence (loop with an empty <Redirect/>), unlike Enqueue"."""
    stage.page("/wait", "<Say>one moment</Say>")
    ana = stage.member(ANA, noun='waitUrl="/wait"')
    stage.net.advance(60)
    assert len(stage.at("/wait")) == 1
    assert kinds(ana) == ["ring", "say", "silence"]


def test_an_empty_redirect_keeps_the_wait_document_going(stage: Stage) -> None:
    """4.1: "loop with an empty <Redirect/>"."""
    stage.page("/wait", "<Pause length='5'/><Redirect/>")
    stage.member(ANA, noun='waitUrl="/wait"')
    stage.net.advance(12)
    assert len(stage.at("/wait")) == 3


@pytest.mark.parametrize("verb", ["<Gather/>", "<Hangup/>", "<Record/>", f"<Dial>{CAT}</Dial>"])
@pytest.mark.parametrize("place", ["wait", "hold", "announcement"])
def test_verbs_not_allowed_beside_the_conversation_are_13238(stage: Stage, verb: str, place: str) -> None:
    """4.1: "only Say, Play, Pause, Redirect; Dial, Gather, Hangup, Record -> 13238"."""
    stage.page("/aside", f"{verb}<Say>one moment</Say>")
    ana = stage.member(ANA, noun='waitUrl="/aside"' if place == "wait" else "")
    if place != "wait":
        stage.member(BEN)
        here = "https://sunline.example/aside"
        change = {"hold": True, "hold_url": here} if place == "hold" else {"announce_url": here}
        stage.conference().participants(ana.call_sid).update(**change)
        stage.net.run_due()
    assert stage.codes() == [13238]
    assert heard(ana) == ["one moment"]


def test_a_wait_document_that_cannot_be_had_ends_the_dial(stage: Stage) -> None:
    """1.4: "a failing conference waitUrl prevents the conference from being set up: the Dial ends"."""
    stage.page("/wait", Page(status=500))
    stage.page("/left", "<Say>sorry</Say>")
    ana = stage.member(ANA, noun='waitUrl="/wait"')
    assert stage.one("/left")["DialCallStatus"] == "failed"
    assert heard(ana) == ["sorry"]


def test_a_full_conference_is_16020(stage: Stage) -> None:
    """4.1: "maxParticipants 2..250 (250; 16020 when full)"."""
    for number in (ANA, BEN, CAT):
        stage.member(number, noun='maxParticipants="2"')
    assert stage.codes() == [16020]
    assert len(stage.conference().participants.list()) == 2


def test_the_first_region_wins(stage: Stage) -> None:
    """4.1: "region (first to set wins)"."""
    stage.member(ANA)
    stage.member(BEN, noun='region="ie1"')
    stage.member(CAT, noun='region="au1"')
    assert stage.conference().fetch().region == "ie1"


def test_a_coach_is_heard_only_by_the_coached_and_hears_all(stage: Stage) -> None:
    """4.1: "coach = CallSid of a connected participant"."""
    ana, ben = stage.member(ANA), stage.member(BEN)
    coach = stage.member(CAT, noun=f'coach="{ana.call_sid}"')
    coach.say("ask about the pain")
    ben.say("it hurts here")
    stage.net.run_due()
    assert (heard(ana, "speech"), heard(ben, "speech")) == (["ask about the pain", "it hurts here"], [])
    assert heard(coach, "speech") == ["it hurts here"]


def test_coaching_someone_who_is_not_there_is_13240_and_goes_to_the_action(stage: Stage) -> None:
    """4.1: "(else 13240 and call goes to the action URL)"."""
    stage.member(ANA, noun=f'coach="CA{"0" * 32}"')
    assert stage.codes() == [13240]
    assert stage.one("/left")["DialCallStatus"] == "failed"


def test_the_same_name_after_an_ended_conference_is_a_new_one(stage: Stage) -> None:
    """4.1: "Same name after an ended conference starts a new CF sid"."""
    ana = stage.member(ANA)
    ana.hang_up()
    stage.net.run_due()
    stage.member(BEN)
    sids = [one.sid for one in stage.twilio.conferences.list(friendly_name="room")]
    assert len(set(sids)) == 2


def test_the_first_participant_to_join_fixes_the_callbacks(stage: Stage) -> None:
    """4.1: "statusCallback and statusCallbackEvent are fixed by the first participant to join"."""
    stage.member(ANA, noun=EVENTS)
    stage.member(BEN, noun='statusCallback="/others" statusCallbackEvent="join leave"')
    assert stage.at("/others") == []
    assert len(events(stage)) == 3


def test_a_conference_created_by_rest_without_callbacks_never_tells_anything(stage: Stage) -> None:
    """4.1: "a conference first created by the REST Participants call [...] never delivers events"."""
    stage.phone(BEN, "answer")
    invite(stage, BEN)
    stage.net.advance(10)
    stage.member(ANA, noun=EVENTS)
    assert stage.net.phone(BEN).line.connected_to == {ANA}
    assert events(stage) == []


@pytest.mark.parametrize("joiner", [False, True])
def test_whether_the_creator_or_the_first_joiner_fixes_the_callbacks(joiner: bool) -> None:
    """4.1: "fixed by the first participant to join", yet first created by REST it "never delivers events"."""
    stage = Stage(Options(joiner_fixes_callbacks=joiner))
    invite(stage, BEN)
    stage.member(ANA, noun=EVENTS)
    stage.net.advance(5)
    stage.net.phone(BEN).answer()
    stage.net.run_due()
    told = ["participant-join", "participant-join", "conference-start"]
    assert events(stage) == (told if joiner else [])


def test_no_event_is_told_when_none_was_named(stage: Stage) -> None:
    """4.2: "The doc's default for the attribute is none"."""
    stage.member(ANA, noun='statusCallback="/events"')
    stage.member(BEN)
    assert events(stage) == []


def test_keys_pressed_in_a_conference_reach_nobody_but_star_may_leave_it(stage: Stage) -> None:
    """4.1: "DTMF inside a conference reaches no handler"; 3.5: hangupOnStar gets "answered for conference"."""
    ana, _ = stage.member(ANA, dial='action="/left" hangupOnStar="true"'), stage.member(BEN)
    ana.press("12")
    stage.net.advance(1)
    assert stage.at("/left") == []
    ana.press("*")
    stage.net.run_due()
    assert stage.one("/left")["DialCallStatus"] == "answered"


def test_the_dial_action_gets_answered_without_a_dial_call_sid(stage: Stage) -> None:
    """3.5: DialCallStatus "answered (Conference only)"; DialCallSid "not for Conference"."""
    ana, _ = stage.member(ANA), stage.member(BEN)
    ana.hang_up()
    stage.net.run_due()
    left = stage.one("/left")
    assert left["DialCallStatus"] == "answered"
    assert "DialCallSid" not in left.params
    assert "DialCallDuration" not in left.params


@pytest.mark.parametrize("channels", [1, 2])
def test_a_conference_is_recorded_from_its_start_until_its_end(channels: int) -> None:
    """4.1: "record do-not-record | record-from-start"; 5.1: the channels are in doubt, so both can be chosen."""
    stage = Stage(Options(conference_recording_channels=channels))
    stage.member(ANA, noun='record="record-from-start" recordingStatusCallback="/rec"')
    stage.net.advance(30)
    stage.member(BEN)
    stage.net.advance(10)
    stage.conference().update(status="completed")
    stage.net.advance(5)
    told = stage.one("/rec")
    assert (told["RecordingDuration"], told["RecordingSource"]) == ("10", "Conference")
    assert told["RecordingChannels"] == str(channels)
    assert "CallSid" not in told.params
    assert told["ConferenceSid"] == stage.conference().fetch().sid


@pytest.mark.parametrize("hears", ["silence", "music"])
def test_a_lone_participant_hears_what_the_option_says(hears: str) -> None:
    """13.7 (unconfirmed): "What a lone participant hears after others left"."""
    stage = Stage(Options(lone_participant_hears=hears))
    ana, ben = stage.member(ANA), stage.member(BEN)
    ben.hang_up()
    stage.net.run_due()
    assert ana.heard[-1].kind == hears


def test_dialling_a_conference_by_rest_needs_a_number_of_ours(stage: Stage) -> None:
    """6.6: 21210 "From not verified" holds for participants too."""
    create = stage.twilio.conferences("room").participants.create
    assert refused(lambda: create(from_="+13125550777", to=BEN)) == (400, 21210)
    assert create(from_=OURS, to=BEN).status == "queued"
    assert seen(stage) == []
