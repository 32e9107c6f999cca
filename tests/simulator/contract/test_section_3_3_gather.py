"""Section 3.3, Gather. Each test quotes the rule it pins. Times are virtual seconds."""

import pytest

from phonesim import Line, Options
from phonesim.errors import PhonesimError
from tests.simulator.stage import Page, Stage, heard

THREE_SECONDS = f"<Say>{'a' * 45}</Say>"


def gather(stage: Stage, attributes: str = "", inside: str = THREE_SECONDS, after: str = "<Say>nothing</Say>") -> Line:
    stage.page("/menu", "<Say>thank you</Say><Pause length='60'/>")
    line = stage.call(f'<Gather action="/menu" {attributes}>{inside}</Gather>{after}')
    stage.net.run_due()
    return line


def elapsed_at(stage: Stage, path: str) -> float:
    return (stage.one(path).at - stage.net.start).total_seconds()


def test_silence_falls_through_after_the_prompt_and_five_seconds_without_a_request(stage: Stage) -> None:
    """3.3: "Nothing entered ...: no action request; falls through to the next verb"; timeout default 5."""
    line = gather(stage)
    stage.net.advance(7.9)
    assert "nothing" not in heard(line)
    stage.net.advance(0.2)
    assert heard(line)[-1] == "nothing"
    assert stage.at("/menu") == []


def test_the_first_key_stops_the_prompt_at_once(stage: Stage) -> None:
    """3.3: "the first key stops the prompt"."""
    line = gather(stage, 'numDigits="1"')
    stage.net.advance(1)
    line.press("2")
    stage.net.run_due()
    prompt = next(sound for sound in line.heard if sound.kind == "say")
    assert (prompt.cut, (prompt.until - prompt.at).total_seconds()) == (True, 1)
    assert stage.one("/menu")["Digits"] == "2"
    assert stage.one("/menu")["CallStatus"] == "in-progress"


def test_reaching_num_digits_ends_it_immediately(stage: Stage) -> None:
    """3.3: "Ends on: numDigits reached (immediately)"."""
    line = gather(stage, 'numDigits="4"')
    line.press("12345")
    stage.net.advance(2)
    assert stage.one("/menu")["Digits"] == "1234"
    assert elapsed_at(stage, "/menu") == pytest.approx(0.3)


def test_the_finish_key_ends_it_and_is_not_part_of_the_digits(stage: Stage) -> None:
    """3.3: "Digits excludes the finish key"; finishOnKey default #."""
    line = gather(stage)
    line.press("42#")
    stage.net.advance(1)
    assert stage.one("/menu")["Digits"] == "42"


def test_each_key_restarts_the_timer(stage: Stage) -> None:
    """3.3: "each key restarts the timer"."""
    line = gather(stage, 'timeout="4"')
    for key in "123":
        line.press(key)
        stage.net.advance(3)
    assert stage.at("/menu") == []
    stage.net.advance(1)
    assert stage.one("/menu")["Digits"] == "123"


def test_an_empty_finish_key_collects_everything_until_the_timeout(stage: Stage) -> None:
    """3.3: "finishOnKey="" collects everything until timeout"."""
    line = gather(stage, 'finishOnKey="" timeout="2"')
    line.press("1#*")
    stage.net.advance(3)
    assert stage.one("/menu")["Digits"] == "1#*"


def test_the_finish_key_alone_requests_nothing(stage: Stage) -> None:
    """3.3: "or finish key pressed first: no action request"."""
    line = gather(stage)
    line.press("#")
    stage.net.run_due()
    assert stage.at("/menu") == []
    assert heard(line)[-1] == "nothing"


@pytest.mark.parametrize("present", [True, False])
def test_action_on_empty_result_requests_the_action_with_digits_empty_or_absent(present: bool) -> None:
    """3.3: "actionOnEmptyResult=true, which requests action (Digits ... then absent or empty, unconfirmed)"."""
    stage = Stage(Options(empty_result_has_digits=present))
    gather(stage, 'actionOnEmptyResult="true"')
    stage.net.advance(8)
    assert stage.one("/menu").params.get("Digits") == ("" if present else None)


def test_without_an_action_the_current_document_is_asked_again(stage: Stage) -> None:
    """3.3 and 3.4: action's default is the "current document URL"."""
    line = stage.call('<Gather numDigits="1"/>')
    line.press("7")
    stage.net.run_due()
    assert [seen.params.get("Digits") for seen in stage.at("/voice")] == [None, "7"]


def test_speech_is_sent_with_its_confidence_after_the_silence_that_ends_it(stage: Stage) -> None:
    """3.3: "ends after speechTimeout of silence; sends SpeechResult and usually Confidence"."""
    line = gather(stage, 'input="speech" speechTimeout="2"')
    stage.net.advance(1)
    line.say("my chest hurts", confidence=0.87)
    stage.net.advance(2.9)
    assert stage.at("/menu") == []
    stage.net.advance(0.1)
    seen = stage.one("/menu")
    assert (seen["SpeechResult"], seen["Confidence"]) == ("my chest hurts", "0.87")
    assert "Digits" not in seen.params


