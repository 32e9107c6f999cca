"""Conferences: who is in, who hears whom, and the events (Twilio: Conference, Participants)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phonesim.errors import PhonesimError
from phonesim.process import Process, Signal
from phonesim.values import rfc2822
from phonesim.web.cookies import CookieJar

if TYPE_CHECKING:
    from phonesim.leg import Leg
    from phonesim.network import Network
    from phonesim.recording import Recording, RecordingHook

EVENTS = {
    "conference-start": "start", "conference-end": "end", "participant-join": "join", "participant-leave": "leave",
    "participant-mute": "mute", "participant-unmute": "mute", "participant-hold": "hold",
    "participant-unhold": "hold", "participant-modify": "modify", "announcement-end": "announcement",
    "announcement-fail": "announcement",
}  # fmt: skip
LONGEST_LABEL = 128


class JoinRefused(PhonesimError):
    """A participant cannot join: the debugger code says why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


@dataclass(frozen=True, slots=True)
class ConferenceSettings:
    """Fixed by whoever creates the conference; later joiners change nothing."""

    status_url: str = ""
    status_method: str = "POST"
    events: frozenset[str] = frozenset()
    record: bool = False
    recording_hook: "RecordingHook | None" = None


@dataclass(slots=True)
class Manner:
    """How a participant takes part. ``wait_url``: None is music, empty is silence."""

    label: str = ""
    muted: bool = False
    beep: str = "true"
    start_on_enter: bool = True
    end_on_exit: bool = False
    wait_url: str | None = None
    wait_method: str = "POST"
    most: int = 250
    coach: str = ""
    hold_url: str = ""
    hold_method: str = "GET"


class Participant:
    """A call leg in a conference, or on its way there."""

    def __init__(self, conference: "Conference", leg: "Leg", manner: Manner) -> None:
        self.conference, self.leg, self.manner = conference, leg, manner
        self.hold = False
        self.coaching = bool(manner.coach)
        self.created = self.updated = conference.net.now
        self.joined = False
        self.departure: str | None = None
        self.mode = ""
        self.sound: Process | None = None

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

    def hears(self) -> "list[Leg]":
        """The legs this participant hears: nobody while held or before the start."""
        if self.conference.status != "in-progress" or self.hold:
            return []
        others = [other for other in self.conference.participants.values() if other is not self]
        return [other.leg for other in others if other.speaks_to(self)]

    def heard_by(self) -> "list[Leg]":
        """The legs that hear this participant."""
        return [other.leg for other in self.conference.participants.values() if self.leg in other.hears()]

    def speaks_to(self, other: "Participant") -> bool:
        """Held and muted ones speak to nobody, a coach only to the coached."""
        silent = self.hold or self.manner.muted
        return not silent and (not self.coaching or self.manner.coach == other.leg.sid)

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
        script = self.conference.net.soundtrack(self, mode)
        self.sound = self.leg.push(script) if script else None

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


