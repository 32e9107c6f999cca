"""Time that passes."""

from __future__ import annotations

from datetime import datetime, timedelta

from ivr.jobs.rounds import carry_out_due_rounds
from rehearsals import reading
from rehearsals.errors import Unmet
from rehearsals.script import Step
from rehearsals.stage import Stage, seconds
from rehearsals.steps.kinds import step


class Wait:
    """How long somebody on the line has been without anybody to talk with, and when the longest such time began."""

    def __init__(self, stage: Stage, who: str) -> None:
        self._stage, self._who = stage, who
        self._since: datetime | None = None
        self.longest, self.longest_from = timedelta(), stage.world.now
        self.look()

    def look(self) -> None:
        """Look at it now; to be called whenever something has changed."""
        now, line = self._stage.net.now, self._stage.phone(self._who).line
        if self._since is not None and now - self._since > self.longest:
            self.longest, self.longest_from = now - self._since, self._since
        waits = line is not None and not line.connected_to
        self._since = (self._since or now) if waits else None


@step("{who} waits", reading.duration)
def waits(stage: Stage, asked: Step) -> None:
    """Somebody stays on the line so long."""
    line, began = stage.line(asked.who), stage.world.now
    if stage.until(lambda: line.leg.ended, asked.value):
        wanted, lasted = seconds(asked.value), seconds(stage.world.now - began)
        mend = f"write a shorter wait, or: {asked.who}'s call ends within {wanted}"
        raise Unmet(f"{asked.who} to stay on the line for {wanted}", f"the call ended after {lasted}; {mend}")


@step("{who} waits no longer than", reading.duration)
def waits_no_longer_than(stage: Stage, asked: Step) -> None:
    """From now on, somebody on the line is never longer than this without a person to talk with."""
    wait = Wait(stage, asked.who)
    stage.observers.append(wait.look)

    def look() -> None:
        wait.look()
        if wait.longest > asked.value:
            what = f"{asked.who} to wait no longer than {seconds(asked.value)}"
            raise Unmet(what, f"{asked.who} waited {seconds(wait.longest)}, from {wait.longest_from:%H:%M:%S} UTC on")

    stage.watches.append(look)


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


@step("rounds are made")
def rounds_are_made(stage: Stage, asked: Step) -> None:
    """The clock process looks at everything that it looks at again and again, such as who has opened."""
    carry_out_due_rounds(stage.world.services)
    stage.settle()


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
