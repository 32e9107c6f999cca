"""Section 4.2, conference events: which, when, with which parameters. Each test quotes the rule it pins."""

from email.utils import parsedate_to_datetime

import pytest

from tests.simulator.contract.rooms import ANA, BEN, CAT, EVENTS, events, invite, room_events, seen
from tests.simulator.stage import ACCOUNT, BASE, Page, Stage

ALWAYS = {"ConferenceSid", "FriendlyName", "AccountSid", "SequenceNumber", "Timestamp", "StatusCallbackEvent"}
OF_PARTICIPANTS = {"CallSid", "Muted", "Hold", "Coaching", "EndConferenceOnExit", "StartConferenceOnEnter"}


def test_every_event_names_the_conference_and_counts_from_zero(stage: Stage) -> None:
    """4.2: "Parameters on all: ConferenceSid, FriendlyName, AccountSid, SequenceNumber, Timestamp, ..."."""
    stage.member(ANA, noun=EVENTS)
    stage.member(BEN)
    room = stage.conference().fetch()
    for number, one in enumerate(seen(stage)):
        assert one.params.keys() >= ALWAYS
        assert (one["ConferenceSid"], one["FriendlyName"], one["AccountSid"]) == (room.sid, "room", ACCOUNT)
        assert int(one["SequenceNumber"]) == number
        assert parsedate_to_datetime(one["Timestamp"]) == one.at
    assert seen(stage, "conference-start")[0].params.keys() == ALWAYS


@pytest.mark.parametrize("label", ["", "caller"])
def test_participant_events_say_how_the_participant_takes_part(stage: Stage, label: str) -> None:
    """4.2: "Participant events add CallSid, Muted, Hold, Coaching, EndConferenceOnExit, ..., ParticipantLabel"."""
    named = f'participantLabel="{label}"' if label else ""
    ana = stage.member(ANA, noun=f'{EVENTS} {named} muted="true" endConferenceOnExit="true"')
    join = seen(stage, "participant-join")[0]
    assert join.params.keys() == ALWAYS | OF_PARTICIPANTS | ({"ParticipantLabel"} if label else set())
    flags = [join[name] for name in ("Muted", "Hold", "Coaching", "EndConferenceOnExit", "StartConferenceOnEnter")]
    assert flags == ["true", "false", "false", "true", "true"]
    assert join["CallSid"] == ana.call_sid


@pytest.mark.parametrize(
    ("change", "told", "flag"),
    [
        ({"muted": True}, "participant-mute", ("Muted", "true")),
        ({"hold": True}, "participant-hold", ("Hold", "true")),
        ({"end_conference_on_exit": True}, "participant-modify", ("EndConferenceOnExit", "true")),
        ({"beep_on_exit": False}, "participant-modify", ("Hold", "false")),
        ({"coaching": True, "call_sid_to_coach": "ben"}, "participant-modify", ("Coaching", "true")),
    ],
)
def test_each_change_of_a_participant_is_told_with_the_new_state(
    stage: Stage, change: dict[str, object], told: str, flag: tuple[str, str]
) -> None:
    """4.2: "participant-mute/unmute, participant-hold/unhold, participant-modify"."""
    ana, ben = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    change = {name: ben.call_sid if value == "ben" else value for name, value in change.items()}
    stage.conference().participants(ana.call_sid).update(**change)
    stage.net.run_due()
    (last,) = seen(stage, told)
    assert last[flag[0]] == flag[1]


@pytest.mark.parametrize(("name", "undone"), [("muted", "participant-unmute"), ("hold", "participant-unhold")])
def test_undoing_a_change_is_told_and_repeating_it_is_not(stage: Stage, name: str, undone: str) -> None:
    """4.2: "participant-mute/unmute, participant-hold/unhold"."""
    ana, _ = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    participant = stage.conference().participants(ana.call_sid)
    for value in (True, True, False, False):
        participant.update(**{name: value})
    stage.net.run_due()
    assert events(stage)[3:] == [undone.replace("un", "", 1), undone]


def test_only_the_events_asked_for_are_told(stage: Stage) -> None:
    """4.2: "Subscribe with start end join leave mute hold modify speaker announcement"."""
    stage.member(ANA, noun='statusCallback="/events" statusCallbackEvent="leave mute"')
    ben = stage.member(BEN)
    ben.hang_up()
    stage.net.run_due()
    assert events(stage) == ["participant-leave"]


def test_the_rest_default_is_start_and_end(stage: Stage) -> None:
    """4.2: "the REST default is start end"."""
    for number in (ANA, BEN):
        stage.phone(number, "answer")
        invite(stage, number, conference_status_callback=f"{BASE}/events")
    stage.net.advance(10)
    stage.conference().update(status="completed")
    stage.net.run_due()
    assert events(stage) == ["conference-start", "conference-end"]


def test_hanging_up_is_told_with_reason_and_status(stage: Stage) -> None:
    """4.2: participant-leave adds ParticipantCallStatus and ReasonParticipantLeft, here participant_hung_up."""
    ana, _ = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    ana.hang_up()
    stage.net.run_due()
    leave = seen(stage, "participant-leave")[0]
    assert (leave["ReasonParticipantLeft"], leave["ParticipantCallStatus"]) == ("participant_hung_up", "completed")


def test_being_taken_out_by_rest_is_told_as_updated_via_api(stage: Stage) -> None:
    """4.2: ReasonParticipantLeft participant_updated_via_api."""
    stage.page("/back", "<Pause length='9'/>")
    ana, ben = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    stage.twilio.calls(ana.call_sid).update(url=f"{BASE}/back")
    stage.net.run_due()
    stage.conference().participants(ben.call_sid).delete()
    stage.net.run_due()
    reasons = [one["ReasonParticipantLeft"] for one in seen(stage, "participant-leave")]
    assert reasons == ["participant_updated_via_api", "participant_updated_via_api"]


