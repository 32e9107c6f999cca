"""Section 6.4, text messages. Each test quotes the rule it pins."""

from datetime import timedelta
from typing import Any

import pytest

from phonesim import Options
from tests.simulator.contract.rooms import refused
from tests.simulator.stage import ACCOUNT, BASE, OURS, START, Page, Stage, heard

DOCTOR = "+13125550181"
SERVICE = "MG" + "0" * 32


def send(stage: Stage, **more: Any) -> Any:
    return stage.twilio.messages.create(
        **{"to": DOCTOR, "from_": OURS, "body": "please call in", "status_callback": f"{BASE}/sms", **more}
    )


def statuses(stage: Stage) -> list[str]:
    return [seen["MessageStatus"] for seen in stage.at("/sms")]


def test_a_text_is_queued_sending_sent_and_delivered(stage: Stage) -> None:
    """6.4: "Status: accepted, scheduled, queued, sending, sent, delivered, ..."."""
    message = send(stage)
    seen = [message.status]
    for _ in range(4):
        stage.net.advance(0.25)
        seen.append(stage.twilio.messages(message.sid).fetch().status)
    assert seen == ["queued", "sending", "sent", "sent", "delivered"]
    (text,) = stage.net.phone(DOCTOR).messages
    assert (text.from_, text.body) == (OURS, "please call in")
    assert statuses(stage) == ["sent", "delivered"]


def test_the_callback_has_the_documented_parameters(stage: Stage) -> None:
    """6.4: "Callback: MessageSid, MessageStatus, ErrorCode/ErrorMessage, To, From, AccountSid, ApiVersion"."""
    message = send(stage)
    stage.net.advance(5)
    told = stage.at("/sms")[-1]
    wanted = {"MessageSid": message.sid, "To": DOCTOR, "From": OURS, "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01"}
    assert {name: told[name] for name in wanted} == wanted
    assert "ErrorCode" not in told.params


def test_a_messaging_service_accepts_first_and_chooses_the_sender(stage: Stage) -> None:
    """6.4: "To + (From | MessagingServiceSid)"; status accepted."""
    message = send(stage, from_=None, messaging_service_sid=SERVICE)
    assert (message.status, message.from_, message.messaging_service_sid) == ("accepted", None, SERVICE)
    stage.net.advance(5)
    assert stage.twilio.messages(message.sid).fetch().from_ == OURS
    assert stage.at("/sms")[-1]["MessagingServiceSid"] == SERVICE


@pytest.mark.parametrize(
    ("behaviour", "code"), [("switched-off", 30003), ("unreachable", 30003), ("landline", 30006), (30005, 30005),
                            (30007, 30007), (30034, 30034)],
)  # fmt: skip
def test_a_text_that_does_not_arrive_says_why(stage: Stage, behaviour: str | int, code: int) -> None:
    """6.4: "30003 unreachable, 30005 unknown, 30006 landline, 30007 filtered, 30034 unregistered"."""
    phone = stage.phone(DOCTOR, behaviour if behaviour in {"switched-off", "unreachable"} else "manual")  # type: ignore[arg-type]
    phone.accepts_texts = behaviour != "landline"
    phone.text_error = behaviour if isinstance(behaviour, int) else None
    message = send(stage)
    stage.net.advance(5)
    told = stage.at("/sms")[-1]
    assert (told["MessageStatus"], told["ErrorCode"]) == ("undelivered", str(code))
    assert told["ErrorMessage"]
    fetched = stage.twilio.messages(message.sid).fetch()
    assert (fetched.status, fetched.error_code, bool(fetched.error_message)) == ("undelivered", code, True)
    assert phone.messages == []


@pytest.mark.parametrize("at_once", [True, False])
def test_a_landline_is_refused_at_once_or_later(at_once: bool) -> None:
    """6.4: "21614 not mobile" or "30006 landline": which of the two is not documented, so both can be had."""
    stage = Stage(Options(landlines_refused_at_once=at_once))
    stage.phone(DOCTOR).accepts_texts = False
    if at_once:
        assert refused(lambda: send(stage)) == (400, 21614)
    else:
        assert send(stage).status == "queued"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "555"}, 21211),
        ({"from_": "abc"}, 21212),
        ({"from_": "+13125550777"}, 21606),
        ({"from_": None}, 21603),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"validity_period": 36001}, 20001),
    ],
)
def test_bad_parameters_of_a_text(stage: Stage, changes: dict[str, Any], code: int) -> None:
    """6.4: "Errors 21211 bad To, 21212/21606 bad From, ... 21617 too long"."""
    assert refused(lambda: send(stage, **changes)) == (400, code)
    assert stage.twilio.messages.list() == []


