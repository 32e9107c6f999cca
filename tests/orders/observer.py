"""Writes down what an observer of the phone network sees and hears of a world."""

from __future__ import annotations

import re
from typing import Any

from phonesim import Heard
from phonesim import Line as PhoneLine
from rehearsals import ledger
from rehearsals.world import World
from tests.orders.tape import FOREVER, Line, Ring, Sound, Talk, Tape

EMERGENCY = re.compile(r"(?i)dial 911 now|marque el 911 ahora")


class Observer:
    """Keeps a tape. ``names`` are the parties by their address; ``talks`` are the pairs of lines that talk now."""

    def __init__(self, world: World, names: dict[str, str], tape: Tape) -> None:
        self.world, self.names, self.tape = world, names, tape
        self.talks: dict[frozenset[str], Talk] = {}
        self._read = 0

    @property
    def now(self) -> float:
        """Seconds since the start."""
        return (self.world.now - self.world.start).total_seconds()

    def looks(self) -> None:
        """Write down what has changed since the last look."""
        for entry in self.world.net.trace[self._read :]:
            at = (entry.at - self.world.start).total_seconds()
            self._entry(at, entry.kind, self.names.get(entry.who, entry.who), entry.detail)
        self._read = len(self.world.net.trace)
        connected = set()
        for phone in self.world.net.phones.values():
            for line in phone.lines:
                connected |= self._connections(line)
        for pair in connected - self.talks.keys():
            self.talks[pair] = Talk(*sorted(pair), begin=self.now)
            self.tape.talks.append(self.talks[pair])
        for pair in self.talks.keys() - connected:
            self.talks.pop(pair).end = self.now

    def _connections(self, line: PhoneLine) -> set[frozenset[str]]:
        lines = (self.world.net.phone(address).line for address in line.connected_to if address in self.names)
        others = {other.call_sid for other in lines if other is not None} - {line.call_sid}
        return {frozenset({line.call_sid, other}) for other in others}

    def _entry(self, at: float, kind: str, who: str, detail: dict[str, Any]) -> None:
        sid = detail.get("call_sid", "")
        line = self.tape.lines.get(sid)
        if kind == "dial" and detail["to"] in self.names:
            self._dialled(at, self.names[detail["to"]], sid)
        elif kind == "ring":
            self._ring(sid).begin, self._ring(sid).end = at, FOREVER
        elif kind == "answer":
            self._answered(at, who, sid)
        elif kind == "hang-up":
            ring = self._ring(sid)
            if ring is not None:
                ring.end = min(ring.end, at)
            if line is not None:
                line.end = at
        elif kind == "press" and line is not None:
            line.keys.append((at, detail["key"]))
        elif kind == "sms" and who in self.names.values():
            self.tape.texts.append((at, who, detail["body"]))

    def _dialled(self, at: float, who: str, sid: str) -> None:
        if self._ring(sid) is None:
            self.tape.rings.append(Ring(sid, who, at, at))

    def _ring(self, sid: str) -> Ring | None:
        return next((ring for ring in self.tape.rings if ring.sid == sid), None)

    def _answered(self, at: float, who: str, sid: str) -> None:
        ring = self._ring(sid)
        if ring is not None:
            ring.end, ring.answered = at, True
        self.tape.lines.setdefault(sid, Line(sid, who, at)).begin = at
        self.tape.lines[sid].dialled_in = ring is None

    def picked_up(self, line: PhoneLine, *, machine: bool) -> None:
        """Somebody, or a machine, has picked up."""
        self.tape.lines[line.call_sid] = Line(line.call_sid, self.names[line.leg.address], self.now, machine=machine)

    def finish(self) -> Tape:
        """Write down what everybody heard, and what supervisors were told."""
        for line in (line for phone in self.world.net.phones.values() for line in phone.history):
            if line.call_sid in self.tape.lines:
                heard = [one for one in line.heard if one.kind != "silence"]
                self.tape.lines[line.call_sid].sounds = [self._sound(one) for one in heard]
        self.tape.emergent_from = max((self._emergent_from(who) for who in self.tape.told), default=FOREVER)
        for row in ledger.events(self.world):
            if row.kind in ("alert", "safe-landing"):
                at = (row.at - self.world.start).total_seconds()
                self.tape.alerts.append((at, row.data.get("what", row.kind)))
        return self.tape

    def _emergent_from(self, who: str) -> float:
        """When the line took the words of somebody for an emergency, and said so."""
        sounds = [sound for line in self.tape.lines_of(frozenset({who})) for sound in line.sounds]
        return min((sound.begin for sound in sounds if EMERGENCY.search(sound.text)), default=FOREVER)

    def _sound(self, heard: Heard) -> Sound:
        begin = (heard.at - self.world.start).total_seconds()
        end = self.tape.end if heard.until is None else (heard.until - self.world.start).total_seconds()
        return Sound(begin, end, heard.kind, heard.spoken)