def test_the_confidence_may_be_missing(stage: Stage) -> None:
    """3.3: "usually Confidence (0.0-1.0, never rely on it)"."""
    line = gather(stage, 'input="speech"')
    line.say("hello", confidence=None)
    stage.net.advance(10)
    assert "Confidence" not in stage.one("/menu").params


def test_speech_timeout_is_that_of_timeout_unless_given(stage: Stage) -> None:
    """3.3: speechTimeout's default is the "value of timeout"."""
    line = gather(stage, 'input="speech" timeout="3"')
    line.say("yes")
    stage.net.advance(3.9)
    assert stage.at("/menu") == []
    stage.net.advance(0.1)
    assert stage.one("/menu")["SpeechResult"] == "yes"


def test_what_is_said_in_pieces_is_one_result(stage: Stage) -> None:
    """3.3: speech "ends after speechTimeout of silence", so a shorter silence is part of it."""
    line = gather(stage, 'input="speech" speechTimeout="2"')
    line.say("my chest")
    stage.net.advance(2)
    line.say("and my arm")
    stage.net.advance(5)
    assert stage.one("/menu")["SpeechResult"] == "my chest and my arm"


def test_whichever_comes_first_wins_and_then_the_finish_key_is_ignored(stage: Stage) -> None:
    """3.3: "whichever arrives first wins; if speech is first, finishOnKey is ignored"."""
    line = gather(stage, 'input="dtmf speech" speechTimeout="3"')
    line.say("billing")
    stage.net.advance(0.5)
    line.press("#")
    stage.net.advance(10)
    assert stage.one("/menu")["SpeechResult"] == "billing"


def test_speech_is_not_heard_by_a_gather_for_keys(stage: Stage) -> None:
    """3.3: input's default is dtmf."""
    line = gather(stage)
    line.say("hello")
    stage.net.advance(9)
    assert stage.at("/menu") == []


def test_speech_ends_after_sixty_seconds(stage: Stage) -> None:
    """3.3: "Speech: at most 60 s"."""
    line = gather(stage, 'input="speech" speechTimeout="5"')
    for _ in range(20):
        line.say("and so on and on and on")
        stage.net.advance(4)
    assert elapsed_at(stage, "/menu") == pytest.approx(60)


GUESSES = (("my chest hearts", 0.6), ("my chest hurts", 0.5), ("my vest hurts", 0.3))


@pytest.mark.parametrize(
    ("hints", "understood"),
    [
        ("", ("my chest hearts", "0.6")),
        ('hints="hurts, fever"', ("my chest hurts", "0.5")),
        ('hints="vest"', ("my chest hearts", "0.6")),
        ('hints="hurt"', ("my chest hearts", "0.6")),
    ],
)
def test_a_hint_lifts_a_likely_reading_but_not_an_unlikely_one(
    stage: Stage, hints: str, understood: tuple[str, str]
) -> None:
    """3.3: "hints up to 500 comma-separated entries"; what they do is our model."""
    line = gather(stage, f'input="speech" {hints}')
    text, confidence = GUESSES[0]
    line.say(text, confidence, alternatives=GUESSES[1:])
    stage.net.advance(10)
    assert (stage.one("/menu")["SpeechResult"], stage.one("/menu")["Confidence"]) == understood


def test_a_confidence_outside_zero_to_one_is_refused(stage: Stage) -> None:
    """3.3: "Confidence (0.0-1.0 ...)"."""
    line = gather(stage, 'input="speech"')
    with pytest.raises(PhonesimError, match=r"between 0\.0 and 1\.0"):
        line.say("yes", 0.5, alternatives=(("no", 1.5),))


def test_partial_results_are_posted_and_their_answer_is_ignored(stage: Stage) -> None:
    """3.3: "asynchronous POSTs with UnstableSpeechResult ...; returned TwiML is ignored"."""
    stage.page("/partial", "<Hangup/>")
    line = gather(stage, 'input="speech" speechTimeout="2" partialResultCallback="/partial"')
    line.say("my chest")
    stage.net.advance(1)
    assert stage.one("/partial")["UnstableSpeechResult"] == "my chest"
    stage.net.advance(5)
    assert line.state == "in-progress"


def test_auto_speech_timeout_with_the_default_model_warns_13335(stage: Stage) -> None:
    """3.3: "13335 warns for auto with the default model"."""
    gather(stage, 'input="speech" speechTimeout="auto"')
    assert stage.codes() == [13335]