@pytest.mark.parametrize(
    ("body", "segments"), [("x" * 160, "1"), ("x" * 161, "2"), ("x" * 1600, "11"), ("ж" * 70, "1"), ("ж" * 71, "2")]
)
def test_long_texts_are_counted_in_segments(stage: Stage, body: str, segments: str) -> None:
    """6.4: "Body (<=1600)"; num_segments is a string."""
    assert send(stage, body=body).num_segments == segments


def test_somebody_who_replied_stop_gets_nothing_until_start(stage: Stage) -> None:
    """6.4: "21610 opted out"."""
    phone = stage.net.phone(DOCTOR)
    phone.text(OURS, " stop ")
    stage.net.advance(5)
    assert refused(lambda: send(stage)) == (400, 21610)
    assert len(phone.messages) == 1
    phone.text(OURS, "START")
    assert send(stage).status == "queued"


def test_a_text_can_be_scheduled_and_taken_back(stage: Stage) -> None:
    """6.4: statuses scheduled and canceled."""
    how: Any = {"messaging_service_sid": SERVICE, "schedule_type": "fixed", "send_at": START + timedelta(hours=1)}
    kept, dropped = send(stage, **how), send(stage, **how)
    assert (kept.status, dropped.update(status="canceled").status) == ("scheduled", "canceled")
    assert refused(lambda: dropped.update(status="canceled")) == (400, 30409)
    stage.net.advance(3599)
    assert stage.net.phone(DOCTOR).messages == []
    stage.net.advance(5)
    assert len(stage.net.phone(DOCTOR).messages) == 1
    assert statuses(stage) == ["canceled", "sent", "delivered"]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"send_at": START + timedelta(hours=1)}, 35118),
        ({"messaging_service_sid": SERVICE}, 35111),
        ({"messaging_service_sid": SERVICE, "send_at": START + timedelta(minutes=4)}, 35114),
        ({"messaging_service_sid": SERVICE, "send_at": START + timedelta(days=36)}, 35114),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(stage: Stage, how: dict[str, Any], code: int) -> None:
    """6.4: status scheduled; error dictionary 35111, 35114, 35118."""
    assert refused(lambda: send(stage, schedule_type="fixed", **how)) == (400, code)


def test_a_text_can_be_redacted_and_deleted(stage: Stage) -> None:
    """9: "message redaction"; OAI: POST Messages/{SM}.json Body, DELETE Messages/{SM}.json."""
    message = send(stage)
    assert refused(message.delete) == (400, 20009)
    stage.net.advance(5)
    assert refused(lambda: message.update(body="other words")) == (400, 20001)
    assert message.update(body="").body == ""
    assert message.delete()
    assert stage.twilio.messages.list() == []


def test_a_body_that_is_not_to_be_kept_is_gone_after_delivery(stage: Stage) -> None:
    """6.4: "ContentRetention retain|discard"."""
    message = send(stage, content_retention="discard")
    stage.net.advance(5)
    assert stage.net.phone(DOCTOR).messages[0].body == "please call in"
    assert stage.twilio.messages(message.sid).fetch().body == ""


def test_texts_are_found_by_number_and_day(stage: Stage) -> None:
    """OAI: To, From and DateSent with < and >."""
    first = send(stage)
    stage.net.advance(86400)
    second = send(stage, to="+13125550182")
    stage.net.advance(5)
    messages: Any = stage.twilio.messages.list
    assert [one.sid for one in messages(to=DOCTOR)] == [first.sid]
    assert [one.sid for one in messages(from_=OURS)] == [second.sid, first.sid]
    assert [one.sid for one in messages(date_sent=START.date())] == [first.sid]
    assert [one.sid for one in messages(date_sent_after=START + timedelta(hours=12))] == [second.sid]


