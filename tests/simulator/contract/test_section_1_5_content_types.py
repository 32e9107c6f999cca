"""Section 1.5, response content types. Each test quotes the rule it pins."""

import pytest

from phonesim import Line
from phonesim.audio import Stretch, render
from tests.simulator.stage import Page, Stage, heard

WAV = b"".join(render([Stretch(2.0, (("ann",),))]))
MP3 = b"ID3 and so on"


@pytest.mark.parametrize("media", ["text/xml", "application/xml", "text/html", "text/xml; charset=utf-8", "TEXT/XML"])
def test_xml_types_are_parsed_as_twiml(stage: Stage, media: str) -> None:
    """1.5: "text/xml, application/xml, text/html: parsed as TwiML"."""
    line = stage.incoming(Page("<Response><Say>hello there</Say></Response>", content_type=media))
    assert heard(line) == ["hello there"]


@pytest.mark.parametrize(("body", "media", "seconds"), [(MP3, "audio/mpeg", 3), (WAV, "audio/x-wav", 2)])
def test_an_audio_answer_is_played_then_the_call_ends(stage: Stage, body: bytes, media: str, seconds: int) -> None:
    """1.5: "audio types: played, then hang up"."""
    line = stage.incoming(Page(body, content_type=media))
    stage.net.advance(seconds - 0.1)
    assert line.state == "in-progress"
    stage.net.advance(0.1)
    assert [sound.kind for sound in line.heard] == ["ring", "play"]
    assert line.state == "completed"


def test_plain_text_that_is_no_twiml_is_read_aloud_then_the_call_ends(stage: Stage) -> None:
    """1.5: "text/plain: ... otherwise read aloud, then hang up"."""
    line = stage.incoming(Page("We are closed today", content_type="text/plain"))
    stage.net.advance(5)
    assert heard(line) == ["We are closed today"]
    assert line.state == "completed"


def test_plain_text_that_is_twiml_is_performed(stage: Stage) -> None:
    """1.5: "text/plain: executed if it is valid TwiML"."""
    line = stage.incoming(Page("<Response><Say>by the book</Say></Response>", content_type="text/plain"))
    assert heard(line) == ["by the book"]


@pytest.mark.parametrize(("body", "media"), [(WAV, "audio/wav"), (b"please hold on for us", "text/plain")])
def test_a_wait_url_may_answer_with_audio_and_is_asked_again_when_it_ends(
    stage: Stage, body: bytes, media: str
) -> None:
    """3.7: waitUrl "may return TwiML, MP3 or WAV"; "When it runs out, waitUrl is requested again"."""
    stage.page("/wait", Page(body, content_type=media))
    line = stage.call('<Enqueue waitUrl="/wait">triage</Enqueue>')
    stage.net.advance(5)
    assert line.state == "in-progress"
    assert len(stage.at("/wait")) > 2


def test_a_long_twiml_parameter_is_refused(stage: Stage) -> None:
    """1.5: "inline Twiml REST parameter <= 4000 characters (32018)"."""
    form = {"To": "+13125550181", "From": "+13125550100", "Twiml": f"<Response>{'x' * 4000}</Response>"}
    reply = stage.rest("POST", "/Calls.json", form)
    assert (reply.status_code, reply.get_json()["code"]) == (400, 32018)


@pytest.mark.parametrize(("length", "said"), [(4096, 1), (4097, 0)])
def test_what_is_said_may_have_4096_characters(stage: Stage, length: int, said: int) -> None:
    """1.5: "<Say> text about 4 kB / 4096 characters"."""
    line: Line = stage.call(f"<Say>{'x' * length}</Say>")
    assert len(heard(line)) == said
