"""The legs a Dial starts: placing, screening, detaching (Twilio: Number, Client, Sip)."""

from collections.abc import Callable

from phonesim.detection import Detection, detect_later
from phonesim.interpreter import ApplicationError, Ending, Goto, Interpreter, Redirected, main_script, method_of
from phonesim.leg import Leg, StatusHook
from phonesim.numbers import ADDRESS
from phonesim.placing import place
from phonesim.process import Script, Signal, Wait
from phonesim.twiml.attributes import integer, words
from phonesim.twiml.document import Verb

RING_BUFFER = 5


class Child:
    """A called party of a Dial. ``accepted`` once screening let it through, ``detached`` once REST took it away."""

    def __init__(self, run: Interpreter, dial: Verb, noun: Verb, to: str, caller: str) -> None:
        self.parent = run.leg
        self.leg = Leg(run.net, caller, to, "outbound-dial", run.leg)
        self.leg.status_hook = status_hook(run, noun)
        self.accepted = self.detached = False
        self.screening = _screening(run, noun)
        self.digits = noun.attributes.get("sendDigits", "")
        self.leg.watchers.append(self._changed)
        self._detection = _detection(run, noun)
        timeout = integer(dial, "timeout", 30, run.complain, least=5, most=600)
        place(self.leg, timeout + RING_BUFFER, integer(dial, "timeLimit", 14400, run.complain, least=1))

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
        if digits:
            leg.ear.begin("play", f"digits:{digits}", 0.5 * len(digits))
        if screening and (yield from Interpreter(leg, "screening").play(screening)) is Ending.STOPPED:
            return
        accept()
        yield Wait(None)
    except Redirected as change:
        leg.tell("left")
        yield from main_script(leg, change.goto)
    except ApplicationError:
        leg.finish("completed")


def status_hook(run: Interpreter, noun: Verb) -> StatusHook | None:
    """The statusCallback attributes of a noun; events are separated by spaces, default completed."""
    url = noun.attributes.get("statusCallback", "")
    events = words(noun, "statusCallbackEvent", "completed")
    return StatusHook(run.resolve(url), method_of(noun, "statusCallbackMethod"), events) if url else None


def _screening(run: Interpreter, noun: Verb) -> Goto | None:
    url = noun.attributes.get("url", "")
    return Goto(run.resolve(url), method_of(noun, "method")) if url else None


def _detection(run: Interpreter, noun: Verb) -> Detection | None:
    mode, url = noun.attributes.get("machineDetection", ""), noun.attributes.get("amdStatusCallback", "")
    method = method_of(noun, "amdStatusCallbackMethod")
    return Detection(mode, True, run.resolve(url) if url else "", method) if mode else None


def address_of(noun: Verb) -> str | None:
    """The address of a Number, Client or Sip noun; None when no phone can have it."""
    if noun.name == "Client":
        identity = next((child.text for child in noun.children if child.name == "Identity"), noun.text)
        address = f"client:{identity}"
    else:
        plain = noun.text.translate(str.maketrans("", "", "- ()."))
        address = noun.text.partition("?")[0] if noun.name == "Sip" else plain
    return address if ADDRESS.fullmatch(address) else None


def caller_id(run: Interpreter, dial: Verb) -> str | None:
    """What the called phone shows. None when the platform refuses it (13214)."""
    wanted = dial.attributes.get("callerId") or run.leg.from_
    allowed = {run.leg.from_, run.leg.to}
    return wanted if wanted in allowed or run.net.may_show(wanted) else None
