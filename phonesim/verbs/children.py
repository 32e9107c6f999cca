"""The legs a Dial starts: placing, screening, detaching (Twilio: Number, Client, Sip)."""

from collections.abc import Callable

from phonesim.detection import Detection, detect_later
from phonesim.interpreter import ApplicationError, Ending, Goto, Interpreter, Redirected, main_script, method_of
from phonesim.leg import Leg
from phonesim.phone import Phone
from phonesim.placing import place, send_digits
from phonesim.process import Script, Signal, Wait
from phonesim.twiml.attributes import integer
from phonesim.twiml.document import Verb
from phonesim.verbs.callbacks import status_hook
from phonesim.verbs.targets import Target

RING_BUFFER = 5
LONGEST_DIAL = 14400


class Child:
    """A called party of a Dial. ``accepted`` once screening let it through, ``detached`` once REST took it away."""

    def __init__(self, run: Interpreter, dial: Verb, target: Target, caller: str) -> None:
        self.parent, noun = run.leg, target.noun
        phone = Phone(run.net, target.address) if target.door else run.net.phone(target.address)
        self.leg = Leg(run.net, caller, target.to, "outbound-dial", run.leg, phone)
        self.leg.told, self.leg.door = target.told, target.door
        self.leg.status_hook = status_hook(run, noun)
        self.accepted = self.detached = False
        self.screening = _screening(run, noun)
        self.digits = noun.attributes.get("sendDigits", "")
        self.leg.watchers.append(self._changed)
        self._detection = _detection(run, noun)
        timeout = integer(dial, "timeout", 30)
        place(self.leg, timeout + RING_BUFFER, integer(dial, "timeLimit", LONGEST_DIAL))

    @property
    def answered(self) -> bool:
        """Picked up and still there."""
        return self.leg.in_progress and not self.detached

    @property
    def over(self) -> bool:
        """No longer part of the Dial."""
        return self.leg.ended or self.detached

    def drop(self, status: str = "completed") -> None:
        """Hang up, unless the leg now lives by documents of its own."""
        if not self.detached:
            answered = self.leg.in_progress
            self.leg.finish(status if answered else "canceled", 200 if answered else 487)

    def _changed(self, what: str) -> None:
        if what == "answered":
            if self._detection:
                detect_later(self.leg, self._detection)
            self.leg.run(child_script(self.leg, self.screening, self.digits, self._accept))
        self.detached = self.detached or what == "left"
        self._tell()

    def _accept(self) -> None:
        self.accepted = True
        self._tell()

    def _tell(self) -> None:
        self.parent.signal(Signal("child"))


def child_script(leg: Leg, screening: Goto | None, digits: str, accept: Callable[[], None]) -> Script[None]:
    """Screen, then talk until the Dial ends or REST redirects this leg."""
    try:
        send_digits(leg, digits)
        if screening and (yield from Interpreter(leg, "screening").play(screening)) is Ending.STOPPED:
            return
        accept()
        yield Wait(None)
    except Redirected as change:
        leg.tell("left")
        yield from main_script(leg, change.goto)
    except ApplicationError:
        leg.finish("completed")


def _screening(run: Interpreter, noun: Verb) -> Goto | None:
    url = noun.attributes.get("url", "")
    return Goto(run.resolve(url), method_of(noun, "method")) if url else None


def _detection(run: Interpreter, noun: Verb) -> Detection | None:
    mode, url = noun.attributes.get("machineDetection", ""), noun.attributes.get("amdStatusCallback", "")
    if not mode:
        return None
    if not url:
        run.complain(21262, f"{noun.name} machineDetection without amdStatusCallback", noun.line)

    def seconds(name: str, default: int) -> float:
        return integer(noun, f"machineDetection{name}", default) / 1000

    return Detection(
        mode, True, run.resolve(url) if url else "", method_of(noun, "amdStatusCallbackMethod"),
        integer(noun, "machineDetectionTimeout", 30), seconds("SpeechThreshold", 2400),
        seconds("SpeechEndThreshold", 1200), seconds("SilenceTimeout", 5000),
    )  # fmt: skip
