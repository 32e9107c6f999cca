"""Answering-machine detection: what is found about whoever answers, and when (Twilio: AMD)."""

from dataclasses import dataclass

from phonesim.leg import Leg
from phonesim.options import Options
from phonesim.protocols import Handset


@dataclass(frozen=True, slots=True)
class Detection:
    """``mode`` is Enable or DetectMessageEnd; with ``asynchronous`` the finding goes to ``url``. Times in seconds."""

    mode: str
    asynchronous: bool = False
    url: str = ""
    method: str = "POST"
    timeout: float = 30.0
    speech: float = 2.4
    speech_end: float = 1.2
    silence: float = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What is heard on answer: so many seconds of speech (0: nothing), then perhaps a beep of so many seconds."""

    speech: float
    beep: float = 0.0


def judge(answer: Answer, rules: Detection) -> tuple[str, float]:
    """AnsweredBy, and the seconds it takes to know.

    Speech shorter than the speech threshold is a person, known once silence follows; longer speech is a machine, known
    at once, or with DetectMessageEnd at its beep or the silence after it. No speech, or the time-out, is unknown.
    """
    if not answer.speech:
        found = "unknown", rules.silence
    elif answer.speech < rules.speech:
        found = "human", answer.speech + rules.speech_end
    elif rules.mode == "Enable":
        found = "machine_start", rules.speech
    elif answer.beep:
        found = "machine_end_beep", answer.speech + answer.beep
    else:
        found = "machine_end_silence", answer.speech + rules.speech_end
    return found if found[1] <= rules.timeout else ("unknown", rules.timeout)


def finding(leg: Leg, rules: Detection) -> tuple[str, float]:
    """What is found about a phone; ``phone.answered_by`` overrides the finding, hardly ever the time it takes."""
    answer = answer_of(leg.phone, leg.net.options)
    found, seconds = judge(answer, rules)
    wanted = leg.phone.answered_by or found
    if wanted.startswith("machine_end") and wanted != found:
        seconds = min(rules.timeout, answer.speech + rules.speech_end)
    return wanted, seconds


def answer_of(phone: Handset, options: Options) -> Answer:
    """A mailbox speaks its greeting and perhaps beeps; a person says hello."""
    if phone.behaviour != "voicemail":
        return Answer(options.hello_seconds if phone.says_hello else 0.0)
    return Answer(phone.greeting_seconds, options.beep_seconds if phone.beeps else 0.0)


def detect_later(leg: Leg, rules: Detection) -> None:
    """Asynchronous detection: the document runs meanwhile, the finding is a callback."""
    answered_by, seconds = finding(leg, rules)

    def found() -> None:
        leg.answered_by = answered_by
        params = {
            "AccountSid": leg.net.account_sid, "CallSid": leg.sid, "AnsweredBy": answered_by,
            "MachineDetectionDuration": str(round(seconds * 1000)),
        }  # fmt: skip
        if rules.url:
            leg.net.callback(rules.url, rules.method, params, leg)

    leg.after(seconds, found)
