"""Answering-machine detection with scripted findings (Twilio: AMD)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonesim.leg import Leg


@dataclass(frozen=True, slots=True)
class Detection:
    """``mode`` is Enable or DetectMessageEnd; with ``asynchronous`` the finding goes to ``url``."""

    mode: str
    asynchronous: bool = False
    url: str = ""
    method: str = "POST"


def finding(leg: "Leg", detection: Detection) -> tuple[str, float]:
    """AnsweredBy, and the seconds it takes to know."""
    options = leg.net.options
    machine = leg.phone.behaviour == "voicemail"
    default = "human" if not machine else "machine_start" if detection.mode == "Enable" else "machine_end_beep"
    answered_by = leg.phone.answered_by or default
    if answered_by.startswith("machine_end"):
        return answered_by, len(options.voicemail_greeting) / options.characters_per_second + options.beep_seconds
    return answered_by, options.amd_machine_seconds if answered_by == "machine_start" else options.amd_human_seconds


def detect_later(leg: "Leg", detection: Detection) -> None:
    """Asynchronous detection: the document runs meanwhile, the finding is a callback."""
    answered_by, seconds = finding(leg, detection)

    def found() -> None:
        leg.answered_by = answered_by
        params = {
            "AccountSid": leg.net.account_sid, "CallSid": leg.sid, "AnsweredBy": answered_by,
            "MachineDetectionDuration": str(round(seconds * 1000)),
        }  # fmt: skip
        if detection.url:
            leg.net.callback(detection.url, detection.method, params, leg)

    leg.after(seconds, found)
