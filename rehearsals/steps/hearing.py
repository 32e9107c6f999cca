"""What somebody hears, and what nobody may hear."""

from __future__ import annotations

from rehearsals import reading
from rehearsals.ears import Place, Point, find
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import PATIENCE, Stage
from rehearsals.steps.kinds import step


@step("{who} hears", reading.words, within=reading.duration)
def hears(stage: Stage, asked: Step) -> None:
    """The words are spoken to them, at or after the point that the last such step reached."""
    end = stage.world.now + asked.options.get("within", PATIENCE)
    stage.world.settle()
    while (place := _place(stage, asked)) is None or place.at > stage.world.now:
        if stage.world.now >= end:
            raise Unmet(f"{asked.who} to hear {asked.value!r}", _last_heard(stage, asked.who))
        stage.world.step(end if place is None else min(place.at, end))
    stage.points[stage.last_line(asked.who).call_sid] = place.end


@step("{who} does not hear", reading.words, for_=reading.duration)
def does_not_hear(stage: Stage, asked: Step) -> None:
    """The words were not spoken to them in the whole of this call, nor are they ``for`` so long."""
    if "for" in asked.options:
        stage.world.advance_to(stage.world.now + asked.options["for"])
    place = find(stage.last_line(asked.who).heard, asked.value)
    if place is not None:
        raise Unmet(f"{asked.who} not to hear {asked.value!r}", f"it was said at {place.at:%H:%M:%S} UTC")


def _place(stage: Stage, asked: Step) -> Place | None:
    history = stage.phone(asked.who).history
    if not history:
        return None
    return find(history[-1].heard, asked.value, stage.points.get(history[-1].call_sid, Point()))


def _last_heard(stage: Stage, who: str) -> str:
    history = stage.phone(who).history
    spoken = [sound.spoken for sound in history[-1].heard if sound.text] if history else []
    return f"the last words were {spoken[-1]!r}" if spoken else "nothing was said to them"
