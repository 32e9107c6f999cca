"""Section 3.2, simple verbs. Each test quotes the rule it pins."""

import io
import wave

import pytest

from phonesim import Options
from tests.simulator.stage import BASE, Page, Stage, heard


def wav(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(int(16000 * seconds)))
    return file.getvalue()


def test_say_lasts_fifteen_characters_a_second_and_the_next_verb_follows(stage: Stage) -> None:
    """3.2 Say: "voice, language, loop"; how long speech takes is our model."""
    line = stage.call(f'<Say language="es-US">{"a" * 45}</Say><Say>second</Say>')
    stage.net.advance(10)
    first, second = [sound for sound in line.heard if sound.kind == "say"]
    assert (first.until - first.at).total_seconds() == 3
    assert second.at == first.until
    assert (first.language, second.language) == ("es-US", "en-US")


def test_ssml_inside_say_is_spoken_as_its_text(stage: Stage) -> None:
    """3.2 Say: "text + SSML children break, emphasis, lang, p, phoneme, prosody, s, say-as, sub, w"."""
    line = stage.call('<Say>call <say-as interpret-as="digits">911</say-as> <break time="1s"/> now</Say>')
    assert heard(line) == ["call 911 now"]


def test_breaks_of_ssml_make_say_longer_and_leave_its_text(stage: Stage) -> None:
    """3.2 Say: "SSML children break, ... sub"."""
    line = stage.call('<Say>one<break time="1500ms"/>two <break strength="none"/><sub alias="three">3</sub></Say>')
    stage.net.advance(10)
    (said,) = [sound for sound in line.heard if sound.kind == "say"]
    assert said.text == "one two three"
    assert (said.until - said.at).total_seconds() == 2.5


def test_an_unknown_ssml_element_is_reported_and_its_text_is_spoken(stage: Stage) -> None:
    """3.2 Say names the SSML children; 1.4: "unexpected nesting" is a warning and "the call goes on"."""
    line = stage.call("<Say>hello <shout>there</shout></Say>")
    assert (heard(line), stage.codes()) == (["hello there"], [12200])


def test_say_repeats_as_often_as_loop_says(stage: Stage) -> None:
    """3.2 Say: "loop (1; 0 = until hang-up)"."""
    line = stage.call('<Say loop="3">again</Say>')
    stage.net.advance(10)
    assert heard(line) == ["again"] * 3


def test_loop_zero_goes_on_until_hang_up(stage: Stage) -> None:
    """3.2 Say: "loop (1; 0 = until hang-up)"."""
    line = stage.call('<Say loop="0">again</Say>')
    stage.net.advance(60)
    assert line.state == "in-progress"
    assert len(heard(line)) == 61


def test_an_empty_say_is_13520_and_skipped(stage: Stage) -> None:
    """3.2 Say: "13520 if empty"."""
    line = stage.call("<Say></Say><Say>after</Say>")
    assert stage.codes() == [13520]
    assert heard(line) == ["after"]


def test_say_longer_than_4096_characters_is_not_spoken(stage: Stage) -> None:
    """1.5: "Say text about 4 kB / 4096 characters"."""
    line = stage.call(f"<Say>{'x' * 4097}</Say>")
    stage.net.advance(1)
    assert heard(line) == []
    assert stage.codes() == [13521]


@pytest.mark.parametrize(("headers", "requests"), [({}, 2), ({"ETag": '"1"', "Cache-Control": "max-age=60"}, 1)])
def test_play_lasts_as_long_as_the_wav_file_and_keeps_what_may_be_kept(
    stage: Stage, headers: dict[str, str], requests: int
) -> None:
    """3.2: Play is "fetched with GET and cached"; 1.1: "when ETag/Last-Modified allow"."""
    stage.page("/tune.wav", Page(wav(7), content_type="audio/x-wav", headers=headers))
    line = stage.call("<Play>/tune.wav</Play><Play>/tune.wav</Play>")
    stage.net.advance(20)
    sounds = [sound for sound in line.heard if sound.kind == "play"]
    assert [(sound.until - sound.at).total_seconds() for sound in sounds] == [7, 7]
    assert [seen.method for seen in stage.at("/tune.wav")] == ["GET"] * requests
    assert sounds[0].text == f"{BASE}/tune.wav"


def test_play_of_something_that_is_no_audio_is_13420(stage: Stage) -> None:
    """3.2 Play: "non-audio -> 13420"."""
    stage.page("/tune.wav", Page("<html/>", content_type="text/html"))
    stage.call("<Play>/tune.wav</Play>")
    assert stage.codes() == [13420]


