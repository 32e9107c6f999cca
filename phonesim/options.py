"""How the imitated network behaves when nothing is wrong with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordingKey:
    """Public key for recording encryption: its credential sid (CR...) and the PEM SubjectPublicKeyInfo."""

    sid: str
    pem: bytes


@dataclass(frozen=True, slots=True)
class Options:
    """Durations are virtual seconds. The last block decides points Twilio's texts leave open, on the side that
    is harder for an application.

    ``keep_trace``, ``forget_after`` and ``longest_media`` are for long simulations: listeners alone get the trace,
    what ended so many seconds ago cannot be fetched any more, and recordings serve so many seconds at most.
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
    rest_patience: float = 10.0
    promotion_seconds: float = 0.0
    recording_processing_seconds: float = 2.0
    message_seconds: float = 1.0
    hello_seconds: float = 0.8
    transcription_seconds: float = 3.0
    voicemail_answers_after: float = 18.0
    voicemail_greeting: str = "You have reached my mailbox. Please leave a message after the tone."
    voicemail_length: float = 60.0
    queue_capacity: int = 1000
    keep_trace: bool = True
    forget_after: float | None = None
    longest_media: float | None = None
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
    skip_whole_verb: bool = False
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
    empty_record_action: bool = False
    dial_action_after_hangup: bool = True
    dial_status_caller_gone: str = "no-answer"
    first_answer_cancels: bool = True
    own_numbers_answer: bool = True
    early_hangup_result: str = "system-error"
    missing_queue_fails: bool = True
    dequeue_parameters: bool = False
    screen_declined_status: str = "completed"
    dequeue_action_first: bool = True
    hold_quirk: bool = True
    lone_participant_hears: str = "silence"
    conference_recording_channels: int = 1
    joiner_fixes_callbacks: bool = False
    repeated_kick_is_404: bool = True
    kicked_goes_on: bool = True
    clients_must_register: bool = False
    token_life_limited: bool = True
    unregistered_client_status: str = "no-answer"
    landlines_refused_at_once: bool = False
    silent_recordings_kept: bool = True
    start_recording_source: str = "StartCallRecordingTwiML"
