"""Say, Play, Pause and whole audio answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from phonesim.audio import wav_seconds
from phonesim.interpreter import HANDLERS, Interpreter, Step
from phonesim.process import Fetch, Script, Signal, Wait
from phonesim.twiml.attributes import integer
from phonesim.twiml.document import Verb
from phonesim.web.messages import WebFailure

MOST_TEXT = 4096
SHORTEST = 0.1
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sound:
    """Something audible for some seconds."""

    kind: str
    text: str
    seconds: float
    language: str = ""


def sound_of(run: Interpreter, verb: Verb) -> Script[Sound | None]:
    """What a Say, Play, Pause or audio answer sounds like; None after a complaint."""
    if verb.name == "Say":
        return _say(run, verb)
    if verb.name == "Pause":
        return Sound("silence", "", integer(verb, "length", 1, run.complain))
    if verb.name == "Audio":
        return Sound("play", run.base, float(verb.attributes["seconds"] or run.net.options.play_seconds))
    return (yield from _play(run, verb))


def _say(run: Interpreter, verb: Verb) -> Sound | None:
    if not verb.text or len(verb.text) > MOST_TEXT:
        run.complain(13520, "Say needs between 1 and 4096 characters")
        return None
    options = run.net.options
    seconds = max(options.least_say_seconds, len(verb.text) / options.characters_per_second)
    return Sound("say", verb.text, seconds, verb.attributes.get("language", "en-US"))


def _play(run: Interpreter, verb: Verb) -> Script[Sound | None]:
    if digits := verb.attributes.get("digits"):
        return Sound("play", f"digits:{digits}", max(SHORTEST, sum(0.5 if key == "w" else 0.25 for key in digits)))
    url = run.resolve(verb.text)
    known = run.net.audio_lengths
    if run.net.options.fetch_audio and url not in known and run.net.serves(url):
        outcome = yield Fetch(run.net.hook(url, "GET", {}, run.leg.sid))
        if isinstance(outcome, WebFailure) or outcome.status >= 400:
            run.complain(getattr(outcome, "code", 11200), f"Play could not fetch {url}")
            return None
        if not outcome.content_type.startswith("audio/"):
            run.complain(13420, f"{url} is {outcome.content_type or 'of no type'}")
            return None
        known[url] = max(SHORTEST, wav_seconds(outcome.body) or run.net.options.play_seconds)
    return Sound("play", url, known.get(url, run.net.options.play_seconds))


def times(run: Interpreter, verb: Verb) -> Iterator[None]:
    """As often as ``loop`` says; 0 is until hang-up."""
    loop = integer(verb, "loop", 1, run.complain)
    return repeat(None, loop) if loop else repeat(None)


def emit(run: Interpreter, verb: Verb, wants: frozenset[str] = NOTHING) -> Script[Signal | None]:
    """Play a verb's sound; a wanted signal cuts it and is given back."""
    sound = yield from sound_of(run, verb)
    if sound is None:
        return None
    for _ in times(run, verb):
        with run.leg.ear.playing(sound.kind, sound.text, sound.seconds, sound.language):
            signal: Signal | None = yield Wait(sound.seconds, wants)
        if signal:
            return signal
    return None


def sounding(run: Interpreter, verb: Verb) -> Script[Step]:
    """Say and Play: answer, then play."""
    run.answer()
    yield from emit(run, verb)
    return None


def pause(run: Interpreter, verb: Verb) -> Script[Step]:
    """Pause as the first verb waits before picking up (Twilio: Pause)."""
    yield from emit(run, verb)
    run.answer()
    return None


HANDLERS.update({"Say": sounding, "Play": sounding, "Audio": sounding, "Pause": pause})
