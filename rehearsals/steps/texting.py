"""Text messages."""

from __future__ import annotations

from rehearsals import reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.speech_matching import plain
from rehearsals.stage import Stage
from rehearsals.steps.kinds import step


@step("text goes to", reading.person, within=reading.duration)
def text_goes_to(stage: Stage, asked: Step) -> None:
    """A text message arrives that no step has mentioned."""
    phone, known = stage.phone(asked.value), stage.texts.get(asked.value, 0)
    if not stage.until(lambda: len(phone.messages) > known, asked.options.get("within")):
        raise Unmet(f"a text to {asked.value}", "none came")
    stage.texts[asked.value] = known + 1


@step("text to {who} says", reading.words, within=reading.duration)
def text_says(stage: Stage, asked: Step) -> None:
    """A text message with these words has arrived at their phone, or does."""
    texts, wanted = stage.phone(asked.who).messages, plain(asked.value)
    if not stage.until(lambda: any(wanted in plain(text.body) for text in texts), asked.options.get("within")):
        got = f"the last one was {texts[-1].body!r}" if texts else "none came"
        raise Unmet(f"a text to {asked.who} with {asked.value!r}", got)


@step("no text says", reading.words)
def no_text_says(stage: Stage, asked: Step) -> None:
    """These words are in no text message to anybody so far."""
    for phone in stage.net.phones.values():
        if any(plain(asked.value) in plain(text.body) for text in phone.messages):
            raise Unmet(f"no text with {asked.value!r}", f"{stage.cast.name(phone.address)} got one")
