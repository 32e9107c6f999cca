"""What somebody hears, and what nobody may hear."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from phonesim import Heard
from rehearsals import reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.speech_matching import Place, Point, Words, find, find_cut, prompt, words
from rehearsals.stage import PATIENCE, Stage
from rehearsals.steps.kinds import step

Seek = Callable[[Sequence[Heard], Sequence[Words], Point], Place | None]


@step("{who} hears in {language}", reading.words, within=reading.duration)
@step("{who} hears", reading.words, within=reading.duration)
def hears(stage: Stage, asked: Step) -> None:
    """These words are spoken to them, at or after the point that the last such step reached.

    Where a language is named, a voice of that language speaks them.
    """
    _hears(stage, asked, words(asked.value, asked.blanks.get("language", "")))


@step("{who} hears the prompt in {language}", reading.prompt, within=reading.duration)
@step("{who} hears the prompt", reading.prompt, within=reading.duration)
def hears_the_prompt(stage: Stage, asked: Step) -> None:
    """A prompt is spoken to them, by its name in callflows/prompts, whatever fills its blanks.

    It may be spoken in any language, unless one is named.
    """
    _hears(stage, asked, prompt(asked.value, asked.blanks.get("language", "")))


@step("{who} hears cut short", reading.words, within=reading.duration)
def hears_cut_short(stage: Stage, asked: Step) -> None:
    """Somebody begins to hear these words and does not hear their end: they pressed, spoke or were connected."""
    _hears(stage, asked, words(asked.value), find_cut)


@step("{who} hears the prompt cut short", reading.prompt, within=reading.duration)
def hears_the_prompt_cut_short(stage: Stage, asked: Step) -> None:
    """Somebody begins to hear a prompt and does not hear its end, in whatever language."""
    _hears(stage, asked, prompt(asked.value), find_cut)


@step("{who} does not hear", reading.words, for_=reading.duration)
def does_not_hear(stage: Stage, asked: Step) -> None:
    """The words were not spoken to them in the whole of this call, nor are they ``for`` so long."""
    _does_not_hear(stage, asked, words(asked.value))


@step("{who} does not hear the prompt", reading.prompt, for_=reading.duration)
def does_not_hear_the_prompt(stage: Stage, asked: Step) -> None:
    """The prompt was spoken to them in no language in the whole of this call, nor is it ``for`` so long."""
    _does_not_hear(stage, asked, prompt(asked.value))


@step("{who} hears only {language} from now on")
def hears_only(stage: Stage, asked: Step) -> None:
    """No voice of another language speaks to them any more in this call."""
    line, wanted = stage.last_line(asked.who), asked.blanks["language"]
    known = len(line.heard)

    def look() -> None:
        for sound in line.heard[known:]:
            if sound.kind == "say" and sound.language != wanted:
                raise Unmet(f"{asked.who} to hear only {wanted}", f"{sound.text!r} was said in {sound.language}")

    stage.watches.append(look)


def _hears(stage: Stage, asked: Step, wanted: Sequence[Words], seek: Seek = find) -> None:
    end = stage.world.now + asked.options.get("within", PATIENCE)
    stage.world.settle()
    while (place := _place(stage, asked.who, wanted, seek)) is None or place.at > stage.world.now:
        if stage.world.now >= end:
            raise Unmet(f"{asked.who} to hear {_what(asked)}", _heard_instead(stage, asked.who, wanted, seek))
        stage.world.step(end if place is None else min(place.at, end))
    stage.points[stage.last_line(asked.who).call_sid] = place.end


def _does_not_hear(stage: Stage, asked: Step, wanted: Sequence[Words]) -> None:
    if "for" in asked.options:
        stage.world.advance_to(stage.world.now + asked.options["for"])
    place = find(stage.last_line(asked.who).heard, wanted)
    if place is not None:
        raise Unmet(f"{asked.who} not to hear {_what(asked)}", f"it was said at {place.at:%H:%M:%S} UTC")


def _what(asked: Step) -> str:
    named = " the prompt" in asked.text.partition(":")[0]
    what = f"the prompt {asked.value}" if named else repr(asked.value)
    what += " cut short" if asked.phrase.endswith("cut short") else ""
    return f"{what} in {asked.blanks['language']}" if "language" in asked.blanks else what


def _place(stage: Stage, who: str, wanted: Sequence[Words], seek: Seek) -> Place | None:
    history = stage.phone(who).history
    if not history:
        return None
    return seek(history[-1].heard, wanted, stage.points.get(history[-1].call_sid, Point()))


def _heard_instead(stage: Stage, who: str, wanted: Sequence[Words], seek: Seek) -> str:
    """Say what was heard: the end of what should have been cut short, the beginning of what was, or the last words."""
    if seek is find_cut and (whole := _place(stage, who, wanted, find)) and whole.at <= stage.world.now:
        return f"it was spoken to its end at {whole.at:%H:%M:%S} UTC"
    if seek is find and (cut := _place(stage, who, wanted, find_cut)):
        return f"it was cut short at {cut.at:%H:%M:%S} UTC; where that is right, write: hears ... cut short"
    return _last_heard(stage, who)


def _last_heard(stage: Stage, who: str) -> str:
    history = stage.phone(who).history
    spoken = [sound for sound in history[-1].heard if sound.text] if history else []
    if not spoken:
        return "nothing was said to them"
    tongue = f" in {spoken[-1].language}" if spoken[-1].language else ""
    return f"the last words were {spoken[-1].spoken!r}{tongue}"
