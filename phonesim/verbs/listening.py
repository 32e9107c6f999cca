"""The attributes of a Gather as rules for listening (Twilio: Gather)."""

from dataclasses import dataclass

from phonesim.interpreter import Interpreter
from phonesim.twiml.attributes import flag, integer, words
from phonesim.twiml.document import Verb

LONGEST_SPEECH = 60
AUTO_MODELS = ("numbers_and_commands", "phone_call", "experimental_")
SIGNALS = {"dtmf": "key", "speech": "speech"}


@dataclass(frozen=True, slots=True)
class Rules:
    """The attributes of one Gather; times in seconds."""

    wants: frozenset[str]
    timeout: int
    silence: float
    finish: str
    most: int | None
    on_empty: bool
    barge_in: bool
    longest_speech: int
    hints: tuple[str, ...]


def read_rules(run: Interpreter, verb: Verb) -> Rules:
    """Read the attributes with Twilio's defaults: dtmf, 5 s, #, no limit, and a speechTimeout as long as timeout."""
    timeout = 5 if verb.attributes.get("timeout") == "auto" else integer(verb, "timeout", 5)
    wants = frozenset(SIGNALS[name] for name in words(verb, "input", "dtmf"))
    return Rules(
        wants=wants or frozenset({"key"}),
        timeout=timeout,
        silence=_silence(run, verb, timeout),
        finish=verb.attributes.get("finishOnKey", "#"),
        most=integer(verb, "numDigits", 0) or None,
        on_empty=flag(verb, "actionOnEmptyResult"),
        barge_in=flag(verb, "bargeIn", run.net.options.gather_barge_in),
        longest_speech=min(LONGEST_SPEECH, integer(verb, "maxSpeechTime", LONGEST_SPEECH)),
        hints=tuple(hint for hint in verb.attributes.get("hints", "").split(",") if hint.strip()),
    )


def understands(run: Interpreter, verb: Verb) -> bool:
    """Return False where the recogniser has no such model in that language, so that the Gather fails."""
    pair = (verb.attributes.get("speechModel", "default"), verb.attributes.get("language", "en-US"))
    if pair in run.net.options.unsupported_speech and "speech" in words(verb, "input"):
        run.complain(13334, f"speechModel {pair[0]} does not understand {pair[1]}", verb.line)
        return False
    return True


def _silence(run: Interpreter, verb: Verb, timeout: int) -> float:
    if verb.attributes.get("speechTimeout") != "auto":
        return integer(verb, "speechTimeout", timeout)
    model = verb.attributes.get("speechModel", "default")
    if not model.startswith(AUTO_MODELS):
        code = 13335 if model == "default" else 13327
        run.complain(code, f"speechTimeout auto does not go with speechModel {model}; write whole seconds", verb.line)
    return run.net.options.speech_auto_seconds
