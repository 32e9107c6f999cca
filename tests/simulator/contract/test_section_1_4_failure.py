"""Section 1.4, what counts as failure, and the fallback: one row for each kind of trouble."""

from dataclasses import dataclass

import pytest

from phonesim import Options, switch_on
from phonesim.twiml.document import MOST_BYTES
from phonesim.values import Alert
from tests.simulator.stage import BASE, OURS, Page, Stage, heard

APOLOGY = "We are sorry, an application error has occurred. Goodbye."
SIZE = len("<Response><Say></Say></Response>")


@dataclass
class Trouble:
    """A bad answer, and what the debugger says of it."""

    page: Page | None
    code: int
    says: str
    status: int | None = 200
    line: int | None = None
    faults: tuple[str, ...] = ()


FATAL = {
    "any 4xx": Trouble(Page(status=404), 11200, "HTTP status 404", 404),
    "any 5xx": Trouble(Page(status=500), 11200, "HTTP status 500", 500),
    "429 is just another failure": Trouble(Page(status=429), 11200, "HTTP status 429", 429),
    "no complete response within limits": Trouble(
        Page("<Response/>"), 11205, "no answer in time", None, faults=("webhooks-slow=20",)
    ),
    "connect error": Trouble(None, 11205, "refused", None, faults=("application-down",)),
    "over 10 redirects": Trouble(Page(status=302, headers={"Location": "/voice"}), 11215, "ten redirects", None),
    "DNS error": Trouble(Page(status=302, headers={"Location": "https://gone.example/x"}), 11210, "no such host", None),
    "URL malformed": Trouble(Page(status=302, headers={"Location": "ftp://h.example/x"}), 11100, "absolute", None),
    "missing Content-Type shows as 502": Trouble(Page("<Response/>", content_type=None), 12300, "missing", 502),
    "an empty 200 without Content-Type is logged as 502": Trouble(Page(content_type=None), 12300, "missing", 502),
    "wrong Content-Type": Trouble(Page("{}", content_type="application/json"), 12300, "application/json"),
    "an image": Trouble(Page("GIF", content_type="image/gif"), 12300, "image/gif"),
    "body over 64 kB": Trouble(Page(f"<Response><Say>{'x' * 65536}</Say></Response>"), 11750, "larger than 64 kB"),
    "XML that does not parse": Trouble(Page("<Response>\n<Say>unfinished"), 12100, "not well-formed", line=2),
    "nothing to parse": Trouble(Page(""), 12100, "not well-formed", line=1),
    "two roots": Trouble(Page("<Response/>\n<Response/>"), 12100, "not well-formed", line=2),
    "an undefined entity": Trouble(Page("<Response><Say>&nbsp;</Say></Response>"), 12100, "nbsp", line=1),
    "root not Response": Trouble(Page("\n<Other/>"), 12100, "the root element is Other", line=2),
    "root of the wrong case": Trouble(Page("<response/>"), 12100, "the root element is response", line=1),
    "an error page": Trouble(Page("<html><p>Oops</p></html>", content_type="text/html"), 12100, "html", line=1),
    "bad version attribute": Trouble(Page('<Response version="2.0"/>'), 12101, "version 2.0", line=1),
}


def troubled(trouble: Trouble, fallback: str = f"{BASE}/fallback") -> Stage:
    stage = Stage(faults=trouble.faults)
    stage.net.add_number(OURS, f"{BASE}/voice", voice_fallback_url=fallback)
    stage.page("/fallback", "<Say>a person will take your call</Say>")
    stage.incoming(trouble.page or Page())
    return stage


@pytest.mark.parametrize("trouble", FATAL.values(), ids=FATAL)
def test_with_trouble_and_no_fallback_the_caller_hears_an_application_error_and_the_call_ends(trouble: Trouble) -> None:
    """1.4: "No fallback: an application error message is played and the call ends"; the ids quote the failures."""
    stage = troubled(trouble, "")
    stage.net.advance(30)
    (line,) = stage.net.phone("+13125550199").history
    assert heard(line) == [APOLOGY]
    assert line.state == "completed"
    check(stage.net.alerts[0], trouble, line.call_sid)


