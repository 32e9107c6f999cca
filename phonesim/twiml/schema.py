"""Which verbs, attributes and nestings TwiML knows, and which a kind of document allows (Twilio: TwiML Voice)."""

from phonesim.twiml.rules import ANY, Rule, either, entries, like, method, one_of, several, whole, whole_or_auto

Rules = dict[str, Rule]
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
TRIM = "trim-silence do-not-trim"
_CALLBACK: Rules = {
    "statusCallback": ANY,
    "statusCallbackEvent": several("initiated ringing answered completed"),
    "statusCallbackMethod": method(),
}
_RECORDING: Rules = {
    "recordingStatusCallback": ANY,
    "recordingStatusCallbackMethod": method(),
    "recordingStatusCallbackEvent": several("in-progress completed absent", 13621),
    "recordingConfigurationId": ANY,
}
_TRACKS = one_of("inbound_track outbound_track both_tracks", 31941)
_AMD: Rules = {
    "machineDetection": one_of("Enable DetectMessageEnd"),
    "machineDetectionTimeout": whole(least=3, most=60),
    "machineDetectionSpeechThreshold": whole(least=1000, most=6000),
    "machineDetectionSpeechEndThreshold": whole(least=500, most=5000),
    "machineDetectionSilenceTimeout": whole(least=2000, most=10000),
    "amdStatusCallback": ANY,
    "amdStatusCallbackMethod": method(),
}


def _leg(code: int = 12200) -> Rules:
    return {"url": ANY, "method": method(code), **_CALLBACK}