def test_play_from_a_host_nobody_serves_takes_the_usual_time() -> None:
    """3.2 Play: "body = audio URL"; what is out of reach takes a usual time."""
    stage = Stage(Options(play_seconds=4))
    line = stage.call("<Play>https://cdn.example/tune.mp3</Play>")
    stage.net.advance(10)
    assert [(s.until - s.at).total_seconds() for s in line.heard if s.kind == "play"] == [4]
    assert stage.codes() == []


def test_play_digits_waits_half_a_second_for_w(stage: Stage) -> None:
    """3.2 Play: "digits (w = 0.5 s)"."""
    line = stage.call('<Play digits="ww12"/>')
    stage.net.advance(10)
    (sound,) = [sound for sound in line.heard if sound.kind == "play"]
    assert (sound.until - sound.at).total_seconds() == 1.5


def test_a_bad_pause_length_is_13910_and_one_second(stage: Stage) -> None:
    """3.2 Pause: "length (1) s"; "13910 if invalid"."""
    line = stage.call('<Say>hello</Say><Pause length="soon"/><Say>there</Say>')
    stage.net.advance(10)
    assert stage.codes() == [13910]
    hello, there = [sound for sound in line.heard if sound.kind == "say"]
    assert (there.at - hello.until).total_seconds() == 1


def test_what_is_cut_short_keeps_its_text_and_tells_what_was_really_spoken(stage: Stage) -> None:
    """3: "If the caller hangs up, processing of the document stops"."""
    line = stage.call(f"<Say>{'0123456789' * 3}</Say>")
    stage.net.advance(1)
    line.hang_up()
    stage.net.run_due()
    sound = line.heard[-1]
    assert sound.cut
    assert (sound.until - sound.at).total_seconds() == 1
    assert len(sound.spoken) == 15


@pytest.mark.parametrize("verb", ["<Leave/>", "<Connect/>"])
def test_a_verb_that_does_not_belong_here_is_reported_and_skipped(stage: Stage, verb: str) -> None:
    """3.2 Leave: "only inside Enqueue wait flow"; 1.4: 12200 problems are warnings."""
    line = stage.call(f"{verb}<Say>hello</Say>")
    assert heard(line) == ["hello"]
    assert stage.codes() == [12200]


@pytest.mark.parametrize(("reason", "tone"), [("rejected", "not in service"), ("busy", "busy")])
def test_a_rejected_caller_hears_why(stage: Stage, reason: str, tone: str) -> None:
    """3.2 Reject: "reason rejected (default, not-in-service message) or busy"."""
    assert heard(stage.call(f'<Reject reason="{reason}"/>'), "tone") == [tone]


def test_reject_on_an_answered_call_hangs_up(stage: Stage) -> None:
    """3.2 Reject: "only meaningful as first verb"."""
    line = stage.call("<Say>hello</Say><Reject/>")
    stage.net.advance(2)
    assert line.state == "completed"


def test_a_voice_is_known_to_who_listens(stage: Stage) -> None:
    """3.2 Say: "voice, language, loop"."""
    line = stage.call('<Say voice="Polly.Joanna">hello</Say>')
    assert line.heard[-1].voice == "Polly.Joanna"


@pytest.mark.parametrize(("digits", "seconds"), [("1", 0.25), ("w1", 0.75), ("W1", 1.25)])
def test_keys_played_take_their_time(stage: Stage, digits: str, seconds: float) -> None:
    """3.2 Play: "digits (w = 0.5 s)"; 3.6: "W=1 s"."""
    line = stage.call(f'<Play digits="{digits}"/><Say>after</Say>')
    stage.net.advance(10)
    played, said = line.heard[-2:]
    assert (said.at - played.at).total_seconds() == seconds


def test_play_repeats_and_zero_is_endless(stage: Stage) -> None:
    """3.2 Play: "loop (1; 0 = endless)"."""
    line = stage.call('<Play loop="2" digits="1"/><Play loop="0" digits="2"/>')
    stage.net.advance(60)
    keys = heard(line, "play")
    assert keys[:3] == ["digits:1", "digits:1", "digits:2"]
    assert (len(keys) > 200, line.state) == (True, "in-progress")


def test_a_pause_of_some_seconds_is_silence(stage: Stage) -> None:
    """3.2 Pause: "length (1) s"."""
    line = stage.call('<Say>one</Say><Pause length="7"/><Say>two</Say>')
    stage.net.advance(30)
    one, two = [sound for sound in line.heard if sound.kind == "say"]
    assert (two.at - one.until).total_seconds() == 7


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_redirect_asks_by_its_method(stage: Stage, method: str) -> None:
    """3.2 Redirect: "method (POST)", "body URL", "ends this document"."""
    stage.page("/next", "<Pause length='9'/>")
    line = stage.call(f'<Redirect method="{method}">/next</Redirect><Say>never</Say>')
    assert (stage.one("/next").method, heard(line)) == (method, [])