def check(alert: Alert, trouble: Trouble, call_sid: str) -> None:
    assert (alert.code, alert.level, alert.call_sid, alert.url) == (trouble.code, "error", call_sid, f"{BASE}/voice")
    assert (alert.method, alert.status, alert.line) == ("POST", trouble.status, trouble.line)
    assert trouble.says in alert.message


@pytest.mark.parametrize(
    "trouble",
    [each for each in FATAL.values() if not each.faults],
    ids=[name for name in FATAL if not FATAL[name].faults],
)
def test_with_trouble_the_fallback_url_is_asked_at_once_and_continues_the_call(trouble: Trouble) -> None:
    """1.4: "at once requests the fallback URL with the normal parameters plus ErrorCode and ErrorUrl"."""
    stage = troubled(trouble)
    (line,) = stage.net.phone("+13125550199").history
    seen = stage.one("/fallback")
    assert (seen["ErrorCode"], seen["ErrorUrl"]) == (str(trouble.code), f"{BASE}/voice")
    assert (seen["CallSid"], seen.at) == (line.call_sid, stage.net.start)
    assert heard(line) == ["a person will take your call"]


def test_when_the_fallback_fails_too_the_caller_hears_an_application_error(stage: Stage) -> None:
    """1.4: "(or fallback fails too)"."""
    stage.page("/fallback", Page(status=503))
    line = stage.incoming(Page(status=500))
    stage.net.advance(10)
    assert heard(line) == [APOLOGY]
    assert [(alert.url, alert.status) for alert in stage.net.alerts] == [
        (f"{BASE}/voice", 500),
        (f"{BASE}/fallback", 503),
    ]


def test_the_fallback_serves_every_document_of_the_call(stage: Stage) -> None:
    """1.4: "Fallback applies to TwiML-fetching requests (voice URL, action ...)"."""
    stage.page("/menu", Page(status=500))
    stage.page("/fallback", "<Say>never mind</Say>")
    line = stage.call('<Gather numDigits="1" action="/menu"/>')
    line.press("4")
    stage.net.run_due()
    seen = stage.one("/fallback")
    assert (seen["Digits"], seen["ErrorUrl"]) == ("4", f"{BASE}/menu")
    assert heard(line) == ["never mind"]


def test_the_account_of_api_calls_has_its_own_fallback(stage: Stage) -> None:
    """1.4: "the fallback URL of the number / call / app"."""
    stage.phone("+13125550181", "answer")
    stage.page("/plan-b", "<Say>plan b</Say>")
    stage.call_out("+13125550181", "<Redirect>/gone</Redirect>", fallback_url=f"{BASE}/plan-b", fallback_method="GET")
    stage.page("/gone", Page(status=404))
    stage.net.advance(10)
    assert (stage.one("/plan-b").method, stage.one("/plan-b")["ErrorCode"]) == ("GET", "11200")


@pytest.mark.parametrize("spare", [False, True])
def test_a_failing_wait_url_ends_the_stay_in_the_queue_unless_the_fallback_serves_it(spare: bool) -> None:
    """1.4: "(waitUrl unconfirmed)"."""
    stage = Stage(Options(wait_fallback=spare))
    stage.page("/wait", Page(status=500))
    stage.page("/fallback", "<Say>please hold on</Say>")
    line = stage.call('<Enqueue waitUrl="/wait" action="/q">triage</Enqueue>')
    stage.net.advance(0.5)
    assert len(stage.at("/fallback")) == spare
    assert heard(line) == ["please hold on"] * spare
    assert [seen["QueueResult"] for seen in stage.at("/q")] == ["error"] * (not spare)


