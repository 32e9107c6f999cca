"""What each phone heard, said and pressed, as entries that settle once their sound is over."""

from collections import defaultdict, deque
from dataclasses import dataclass
from itertools import count
from typing import Any

from phonesim.network import Network
from phonesim.page.board import Board
from phonesim.values import Heard, Trace

LONGEST = 300
"""Entries kept for each phone."""
SOUNDS = frozenset({"say", "play", "speech", "music", "beep"})
DEEDS = frozenset({"dial", "ring", "answer", "decline", "press", "speak", "hang-up", "sms", "text", "hold", "unhold"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a transcript. ``sound`` is there when it was heard, ``by`` names who spoke it."""

    number: int
    trace: Trace
    sound: Heard | None = None
    by: str = ""

    def shown(self) -> dict[str, Any]:
        """As plain values."""
        common = {"n": self.number, "address": self.trace.who, "at": self.trace.at.isoformat(), "kind": self.trace.kind}
        sound = self.sound
        if sound is None:
            return {**common, "detail": self.trace.detail}
        return {
            **common, "sound": sound.kind, "text": sound.text, "spoken": sound.spoken, "cut": sound.cut,
            "until": sound.until and sound.until.isoformat(), "language": sound.language, "by": self.by,
        }  # fmt: skip


class Transcript:
    """The transcript listens to the network and puts entries on the board."""

    def __init__(self, net: Network, board: Board) -> None:
        self.net, self.board = net, board
        self._numbers = count(1)
        self._kept: defaultdict[str, deque[Entry]] = defaultdict(deque)
        self._open: list[Entry] = []
        self._spoke: Trace | None = None
        net.listeners.append(self._noticed)

    def refresh(self) -> None:
        """Show how sounds ended that were still playing at the last look."""
        still = []
        for entry in self._open:
            self._show(entry)
            if entry.sound and (entry.sound.until is None or entry.sound.until > self.net.now):
                still.append(entry)
        self._open = still

    def _noticed(self, trace: Trace) -> None:
        if trace.kind == "speak":
            self._spoke = trace
        if trace.kind == "hear" and trace.detail["kind"] in SOUNDS:
            self._heard(trace)
        elif trace.kind in DEEDS and self._is_of_the_phone(trace):
            self._keep(Entry(next(self._numbers), trace))

    def _heard(self, trace: Trace) -> None:
        sound = self.net.legs[trace.detail["call_sid"]].ear.heard[-1]
        before = self._kept[trace.who]
        if sound.kind == "music" and before and before[-1].sound and before[-1].sound.kind == "music":
            return
        by = self._spoke.who if sound.kind == "speech" and self._spoke else ""
        entry = Entry(next(self._numbers), trace, sound, by)
        self._keep(entry)
        self._open.append(entry)

    def _is_of_the_phone(self, trace: Trace) -> bool:
        """Tell whether somebody did it: a call that the platform places is traced under the number it shows."""
        leg = self.net.legs.get(trace.detail.get("call_sid", ""))
        return leg is None or leg.address == trace.who

    def _keep(self, entry: Entry) -> None:
        kept = self._kept[entry.trace.who]
        kept.append(entry)
        self._show(entry)
        if len(kept) > LONGEST:
            self.board.take("entry", kept.popleft().number)

    def _show(self, entry: Entry) -> None:
        self.board.put("entry", entry.shown(), entry.number)