SIP = "sip:desk@example.com"
REFER = '<Refer action="/referred"><Sip>sip:alice@example.com?X-Reason=billing</Sip></Refer><Say>next</Say>'


@pytest.mark.parametrize(
    ("codes", "result"),
    [
        ((202, 200), {"ReferCallStatus": "in-progress", "NotifySipResponseCode": "200"}),
        ((202, 486), {"ReferCallStatus": "busy", "NotifySipResponseCode": "486"}),
        ((202, 404), {"ReferCallStatus": "failed", "NotifySipResponseCode": "404"}),
        ((405, None), {"ReferCallStatus": "failed"}),
        ((202, None), {}),
    ],
)
def test_refer_tells_its_action_how_the_transfer_went(
    stage: Stage, codes: tuple[int, int | None], result: dict[str, str]
) -> None:
    """3.2 Refer: "action, method; child Sip"; the parameters are those of Twilio's page on Refer."""
    stage.net.phone(SIP).refer_codes = codes
    stage.call(REFER, SIP)
    stage.net.advance(2)
    seen = stage.one("/referred")
    names = ("ReferCallStatus", "NotifySipResponseCode")
    assert {name: seen.params[name] for name in names if name in seen.params} == result
    assert seen["ReferSipResponseCode"] == str(codes[0])


def test_a_caller_who_hangs_up_during_refer_cancels_it(stage: Stage) -> None:
    """3.2 Refer; Twilio's page: a caller who hangs up before it is done gives ReferCallStatus canceled."""
    line = stage.call(REFER, SIP)
    line.hang_up()
    stage.net.run_due()
    assert stage.one("/referred")["ReferCallStatus"] == "canceled"


def test_refer_is_for_sip_calls_only(stage: Stage) -> None:
    """3.2 Refer: "SIP legs only" (13801)."""
    line = stage.call(REFER)
    assert (stage.codes(), heard(line)) == ([13801], ["next"])


START = (
    '<Start><Stream name="s" url="wss://media.example/x" statusCallback="/stream"/></Start>'
    '<Start><Transcription name="t" statusCallbackUrl="/text" languageCode="es-US"/></Start>'
)


def test_start_returns_at_once_and_runs_across_later_documents(stage: Stage) -> None:
    """3.2 Start: "returns at once, runs in background across later documents"."""
    stage.page("/next", "<Pause length='9'/>")
    line = stage.call(f"{START}<Redirect>/next</Redirect>")
    stage.net.advance(5)
    assert [seen["StreamEvent"] for seen in stage.at("/stream")] == ["stream-started"]
    line.hang_up()
    stage.net.run_due()
    assert [seen["StreamEvent"] for seen in stage.at("/stream")] == ["stream-started", "stream-stopped"]
    assert stage.at("/text")[-1]["TranscriptionEvent"] == "transcription-stopped"


@pytest.mark.parametrize("name", ['name="s"', ""])
def test_stop_ends_what_start_began(stage: Stage, name: str) -> None:
    """3.2 Start: "<Stop> ends Stream/Siprec/Transcription"."""
    stage.call(f'{START}<Pause length="3"/><Stop><Stream {name}/></Stop><Pause length="9"/>')
    stage.net.advance(4)
    assert [seen["StreamEvent"] for seen in stage.at("/stream")] == ["stream-started", "stream-stopped"]
    assert [seen["TranscriptionEvent"] for seen in stage.at("/text")] == ["transcription-started"]


def test_a_transcription_tells_what_either_side_said(stage: Stage) -> None:
    """3.2 Start: children "Stream, Recording, Siprec, Transcription"; the events are those of Twilio's page on it."""
    line = stage.call(f"{START}<Say>how are you</Say><Pause length='9'/>")
    stage.net.advance(2)
    line.say("my chest hurts")
    stage.net.advance(2)
    content = [seen for seen in stage.at("/text") if seen["TranscriptionEvent"] == "transcription-content"]
    assert [(seen["Track"], "hurts" in seen["TranscriptionData"], seen["LanguageCode"]) for seen in content] == [
        ("outbound_track", False, "es-US"), ("inbound_track", True, "es-US"),
    ]  # fmt: skip


def test_a_stream_needs_a_wss_address(stage: Stage) -> None:
    """3.2 Start/Stream: "url (wss)"."""
    stage.call('<Start><Stream url="https://media.example/x" statusCallback="/stream"/></Start>')
    assert (stage.codes(), stage.at("/stream")) == ([31922], [])