def test_a_failing_conference_wait_url_ends_the_dial(stage: Stage) -> None:
    """1.4: "prevents the conference from being set up: the Dial ends and control passes to its action"."""
    stage.page("/wait", Page(status=500))
    stage.call('<Dial action="/left"><Conference waitUrl="/wait">room</Conference></Dial>')
    assert stage.one("/left")["DialCallStatus"] == "failed"
    assert stage.net.alerts[0].url == f"{BASE}/wait"


@pytest.mark.parametrize(
    ("option", "page", "code"),
    [
        (Options(http_error_code=11217), Page(status=500), "11217"),
        (Options(root_error_code=12102), Page("<Other/>"), "12102"),
    ],
)
def test_newer_dictionaries_have_other_codes(option: Options, page: Page, code: str) -> None:
    """1.4: "any 4xx/5xx (11200 family; newer code 11217 for error statuses)"; 12102 is in the dictionary."""
    stage = Stage(option)
    stage.incoming(page)
    assert stage.one("/fallback")["ErrorCode"] == code


def test_a_time_out_may_have_another_code() -> None:
    """11.1 G: "VoiceUrl hangs 15 s -> same with ErrorCode=11200/11205"."""
    stage = Stage(Options(webhook_latency=15, timeout_error_code=11200))
    stage.call("")
    stage.net.advance(15)
    assert stage.one("/fallback")["ErrorCode"] == "11200"


def test_64_kb_exactly_is_allowed(stage: Stage) -> None:
    """1.5: "TwiML response <= 64 kB (11750)"."""
    stage.incoming(Page(f"<Response><Say></Say>{' ' * (MOST_BYTES - SIZE)}</Response>"))
    assert stage.codes() == [13520]


WARNINGS = {
    "unknown verb": ("<Shout>hello</Shout>", 12200, "Shout is not a verb"),
    "wrong case": ("<say>hello</say>", 12200, "say is not a verb"),
    "a noun alone": ("<Number>+13125550181</Number>", 12200, "Number is not a verb"),
    "unexpected nesting": ("<Say>hi <Pause/></Say>", 12200, "Pause is not allowed inside Say"),
    "a verb of the wait flow": ("<Leave/>", 12200, "Leave is not allowed in a main document"),
    "a verb not imitated": ("<Pay/>", 12200, "not imitate"),
    "nested verb in Gather": ("<Gather><Dial>1</Dial></Gather>", 13320, "Dial is not allowed inside Gather"),
}


@pytest.mark.parametrize(("document", "code", "says"), WARNINGS.values(), ids=WARNINGS)
def test_schema_problems_are_warnings_and_the_call_goes_on(stage: Stage, document: str, code: int, says: str) -> None:
    """1.4: "12200 schema problems are warnings, not failures; the bad part is ignored and the call goes on"."""
    stage.page("/voice", Page(f"<Response>\n{document}\n<Say>still here</Say></Response>"))
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.advance(6)
    (alert,) = stage.net.alerts
    assert heard(line)[-1] == "still here"
    assert (alert.code, alert.level, alert.line, alert.status) == (code, "warning", 2, 200)
    assert says in alert.message


@pytest.mark.parametrize(("whole", "played"), [(True, ["still here"]), (False, ["in colour", "still here"])])
def test_an_unknown_attribute_costs_the_verb_only_where_an_option_says_so(whole: bool, played: list[str]) -> None:
    """1.4: "unknown attribute ... (skip semantics unconfirmed)"; 13 (5): "whole verb or attribute only"."""
    stage = Stage(Options(skip_whole_verb=whole))
    line = stage.call('<Say colour="red">in colour</Say><Say>still here</Say>')
    stage.net.advance(3)
    assert heard(line) == played
    assert "Say has no attribute colour" in stage.net.alerts[0].message


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ('<Dial action="/after" colour="red" timeout="5">+13125550181</Dial>', "/after"),
        ('<Gather action="/after" actionOnEmptyResult="true" timeout="1" bargein="true"/>', "/after"),
        ('<Record action="/after" maxLength="1" playBeep="false" beep="no"/>', "/after"),
        ('<Redirect verb="POST">/after</Redirect>', "/after"),
        ('<Dial><Number url="/after" name="Ben">+13125550182</Number></Dial>', "/after"),
        ('<Gather timeout="1"><Say tone="low">hello</Say></Gather><Redirect>/after</Redirect>', "/after"),
    ],
)  # fmt: skip
def test_by_default_an_unknown_attribute_is_a_warning_and_the_verb_is_performed(
    stage: Stage, document: str, path: str
) -> None:
    """1.4: "12200 schema problems (... unknown attribute ...) are warnings, not failures"."""
    stage.phone("+13125550182", "answer")
    stage.page(path, "<Hangup/>")
    line = stage.call(document)
    if not line.leg.ended:
        line.say("one two three")
    stage.net.advance(20)
    assert stage.at(path)
    assert {alert.level for alert in stage.net.alerts} == {"warning"}
    assert 12200 in stage.codes()


