"""A call leg's part in a conference: who it hears, who hears it, what plays to it (Twilio: Participants)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from phonesim.ear import Ear
from phonesim.hooks import RecordingHook
from phonesim.leg import Leg
from phonesim.process import Process, Script
from phonesim.values import Heard

LONGEST_LABEL = 128
BEEPS = {"true": (True, True), "false": (False, False), "onEnter": (True, False), "onExit": (False, True)}


@dataclass(slots=True)
class Manner:
    """How a participant takes part. ``wait_url``: None is music, empty is silence."""

    label: str = ""
    muted: bool = False
    beep_on_enter: bool = True
    beep_on_exit: bool = True
    start_on_enter: bool = True
    end_on_exit: bool = False
    wait_url: str | None = None
    wait_method: str = "POST"
    most: int = 250
    coach: str = ""
    hold_url: str = ""
    hold_method: str = "GET"
    region: str = ""
    early_media: bool = False


@dataclass(frozen=True, slots=True)
class ConferenceSettings:
    """Fixed by whoever creates the conference, or joins it first; later joiners change nothing."""

    status_url: str = ""
    status_method: str = "POST"
    events: frozenset[str] = frozenset()
    record: bool = False
    trim: bool = True
    recording_hook: RecordingHook | None = None


class Room(Protocol):
    """Gives what a participant asks of the conference."""

    @property
    def sid(self) -> str:
        """Its CF sid."""

    @property
    def status(self) -> str:
        """init, in-progress or completed."""

    @property
    def participants(self) -> "Mapping[str, Participant]":
        """Who is in, by CallSid."""

    def report(self, event: str, participant: "Participant | None" = None, **more: str) -> None:
        """Send an event to the callback, if it was subscribed to."""


Soundtrack = Callable[["Participant", str], Script[None] | None]


class Participant:
    """A call leg in a conference, or on its way there. ``soundtrack`` gives what it hears in a mode."""

    def __init__(
        self, conference: Room, leg: Leg, manner: Manner, settings: ConferenceSettings, soundtrack: Soundtrack
    ) -> None:
        self._soundtrack = soundtrack
        self.conference, self.leg, self.manner, self.settings = conference, leg, manner, settings
        self.hold = False
        self.coaching = bool(manner.coach)
        self.created = self.updated = leg.net.now
        self.joined = self.kicked = False
        self.departure: str | None = None
        self.mode = ""
        self.sound: Process | None = None
        self.ring_back: list[tuple[Ear, Heard]] = []

    @property
    def status(self) -> str:
        """queued, connecting, ringing, connected, complete or failed."""
        if self.leg.ended and not self.joined:
            return "failed"
        if self.departure or self.leg.ended:
            return "complete"
        if self.joined:
            return "connected"
        return {"queued": "queued", "ringing": "ringing"}.get(self.leg.status, "connecting")

    @property
    def listens(self) -> bool:
        """In the conversation: after the start, and not on hold."""
        return self.joined and not self.hold and self.conference.status == "in-progress"

    @property
    def muted(self) -> bool:
        """Heard by nobody."""
        return self.manner.muted

    def hears(self) -> list[Leg]:
        """The legs this participant hears: nobody while held or before the start."""
        if not self.listens:
            return []
        others = [other for other in self.conference.participants.values() if other is not self]
        return [other.leg for other in others if other.speaks_to(self)]

    def heard_by(self) -> list[Leg]:
        """The legs that hear this participant."""
        return [other.leg for other in self.conference.participants.values() if self.leg in other.hears()]

    def speaks_to(self, other: "Participant") -> bool:
        """Held and muted ones speak to nobody, a coach only to the coached."""
        silent = self.hold or self.manner.muted
        return not silent and (not self.coaching or self.manner.coach == other.leg.sid)

    def spoke(self, seconds: float) -> None:
        """The participant says something that long (Twilio: speaker events)."""
        if self.listens and not self.manner.muted:
            self.conference.report("participant-speech-start", self)
            self.leg.after(seconds, lambda: self.conference.report("participant-speech-stop", self))

    def facts(self) -> dict[str, str]:
        """What participant events say."""
        manner = self.manner
        flags = {
            "Muted": manner.muted, "Hold": self.hold, "Coaching": self.coaching,
            "EndConferenceOnExit": manner.end_on_exit, "StartConferenceOnEnter": manner.start_on_enter,
        }  # fmt: skip
        label = {"ParticipantLabel": manner.label} if manner.label else {}
        return {"CallSid": self.leg.sid, **{name: str(value).lower() for name, value in flags.items()}, **label}

    def refresh(self) -> None:
        """Play what fits the present state: hold or wait document, or nothing while people talk."""
        mode = self._mode()
        if mode == self.mode:
            return
        self.mode = mode
        if self.sound:
            self.leg.drop(self.sound)
        script = self._soundtrack(self, mode)
        self.sound = self.leg.push(script) if script else None

    def restart_sound(self) -> None:
        """Play the wait or hold document again from the start: its address was changed."""
        self.mode = ""

    def leave_sound(self) -> None:
        """Silence the soundtrack and announcements for good."""
        self.mode, self.sound = "gone", None
        self.leg.quiet()

    def _mode(self) -> str:
        if self.hold:
            return "hold"
        if self.conference.status == "init":
            return "conference-wait"
        return "lone" if len(self.conference.participants) == 1 else "talk"


def valid_label(label: str) -> bool:
    """At most 128 characters, no slash, not a CallSid."""
    return len(label) <= LONGEST_LABEL and "/" not in label and not (label.startswith("CA") and len(label) == 34)
