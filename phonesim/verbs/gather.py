"""Gather: keys and speech (Twilio: Gather)."""

from dataclasses import dataclass

from phonesim.interpreter import HANDLERS, Interpreter, Step, method_of
from phonesim.process import Script, Signal, Wait
from phonesim.twiml.attributes import flag, integer, words
from phonesim.twiml.document import Verb
from phonesim.verbs.sounds import NOTHING, emit

LONGEST_SPEECH = 60.0
AUTO_MODELS = ("numbers_and_commands", "phone_call", "experimental_")
SIGNALS = {"dtmf": "key", "speech": "speech"}


@dataclass(frozen=True, slots=True)
class Rules:
    """The attributes of one Gather; times in seconds."""

    wants: frozenset[str]
    timeout: float
    silence: float
    finish: str
    most: int | None
    on_empty: bool
    barge_in: bool


def read_rules(run: Interpreter, verb: Verb) -> Rules:
    """Defaults of the documentation: dtmf, 5 s, #, no limit; speechTimeout is that of timeout."""
    timeout = integer(verb, "timeout", 5, run.complain, least=1) if verb.attributes.get("timeout") != "auto" else 5
    inputs = words(verb, "input", "dtmf")
    most = integer(verb, "numDigits", 0, run.complain, least=1)
    return Rules(
        wants=frozenset(SIGNALS[name] for name in inputs if name in SIGNALS) or frozenset({"key"}),
        timeout=timeout,
        silence=_silence(run, verb, timeout),
        finish=verb.attributes.get("finishOnKey", "#"),
        most=most or None,
        on_empty=flag(verb, "actionOnEmptyResult"),
        barge_in=flag(verb, "bargeIn", True),
    )


def _silence(run: Interpreter, verb: Verb, timeout: int) -> float:
    if verb.attributes.get("speechTimeout") != "auto":
        return integer(verb, "speechTimeout", timeout, run.complain, least=1)
    if not verb.attributes.get("speechModel", "default").startswith(AUTO_MODELS):
        run.complain(13335, "speechTimeout auto needs a model that supports it; write whole seconds")
    return run.net.options.speech_auto_seconds


def gather(run: Interpreter, verb: Verb) -> Script[Step]:
    """Play the nested prompts, listen, and hand over to the action; silence falls through to the next verb."""
    run.answer()
    rules = read_rules(run, verb)
    signal = yield from _prompt(run, verb, rules)
    if signal is None:
        signal = yield Wait(rules.timeout, rules.wants)
    result: dict[str, str] = {}
    if signal is not None:
        listen = _keys(rules, signal) if signal.kind == "key" else _speech(run, verb, rules, signal)
        result = yield from listen
    if result or rules.on_empty:
        return run.action(verb, result or _nothing(run, rules), default=True)
    return None


def _prompt(run: Interpreter, verb: Verb, rules: Rules) -> Script[Signal | None]:
    for child in verb.children:
        signal = yield from emit(run, child, rules.wants if rules.barge_in else NOTHING)
        if signal:
            return signal
    return None


def _nothing(run: Interpreter, rules: Rules) -> dict[str, str]:
    present = run.net.options.empty_result_has_digits and "key" in rules.wants
    return {"Digits": ""} if present else {}


def _keys(rules: Rules, signal: Signal | None) -> Script[dict[str, str]]:
    digits = ""
    while signal is not None and signal.value != rules.finish:
        digits += signal.value
        if len(digits) == rules.most:
            break
        signal = yield Wait(rules.timeout, frozenset({"key"}))
    return {"Digits": digits} if digits else {}


def _speech(run: Interpreter, verb: Verb, rules: Rules, signal: Signal | None) -> Script[dict[str, str]]:
    said: list[Signal] = []
    left = LONGEST_SPEECH
    while signal is not None and left > 0:
        said.append(signal)
        _partial(run, verb, said)
        before = run.net.now
        signal = yield Wait(min(left, signal.detail["seconds"] + rules.silence), frozenset({"speech"}))
        left -= (run.net.now - before).total_seconds()
    confidence = said[-1].detail["confidence"]
    return {"SpeechResult": _joined(said), **({} if confidence is None else {"Confidence": str(confidence)})}


def _joined(said: list[Signal]) -> str:
    return " ".join(signal.value for signal in said)


def _partial(run: Interpreter, verb: Verb, said: list[Signal]) -> None:
    if url := verb.attributes.get("partialResultCallback"):
        words_so_far = {"UnstableSpeechResult": _joined(said), "SequenceNumber": str(len(said) - 1)}
        method = method_of(verb, "partialResultCallbackMethod")
        run.net.callback(run.resolve(url), method, {**run.leg.parameters(), **words_so_far}, run.leg)


HANDLERS["Gather"] = gather