def test_an_application_may_take_the_callbacks(stage: Stage) -> None:
    """OAI: ApplicationSid, whose MessageStatusCallback is used."""
    application = stage.twilio.applications.create(message_status_callback=f"{BASE}/sms").sid
    send(stage, status_callback=None, application_sid=application)
    stage.net.advance(5)
    assert statuses(stage) == ["sent", "delivered"]


# Texts from phones


def receiving(stage: Stage, reply: str | Page) -> None:
    stage.net.add_number(OURS, f"{BASE}/voice", sms_url=f"{BASE}/texted")
    stage.page("/texted", reply)


def test_a_text_to_us_is_told_and_its_reply_sent(stage: Stage) -> None:
    """6.4: "receiving/received"; OAI: SmsUrl, asked with the message and answered with Message."""
    receiving(stage, '<Message statusCallback="/sms">we will call you</Message>')
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    told = stage.one("/texted")
    assert (told["From"], told["To"], told["Body"], told["SmsStatus"]) == (DOCTOR, OURS, "call me", "received")
    assert told["MessageSid"] == told["SmsSid"] == told["SmsMessageSid"]
    assert (told["NumMedia"], told["NumSegments"], told["AccountSid"]) == ("0", "1", ACCOUNT)
    assert stage.net.phone(DOCTOR).messages[0].body == "we will call you"
    assert statuses(stage) == ["sent", "delivered"]
    reply, received = stage.twilio.messages.list()
    assert (reply.direction, received.direction, received.status) == ("outbound-reply", "inbound", "received")


@pytest.mark.parametrize(
    ("reply", "texts"),
    [
        ("<Message><Body>in a body</Body></Message><Message>and one more</Message>", ["in a body", "and one more"]),
        ("", []),
        (Page("plain words", content_type="text/plain"), ["plain words"]),
        (Page(status=204, content_type=None), []),
    ],
)
def test_a_reply_may_be_one_several_plain_or_none(stage: Stage, reply: str | Page, texts: list[str]) -> None:
    """1.5 for texts: "text/plain [...] read"; an empty answer sends nothing."""
    receiving(stage, reply)
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    assert [text.body for text in stage.net.phone(DOCTOR).messages] == texts
    assert stage.codes() == []


def test_a_reply_may_be_elsewhere(stage: Stage) -> None:
    """TwiML of messaging knows Message and Redirect."""
    receiving(stage, "<Redirect>/other</Redirect>")
    stage.page("/other", "<Message>from elsewhere</Message>")
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    assert [text.body for text in stage.net.phone(DOCTOR).messages] == ["from elsewhere"]


@pytest.mark.parametrize(
    "answer",
    [
        Page(status=500), Page("<Broken"), Page("<Other/>"), Page("<Response/>", content_type="application/json"),
        Page("<Response/>", content_type=None), Page("", content_type=None),
        Page("x" * 70_000, content_type="text/plain"),
    ],
)  # fmt: skip
def test_a_broken_answer_to_a_text_goes_to_the_fallback(stage: Stage, answer: Page) -> None:
    """1.4: "requests the fallback URL [...] with ErrorCode and ErrorUrl", for texts as for calls."""
    number = stage.twilio.incoming_phone_numbers.list()[0]
    number.update(sms_url=f"{BASE}/texted", sms_fallback_url=f"{BASE}/spare")
    stage.page("/texted", answer)
    stage.page("/spare", "<Message>sorry</Message>")
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    assert stage.one("/spare")["ErrorUrl"] == f"{BASE}/texted"
    assert [text.body for text in stage.net.phone(DOCTOR).messages] == ["sorry"]
    assert len(stage.codes()) == 1


def test_what_a_message_does_not_know_is_a_warning_and_its_own_words_are_sent(stage: Stage) -> None:
    """1.4: 12200 "unexpected nesting" is a warning, "the bad part is ignored"."""
    receiving(stage, "<Message>call <b>us</b> back</Message>")
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    assert [text.body for text in stage.net.phone(DOCTOR).messages] == ["call  back"]
    assert stage.codes() == [12200]


