"""Which verbs, attributes and nestings TwiML knows, and which a kind of document allows (Twilio: TwiML Voice)."""

_CALLBACK = frozenset({"statusCallback", "statusCallbackEvent", "statusCallbackMethod"})
_RECORDING = frozenset({"recordingStatusCallback", "recordingStatusCallbackMethod", "recordingStatusCallbackEvent",
                        "recordingConfigurationId"})  # fmt: skip
_AMD = frozenset({"machineDetection", "machineDetectionTimeout", "machineDetectionSpeechThreshold",
                  "machineDetectionSpeechEndThreshold", "machineDetectionSilenceTimeout", "amdStatusCallback",
                  "amdStatusCallbackMethod"})  # fmt: skip
_LEG = frozenset({"url", "method"}) | _CALLBACK


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ATTRIBUTES: dict[str, frozenset[str]] = {
    "Response": _names("version"),
    "Say": _names("voice language loop"),
    "Play": _names("loop digits"),
    "Pause": _names("length"),
    "Redirect": _names("method"),
    "Hangup": frozenset(),
    "Reject": _names("reason"),
    "Leave": frozenset(),
    "Gather": _names(
        "input action method timeout finishOnKey numDigits actionOnEmptyResult speechTimeout speechModel language "
        "hints profanityFilter partialResultCallback partialResultCallbackMethod enhanced bargeIn maxSpeechTime debug"
    ),
    "Record": _names("action method timeout finishOnKey maxLength playBeep trim transcribe transcribeCallback")
    | _RECORDING,
    "Dial": _names(
        "action method timeout timeLimit callerId answerOnBridge hangupOnStar record recordingTrack trim sequential "
        "ringTone callReason referUrl referMethod"
    )
    | _RECORDING,
    "Number": _names("sendDigits byoc") | _LEG | _AMD,
    "Client": _names("clientNotificationUrl") | _LEG,
    "Sip": _names("username password") | _LEG | _AMD,
    "Conference": _names(
        "muted beep startConferenceOnEnter endConferenceOnExit participantLabel jitterBufferSize waitUrl waitMethod "
        "maxParticipants record region trim coach eventCallbackUrl"
    )
    | _CALLBACK
    | _RECORDING,
    "Queue": _names("url method reservationSid postWorkActivitySid"),
    "Identity": frozenset(),
    "Parameter": _names("name value"),
    "Enqueue": _names("action method waitUrl waitUrlMethod workflowSid maxQueueSize"),
    "Start": _names("action method"),
    "Stop": frozenset(),
    "Recording": _names("trim channels track") | _RECORDING,
}

NOUNS = _names("Number Client Sip Conference Queue")
NESTED: dict[str, frozenset[str]] = {
    "Gather": _names("Say Play Pause"),
    "Dial": NOUNS,
    "Client": _names("Identity Parameter"),
    "Start": _names("Recording"),
    "Stop": _names("Recording"),
}

MAIN = _names("Say Play Pause Gather Record Dial Enqueue Redirect Hangup Reject Start Stop")
QUIET = _names("Say Play Pause Redirect")
ALLOWED: dict[str, frozenset[str]] = {
    "main": MAIN,
    "wait": _names("Play Say Pause Hangup Redirect Leave Gather"),
    "screening": _names("Play Say Gather Hangup"),
    "whisper": QUIET,
    "conference-wait": QUIET,
    "hold": QUIET,
    "announce": QUIET,
}


def code_for(kind: str, verb: str) -> int:
    """The code of a verb that this kind of document does not allow."""
    if kind == "screening" and verb == "Dial":
        return 13201
    if kind in {"conference-wait", "hold", "announce"} and verb in MAIN:
        return 13238
    return 14211 if kind == "whisper" and verb in MAIN else 12200
