"""How the imitated network behaves, and the faults that can be switched on while it runs."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random


@dataclass(frozen=True, slots=True)
class RecordingKey:
    """Public key for recording encryption: its credential sid (CR...) and the PEM SubjectPublicKeyInfo."""

    sid: str
    pem: bytes


@dataclass(frozen=True, slots=True)
class Options:
    """Durations are virtual seconds. The last block decides points Twilio's texts leave open, on the side that
    is harder for an application.
    """

    characters_per_second: float = 15.0
    least_say_seconds: float = 1.0
    play_seconds: float = 3.0
    fetch_audio: bool = True
    beep_seconds: float = 0.5
    key_spacing: float = 0.1
    post_dial_seconds: float = 1.0
    speech_auto_seconds: float = 1.0
    calls_per_second: float = 1.0
    webhook_latency: float = 0.0
    rest_delay: float = 0.0
    recording_processing_seconds: float = 2.0
    message_seconds: float = 1.0
    amd_human_seconds: float = 2.0
    amd_machine_seconds: float = 4.0
    voicemail_answers_after: float = 18.0
    voicemail_greeting: str = "You have reached my mailbox. Please leave a message after the tone."
    voicemail_length: float = 60.0
    queue_capacity: int = 1000
    api_url: str = "https://api.twilio.com"
    media_auth: bool = True
    recording_key: RecordingKey | None = None
    requests_kept: int = 500
    hint_lift: float = 0.2
    pci_mode: bool = False
    unsupported_speech: frozenset[tuple[str, str]] = frozenset()

    http_error_code: int = 11200
    timeout_error_code: int = 11205
    root_error_code: int = 12100
    keep_body_on_307: bool = False
    skip_whole_verb: bool = True
    wait_fallback: bool = False
    pause_first_answers: bool = True
    numeric_placeholders: bool = True
    attestation_signed: bool = True
    gather_barge_in: bool = True
    input_during_prompt_is_kept: bool = False
    keys_typed_ahead_are_kept: bool = False
    gather_action_after_hangup: bool = False
    empty_result_has_digits: bool = False
    rest_ring_buffer: float = 5.0
    dial_action_after_hangup: bool = True
    screen_declined_status: str = "completed"
    dequeue_action_first: bool = True
    hold_quirk: bool = True
    lone_participant_hears: str = "silence"
    conference_recording_channels: int = 1
    repeated_kick_is_404: bool = True
    kicked_goes_on: bool = True
    clients_must_register: bool = False
    token_life_limited: bool = True
    unregistered_client_status: str = "no-answer"
    verify_services_must_exist: bool = False
    landlines_refused_at_once: bool = False
    silent_recordings_kept: bool = True
    start_recording_source: str = "StartCallRecordingTwiML"


@dataclass(slots=True)
class RestFault:
    """A failing REST API: ``kind`` is "429", "500", "503" or "timeout" (it takes effect, the answer is lost).

    Applies to requests whose method and path match, ``times`` times (None: until switched off).
    """

    kind: str
    method: str = ""
    path_contains: str = ""
    times: int | None = None

    def strikes(self, method: str, path: str) -> bool:
        """Tell whether this request fails, and count it."""
        if self.times == 0 or (self.method and self.method != method) or self.path_contains not in path:
            return False
        self.times = None if self.times is None else self.times - 1
        return True


@dataclass(slots=True)
class Faults:
    """Set any field at any moment; it holds from the next request on. Shares are probabilities 0..1."""

    duplicate_webhooks: bool = False
    duplicate_with_fresh_token: bool = False
    status_drop: float = 0.0
    status_duplicate: float = 0.0
    status_delay: float = 0.0
    status_reorder: float = 0.0
    application_unreachable: bool = False
    webhook_latency: float = 0.0
    rest: list[RestFault] = field(default_factory=list)
    media_fails_until: datetime | None = None
    promotion_delay: float = 0.0

    def rest_fault(self, method: str, path: str) -> str | None:
        """The kind of failure this REST request meets."""
        return next((fault.kind for fault in self.rest if fault.strikes(method, path)), None)


@dataclass(slots=True)
class Chance:
    """Seeded dice of the faults, apart from those of the network, so that a fault changes nothing else."""

    dice: Random

    def hits(self, share: float) -> bool:
        """True with probability ``share``; draws nothing when the share is 0."""
        return share > 0 and self.dice.random() < share

    def up_to(self, seconds: float) -> float:
        """A delay between 0 and ``seconds``; draws nothing when that is 0."""
        return self.dice.uniform(0, seconds) if seconds > 0 else 0.0