def test_a_verb_of_voice_means_nothing_to_a_text(stage: Stage) -> None:
    """1.4: 12200 "unknown verb" is a warning, "the bad part is ignored"."""
    receiving(stage, "<Say>hello</Say><Message>hello</Message>")
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    assert stage.codes() == [12200]
    assert [text.body for text in stage.net.phone(DOCTOR).messages] == ["hello"]


TOOK_OVER = "<Message>and this</Message>"


@pytest.mark.parametrize(("method", "asked"), [("", "POST"), ('method="GET"', "GET"), ('method="PUT"', "POST")])
def test_the_action_of_a_message_is_asked_and_takes_over(stage: Stage, method: str, asked: str) -> None:
    """TwiML Message: action and method; what follows the verb is not reached."""
    receiving(stage, f'<Message action="/then?x=1" {method}>first this</Message><Message>never this</Message>')
    stage.page("/then", TOOK_OVER)
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    then = stage.one("/then")
    first, last = stage.net.phone(DOCTOR).messages
    assert (first.body, last.body) == ("first this", "and this")
    assert (then.method, then["MessageStatus"], then["From"], then["x"]) == (asked, "sending", DOCTOR, "1")
    sent = {one.body: one.sid for one in stage.twilio.messages.list(from_=OURS)}
    assert then["MessageSid"] == sent["first this"]
    assert stage.codes() == ([14104] if "PUT" in method else [])


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ('<Message to="nobody" action="/then">hello</Message>', 14101),
        ('<Message from="+13125550777" action="/then">hello</Message>', 14102),
        ('<Message action="/then"/>', 14103),
    ],
)
def test_a_message_that_cannot_be_sent_is_told_to_its_action(stage: Stage, verb: str, code: int) -> None:
    """TwiML Message, error dictionary 14101 to 14103: warnings."""
    receiving(stage, verb)
    stage.page("/then", TOOK_OVER)
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    assert stage.one("/then")["MessageStatus"] == "invalid"
    assert [text.body for text in stage.net.phone(DOCTOR).messages] == ["and this"]
    assert [(alert.code, alert.level) for alert in stage.net.alerts] == [(code, "warning")]


@pytest.mark.parametrize("sender", ["+13125550144", "(312) 555-0144", "Front Desk"])
def test_a_message_shows_the_number_or_name_that_it_is_from(stage: Stage, sender: str) -> None:
    """TwiML Message: from, a number of the account or a name of at most 11 characters."""
    stage.net.add_number("+13125550144")
    receiving(stage, f'<Message from="{sender}">hello</Message><Sms to="312-555-0182">and you</Sms>')
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    shown = "Front Desk" if sender == "Front Desk" else "+13125550144"
    assert [text.from_ for text in stage.net.phone(DOCTOR).messages] == [shown]
    assert [text.body for text in stage.net.phone("+13125550182").messages] == ["and you"]
    assert stage.codes() == []


def test_a_number_without_a_plus_is_of_the_country_of_the_sender(stage: Stage) -> None:
    """TwiML Message: "Twilio will use the same country code as the 'from' number"."""
    stage.net.add_number("+442071838750", sms_url=f"{BASE}/texted")
    stage.page("/texted", '<Message to="07400 123456">hello</Message>')
    stage.net.phone(DOCTOR).text("+442071838750", "call me")
    stage.net.advance(5)
    assert [text.body for text in stage.net.phone("+447400123456").messages] == ["hello"]


def test_messages_that_lead_round_in_circles_come_to_an_end(stage: Stage) -> None:
    """Error dictionary 14106: "Document retrieval limit reached"."""
    receiving(stage, '<Message action="/texted">again</Message>')
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(60)
    assert stage.codes() == [14106]
    assert len(stage.net.phone(DOCTOR).messages) == 11


def test_an_unknown_attribute_of_a_message_costs_only_itself(stage: Stage) -> None:
    """1.4: "the bad part is ignored"."""
    receiving(stage, '<Message colour="red">hello</Message>')
    stage.net.phone(DOCTOR).text(OURS, "call me")
    stage.net.advance(5)
    assert stage.codes() == [12200]
    assert [text.body for text in stage.net.phone(DOCTOR).messages] == ["hello"]


