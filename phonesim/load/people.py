"""Scripted people with phones: callers who want something, and agents who are rung."""

from datetime import datetime
from random import Random
from typing import Protocol

from phonesim.clock import Action
from phonesim.load.plan import Agents, Cue, Plan, Reason
from phonesim.load.results import Call

LINGERS = 15.0
"""Seconds that an agent stays on the line after everybody else has left."""


class Hands(Protocol):
    """What people can do, in virtual or in real time. Whatever comes too late does nothing."""

    @property
    def now(self) -> datetime: ...

    def after(self, seconds: float, action: Action) -> None: ...

    def dial(self, phone: str, to: str) -> None: ...

    def answer(self, phone: str) -> None: ...

    def press(self, phone: str, keys: str) -> None: ...

    def say(self, phone: str, words: str) -> None: ...

    def hang_up(self, phone: str) -> None: ...


class Person:
    """Somebody with a phone who follows a script of cues on one call after the other."""

    def __init__(self, hands: Hands, phone: str, plan: Plan, dice: Random, script: tuple[Cue, ...]) -> None:
        self.hands, self.phone, self.plan, self.dice, self.script = hands, phone, plan, dice, script
        self.talking = False
        self.on_a_call = False
        self.calls = 0
        self._next = 0
        self._reacted_to = ""

    def on_this_call(self, seconds: float, action: Action) -> None:
        """Do something later, unless that call is over by then."""
        call = self.calls
        self.hands.after(seconds, lambda: action() if self.on_a_call and self.calls == call else None)

    def call_begins(self) -> None:
        """Pick up, or start to dial."""
        self.calls += 1
        self.on_a_call, self.talking, self._next, self._reacted_to = True, False, 0, ""

    def call_ends(self) -> None:
        """The line is over."""
        self.on_a_call = self.talking = False

    def hears(self, words: str, seconds: float | None) -> None:
        """React to a sound that begins. The answer to a cue comes once its words were spoken, after a reaction time."""
        if self.talking or not self.script or not words:
            return
        found = self._cue(words)
        if found is None:
            return
        self._next, self._reacted_to = found + 1, words
        cue = self.script[found]
        share = (words.find(cue.hears.casefold()) + len(cue.hears)) / len(words)
        self.on_this_call((seconds or 0.0) * share + self.plan.reaction(self.dice), lambda: self._answer(cue))

    def _cue(self, words: str) -> int | None:
        """Return the next cue that is heard, or the last one again when its exact words are repeated."""
        coming = range(self._next, len(self.script))
        found = next((at for at in coming if self.script[at].hears.casefold() in words), None)
        return self._next - 1 if found is None and words == self._reacted_to else found

    def _answer(self, cue: Cue) -> None:
        if self.talking:
            return
        if cue.presses:
            self.hands.press(self.phone, cue.presses)
        else:
            self.hands.say(self.phone, cue.says)


class Caller(Person):
    """Somebody who calls once, waits only so long, talks, and hangs up."""

    def __init__(self, hands: Hands, phone: str, plan: Plan, dice: Random, reason: Reason, call: Call) -> None:
        super().__init__(hands, phone, plan, dice, reason.script)
        self.reason, self.call = reason, call
        self._forbidden = tuple(words.casefold() for words in (*plan.never_hears, *reason.never_hears))
        self._endings = tuple(words.casefold() for words in reason.ends_with)
        self._patience, self._talk = plan.patience(dice), (reason.talk or plan.talk)(dice)
        self._sounds_until: datetime | None = None

    def dial(self) -> None:
        """Call."""
        self.call_begins()
        self.call.came = self.hands.now
        self.hands.dial(self.phone, self.plan.dial)
        # Whoever has met somebody talks as long as they talk: only waiting without an end is a fault.
        self.on_this_call(self.plan.longest_call, lambda: None if self.call.met else self._leave("endless"))

    def hears(self, words: str, seconds: float | None) -> None:
        """Note forbidden words and silence as well."""
        self._note_silence()
        self._sounds_until = None if seconds is None else self.call.until(self.hands.now, seconds)
        if any(one in words for one in self._forbidden):
            self.call.wrong.add("heard what nobody should")
        if any(one in words for one in self._endings):
            self.call.ended_well = True
        super().hears(words, seconds)

    def waits(self) -> None:
        """In the queue: patience runs from here."""
        if self.call.queued is None:
            self.call.queued = self.hands.now
            self.on_this_call(self._patience, lambda: None if self.call.met else self._leave("abandoned"))

    def meets(self) -> None:
        """Somebody is there to talk to."""
        if self.call.met is None:
            self._note_silence()
            self.call.met = self.hands.now
            self.on_this_call(self._talk, lambda: self._leave(""))
        self.talking = True

    def parts(self) -> None:
        """Nobody is there to talk to."""
        self.talking = False
        self._sounds_until = self.hands.now

    def call_ends(self) -> None:
        """The line is over, whoever ended it."""
        if self.on_a_call:
            self._note_silence()
            self.call.ended = self.hands.now
            self.call.conclude()
        super().call_ends()

    def _leave(self, why: str) -> None:
        self.call.left = why
        self.hands.hang_up(self.phone)

    def _note_silence(self) -> None:
        if self._sounds_until and not self.talking:
            silent = (self.hands.now - self._sounds_until).total_seconds()
            if silent > self.plan.longest_silence:
                self.call.wrong.add("silence")


class Agent(Person):
    """Somebody who is rung: answers after a while, or misses it; presses what the script says; wraps up."""

    def __init__(self, hands: Hands, phone: str, plan: Plan, dice: Random, group: Agents) -> None:
        super().__init__(hands, phone, plan, dice, group.script)
        self.group = group
        self.rung = self.missed = self.rung_while_busy = 0
        self.talked = 0.0
        self._free_at = hands.now
        self._since = hands.now

    def rings(self) -> None:
        """The phone rings."""
        self.rung += 1
        if self.on_a_call:
            self.rung_while_busy += 1
        elif self.dice.random() < self.group.misses:
            self.missed += 1
        else:
            busy = max(0.0, (self._free_at - self.hands.now).total_seconds())
            self.hands.after(busy + self.group.answers_after(self.dice), self._pick_up)

    def _pick_up(self) -> None:
        if not self.on_a_call:
            self.hands.answer(self.phone)

    def meets(self) -> None:
        """The caller is there."""
        if not self.talking:
            self._since = self.hands.now
            if self.group.talks:
                self.on_this_call(self.group.talks(self.dice), lambda: self.hands.hang_up(self.phone))
        self.talking = True

    def parts(self) -> None:
        """The caller left."""
        if self.talking:
            self.talked += (self.hands.now - self._since).total_seconds()
            self.talking = False
            self.on_this_call(LINGERS, lambda: None if self.talking else self.hands.hang_up(self.phone))

    def call_ends(self) -> None:
        """Wrap up."""
        if self.on_a_call:
            self.parts()
            self._free_at = Call.until(self.hands.now, self.group.wraps_up(self.dice))
        super().call_ends()