class Conference:
    """One conference under a name. It starts with two participants, one of whom may start it, and ends once."""

    def __init__(self, net: "Network", name: str, settings: ConferenceSettings) -> None:
        self.net, self.name, self.settings = net, name, settings
        self.sid = net.sids.new("CF")
        self.jar = CookieJar()
        self.status = "init"
        self.created = self.updated = net.now
        self.participants: dict[str, Participant] = {}
        self.invited: dict[str, Participant] = {}
        self.recordings: list[Recording] = []
        self.ending: Participant | None = None
        self.reason = ""
        self._sequence = 0

    def join(self, participant: Participant) -> None:
        """Let a participant in. Raises JoinRefused."""
        self._check(participant)
        self.invited.pop(participant.leg.sid, None)
        self.participants[participant.leg.sid] = participant
        participant.leg.participant, participant.joined = participant, True
        self.net.record("join", participant.leg.address, conference=self.sid, label=participant.manner.label)
        self.report("participant-join", participant)
        self._start_if_ready()
        self._beep(participant, {"true", "onEnter"})
        self.refresh()

    def remove(self, participant: Participant, reason: str, kicked: bool = False) -> None:
        """A participant leaves; this may end the conference."""
        if self._depart(participant, reason, kicked):
            verb = "kicked" if kicked else "left"
            if participant.manner.end_on_exit:
                self.end(f"participant-with-end-conference-on-exit-{verb}", participant)
            elif not self.participants:
                self.end(f"last-participant-{verb}", participant)
            self.refresh()

    def end(self, reason: str, by: Participant | None = None) -> None:
        """End for all; only the first reason counts."""
        if self.status == "completed":
            return
        self.status, self.reason, self.ending, self.updated = "completed", reason, by, self.net.now
        self.net.conferences.finish(self.sid)
        why = "moderator_ended_conference" if by else "conference_ended_via_api"
        for participant in tuple(self.participants.values()):
            self._depart(participant, why, False)
        for recording in self.recordings:
            recording.stop()
        label = {"ParticipantLabelEndingConference": by.manner.label} if by and by.manner.label else {}
        ending = {"CallSidEndingConference": by.leg.sid, **label} if by else {}
        self.report("conference-end", None, ReasonConferenceEnded=reason, Reason=reason, **ending)

    def invitation_failed(self, participant: Participant) -> None:
        """A called participant never came (Twilio: participant_add_failed)."""
        if self.invited.pop(participant.leg.sid, None) and self.status != "completed":
            status = participant.leg.status
            self.report("participant-leave", participant, ParticipantCallStatus=status,
                        ReasonParticipantLeft="participant_add_failed")  # fmt: skip
            if not self.participants and not self.invited:
                self.end("last-participant-left", participant)

    def refresh(self) -> None:
        """Let everyone hear what fits the new state."""
        for participant in self.participants.values():
            participant.refresh()

    def find(self, key: str) -> Participant | None:
        """A participant by CallSid or label, invited ones included."""
        everyone = (*self.participants.values(), *self.invited.values())
        return next((p for p in everyone if key in {p.leg.sid, p.manner.label} and not p.leg.ended), None)

    def report(self, event: str, participant: Participant | None = None, **more: str) -> None:
        """Send an event to the callback, if it was subscribed to."""
        settings = self.settings
        if not settings.status_url or EVENTS[event] not in settings.events:
            return
        number, self._sequence = self._sequence, self._sequence + 1
        params = {
            "ConferenceSid": self.sid, "FriendlyName": self.name, "AccountSid": self.net.account_sid,
            "SequenceNumber": str(number), "Timestamp": rfc2822(self.net.now), "StatusCallbackEvent": event,
            **(participant.facts() if participant else {}), **more,
        }  # fmt: skip
        self.net.callback(settings.status_url, settings.status_method, params, self)

    def _check(self, participant: Participant) -> None:
        manner = participant.manner
        if len(self.participants) >= manner.most:
            raise JoinRefused(16020, "the conference is full")
        labels = {other.manner.label for other in self.participants.values()}
        if manner.label and (manner.label in labels or not valid_label(manner.label)):
            raise JoinRefused(16025, "the label is taken or not allowed")
        if manner.coach and manner.coach not in self.participants:
            raise JoinRefused(13240, "the call to coach is not in the conference")

    def _depart(self, participant: Participant, reason: str, kicked: bool) -> bool:
        if self.participants.pop(participant.leg.sid, None) is None:
            return False
        participant.departure, participant.updated = reason, self.net.now
        participant.leg.participant = None
        participant.leave_sound()
        self.net.record("leave", participant.leg.address, conference=self.sid, reason=reason)
        status = participant.leg.status
        self.report("participant-leave", participant, ParticipantCallStatus=status, ReasonParticipantLeft=reason)
        self._beep(participant, {"true", "onExit"})
        participant.leg.signal(Signal("conference", kicked))
        return True

    def _start_if_ready(self) -> None:
        starters = any(participant.manner.start_on_enter for participant in self.participants.values())
        if self.status == "init" and starters and len(self.participants) >= 2:
            self.status, self.updated = "in-progress", self.net.now
            self.report("conference-start")
            if self.settings.record:
                self.net.record_conference(self)

    def _beep(self, mover: Participant, when: set[str]) -> None:
        if mover.manner.beep in when and self.status == "in-progress":
            for other in self.participants.values():
                if other is not mover and not other.hold:
                    other.leg.ear.begin("beep", "", self.net.options.beep_seconds)


def valid_label(label: str) -> bool:
    """At most 128 characters, no slash, not a CallSid."""
    return len(label) <= LONGEST_LABEL and "/" not in label and not (label.startswith("CA") and len(label) == 34)