@pytest.mark.parametrize("answers", [True, False])
def test_a_text_between_our_own_numbers_arrives_at_the_other(answers: bool) -> None:
    """6.4: "receiving/received"; own numbers answer texts as they answer calls."""
    stage = Stage(Options(own_numbers_answer=answers))
    stage.net.add_number("+13125550144", sms_url=f"{BASE}/texted")
    stage.page("/texted", "<Message>and back</Message>")
    send(stage, to="312-555-0144")
    stage.net.advance(5)
    directions = [one.direction for one in stage.twilio.messages.list()]
    if answers:
        told = stage.one("/texted")
        assert (told["From"], told["To"], told["Body"]) == (OURS, "+13125550144", "please call in")
        assert sorted(directions) == ["inbound", "inbound", "outbound-api", "outbound-reply"]
    else:
        assert (stage.at("/texted"), directions) == ([], ["outbound-api"])
    assert statuses(stage) == ["sent", "delivered"]


@pytest.mark.parametrize("written", ["(312) 555-0181", "312-555-0181", "1 312 555 0181", "+1 312.555.0181"])
def test_a_text_goes_to_a_number_as_people_write_it(stage: Stage, written: str) -> None:
    """OAI, older pages: "Twilio will also accept unformatted US numbers e.g., (415) 555-1212, 415-555-1212"."""
    assert (send(stage, to=written).to, send(stage, from_="(312) 555-0100").from_) == (DOCTOR, OURS)


# Numbers


def test_an_application_configures_its_own_number(stage: Stage) -> None:
    """OAI: IncomingPhoneNumbers VoiceUrl, VoiceFallbackUrl, StatusCallback; it holds from the next call on."""
    (number,) = stage.twilio.incoming_phone_numbers.list(phone_number=OURS)
    number.update(voice_url=f"{BASE}/moved", voice_method="GET", friendly_name="front desk")
    stage.page("/moved", "<Say>moved here</Say>")
    line = stage.call("<Say>the old place</Say>")
    assert heard(line) == ["moved here"]
    assert stage.one("/moved").method == "GET"
    fetched = stage.twilio.incoming_phone_numbers(number.sid).fetch()
    assert (fetched.voice_url, fetched.friendly_name, fetched.phone_number) == (f"{BASE}/moved", "front desk", OURS)
    assert fetched.status_callback == f"{BASE}/status"


def test_an_application_set_on_a_number_takes_its_calls(stage: Stage) -> None:
    """OAI: VoiceApplicationSid; the number's own VoiceUrl is then ignored."""
    application = stage.twilio.applications.create(voice_url=f"{BASE}/app").sid
    (number,) = stage.twilio.incoming_phone_numbers.list()
    number.update(voice_application_sid=application)
    stage.page("/app", "<Say>from the application</Say>")
    assert heard(stage.call("<Say>from the number</Say>")) == ["from the application"]
    stage.twilio.applications(application).delete()
    assert heard(stage.call("<Say>from the number</Say>", "+13125550198")) == ["from the number"]
    assert refused(lambda: number.update(voice_application_sid="AP" + "0" * 32)) == (400, 21218)


def test_numbers_are_bought_and_released(stage: Stage) -> None:
    """OAI: POST and DELETE IncomingPhoneNumbers."""
    made = stage.twilio.incoming_phone_numbers.create(phone_number="+13125550144", voice_url=f"{BASE}/new")
    assert stage.net.numbers["+13125550144"].voice_url == f"{BASE}/new"
    assert refused(lambda: stage.twilio.incoming_phone_numbers.create(phone_number="+13125550144")) == (400, 21421)
    assert made.delete()
    assert "+13125550144" not in stage.net.numbers


def test_applications_are_found_by_name(stage: Stage) -> None:
    """OAI: Applications FriendlyName."""
    made = stage.twilio.applications.create(friendly_name="browsers", voice_url=f"{BASE}/app")
    stage.twilio.applications.create(friendly_name="others")
    assert [one.sid for one in stage.twilio.applications.list(friendly_name="browsers")] == [made.sid]
    assert made.update(voice_method="GET").voice_method == "GET"
