"""Time that passes."""

from __future__ import annotations

from rehearsals import reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import Stage, seconds
from rehearsals.steps.kinds import step


@step("{who} waits", reading.duration)
def waits(stage: Stage, asked: Step) -> None:
    """Somebody stays on the line so long."""
    line = stage.line(asked.who)
    stage.world.advance_to(stage.world.now + asked.value)
    if line.leg.ended:
        raise Unmet(f"{asked.who} to stay on the line for {seconds(asked.value)}", "the call ended")


@step("time jumps to", reading.instant)
def time_jumps_to(stage: Stage, asked: Step) -> None:
    """Everything happens that is due until then."""
    if asked.value <= stage.world.now:
        raise Unmet(f"to jump to {asked.value:%Y-%m-%d %H:%M} UTC", "that is not in the future; give a later instant")
    stage.world.advance_to(asked.value)


@step("time jumps by", reading.duration)
def time_jumps_by(stage: Stage, asked: Step) -> None:
    """Everything happens that is due in so long."""
    stage.world.advance_to(stage.world.now + asked.value)


@step("nothing for", reading.duration)
def nothing_for(stage: Stage, asked: Step) -> None:
    """No phone begins to ring and no text arrives for so long."""

    def texts() -> int:
        return sum(len(phone.messages) for phone in stage.net.phones.values())

    rings, before = len(stage.rings), texts()
    stage.world.advance_to(stage.world.now + asked.value)
    if len(stage.rings) > rings:
        raise Unmet("no phone to ring", f"{stage.cast.name(stage.rings[rings].address)}'s phone rang")
    if texts() > before:
        raise Unmet("no text", "one was sent")
