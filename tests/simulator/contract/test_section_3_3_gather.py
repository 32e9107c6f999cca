"""Section 3.3, Gather. Each test quotes the rule it pins. Times are virtual seconds."""

import pytest

from phonesim import Line, Options
from phonesim.errors import PhonesimError
from tests.simulator.stage import Stage, heard

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
