"""Section 3, how documents are read, and 3.1, which verbs answer. Each test quotes the rule it pins."""

import pytest

from phonesim import Options
from tests.simulator.stage import BASE, OURS, Seen, Stage, heard

DOCTOR = "+13125550181"


def test_verbs_are_performed_from_top_to_bottom(stage: Stage) -> None:
    """3: "Interpreter: top to bottom, case-sensitive names"."""
    line = stage.call("<Say>one</Say><Pause/><Say>two</Say><SAY>three</SAY>")
    stage.net.advance(10)
    assert heard(line) == ["one", "two"]


def test_what_follows_an_action_request_is_dead(stage: Stage) -> None:
    """3: "hands the call to the returned document; anything after it in the old document is dead"."""
    stage.page("/menu", "<Say>menu</Say>")
    line = stage.call('<Gather numDigits="1" action="/menu"/><Say>never heard</Say>')
    line.press("1")
    stage.net.advance(10)
    assert heard(line) == ["menu"]
    assert line.state == "completed"


def test_a_document_that_runs_out_of_verbs_hangs_up(stage: Stage) -> None:
    """3: "When the document runs out of verbs the call is hung up"."""
    line = stage.call("<Say>that is all</Say>")
    stage.net.advance(1)
    assert line.state == "completed"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("next", "/a/b/next"), ("/next", "/next"), ("../next", "/a/next"), ("?step=2", "/a/b/doc"),
        (f"{BASE}/far", "/far"), ("", "/a/b/doc"),
    ],
)  # fmt: skip
def test_relative_urls_resolve_against_the_document_they_stand_in(stage: Stage, target: str, path: str) -> None:
    """3: "Relative URLs resolve against the URL of the document that contains them"; 3.2: "blank = same document"."""
    stage.page("/a/b/doc", f"<Redirect>{target}</Redirect>", "<Hangup/>")
    stage.page(path, *([f"<Redirect>{target}</Redirect>", "<Hangup/>"] if path == "/a/b/doc" else ["<Hangup/>"]))
    stage.call("<Redirect>/a/b/doc</Redirect>")
    assert stage.paths()[:3] == ["/voice", "/a/b/doc", path]


def test_the_query_of_a_get_document_is_not_inherited(stage: Stage) -> None:
    """3: relative URLs resolve as in a browser; what a GET appended is no part of the document's URL."""
    stage.page("/doc", "<Redirect>/next</Redirect>")
    stage.page("/next", "<Hangup/>")
    stage.call('<Redirect method="GET">/doc?x=1</Redirect>')
    assert stage.one("/next").url == f"{BASE}/next"


def test_after_the_caller_hangs_up_the_document_stops(stage: Stage) -> None:
    """3: "If the caller hangs up, processing of the document stops"; "A pending Gather is simply dropped"."""
    line = stage.call('<Gather action="/menu" actionOnEmptyResult="true"/><Redirect>/next</Redirect>')
    line.hang_up()
    stage.net.advance(20)
    assert stage.paths() == ["/voice", "/status"]


def test_twiml_returned_after_hang_up_is_ignored() -> None:
    """3: "TwiML returned after hang-up is ignored"."""
    stage = Stage(Options(webhook_latency=3))
    line = stage.call("<Say>too late</Say>")
    line.hang_up()
    stage.net.advance(10)
    assert heard(line) == []
    assert len(stage.at("/voice")) == 1


@pytest.mark.parametrize(
    ("document", "path", "name", "value"),
    [
        ('<Record action="/done"/>', "/done", "Digits", "hangup"),
        ('<Enqueue action="/done">triage</Enqueue>', "/done", "QueueResult", "hangup"),
        ('<Dial action="/done">+13125550181</Dial>', "/done", "CallStatus", "completed"),
    ],
)
def test_record_enqueue_and_dial_still_ask_their_action_after_hang_up(
    stage: Stage, document: str, path: str, name: str, value: str
) -> None:
    """3: "Record (Digits=hangup) and Enqueue (QueueResult=hangup) still send their action request"; Dial: switch."""
    line = stage.call(document)
    stage.net.advance(3)
    line.hang_up()
    stage.net.run_due()
    assert stage.one(path)[name] == value