def test_those_left_when_a_moderator_goes_are_told_so(stage: Stage) -> None:
    """4.2: ReasonParticipantLeft moderator_ended_conference; conference-end names who ended it."""
    ana = stage.member(ANA, noun=EVENTS)
    ben = stage.member(BEN, noun='endConferenceOnExit="true" participantLabel="chair"')
    ben.hang_up()
    stage.net.run_due()
    leave = next(one for one in seen(stage, "participant-leave") if one["CallSid"] == ana.call_sid)
    assert leave["ReasonParticipantLeft"] == "moderator_ended_conference"
    (end,) = seen(stage, "conference-end")
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert (end["CallSidEndingConference"], end["ParticipantLabelEndingConference"]) == (ben.call_sid, "chair")
    assert end["Reason"]


def test_ending_it_by_rest_is_told_to_each_participant_and_once_for_all(stage: Stage) -> None:
    """4.2: conference_ended_via_api, conference-ended-via-api."""
    stage.member(ANA, noun=EVENTS)
    stage.member(BEN)
    stage.conference().update(status="completed")
    stage.net.run_due()
    reasons = [one["ReasonParticipantLeft"] for one in seen(stage, "participant-leave")]
    assert reasons == ["conference_ended_via_api"] * 2
    (end,) = seen(stage, "conference-end")
    assert end["ReasonConferenceEnded"] == "conference-ended-via-api"
    assert "CallSidEndingConference" not in end.params


@pytest.mark.parametrize("exits", [False, True])
@pytest.mark.parametrize("kicked", [False, True])
def test_the_reason_of_the_end_says_who_went_and_how(stage: Stage, exits: bool, kicked: bool) -> None:
    """4.2: last-participant-kicked, last-participant-left, participant-with-end-conference-on-exit-kicked and -left."""
    ana = stage.member(ANA, noun=f'{EVENTS} endConferenceOnExit="{str(exits).lower()}"')
    if kicked:
        stage.conference().participants(ana.call_sid).delete()
    else:
        ana.hang_up()
    stage.net.run_due()
    who = "participant-with-end-conference-on-exit" if exits else "last-participant"
    assert seen(stage, "conference-end")[0]["ReasonConferenceEnded"] == f"{who}-{'kicked' if kicked else 'left'}"


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [("busy", "busy"), ("ignore", "no-answer"), ("unreachable", "failed"), ("decline", "busy")],
)
def test_a_participant_who_does_not_come_is_told_as_add_failed(stage: Stage, behaviour: str, status: str) -> None:
    """4.2: participant_add_failed; ParticipantCallStatus "no-answer busy in-progress failed canceled completed"."""
    stage.phone(BEN, behaviour)
    ana = stage.member(ANA, noun=EVENTS)
    sid = invite(stage, BEN, status_callback=f"{BASE}/leg", timeout=10)
    stage.net.advance(30)
    leave = seen(stage, "participant-leave")[0]
    assert (leave["ReasonParticipantLeft"], leave["ParticipantCallStatus"]) == ("participant_add_failed", status)
    assert (leave["CallSid"], stage.one("/leg")["CallStatus"]) == (sid, status)
    assert ana.state == "in-progress"


def test_a_participant_canceled_before_answering_is_told_as_canceled(stage: Stage) -> None:
    """4.2: ParticipantCallStatus canceled."""
    stage.member(ANA, noun=EVENTS)
    sid = invite(stage, BEN)
    stage.net.advance(3)
    stage.twilio.calls(sid).update(status="completed")
    stage.net.run_due()
    assert seen(stage, "participant-leave")[0]["ParticipantCallStatus"] == "canceled"


def test_speech_is_told_with_start_and_stop_but_not_of_those_nobody_hears(stage: Stage) -> None:
    """4.2: "participant-speech-start/stop"; subscribed to with speaker."""
    ana, ben = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    stage.member(CAT, noun='muted="true"').say("nobody hears this")
    ben.say("x" * 45)
    stage.net.advance(10)
    start, stop = seen(stage, "participant-speech-start"), seen(stage, "participant-speech-stop")
    assert [one["CallSid"] for one in (*start, *stop)] == [ben.call_sid, ben.call_sid]
    assert (stop[0].at - start[0].at).total_seconds() == 3
    assert ana.connected_to == {BEN}


@pytest.mark.parametrize(("page", "event"), [("<Say>news</Say>", "announcement-end"), ("", "announcement-fail")])
def test_announcements_are_told_when_they_end_or_fail(stage: Stage, page: str, event: str) -> None:
    """4.2: "announcement-end, announcement-fail"; participant announcements name the participant."""
    stage.page("/news", page or Page(status=500))
    ana, _ = stage.member(ANA, noun=EVENTS), stage.member(BEN)
    stage.conference().participants(ana.call_sid).update(announce_url=f"{BASE}/news")
    stage.conference().update(announce_url=f"{BASE}/news")
    stage.net.advance(5)
    one, everyone = seen(stage, event)
    assert (one["CallSid"], "CallSid" in everyone.params) == (ana.call_sid, False)
    assert one["AnnounceUrl"] == f"{BASE}/news"
    assert ("ReasonAnnouncementFailed" in one.params) is (event == "announcement-fail")


def test_events_of_a_conference_created_by_rest_go_where_rest_said(stage: Stage) -> None:
    """4.3: "ConferenceStatusCallback(+Event,+Method)"."""
    stage.phone(ANA, "answer")
    invite(stage, ANA, **room_events(conference_status_callback_method="GET"))
    stage.net.advance(10)
    assert events(stage) == ["participant-join"]
    assert seen(stage)[0].method == "GET"