def test_text_between_verbs_and_comments_are_ignored(stage: Stage) -> None:
    """3: the interpreter performs verbs; everything else is no instruction."""
    line = stage.call("by the way<!-- a note --><?note x?><Say>hello</Say>")
    assert heard(line) == ["hello"]
    assert stage.codes() == []


@pytest.mark.parametrize(
    "page", [Page(status=204, content_type=None), Page("<Response/>"), Page("<Response></Response>")]
)
def test_the_two_good_answers_to_a_status_callback_leave_no_trace(stage: Stage, page: Page) -> None:
    """1.4: "Answer 204, or 200 with text/xml and an empty <Response/>"."""
    stage.page("/status", page)
    stage.call("<Hangup/>")
    assert stage.codes() == []


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Page("", content_type=None), 12300),
        (Page("{}", content_type="application/json"), 12300),
        (Page("OK", content_type="text/plain"), 15003),
        (Page("OK", content_type="text/html"), 15003),
        (Page("<Response><Say>hi</Say></Response>"), 15003),
        (Page(status=404), 15003),
        (Page(status=500), 15003),
        (Page("<Response/>", status=201), 15003),
    ],
)
def test_any_other_answer_to_a_status_callback_only_logs_and_never_influences_the_call(
    stage: Stage, page: Page, code: int
) -> None:
    """1.4: "Status callbacks never influence the call ... anything else only logs a warning"; "(12300)" is an error."""
    stage.page("/status", page)
    line = stage.call("<Say>all is well</Say>")
    stage.net.advance(5)
    assert (line.state, heard(line)) == ("completed", ["all is well"])
    (alert,) = stage.net.alerts
    assert (alert.code, alert.level) == (code, "error" if code == 12300 else "warning")
    assert (alert.method, alert.url, alert.status) == (
        "POST",
        f"{BASE}/status",
        502 if page.content_type is None else page.status,
    )


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (f'<Dial><Conference statusCallback="{BASE}/cb" statusCallbackEvent="join">r</Conference></Dial>', 16011),
        (f'<Gather input="speech" partialResultCallback="{BASE}/cb"/>', 11200),
    ],
)
def test_other_callbacks_have_their_own_codes(stage: Stage, document: str, code: int) -> None:
    """1.4 with the error dictionary: 16011 for conference events, 11200 in general."""
    stage.page("/cb", Page(status=500))
    stage.call(document).say("hello")
    stage.net.run_due()
    assert stage.codes() == [code]


def test_an_unreachable_status_callback_is_logged(stage: Stage) -> None:
    """1.4: "DNS/connect/TLS error"; 1.3: "best effort"."""
    line = stage.call("<Pause length='2'/>")
    switch_on(stage.net, "application-down")
    stage.net.advance(5)
    assert line.state == "completed"
    assert stage.codes() == [11205]


def test_a_document_that_leads_to_itself_forever_does_not_stop_time(stage: Stage) -> None:
    """3.1: "<Redirect> first leaves the call ringing while the next document is fetched"."""
    line = stage.call("<Redirect>/voice</Redirect>")
    stage.net.advance(5)
    assert line.state == "ringing"
    assert stage.elapsed() == 5
