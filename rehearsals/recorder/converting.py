"""Turning what happened on the phones into the steps of a rehearsal. This is pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from phonesim import Trace
from rehearsals.cast import CALLER, Cast
from rehearsals.recorder.cues import Listener
from rehearsals.speech_matching import plain
from rehearsals.stage import PATIENCE

PATIENT = "patient"
A_WHILE = timedelta(seconds=6)
"""Whoever waits longer than this after a cue is written down as waiting."""
TYPING = timedelta(seconds=6)
"""Keys this close to one another, with nothing heard between, are pressed in one go."""
PIN_PROMPT, PIN_AGAIN, PIN_REFUSED = "enter your pin", "that pin is not right. enter", "that pin is not right"


@dataclass(slots=True)
class Line:
    """One step: its phrase, and its value where it has one."""

    phrase: str
    value: str | list[str] = ""
    within: timedelta | None = None
    from_: str = ""


@dataclass(slots=True)
class Keys:
    """Keys that somebody is pressing."""

    line: Line
    last: datetime
    heard: int
    after: str


def convert(trace: Iterable[Trace], cast: Cast, ours: frozenset[str]) -> list[Line]:
    """Return the steps of a call, from the dial of its caller on. ``ours`` are the numbers that people call."""
    converter = Converter(cast, ours)
    for entry in trace:
        converter.take(entry)
    return converter.finished()


@dataclass(slots=True)
class Converter:
    """The converter takes a trace entry by entry."""

    cast: Cast
    ours: frozenset[str]
    lines: list[Line] = field(default_factory=list)
    _met: datetime | None = None
    _listeners: dict[str, Listener] = field(default_factory=dict)
    _keys: dict[str, Keys] = field(default_factory=dict)
    _talking: dict[str, list[str]] = field(default_factory=dict)
    _held: set[str] = field(default_factory=set)
    _together: list[str] = field(default_factory=list)
    _answered: set[str] = field(default_factory=set)
    _put_down: set[str] = field(default_factory=set)
    _rung: dict[str, datetime] = field(default_factory=dict)
    _caller_sid: str = ""
    _caller_gone: bool = False

    def take(self, entry: Trace) -> None:
        """Take one entry of the trace."""
        taker = _TAKERS.get(entry.kind)
        if taker is not None:
            taker(self, entry)

    def finished(self) -> list[Line]:
        """Finish the last step, and return all of them."""
        self._note_together()
        for name in tuple(self._keys):
            self._finish_keys(name)
        return self.lines

    def _name(self, entry: Trace) -> str:
        name = self.cast.name(entry.who)
        return PATIENT if name == CALLER and self._caller_gone else name

    def _dial(self, entry: Trace) -> None:
        if entry.who in self.ours:
            return
        self._met = self._met or entry.at
        self._answered.add(entry.detail["call_sid"])
        name = self.cast.name(entry.who)
        self._listeners[name] = Listener()
        if not self._caller_sid:
            self._caller_sid = entry.detail["call_sid"]
        elif name == CALLER:
            self._write(entry.at, Line("caller calls again"))
            self._caller_sid, self._caller_gone = entry.detail["call_sid"], False
        else:
            self._write(entry.at, Line(f"{name} phones", entry.detail["to"], from_=entry.who))

    def _ring(self, entry: Trace) -> None:
        name = self._name(entry)
        self._rung[entry.detail["call_sid"]] = entry.at
        late = entry.at - (self._met or entry.at)
        within = late if late > PATIENCE else None
        if name in self.cast.agents:
            line = Line("call is offered to", name, within)
        else:
            line = Line("page goes to", name, within) if name in self.cast.clinicians else Line(f"{name}'s phone rings")
        line.within = within
        self._write(entry.at, line)

    def _text(self, entry: Trace) -> None:
        late = entry.at - (self._met or entry.at)
        self._write(entry.at, Line("text goes to", self._name(entry), late if late > PATIENCE else None))

    def _answer(self, entry: Trace) -> None:
        sid = entry.detail["call_sid"]
        if sid in self._answered:
            return
        name = self._name(entry)
        self._answered.add(sid)
        self._listeners[name] = Listener()
        self._write(entry.at, Line(f"{name} answers"))

    def _decline(self, entry: Trace) -> None:
        self._put_down.add(entry.detail["call_sid"])
        self._write(entry.at, Line(f"{self._name(entry)} declines"))

    def _puts_down(self, entry: Trace) -> None:
        self._put_down.add(entry.detail["call_sid"])
        self._cued(entry, Line(f"{self._name(entry)} hangs up"))

    def _breaks(self, entry: Trace) -> None:
        self._put_down.add(entry.detail["call_sid"])
        self._cued(entry, Line(f"{self._name(entry)}'s line breaks"))

    def _ends(self, entry: Trace) -> None:
        sid, name = entry.detail["call_sid"], self._name(entry)
        if sid not in self._put_down and sid in self._answered:
            self._cued(entry, Line(f"{name}'s call ends"))
        elif sid not in self._put_down and sid in self._rung:
            gave_up = entry.detail["status"] == "no-answer" or entry.at - self._rung[sid] > PATIENCE
            self._write(entry.at, Line(f"{name} does not answer" if gave_up else f"{name}'s phone stops ringing"))
        self._caller_gone = self._caller_gone or sid == self._caller_sid
        for members in self._talking.values():
            if name in members:
                members.remove(name)

    def _press(self, entry: Trace) -> None:
        name, listener = self._name(entry), self._listener(self._name(entry))
        keys = self._keys.get(name)
        if keys and keys.heard == len(listener.heard) and entry.at - keys.last <= TYPING:
            keys.line.value = f"{keys.line.value}{entry.detail['key']}"
            keys.last, self._met = entry.at, entry.at
            return
        self._finish_keys(name)
        line = Line(f"{name} presses", entry.detail["key"])
        after = plain(listener.heard[-1].text) if listener.heard else ""
        self._cued(entry, line)
        self._keys[name] = Keys(line, entry.at, len(listener.heard), after)

    def _speak(self, entry: Trace) -> None:
        self._cued(entry, Line(f"{self._name(entry)} says", entry.detail["text"]))

    def _hear(self, entry: Trace) -> None:
        if entry.detail["kind"] in ("say", "speech") and entry.detail["text"]:
            name = self._name(entry)
            self._listener(name).hears(entry.at, entry.detail["kind"], entry.detail["text"])
            self._check_pin(name, plain(entry.detail["text"]))

    def _join(self, entry: Trace) -> None:
        place, name = _place(entry.detail), self._name(entry)
        if place is None:
            return
        members = self._talking.setdefault(place, [])
        other = entry.detail.get("other")
        for one in (name, *((self.cast.name(other),) if other else ())):
            if one not in members:
                members.append(one)
        self._together = list(members)
        for one in members if len(members) > 1 else ():
            self._listener(one).cut_off(entry.at)

    def _leave(self, entry: Trace) -> None:
        place, name = _place(entry.detail), self._name(entry)
        if place in self._talking and name in self._talking[place]:
            self._talking[place].remove(name)
        self._together = [one for one in self._together if one != name]

    def _hold(self, entry: Trace) -> None:
        held, name = entry.kind == "hold", self._name(entry)
        (self._held.add if held else self._held.discard)(name)
        if not held:
            self._together = next((list(one) for one in self._talking.values() if name in one), [])

    def _listener(self, name: str) -> Listener:
        return self._listeners.setdefault(name, Listener())

    def _cued(self, entry: Trace, line: Line) -> None:
        """Add a step of somebody, after the words that they heard and the wait before it."""
        name = self._name(entry)
        self._note_together()
        cue = self._listener(name).cue(entry.at)
        if cue is not None:
            self._write(max(cue[1].at, self._met or cue[1].at), Line(f"{name} hears", cue[0]))
        waited = entry.at - (self._met or entry.at)
        if waited > A_WHILE and not line.phrase.endswith("call ends"):
            self._write(entry.at, Line(f"{name} waits", f"{int(waited.total_seconds())}s"))
        elif waited > PATIENCE:
            line.within = waited
        self._write(entry.at, line)

    def _note_together(self) -> None:
        people = [one for one in self._together if one not in self._held]
        self._together = []
        if len(people) > 1:
            self.lines.append(Line("connected", people))

    def _write(self, at: datetime, line: Line) -> None:
        self._note_together()
        self.lines.append(line)
        self._met = at

    def _check_pin(self, name: str, text: str) -> None:
        """Write whether a PIN was right. The PIN itself is never written."""
        keys = self._keys.get(name)
        if keys and PIN_PROMPT in keys.after:
            keys.line.phrase = f"{name} enters"
            keys.line.value = "wrong PIN" if PIN_REFUSED in text else "PIN"
            del self._keys[name]

    def _finish_keys(self, name: str) -> None:
        keys = self._keys.pop(name, None)
        if keys and len(keys.line.value) > 1 and str(keys.line.value).endswith("#"):
            keys.line.phrase = f"{name} enters"
            keys.line.value = "PIN" if PIN_PROMPT in keys.after else str(keys.line.value)[:-1]


def _place(detail: Mapping[str, Any]) -> str | None:
    return None if "queue" in detail else str(detail.get("conference") or "bridge")


_TAKERS: Mapping[str, Callable[[Converter, Trace], None]] = {
    "dial": Converter._dial,
    "ring": Converter._ring,
    "sms": Converter._text,
    "answer": Converter._answer,
    "decline": Converter._decline,
    "put-down": Converter._puts_down,
    "lost": Converter._breaks,
    "hang-up": Converter._ends,
    "press": Converter._press,
    "speak": Converter._speak,
    "hear": Converter._hear,
    "join": Converter._join,
    "leave": Converter._leave,
    "hold": Converter._hold,
    "unhold": Converter._hold,
}
