"""Gather: keys and speech (Twilio: Gather)."""

from collections import deque

from phonesim.errors import HungUp
from phonesim.interpreter import HANDLERS, Interpreter, Step, method_of
from phonesim.process import Script, Signal, Wait
from phonesim.recognition import Guess, understood
from phonesim.twiml.document import Verb
from phonesim.verbs.listening import Rules, read_rules, understands
from phonesim.verbs.sounds import Sound, sound_of

NOTHING: frozenset[str] = frozenset()
KEYS = frozenset({"key"})
SPEECH = frozenset({"speech"})


def gather(run: Interpreter, verb: Verb) -> Script[Step]:
    """Play the nested prompts, listen, and hand over to the action; silence falls through to the next verb."""
    run.answer()
    if not (_private_enough(run, verb) and understands(run, verb)):
        return None
    listener = Listener(run, verb)
    try:
        result = yield from listener.listen()
    except HungUp:
        if listener.digits and run.net.options.gather_action_after_hangup:
            run.notify(run.action(verb, {"Digits": listener.digits}, default=True))
        raise
    if result or listener.rules.on_empty:
        return run.action(verb, result or listener.nothing(), default=True)
    return None


def _private_enough(run: Interpreter, verb: Verb) -> bool:
    if run.net.options.pci_mode and not run.resolve(verb.attributes.get("action", "")).startswith("https:"):
        run.complain(13337, "in PCI mode the action of a Gather must be https", verb.line)
        return False
    return True


class Listener:
    """One Gather at work. ``early`` holds what was entered before it listened, where the network keeps that."""

    def __init__(self, run: Interpreter, verb: Verb) -> None:
        self.run, self.verb = run, verb
        self.rules: Rules = read_rules(run, verb)
        self.early: deque[Signal] = deque(run.leg.typed_ahead)
        run.leg.typed_ahead.clear()
        self.digits = ""

    def listen(self) -> Script[dict[str, str]]:
        """Digits, or SpeechResult with its Confidence; empty when nothing came."""
        signal = yield from self._prompts()
        if signal is None:
            signal = yield from self._hear(self.rules.timeout, self.rules.wants)
        if signal is None:
            return {}
        return (yield from (self._keys(signal) if signal.kind == "key" else self._speech(signal)))

    def nothing(self) -> dict[str, str]:
        """What actionOnEmptyResult sends."""
        present = self.run.net.options.empty_result_has_digits and "key" in self.rules.wants
        return {"Digits": ""} if present else {}

    def _prompts(self) -> Script[Signal | None]:
        sounds = []
        for child in self.verb.children:
            sounds.append((yield from sound_of(self.run, child)))
        if self.early:
            return None
        for sound in filter(None, sounds):
            for _ in sound.repeats():
                signal = yield from self._prompt(sound)
                if signal:
                    return signal
        return None

    def _prompt(self, sound: Sound) -> Script[Signal | None]:
        keeps = self.rules.barge_in or self.run.net.options.input_during_prompt_is_kept
        wants, end = self.rules.wants if keeps else NOTHING, self.run.net.later(sound.seconds)
        with self.run.leg.ear.playing(sound.kind, sound.text, sound.seconds, sound.language, sound.voice):
            while True:
                signal: Signal | None = yield Wait((end - self.run.net.now).total_seconds(), wants)
                if signal is None or self.rules.barge_in:
                    return signal
                self.early.append(signal)

    def _hear(self, seconds: float, wants: frozenset[str]) -> Script[Signal | None]:
        while self.early:
            signal = self.early.popleft()
            if signal.kind in wants:
                return signal
        heard: Signal | None = yield Wait(seconds, wants)
        return heard

    def _keys(self, first: Signal) -> Script[dict[str, str]]:
        signal: Signal | None = first
        while signal is not None and signal.value != self.rules.finish:
            self.digits += signal.value
            if len(self.digits) == self.rules.most:
                break
            signal = yield from self._hear(self.rules.timeout, KEYS)
        return {"Digits": self.digits} if self.digits else {}

    def _speech(self, first: Signal) -> Script[dict[str, str]]:
        said: list[Guess] = []
        signal: Signal | None = first
        left = float(self.rules.longest_speech)
        while signal is not None and left > 0:
            said.append(understood(signal.value, self.rules.hints, self.run.net.options.hint_lift))
            self._partial(said)
            before = self.run.net.now
            signal = yield from self._hear(min(left, signal.detail["seconds"] + self.rules.silence), SPEECH)
            left -= (self.run.net.now - before).total_seconds()
        confidence = said[-1].confidence
        return {"SpeechResult": _joined(said), **({} if confidence is None else {"Confidence": str(confidence)})}

    def _partial(self, said: list[Guess]) -> None:
        if url := self.verb.attributes.get("partialResultCallback"):
            stable = {"StableSpeechResult": _joined(said[:-1])} if said[1:] else {}
            words = {"UnstableSpeechResult": said[-1].text, **stable, "SequenceNumber": str(len(said) - 1)}
            method, leg = method_of(self.verb, "partialResultCallbackMethod"), self.run.leg
            self.run.net.callback(self.run.resolve(url), method, {**leg.parameters(), **words}, leg)


def _joined(said: list[Guess]) -> str:
    return " ".join(guess.text for guess in said)


HANDLERS["Gather"] = gather
