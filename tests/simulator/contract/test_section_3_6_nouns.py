"""Section 3.6, Number, Client and Sip, and how machines are told. Each test quotes the rule it pins."""

import pytest

from phonesim import Line, Options
from tests.simulator.contract.scenes import CALLER, DOCTOR, NURSE, dial
from tests.simulator.stage import BASE, FOUR_EVENTS, OURS, Page, Stage, heard


def test_number_callbacks_name_the_child_and_its_parent(stage: Stage) -> None:
    """3.6: "statusCallbackEvent (space-separated ...)"; 2.3: "CallSid is the child"."""
    line = dial(stage, f'<Number statusCallback="/leg" statusCallbackEvent="{FOUR_EVENTS}">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    far.hang_up()
    stage.net.run_due()
    seen = stage.at("/leg")
    assert [one["CallStatus"] for one in seen] == ["initiated", "ringing", "in-progress", "completed"]
    assert {(one["CallSid"], one["ParentCallSid"]) for one in seen} == {(far.call_sid, line.call_sid)}


def test_send_digits_are_heard_by_the_callee(stage: Stage) -> None:
    """3.6: "sendDigits (0-9 A-D # * w=0.5 s W=1 s)"."""
    dial(stage, f'<Number sendDigits="ww42">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    assert heard(far, "play") == ["digits:ww42"]


def screen(stage: Stage, document: str, accept: str = "") -> Line:
    stage.page("/screen", document)
    stage.page("/accept", accept)
    return dial(stage, f'<Number url="/screen">{DOCTOR}</Number>')


def test_the_screening_document_runs_on_the_callee_before_bridging(stage: Stage) -> None:
    """3.6: "runs on the callee leg after answer, before bridging"; "CallSid there = child, ParentCallSid = caller"."""
    line = screen(stage, '<Gather numDigits="1" action="/accept"><Say>press one</Say></Gather><Hangup/>')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.advance(1)
    seen = stage.one("/screen")
    assert (seen["CallSid"], seen["ParentCallSid"], seen["CallStatus"]) == (far.call_sid, line.call_sid, "in-progress")
    assert line.connected_to == set()
    far.press("1")
    stage.net.run_due()
    assert line.connected_to == {DOCTOR}


def test_a_screening_document_that_ends_without_hangup_bridges(stage: Stage) -> None:
    """3.6: "When the document ends without Hangup, the parties are bridged"."""
    line = screen(stage, '<Gather numDigits="1" action="/accept" timeout="5"><Say>press one</Say></Gather>')
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(7)
    assert line.connected_to == {DOCTOR}


@pytest.mark.parametrize("status", ["completed", "no-answer"])
def test_a_declined_screening_is_known_by_dial_bridged_false(status: str) -> None:
    """3.6: "DialBridged=false; the accompanying DialCallStatus value (no-answer or completed) is unconfirmed"."""
    stage = Stage(Options(screen_declined_status=status))
    line = screen(stage, '<Gather numDigits="1" action="/accept" timeout="5"/><Hangup/>')
    stage.net.phone(DOCTOR).answer()
    stage.net.advance(6)
    seen = stage.one("/after")
    assert (seen["DialBridged"], seen["DialCallStatus"]) == ("false", status)
    assert line.state == "in-progress"


def test_the_first_to_answer_cancels_the_others_before_screening(stage: Stage) -> None:
    """3.6: "the first leg to answer cancels the others before screening (unconfirmed, widely reported)"."""
    stage.page("/screen", '<Gather numDigits="1" timeout="5"/><Hangup/>')
    dial(stage, f'<Number url="/screen">{DOCTOR}</Number><Number url="/screen">{NURSE}</Number>')
    stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert not stage.net.phone(NURSE).ringing
    stage.net.advance(6)
    assert stage.one("/after")["DialBridged"] == "false"


def test_dial_in_a_screening_document_is_13201(stage: Stage) -> None:
    """3.6: "Allowed: Play, Say, Gather, Hangup; nothing else, never Dial (13201)"."""
    screen(stage, f"<Dial>{NURSE}</Dial>")
    stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert stage.codes() == [13201]


def test_a_screening_document_that_cannot_be_had_drops_the_callee(stage: Stage) -> None:
    """3.6: the parties are bridged only when the document ends without Hangup."""
    stage.page("/screen", Page(status=500))
    dial(stage, f'<Number url="/screen">{DOCTOR}</Number>')
    far = stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert far.state == "completed"
    assert stage.one("/after")["DialBridged"] == "false"


def test_a_voicemail_answers_after_eighteen_seconds_greets_beeps_and_never_presses(stage: Stage) -> None:
    """11: "voicemail callee scripts (answers, plays greeting, beeps, never presses a key)"."""
    stage.phone(DOCTOR, "voicemail")
    line = dial(stage, attributes="")
    stage.net.advance(30)
    assert [sound.kind for sound in line.heard] == ["ring", "ring", "speech", "beep"]
    stage.net.advance(120)
    assert line.state == "completed"


def test_a_dialled_number_can_report_what_answered(stage: Stage) -> None:
    """3.6: "machineDetection Enable|DetectMessageEnd ..., amdStatusCallback(+Method)"."""
    stage.phone(DOCTOR, "voicemail")
    dial(stage, f'<Number machineDetection="Enable" amdStatusCallback="/amd">{DOCTOR}</Number>')
    stage.net.advance(30)
    assert stage.one("/amd")["AnsweredBy"] == "machine_start"


SIP = "sip:desk@example.com"


@pytest.mark.parametrize("early", [True, False])
def test_whether_an_answer_or_an_acceptance_cancels_the_others_is_a_switch(early: bool) -> None:
    """3.6: "the first leg to answer cancels the others before screening (unconfirmed, widely reported)"."""
    stage = Stage(Options(first_answer_cancels=early))
    stage.page("/screen", '<Gather numDigits="1" action="/accept" timeout="5"/><Hangup/>')
    line = dial(stage, f'<Number url="/screen">{DOCTOR}</Number><Number url="/screen">{NURSE}</Number>')
    first = stage.net.phone(DOCTOR).answer()
    stage.net.advance(6)
    assert (first.state, stage.net.phone(NURSE).ringing) == ("completed", not early)
    if not early:
        stage.page("/accept", "")
        far = stage.net.phone(NURSE).answer()
        stage.net.run_due()
        far.press("1")
        stage.net.run_due()
        assert line.connected_to == {NURSE}


@pytest.mark.parametrize("verb", ["<Pause/>", "<Record/>", "<Redirect>/x</Redirect>", "<Enqueue>q</Enqueue>"])
def test_a_screening_document_knows_four_verbs(stage: Stage, verb: str) -> None:
    """3.6: "Allowed: Play, Say, Gather, Hangup; nothing else"."""
    screen(stage, f"{verb}<Say>hello</Say>")
    far = stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert (stage.codes(), heard(far)) == ([12200], ["hello"])


def test_a_client_gets_the_parameters_of_its_noun(stage: Stage) -> None:
    """3.6 Client: "body = identity (<=256 chars) or child <Identity> + <Parameter name value>"."""
    noun = '<Client><Identity>ana</Identity><Parameter name="case" value="17"/></Client>'
    line = dial(stage, noun)
    far = stage.net.phone("client:ana").answer()
    stage.net.run_due()
    assert (far.told, line.connected_to) == ({"case": "17"}, {"client:ana"})


@pytest.mark.parametrize(("length", "codes"), [(256, []), (257, [12200])])
def test_an_identity_has_at_most_256_characters(stage: Stage, length: int, codes: list[int]) -> None:
    """3.6 Client: "body = identity (<=256 chars)"."""
    dial(stage, f"<Client>{'a' * length}</Client>")
    assert stage.codes() == codes


def test_a_sip_device_gets_the_headers_of_its_uri(stage: Stage) -> None:
    """3.6 Sip: "body sip: URI (<255 chars) with ?X-Header=v and ;region="."""
    line = dial(stage, f"<Sip>{SIP};region=ie1?X-Case=17&amp;X-Name=a%20b&amp;Secret=1</Sip>")
    far = stage.net.phone(SIP).answer()
    stage.net.run_due()
    assert far.told == {"X-Case": "17", "X-Name": "a b"}
    assert (stage.codes(), line.connected_to, far.leg.to) == ([13252], {SIP}, f"{SIP};region=ie1")


@pytest.mark.parametrize("uri", ["desk@example.com", f"sip:{'a' * 255}"])
def test_what_is_no_sip_uri_is_13243(stage: Stage, uri: str) -> None:
    """3.6 Sip: "body sip: URI (<255 chars)"."""
    dial(stage, f"<Sip>{uri}</Sip>")
    assert (stage.codes(), stage.one("/after")["DialCallStatus"]) == ([13243], "failed")


@pytest.mark.parametrize(("behaviour", "code"), [("answer", "200"), ("busy", "486"), ("unreachable", "404")])
def test_after_a_sip_call_the_action_learns_what_the_device_replied(stage: Stage, behaviour: str, code: str) -> None:
    """2.1: "After <Dial><Sip> the action adds the SIP Call-ID, response code and X- headers"."""
    phone = stage.phone(SIP, behaviour)
    phone.sip_headers = {"X-Ticket": "7"}
    dial(stage, f"<Sip>{SIP}</Sip>")
    stage.net.advance(5)
    if phone.line:
        phone.line.hang_up()
        stage.net.run_due()
    seen = stage.one("/after")
    assert (seen["DialSipResponseCode"], seen["DialSipHeader_X-Ticket"]) == (code, "7")
    assert seen["DialSipCallId"]


# Applications, and our own numbers


def application(stage: Stage, noun: str = "", document: str = "<Say>welcome</Say><Pause length='30'/>") -> Line:
    stage.page("/app", document)
    sid = str(stage.twilio.applications.create(voice_url=f"{BASE}/app").sid)
    inside = f'<ApplicationSid>{sid}</ApplicationSid><Parameter name="case" value="17"/>'
    line = dial(stage, f"<Application {noun}>{inside}</Application>")
    stage.net.advance(1)
    return line


@pytest.mark.parametrize("copies", [True, False])
def test_an_application_is_asked_what_happens_to_the_caller(stage: Stage, copies: bool) -> None:
    """3.5: nouns "Number, Client, Sip, Conference, Queue, Application"; parameters as on Twilio's page of the noun."""
    line = application(stage, f'customerId="us" copyParentTo="{str(copies).lower()}"')
    seen = stage.one("/app")
    assert (seen["From"], seen["Direction"], seen["CallStatus"]) == (CALLER, "inbound", "ringing")
    assert seen["CallSid"] != line.call_sid
    assert seen["To"] == OURS if copies else seen["To"].startswith("AP")
    assert (seen["CustomerId"], seen["Param_case"]) == ("us", "17")
    assert heard(line) == ["welcome"]


def test_a_caller_answers_the_menu_of_an_application(stage: Stage) -> None:
    """3.5 Application: the caller talks to the other document as to a person."""
    stage.page("/chosen", "<Say>thank you</Say><Pause length='9'/>")
    line = application(stage, document='<Gather action="/chosen" numDigits="1"><Say>press one</Say></Gather>')
    line.press("1")
    stage.net.run_due()
    assert (stage.one("/chosen")["Digits"], heard(line)) == ("1", ["press one", "thank you"])


@pytest.mark.parametrize(
    ("verb", "status"), [('Reject reason="busy"', "busy"), ("Hangup", "completed")]
)  # fmt: skip
def test_an_application_gives_values_back(stage: Stage, verb: str, status: str) -> None:
    """Twilio's page on Dial Application: Parameter in Hangup and Reject returns as ReturnParam_."""
    application(stage, document=f'<{verb}><Parameter name="why" value="closed"/></{verb.split()[0]}>')
    seen = stage.one("/after")
    assert (seen["DialCallStatus"], seen["ReturnParam_why"]) == (status, "closed")


def test_an_application_nobody_knows_cannot_be_dialled(stage: Stage) -> None:
    """3.5: an Application is named by its sid."""
    dial(stage, f"<Application>AP{'0' * 32}</Application>")
    assert stage.one("/after")["DialCallStatus"] == "failed"


OTHER = "+13125550110"


def own_number(stage: Stage, document: str, inside: str = OTHER) -> Line:
    stage.net.add_number(OTHER, f"{BASE}/other")
    stage.page("/other", document)
    line = dial(stage, inside)
    stage.net.advance(1)
    return line


def test_our_own_number_runs_its_document_on_the_far_leg(stage: Stage) -> None:
    """4.3: "that number's own VoiceUrl runs on the far leg (field, FF)"."""
    line = own_number(stage, "<Say>second office</Say><Pause length='30'/>")
    seen = stage.one("/other")
    assert (seen["From"], seen["To"], seen["Direction"]) == (CALLER, OTHER, "inbound")
    assert (heard(line), line.connected_to) == (["second office"], {OTHER})
    line.hang_up()
    stage.net.run_due()
    assert stage.net.legs[seen["CallSid"]].status == "completed"


def test_keys_sent_to_our_own_number_are_pressed_there(stage: Stage) -> None:
    """3.6: "sendDigits (0-9 A-D # * w=0.5 s W=1 s)"."""
    document = '<Gather action="/chosen" numDigits="2"><Say>extension please</Say></Gather>'
    own_number(stage, document, f'<Number sendDigits="w42">{OTHER}</Number>')
    assert stage.one("/chosen")["Digits"] == "42"


def test_people_behind_our_own_number_talk_with_the_caller(stage: Stage) -> None:
    """4.3: the far leg lives by that number's document; here it dials on."""
    line = own_number(stage, f"<Dial>{NURSE}</Dial>")
    stage.net.advance(2)
    far = stage.net.phone(NURSE).answer()
    stage.net.run_due()
    assert (line.connected_to, far.connected_to) == ({NURSE}, {CALLER})
    line.say("can you hear me")
    far.say("very well")
    stage.net.run_due()
    assert (heard(far, "speech"), heard(line, "speech")) == (["can you hear me"], ["very well"])
    far.hang_up()
    stage.net.run_due()
    assert stage.one("/after")["DialCallStatus"] == "completed"


@pytest.mark.parametrize(("verb", "status"), [('<Reject reason="busy"/>', "busy"), ("<Reject/>", "no-answer")])
def test_our_own_number_may_refuse(stage: Stage, verb: str, status: str) -> None:
    """4.3 and 3.2 Reject: the far document decides whether the call is answered."""
    own_number(stage, verb)
    assert (stage.one("/after")["DialCallStatus"], stage.one("/after")["DialBridged"]) == (status, "false")


def test_our_own_number_without_a_document_fails_at_once(stage: Stage) -> None:
    """10.14: "Number without VoiceUrl ...: call fails instantly"."""
    stage.net.add_number(OTHER)
    dial(stage, OTHER)
    assert stage.one("/after")["DialCallStatus"] == "failed"


def test_our_own_number_may_be_a_phone_instead() -> None:
    """4.3 is a field note, so a switch: then the phone with that number rings."""
    stage = Stage(Options(own_numbers_answer=False))
    own_number(stage, "<Say>never</Say>")
    assert (stage.net.phone(OTHER).ringing, stage.at("/other")) == (True, [])


# Machines


def detected(stage: Stage, noun: str = "", mode: str = "Enable") -> tuple[str, float]:
    dial(stage, f'<Number machineDetection="{mode}" amdStatusCallback="/amd" {noun}>{DOCTOR}</Number>')
    stage.net.advance(60)
    seen = stage.one("/amd")
    return seen["AnsweredBy"], int(seen["MachineDetectionDuration"]) / 1000


GREETING = "a" * 60
"""Four seconds."""


@pytest.mark.parametrize(
    ("behaviour", "mode", "noun", "found"),
    [
        ("answer", "Enable", "", ("human", 2.0)),
        ("answer", "Enable", 'machineDetectionSpeechEndThreshold="3000"', ("human", 3.8)),
        ("voicemail", "Enable", "", ("machine_start", 2.4)),
        ("voicemail", "Enable", 'machineDetectionSpeechThreshold="3500"', ("machine_start", 3.5)),
        ("voicemail", "Enable", 'machineDetectionSpeechThreshold="5000"', ("human", 5.2)),
        ("voicemail", "DetectMessageEnd", "", ("machine_end_beep", 4.5)),
        ("voicemail", "DetectMessageEnd", 'machineDetectionTimeout="3"', ("unknown", 3.0)),
    ],
)
def test_the_parameters_decide_what_is_found_and_when(
    stage: Stage, behaviour: str, mode: str, noun: str, found: tuple[str, float]
) -> None:
    """3.6: "machineDetectionTimeout 3-60 (30), ...SpeechThreshold 1000-6000 (2400), ...SpeechEndThreshold"."""
    stage.phone(DOCTOR, behaviour).greeting = GREETING
    assert detected(stage, noun, mode) == found


def test_a_greeting_without_a_beep_ends_in_silence(stage: Stage) -> None:
    """6.2: AnsweredBy "machine_end_beep, machine_end_silence, machine_end_other (DetectMessageEnd)"."""
    phone = stage.phone(DOCTOR, "voicemail")
    phone.greeting, phone.beeps = GREETING, False
    assert detected(stage, mode="DetectMessageEnd") == ("machine_end_silence", 5.2)


@pytest.mark.parametrize(("noun", "seconds"), [("", 5.0), ('machineDetectionSilenceTimeout="2000"', 2.0)])
def test_somebody_who_says_nothing_is_unknown(stage: Stage, noun: str, seconds: float) -> None:
    """3.6: "...SilenceTimeout 2000-10000 (5000)"; 6.2: AnsweredBy unknown."""
    stage.phone(DOCTOR, "answer").says_hello = False
    assert detected(stage, noun) == ("unknown", seconds)


@pytest.mark.parametrize("answered_by", ["human", "machine_start", "machine_end_other", "fax", "unknown"])
def test_a_phone_may_be_told_what_it_is(stage: Stage, answered_by: str) -> None:
    """6.2: the values of AnsweredBy; 11: "AMD sync/async with scripted AnsweredBy"."""
    stage.phone(DOCTOR, "answer").answered_by = answered_by
    assert detected(stage)[0] == answered_by


def test_detection_on_a_noun_runs_beside_the_talk(stage: Stage) -> None:
    """6.2: "asynchronous = the TwiML runs at once"; it "works on ... Dial Number/Sip"."""
    stage.phone(DOCTOR, "answer")
    line = dial(stage, f'<Number machineDetection="Enable" amdStatusCallback="/amd">{DOCTOR}</Number>')
    stage.net.advance(3)
    assert (line.connected_to, stage.at("/amd")) == ({DOCTOR}, [])


@pytest.mark.parametrize(("behaviour", "found"), [("answer", "human"), ("voicemail", "machine_start")])
def test_synchronous_detection_delays_the_document_and_names_the_finding(
    stage: Stage, behaviour: str, found: str
) -> None:
    """6.2: "synchronous = the Url request is delayed and carries AnsweredBy"."""
    stage.phone(DOCTOR, behaviour)
    limits = {"machine_detection_speech_threshold": 3000, "machine_detection_speech_end_threshold": 1000}
    sid = stage.call_out(DOCTOR, machine_detection="Enable", **limits)
    stage.net.advance(60)
    answered = stage.net.legs[sid].answered_at
    seen = stage.one("/out")
    assert (seen["AnsweredBy"], (seen.at - answered).total_seconds()) == (found, 1.8 if behaviour == "answer" else 3.0)


def test_detection_without_a_callback_tells_nobody(stage: Stage) -> None:
    """3.6: "amdStatusCallback(+Method)" (21262)."""
    dial(stage, f'<Number machineDetection="Enable">{DOCTOR}</Number>')
    assert stage.codes() == [21262]