ATTRIBUTES: dict[str, Rules] = {
    "Response": {"version": ANY},
    "Say": {
        "voice": like(r"man|woman|alice|[A-Za-z]+\..+", "a voice such as alice or Polly.Joanna", 13511),
        "language": like(LANGUAGE, "a language such as en-US"),
        "loop": whole(13510),
    },
    "Play": {"loop": whole(13410), "digits": like(r"[0-9A-D*#wW]*", "0-9 A-D * # and w", 13430)},
    "Pause": {"length": whole(13910)},
    "Redirect": {"method": method(13710)},
    "Hangup": {},
    "Reject": {"reason": one_of("rejected busy", 13810)},
    "Leave": {},
    "Gather": {
        "input": several("dtmf speech", 13326),
        "action": ANY,
        "method": method(13312),
        "timeout": whole_or_auto(13313),
        "finishOnKey": like(r"[0-9*#]?", "one of 0-9 # * or nothing", 13311),
        "numDigits": whole(13314, least=1),
        "actionOnEmptyResult": either(13338),
        "speechTimeout": whole_or_auto(13327),
        "speechModel": like(
            r"default|numbers_and_commands|phone_call|(experimental|googlev2|deepgram)_[\w-]+", "a known model", 13334
        ),
        "language": like(LANGUAGE, "a language such as en-US", 13331),
        "hints": entries(500, 100, 13330),
        "profanityFilter": either(13333),
        "partialResultCallback": ANY,
        "partialResultCallbackMethod": method(13329),
        "enhanced": either(),
        "bargeIn": either(13332),
        "maxSpeechTime": whole(13328, least=1),
        "debug": either(),
    },
    "Record": {
        "action": ANY,
        "method": method(13610),
        "timeout": whole(13611),
        "finishOnKey": like(r"[0-9*#]*", "some of 0-9 # * or nothing", 13613),
        "maxLength": whole(13612, least=1, most=86400),
        "playBeep": either(13616),
        "trim": one_of(TRIM, 13699),
        "transcribe": either(13614),
        "transcribeCallback": ANY,
        **_RECORDING,
    },
    "Dial": {
        "action": ANY,
        "method": method(13210),
        "timeout": whole(13212, least=5, most=600),
        "timeLimit": whole(13216, least=1, most=86400),
        "callerId": ANY,
        "answerOnBridge": either(13219),
        "hangupOnStar": either(13213),
        "record": one_of(
            "do-not-record record-from-answer record-from-ringing record-from-answer-dual record-from-ringing-dual "
            "true false",
            13217,
        ),
        "recordingTrack": one_of("both inbound outbound"),
        "trim": one_of(TRIM),
        "sequential": either(13218),
        "ringTone": like(r"[a-z]{2}(-old)?", "the two letters of a country", 13220),
        "callReason": like(r".{0,50}", "at most 50 characters"),
        "referUrl": ANY,
        "referMethod": method(),
        "events": ANY,
        "passports": ANY,
        **_RECORDING,
    },
    "Number": {"sendDigits": like(r"[0-9A-D*#wW]*", "0-9 A-D * # w W", 13222), "byoc": ANY, **_leg(13221), **_AMD},
    "Client": {"clientNotificationUrl": ANY, **_leg()},
    "Sip": {"username": ANY, "password": ANY, **_leg(13241), **_AMD},
    "Application": {
        "applicationSid": ANY,
        "customerId": like(r".{0,256}", "at most 256 characters"),
        "copyParentTo": either(),
        **_leg(),
    },
    "ApplicationSid": {},
    "Conference": {
        "muted": either(13230),
        "beep": one_of("true false onEnter onExit", 13235),
        "startConferenceOnEnter": either(13232),
        "endConferenceOnExit": either(13231),
        "participantLabel": ANY,
        "jitterBufferSize": one_of("large medium small off"),
        "waitUrl": ANY,
        "waitMethod": method(13234),
        "maxParticipants": whole(least=2, most=250),
        "record": one_of("do-not-record record-from-start true false"),
        "region": one_of("us1 us2 ie1 sg1 br1 au1 jp1 de1"),
        "trim": one_of(TRIM, 13239),
        "coach": ANY,
        "statusCallback": ANY,
        "statusCallbackEvent": several("start end join leave mute hold modify speaker announcement"),
        "statusCallbackMethod": method(),
        "eventCallbackUrl": ANY,
        **_RECORDING,
    },
    "Queue": {"url": ANY, "method": method(14210), "reservationSid": ANY, "postWorkActivitySid": ANY},
    "Identity": {},
    "Parameter": {"name": ANY, "value": ANY},
    "Enqueue": {
        "action": ANY,
        "method": method(14201),
        "waitUrl": ANY,
        "waitUrlMethod": method(14206),
        "workflowSid": ANY,
        "maxQueueSize": whole(least=1, most=5000),
    },
    "Start": {"action": ANY, "method": method()},
    "Stop": {},
    "Refer": {"action": ANY, "method": method()},
    "Stream": {
        "name": ANY,
        "connectorName": ANY,
        "url": ANY,
        "track": _TRACKS,
        "statusCallback": ANY,
        "statusCallbackMethod": method(),
    },
    "Transcription": {
        "name": ANY,
        "track": _TRACKS,
        "statusCallbackUrl": ANY,
        "statusCallbackMethod": method(),
        "inboundTrackLabel": ANY,
        "outboundTrackLabel": ANY,
        "partialResults": either(),
        "languageCode": ANY,
        "transcriptionEngine": ANY,
        "profanityFilter": either(),
        "speechModel": ANY,
        "hints": ANY,
        "enableAutomaticPunctuation": either(),
        "intelligenceService": ANY,
    },
    "Config": {"name": ANY, "value": ANY},
    "Recording": {
        "trim": one_of(TRIM),
        "channels": one_of("mono dual"),
        "track": one_of("inbound outbound both"),
        **_RECORDING,
    },
}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOUNS = _names("Number Client Sip Conference Queue Application")
BACKGROUND = _names("Recording Stream Transcription")
NESTED: dict[str, frozenset[str]] = {
    "Gather": _names("Say Play Pause"),
    "Dial": NOUNS,
    "Client": _names("Identity Parameter"),
    "Application": _names("ApplicationSid Parameter"),
    "Hangup": _names("Parameter"),
    "Reject": _names("Parameter"),
    "Refer": _names("Sip"),
    "Start": BACKGROUND,
    "Stop": BACKGROUND,
    "Stream": _names("Parameter"),
    "Transcription": _names("Config Parameter"),
}
NOT_IMITATED = _names("Connect Pay Prompt Sms Siprec Sim WhatsApp Task Echo Room Conversation")

MAIN = _names("Say Play Pause Gather Record Dial Enqueue Redirect Hangup Reject Refer Start Stop")
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


def why_not(kind: str, verb: str) -> str:
    """The reason in words."""
    if verb in NOT_IMITATED:
        return f"{verb} is a TwiML element that this network does not imitate"
    known = verb in ATTRIBUTES and verb not in NOUNS
    return f"{verb} is {'not allowed in a ' + kind + ' document' if known else 'not a verb'}"
