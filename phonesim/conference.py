"""Conferences: who is in, who hears whom, and the events (Twilio: Conference, Participants)."""

from phonesim.errors import PhonesimError
from phonesim.participant import ConferenceSettings, Participant, valid_label
from phonesim.process import Signal
from phonesim.protocols import Tape
from phonesim.recording import Recording
from phonesim.services import Services
from phonesim.values import rfc2822
from phonesim.web.cookies import CookieJar

EVENTS = {
    "conference-start": "start", "conference-end": "end", "participant-join": "join", "participant-leave": "leave",
    "participant-mute": "mute", "participant-unmute": "mute", "participant-hold": "hold",
    "participant-unhold": "hold", "participant-modify": "modify", "announcement-end": "announcement",
    "announcement-fail": "announcement", "participant-speech-start": "speaker", "participant-speech-stop": "speaker",
}  # fmt: skip


class JoinRefused(PhonesimError):
    """A participant cannot join: the debugger code says why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class Conference:
    """One conference under a name. It starts with two participants, one of whom may start it, and ends once."""

    def __init__(self, net: Services, name: str, settings: ConferenceSettings) -> None:
        self.net, self.name, self.settings = net, name, settings
        self.sid = net.sids.new("CF")
        self.jar = CookieJar()
        self.status = "init"
        self.created = self.updated = net.now
        self.participants: dict[str, Participant] = {}
        self.invited: dict[str, Participant] = {}
        self.kicked: set[str] = set()
        self.recordings: list[Tape] = []
        self.ending: Participant | None = None
        self.reason = ""
        self.region = ""
        self._ever_joined = False
        self._sequence = 0

    def invite(self, participant: Participant) -> None:
        """Somebody is being called into it."""
        self._open()
        self.invited[participant.leg.sid] = participant

    def join(self, participant: Participant) -> None:
        """Let a participant in. Raises JoinRefused."""
        self._check(participant)
        self._open()
        if self.net.options.joiner_fixes_callbacks and not self._ever_joined:
            self.settings = participant.settings
        self._ever_joined = True
        self.region = self.region or participant.manner.region
        self.invited.pop(participant.leg.sid, None)
        self.participants[participant.leg.sid] = participant
        participant.leg.participant, participant.joined = participant, True
        self.net.record("join", participant.leg.address, conference=self.sid, label=participant.manner.label)
        self.report("participant-join", participant)
        self._start_if_ready()
        if participant.manner.beep_on_enter:
            self._beep(participant)
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
        self.net.shelf(Conference).finish(self.sid)
        why = "moderator_ended_conference" if by else "conference_ended_via_api"
        for participant in tuple(self.participants.values()):
            self._depart(participant, why, False)
        for recording in self.recordings:
            recording.stop()
        label = {"ParticipantLabelEndingConference": by.manner.label} if by and by.manner.label else {}
        ending = {"CallSidEndingConference": by.leg.sid, **label} if by else {}
        self.report("conference-end", None, ReasonConferenceEnded=reason, Reason=reason, **ending)
        self.net.forget_later(lambda: self.net.shelf(Conference).pop_item(self.sid))

    def invitation_failed(self, participant: Participant) -> None:
        """A called participant never came (Twilio: participant_add_failed)."""
        if self.invited.pop(participant.leg.sid, None) and self.status != "completed":
            participant.departure, status = "participant_add_failed", participant.leg.status
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

    def check_label(self, label: str, invalid: int, taken: int, me: Participant | None = None) -> None:
        """Raise JoinRefused with the code for a label that cannot be, or that another participant has."""
        everyone = (*self.participants.values(), *self.invited.values())
        if not valid_label(label):
            raise JoinRefused(invalid, "a label has at most 128 characters, no slash, and is no CallSid")
        if label and any(other.manner.label == label for other in everyone if other is not me):
            raise JoinRefused(taken, "another participant has this label")

    def _check(self, participant: Participant) -> None:
        manner = participant.manner
        if self.status == "completed":
            raise JoinRefused(16022, "the conference is over")
        if len(self.participants) >= manner.most:
            raise JoinRefused(16020, "the conference is full")
        self.check_label(manner.label, 16023, 16025, participant)
        if manner.coach and manner.coach not in self.participants:
            raise JoinRefused(13240, "the call to coach is not in the conference")

    def _open(self) -> None:
        # Only now: a conference nobody could join must not keep its name.
        shelf = self.net.shelf(Conference)
        if self.sid not in shelf:
            shelf[self.sid] = self

    def _depart(self, participant: Participant, reason: str, kicked: bool) -> bool:
        if self.participants.pop(participant.leg.sid, None) is None:
            return False
        participant.departure, participant.kicked, participant.updated = reason, kicked, self.net.now
        participant.leg.participant = None
        participant.leave_sound()
        self.net.record("leave", participant.leg.address, conference=self.sid, reason=reason)
        status = participant.leg.status
        self.report("participant-leave", participant, ParticipantCallStatus=status, ReasonParticipantLeft=reason)
        if participant.manner.beep_on_exit:
            self._beep(participant)
        participant.leg.signal(Signal("conference", kicked))
        return True

    def _start_if_ready(self) -> None:
        starters = any(participant.manner.start_on_enter for participant in self.participants.values())
        if self.status == "init" and starters and len(self.participants) >= 2:
            self.status, self.updated = "in-progress", self.net.now
            self.report("conference-start")
            if self.settings.record:
                self._record()

    def _record(self) -> None:
        first, settings = next(iter(self.participants.values())).leg, self.settings
        channels = self.net.options.conference_recording_channels
        Recording(first, "Conference", channels, settings.recording_hook, conference=self, trim=settings.trim)

    def _beep(self, mover: Participant) -> None:
        for other in self.participants.values():
            if other is not mover and other.listens:
                other.leg.ear.begin("beep", "", self.net.options.beep_seconds)


def conference_named(net: Services, name: str, settings: ConferenceSettings) -> Conference:
    """The running conference of this name; otherwise a new one with these settings, for somebody to join."""
    running = net.shelf(Conference).newest(unfinished=True, name=name)
    return next(running, None) or Conference(net, name, settings)