@pytest.mark.parametrize(
    "document",
    [
        "<Say>hi</Say>", "<Play digits='1'/>", "<Gather/>", "<Record/>", "<Dial>+13125550181</Dial>",
        "<Dial><Conference>room</Conference></Dial>", "<Enqueue>triage</Enqueue>", "<Hangup/>",
        "<Start><Recording/></Start><Pause/>", "<Stop/><Pause/>",
    ],
)  # fmt: skip
def test_any_other_verb_answers_the_call(stage: Stage, document: str) -> None:
    """3.1: "Any verb except these answers the call"; "<Hangup> first does not prevent answering"."""
    line = stage.call(document)
    assert line.leg.answered_at == stage.net.start


@pytest.mark.parametrize(("reason", "status"), [("", "no-answer"), ("rejected", "no-answer"), ("busy", "busy")])
def test_reject_first_does_not_answer(stage: Stage, reason: str, status: str) -> None:
    """3.1: "<Reject> first = not answered, not billed"; 3.2: "final status busy or no-answer"."""
    line = stage.call(f'<Reject reason="{reason}"/>' if reason else "<Reject/>")
    assert line.leg.answered_at is None
    assert (stage.one("/status")["CallStatus"], stage.one("/status")["CallDuration"]) == (status, "0")


def test_redirect_first_leaves_the_call_ringing(stage: Stage) -> None:
    """3.1: "<Redirect> first leaves the call ringing while the next document is fetched"."""
    stage.page("/next", "<Reject/>")
    line = stage.call("<Redirect>/next</Redirect>")
    assert stage.one("/next")["CallStatus"] == "ringing"
    assert line.leg.answered_at is None


@pytest.mark.parametrize("answers", [True, False])
def test_pause_first_waits_before_picking_up_or_never_does(answers: bool) -> None:
    """3.1: "waits that long before picking up (doc says so; FF reports it never answering, so avoid)"."""
    stage = Stage(Options(pause_first_answers=answers))
    line = stage.call('<Pause length="4"/><Redirect>/next</Redirect>')
    stage.page("/next", "<Say>hello</Say>")
    assert line.state == "ringing"
    stage.net.advance(4)
    assert stage.one("/next")["CallStatus"] == ("in-progress" if answers else "ringing")
    assert heard(line) == ["hello"]


def test_answer_on_bridge_keeps_the_caller_ringing_until_the_far_side_answers(stage: Stage) -> None:
    """3.1: "<Dial answerOnBridge="true"> first keeps the caller in ringing until the far side answers"."""
    line = stage.call(f'<Dial answerOnBridge="true">{DOCTOR}</Dial>')
    stage.net.advance(5)
    assert line.state == "ringing"
    stage.net.phone(DOCTOR).answer()
    stage.net.run_due()
    assert line.state == "in-progress"


def test_answer_on_bridge_after_another_verb_changes_nothing(stage: Stage) -> None:
    """3.5: "answerOnBridge: only effective as first verb"."""
    line = stage.call(f'<Say>one moment</Say><Dial answerOnBridge="true">{DOCTOR}</Dial>')
    stage.net.advance(3)
    assert line.state == "in-progress"


@pytest.mark.parametrize("limit", [5, 25])
def test_many_documents_may_follow_each_other(stage: Stage, limit: int) -> None:
    """3: documents lead to documents as often as the application likes."""
    count = iter(range(limit))

    def on(_seen: Seen) -> str:
        return "<Redirect>/voice</Redirect>" if next(count, None) is not None else "<Say>at last</Say>"

    stage.page("/voice", on)
    line = stage.net.phone("+13125550199").dial(OURS)
    stage.net.advance(5)
    assert heard(line) == ["at last"]
    assert len(stage.at("/voice")) == limit + 1


@pytest.mark.parametrize("verb", ['<Gather numDigits="1"%s/>', '<Record playBeep="false"%s/>'])
@pytest.mark.parametrize(("action", "codes"), [("", [11100]), ("/done", [11100]), (f"{BASE}/done", [])])
def test_inline_documents_need_absolute_actions(stage: Stage, verb: str, action: str, codes: list[int]) -> None:
    """3: "For calls started ... with inline Twiml, action of Record/Gather/Pay must be absolute"."""
    phone = stage.phone(DOCTOR, "answer")
    twiml = f"<Response>{verb % (f' action={action!r}' if action else '')}</Response>"
    stage.twilio.calls.create(to=DOCTOR, from_=OURS, twiml=twiml)
    stage.net.advance(6)
    assert phone.line is not None
    phone.line.press("1")
    stage.net.run_due()
    assert stage.codes() == codes
    assert stage.paths() == ["/done"] * (not codes)