def test_other_verbs_inside_gather_are_13320(stage: Stage) -> None:
    """3.3: "Nested verbs allowed: Say, Play, Pause only (13320 otherwise)"."""
    line = gather(stage, inside="<Dial>+13125550181</Dial><Say>hello</Say>")
    assert stage.codes() == [13320]
    assert heard(line) == ["hello"]


def test_bad_numbers_warn_and_leave_the_default(stage: Stage) -> None:
    """3.3: timeout and numDigits are "positive int"."""
    gather(stage, 'timeout="0" numDigits="x"')
    assert sorted(stage.codes()) == [13313, 13314]


def test_no_barge_in_lets_the_prompt_finish(stage: Stage) -> None:
    """3.3: "bargeIn presumably true (unconfirmed)"; 13.4: "default and exact meaning of bargeIn"."""
    line = gather(stage, 'numDigits="1" bargeIn="false"')
    line.press("1")
    stage.net.advance(3)
    assert not next(sound for sound in line.heard if sound.kind == "say").cut
    line.press("2")
    stage.net.run_due()
    assert stage.one("/menu")["Digits"] == "2"


def test_a_key_pressed_while_nothing_gathers_is_lost(stage: Stage) -> None:
    """3.3: a Gather collects from its own start on; whether keys typed ahead are kept is a switch."""
    line = stage.call(f'{THREE_SECONDS}<Gather numDigits="1" action="/menu"/>')
    line.press("1")
    stage.net.advance(4)
    assert stage.at("/menu") == []


def test_the_timer_starts_at_the_first_key_even_during_the_prompt(stage: Stage) -> None:
    """3.3: "The timer starts when the prompts finish or at the first key"."""
    line = gather(stage, 'timeout="2"')
    stage.net.advance(1)
    line.press("4")
    stage.net.advance(2)
    assert (stage.one("/menu")["Digits"], elapsed_at(stage, "/menu")) == ("4", 3)


def test_all_nested_media_are_fetched_before_playing(stage: Stage) -> None:
    """3.3: "All nested media are fetched before playing"."""
    stage.page("/tune", Page(b"", content_type="audio/x-wav"))
    line = gather(stage, inside=f"{THREE_SECONDS}<Play>/tune</Play>")
    assert stage.one("/tune").at == stage.net.start
    stage.net.advance(4)
    assert [sound.kind for sound in line.heard] == ["ring", "say", "play"]


def test_a_medium_that_cannot_be_had_leaves_the_other_prompts(stage: Stage) -> None:
    """3.3: media are fetched before playing; 1.4: what is bad "is ignored and the call goes on"."""
    stage.page("/tune", Page("", content_type="text/html"))
    line = gather(stage, inside="<Play>/tune</Play><Say>hello</Say>")
    assert (stage.codes(), heard(line)) == ([13420], ["hello"])


@pytest.mark.parametrize("key", ["0", "5", "9", "*", "#"])
def test_any_one_key_may_finish(stage: Stage, key: str) -> None:
    """3.3: finishOnKey is "one of 0-9 # * or empty string"."""
    line = gather(stage, f'finishOnKey="{key}"')
    line.press(f"1{key}")
    stage.net.advance(1)
    assert stage.one("/menu")["Digits"] == "1"


@pytest.mark.parametrize("inputs", ["dtmf speech", "speech dtmf"])
def test_keys_win_when_they_come_first(stage: Stage, inputs: str) -> None:
    """3.3: "dtmf speech (either order)": "whichever arrives first wins"."""
    line = gather(stage, f'input="{inputs}" timeout="3" speechTimeout="1"')
    line.press("4")
    stage.net.advance(0.5)
    line.say("billing")
    stage.net.advance(5)
    seen = stage.one("/menu")
    assert (seen["Digits"], "SpeechResult" in seen.params) == ("4", False)


def test_timeout_governs_keys_and_speech_timeout_governs_speech(stage: Stage) -> None:
    """3.3: "timeout governs DTMF, speechTimeout governs speech"."""
    line = gather(stage, 'input="dtmf speech" timeout="9" speechTimeout="1"')
    line.say("yes")
    stage.net.advance(2)
    assert elapsed_at(stage, "/menu") == 2


@pytest.mark.parametrize(
    ("model", "codes"),
    [("phone_call", []), ("experimental_utterances", []), ("default", [13335]), ("deepgram_nova-3", [13327])],
)
def test_automatic_speech_timeout_suits_generic_models_only(stage: Stage, model: str, codes: list[int]) -> None:
    """3.3: "Named speech models need an integer speechTimeout, not auto; 13335 warns for auto with the default"."""
    line = gather(stage, f'input="speech" speechTimeout="auto" speechModel="{model}"')
    line.say("yes")
    stage.net.advance(2)
    assert (stage.codes(), stage.one("/menu")["SpeechResult"]) == (codes, "yes")


