"""What an independent observer at the phone network may know of one order of events, in seconds from its start."""

from __future__ import annotations

from dataclasses import dataclass, field

FOREVER = float("inf")


@dataclass(slots=True)
class Sound:
    """Something in somebody's ear. ``kind`` is say, speech, play, ring or beep."""

    begin: float
    end: float
    kind: str
    text: str = ""


@dataclass(slots=True)
class Line:
    """One party's connection with us from its answer to its end. ``machine`` is a voicemail box."""

    sid: str
    who: str
    begin: float
    end: float = FOREVER
    dialled_in: bool = False
    machine: bool = False
    keys: list[tuple[float, str]] = field(default_factory=list)
    sounds: list[Sound] = field(default_factory=list)


@dataclass(slots=True)
class Ring:
    """A call of ours to a phone. One that never rang, because the phone is engaged, has no length."""

    sid: str
    who: str
    begin: float
    end: float = FOREVER
    answered: bool = False


@dataclass(slots=True)
class Talk:
    """Two lines that heard each other."""

    one: str
    other: str
    begin: float
    end: float = FOREVER

    def has(self, sid: str) -> bool:
        """Whether this line is one of the two."""
        return sid in (self.one, self.other)


@dataclass(slots=True)
class Tape:
    """Everything that was heard and seen, and who the parties are.

    ``told`` is when somebody first told of a symptom, ``emergent_from`` when all of them had heard the 911 words.
    In ``refused`` the phone network carries out nothing that it is asked, so that nobody can be told anything.
    """

    callers: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    clinicians: frozenset[str] = frozenset()
    house: frozenset[str] = frozenset()
    interpreters: frozenset[str] = frozenset()
    told: dict[str, float] = field(default_factory=dict)
    emergent_from: float = FOREVER
    pin: str = ""
    private: tuple[str, ...] = ()
    lines: dict[str, Line] = field(default_factory=dict)
    rings: list[Ring] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    texts: list[tuple[float, str, str]] = field(default_factory=list)
    alerts: list[tuple[float, str]] = field(default_factory=list)
    refused: list[tuple[float, float]] = field(default_factory=list)
    willing_from: float = 0.0
    end: float = 0.0

    @property
    def staff(self) -> frozenset[str]:
        """Whoever may help."""
        return self.agents | self.helpers

    @property
    def helpers(self) -> frozenset[str]:
        """Whoever a symptom must come to."""
        return self.clinicians | self.house

    def lines_of(self, people: frozenset[str]) -> list[Line]:
        """The lines of these people, oldest first."""
        return [line for line in self.lines.values() if line.who in people]

    def until(self, end: float) -> float:
        """An end that may lie beyond the tape."""
        return min(end, self.end)
