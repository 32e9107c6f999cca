"""Say, Play, Pause and whole audio answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from phonesim.audio import wav_seconds
from phonesim.interpreter import HANDLERS, Interpreter, Step
from phonesim.process import Fetch, Script, Wait
from phonesim.twiml.attributes import integer
from phonesim.twiml.document import Verb
from phonesim.web.messages import WebFailure

MOST_TEXT = 4096
SHORTEST = 0.1
DIGIT_SECONDS = 0.25
PAUSES = {"w": 0.5, "W": 1.0}


@dataclass(frozen=True, slots=True)
class Sound:
    """Something audible for some seconds, ``times`` over (0: until hang-up)."""

    kind: str
    text: str
    seconds: float
    language: str = ""
    voice: str = ""
    times: int = 1

    def repeats(self) -> Iterator[None]:
        """As often as ``loop`` says."""
        return repeat(None, self.times) if self.times else repeat(None)


def sound_of(run: Interpreter, verb: Verb) -> Script[Sound | None]:
    """What a Say, Play, Pause or audio answer sounds like; None after a complaint."""
    if verb.name == "Say":
        return _say(run, verb)
    if verb.name == "Pause":
        return Sound("silence", "", integer(verb, "length", 1))
    if verb.name == "Audio":
        return Sound("play", run.base, float(verb.attributes["seconds"] or run.net.options.play_seconds))
    return (yield from _play(run, verb))


def _say(run: Interpreter, verb: Verb) -> Sound | None:
    if not verb.text or len(verb.text) > MOST_TEXT:
        run.complain(13521 if verb.text else 13520, "Say needs between 1 and 4096 characters", verb.line)
        return None
    options, wanted = run.net.options, verb.attributes
    seconds = max(options.least_say_seconds, len(verb.text) / options.characters_per_second) + verb.silence
    return Sound("say", verb.text, seconds, wanted.get("language", "en-US"), wanted.get("voice", ""), _loop(verb))


def _play(run: Interpreter, verb: Verb) -> Script[Sound | None]:
    if digits := verb.attributes.get("digits"):
        return _tones(verb, digits)
    url = run.resolve(verb.text)
    seconds: float | None = run.net.options.play_seconds
    if run.net.options.fetch_audio and run.net.serves(url):
        seconds = yield from _fetched(run, url, verb.line)
    return None if seconds is None else Sound("play", url, seconds, times=_loop(verb))


def _fetched(run: Interpreter, url: str, line: int | None) -> Script[float | None]:
    outcome = yield Fetch(run.net.hook(url, "GET", {}, run.leg.sid))
    if isinstance(outcome, WebFailure) or outcome.status >= 400:
        run.complain(getattr(outcome, "code", 11200), f"Play could not fetch {url}", line)
        return None
    if not outcome.content_type.startswith("audio/"):
        run.complain(13420, f"{url} is {outcome.content_type or 'of no type'}", line)
        return None
    return max(SHORTEST, wav_seconds(outcome.body) or run.net.options.play_seconds)


def _tones(verb: Verb, digits: str) -> Sound:
    return Sound("play", f"digits:{digits}", tone_seconds(digits), times=_loop(verb))


def tone_seconds(digits: str) -> float:
    """How long keys take to sound: ``w`` waits half a second, ``W`` a whole one."""
    return max(SHORTEST, sum(PAUSES.get(key, DIGIT_SECONDS) for key in digits))


def _loop(verb: Verb) -> int:
    return integer(verb, "loop", 1)


def emit(run: Interpreter, verb: Verb) -> Script[None]:
    """Play a verb's sound to its end, as often as it wants."""
    sound = yield from sound_of(run, verb)
    if sound is None:
        return
    for _ in sound.repeats():
        with run.leg.ear.playing(sound.kind, sound.text, sound.seconds, sound.language, sound.voice):
            yield Wait(sound.seconds)


def sounding(run: Interpreter, verb: Verb) -> Script[Step]:
    """Say and Play: answer, then play."""
    run.answer()
    yield from emit(run, verb)
    return None


def pause(run: Interpreter, verb: Verb) -> Script[Step]:
    """Wait; as the first verb, before picking up (Twilio: Pause). Some have seen that it never picks up."""
    yield from emit(run, verb)
    if run.net.options.pause_first_answers:
        run.answer()
    return None


HANDLERS.update({"Say": sounding, "Play": sounding, "Audio": sounding, "Pause": pause})