def test_a_model_that_does_not_know_the_language_fails_the_gather() -> None:
    """3.3: "Unsupported model+language: Gather fails with an error notification"."""
    stage = Stage(Options(unsupported_speech=frozenset({("deepgram_nova-3", "es-US")})))
    line = gather(stage, 'input="speech" speechModel="deepgram_nova-3" language="es-US"')
    assert (stage.codes(), heard(line)) == ([13334], ["nothing"])


@pytest.mark.parametrize("hints", [",".join(f"h{n}" for n in range(501)), "x" * 101])
def test_too_many_or_too_long_hints_are_reported(stage: Stage, hints: str) -> None:
    """3.3: "up to 500 comma-separated entries, each <= 100 chars"."""
    gather(stage, f'input="speech" hints="{hints}"')
    assert stage.codes() == [13330]


def test_max_speech_time_shortens_the_sixty_seconds(stage: Stage) -> None:
    """3.3: "maxSpeechTime ... exist in SDK builders"."""
    line = gather(stage, 'input="speech" speechTimeout="5" maxSpeechTime="10"')
    for _ in range(5):
        line.say("and so on")
        stage.net.advance(3)
    assert elapsed_at(stage, "/menu") == pytest.approx(10)


def test_partial_results_tell_what_is_already_certain(stage: Stage) -> None:
    """3.3: "UnstableSpeechResult (+ StableSpeechResult, SequenceNumber seen in field code)"."""
    line = gather(
        stage, 'input="speech" speechTimeout="2" partialResultCallback="/p" partialResultCallbackMethod="GET"'
    )
    line.say("my chest")
    stage.net.advance(2)
    line.say("and my arm")
    stage.net.advance(1)
    first, second = stage.at("/p")
    assert (first.method, first["SequenceNumber"], "StableSpeechResult" in first.params) == ("GET", "0", False)
    assert (second["StableSpeechResult"], second["UnstableSpeechResult"]) == ("my chest", "and my arm")


@pytest.mark.parametrize(("address", "asked"), [("/menu", 1), ("http://sunline.example/menu", 0)])
def test_in_pci_mode_the_action_must_be_https(address: str, asked: int) -> None:
    """3.3: "PCI mode: action must be HTTPS (13337)"."""
    stage = Stage(Options(pci_mode=True))
    stage.page("/menu", "<Pause length='9'/>")
    line = stage.call(f'<Gather numDigits="1" action="{address}"/><Pause length="9"/>')
    line.press("1")
    stage.net.run_due()
    assert (len(stage.at("/menu")), stage.codes()) == (asked, [] if asked else [13337])


@pytest.mark.parametrize("barges", [True, False])
def test_whether_keys_stop_the_prompt_by_default_is_a_switch(barges: bool) -> None:
    """3.3: "bargeIn presumably true (unconfirmed)"."""
    stage = Stage(Options(gather_barge_in=barges))
    line = gather(stage, 'numDigits="1"')
    stage.net.advance(1)
    line.press("1")
    stage.net.run_due()
    assert len(stage.at("/menu")) == barges


@pytest.mark.parametrize("kept", [True, False])
def test_what_is_entered_during_a_prompt_without_barge_in_is_lost_or_kept(kept: bool) -> None:
    """13.4: "default and exact meaning of bargeIn" is unconfirmed."""
    stage = Stage(Options(input_during_prompt_is_kept=kept))
    line = gather(stage, 'numDigits="2" bargeIn="false"')
    line.press("12")
    stage.net.advance(3)
    assert not next(sound for sound in line.heard if sound.kind == "say").cut
    assert [seen["Digits"] for seen in stage.at("/menu")] == (["12"] if kept else [])


@pytest.mark.parametrize("kept", [True, False])
def test_keys_typed_ahead_are_lost_or_kept(kept: bool) -> None:
    """3.3 says nothing of keys pressed before a Gather; a switch, lost by default."""
    stage = Stage(Options(keys_typed_ahead_are_kept=kept))
    stage.page("/menu", "<Pause length='9'/>")
    line = stage.call(f'{THREE_SECONDS}<Gather numDigits="2" action="/menu">{THREE_SECONDS}</Gather>')
    line.press("42")
    stage.net.advance(3)
    assert [seen["Digits"] for seen in stage.at("/menu")] == (["42"] if kept else [])


@pytest.mark.parametrize("told", [True, False])
def test_a_gather_is_dropped_when_the_caller_hangs_up(told: bool) -> None:
    """3: "A pending Gather is simply dropped (unconfirmed)"."""
    stage = Stage(Options(gather_action_after_hangup=told))
    line = gather(stage)
    line.press("12")
    stage.net.advance(1)
    line.hang_up()
    stage.net.run_due()
    assert [seen["Digits"] for seen in stage.at("/menu")] == (["12"] if told else [])
