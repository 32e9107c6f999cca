"""The phones around the platform, and the lines people talk on."""

from collections.abc import Sequence
from typing import Any

from phonesim.arriving import dialled
from phonesim.errors import BadAddress, LineEnded, NotRinging, PhonesimError
from phonesim.inbox import text_arrived
from phonesim.leg import Leg
from phonesim.numbers import E164, reached
from phonesim.process import Signal
from phonesim.recognition import Guess
from phonesim.services import Services
from phonesim.values import Heard, Text

BEHAVIOURS = ("manual", "answer", "ignore", "busy", "decline", "voicemail", "unreachable", "switched-off")
KEYS = frozenset("0123456789*#ABCD")
Alternatives = Sequence[tuple[str, float | None]]


class Line:
    """A person's end of one call leg."""

    def __init__(self, leg: Leg) -> None:
        self.leg = leg
        self._next_key = leg.net.now

    @property
    def call_sid(self) -> str:
        """The CallSid of the leg."""
        return self.leg.sid

    @property
    def state(self) -> str:
        """The CallStatus of the leg."""
        return self.leg.status

    @property
    def heard(self) -> list[Heard]:
        """Everything this party heard so far, oldest first."""
        return self.leg.ear.heard

    @property
    def connected_to(self) -> set[str]:
        """Addresses this party can hear and be heard by right now."""
        heard_by = {address for leg in self.leg.audience() for address in _behind(leg)}
        return {address for leg in self.leg.sources() for address in _behind(leg)} & heard_by

    @property
    def told(self) -> dict[str, str]:
        """Parameters of a Client, or headers of a Sip, that came with the call."""
        return self.leg.told

    def press(self, keys: str) -> None:
        """Press keys one after another, a tenth of a second apart, starting now."""
        self._alive()
        if not set(keys) <= KEYS:
            raise PhonesimError(f"a phone has no such key among {keys!r}; it has 0-9 * # A-D")
        net = self.leg.net
        for key in keys:
            wait = max(0.0, (self._next_key - net.now).total_seconds())
            self.leg.after(wait, lambda key=key: self._press_one(key))  # type: ignore[misc]
            self._next_key = net.later(wait + net.options.key_spacing)

    def say(self, text: str, confidence: float | None = 0.9, alternatives: Alternatives = ()) -> None:
        """Speak, starting now. ``confidence`` is what the recogniser will report (None: it reports none),
        ``alternatives`` are what it might have understood instead, as (text, confidence); ``recognition.understood``
        chooses among them. People always hear ``text``.
        """
        self._alive()
        guesses = (Guess(text, confidence), *(Guess(words, sure) for words, sure in alternatives))
        if not all(guess.confidence is None or 0 <= guess.confidence <= 1 for guess in guesses):
            raise PhonesimError("a confidence is between 0.0 and 1.0, or None")
        self.leg.net.scheduler.post(lambda: speak(self.leg, text, guesses))

    def refer(self, to: str) -> None:
        """A called SIP device asks to transfer whoever it talks to (SIP REFER); the Dial's ``referUrl`` decides."""
        self._alive()
        if self.leg.parent is None:
            raise PhonesimError("only a party that a Dial called can refer the caller elsewhere")
        self.leg.parent.signal(Signal("refer", to))

    def hang_up(self) -> None:
        """Put the phone down; while the far side still rings this gives the call up."""
        self._end("put-down")

    def lose(self) -> None:
        """Lose the connection: nobody puts the phone down, and the far side is told the same as if somebody did."""
        self._end("lost")

    def _end(self, how: str) -> None:
        self._alive()
        self.leg.net.record(how, self.leg.address, call_sid=self.leg.sid)
        answered = self.leg.in_progress or self.leg.direction != "inbound"
        self.leg.finish("completed" if answered else "no-answer", 200 if answered else 487)

    def _press_one(self, key: str) -> None:
        self.leg.net.record("press", self.leg.address, key=key, call_sid=self.leg.sid)
        self.leg.key(key)
        for other in self.leg.audience():
            if other.tie:
                other.tie.key(key)

    def _alive(self) -> None:
        if self.leg.ended:
            raise LineEnded(f"the line of {self.leg.address} is over ({self.leg.status}); dial or answer again")


def speak(leg: Leg, text: str, guesses: Sequence[Guess]) -> None:
    """The party says something: documents that listen get what is understood, connected people hear it."""
    if leg.ended:
        return
    seconds = max(leg.net.options.least_say_seconds, len(text) / leg.net.options.characters_per_second)
    leg.net.record("speak", leg.address, text=text, call_sid=leg.sid)
    leg.signal(Signal("speech", guesses, {"seconds": seconds}))
    for listen in leg.mouth:
        listen(text, seconds)
    for other in leg.audience():
        other.ear.begin("speech", text, seconds)
        if other.tie:
            speak(other.tie, text, guesses)
    for recording in leg.recordings:
        recording.spoken(seconds)
    if leg.participant:
        leg.participant.spoke(seconds)


class Phone:
    """A phone with one address. Set ``behaviour`` to one of BEHAVIOURS.

    "unreachable" fails at once, "switched-off" ends as no-answer at once; neither rings. "decline" rings
    ``decline_delay`` seconds. ``answered_by`` overrides what machine detection finds. A person says hello unless
    ``says_hello`` is False; a mailbox speaks ``greeting`` and beeps unless ``beeps`` is False. A SIP device sends
    ``sip_headers`` back, and answers a REFER with ``refer_codes``: that of its reply, and of the new call's end.
    ``text_error`` is the code with which texts to this phone fail.
    """

    def __init__(self, net: Services, address: str) -> None:
        self.net = net
        self.address = address
        self.answer_delay = 3.0
        self.decline_delay = 3.0
        self.answered_by: str | None = None
        self.says_hello = True
        self.greeting = net.options.voicemail_greeting
        self.beeps = True
        self.sip_headers: dict[str, str] = {}
        self.refer_codes: tuple[int, int | None] = (202, 200)
        self.accepts_texts = True
        self.text_error: int | None = None
        self.messages: list[Text] = []
        self.history: list[Line] = []
        self._behaviour = "manual"
        self._ringing: list[Leg] = []

    @property
    def behaviour(self) -> str:
        """What the phone does when it is called."""
        return self._behaviour

    @behaviour.setter
    def behaviour(self, name: str) -> None:
        if name not in BEHAVIOURS:
            raise PhonesimError(f"a phone cannot behave as {name!r}; choose one of {', '.join(BEHAVIOURS)}")
        self._behaviour = name

    @property
    def greeting_seconds(self) -> float:
        """How long the mailbox speaks before it beeps."""
        return len(self.greeting) / self.net.options.characters_per_second

    @property
    def ringing(self) -> bool:
        """True while a call waits to be answered."""
        return bool(self.waiting())

    @property
    def lines(self) -> list[Line]:
        """Lines not yet over, oldest first; a leg that only rings here is no line yet."""
        return [line for line in self.history if not line.leg.ended]

    @property
    def line(self) -> Line | None:
        """The line used last among those not over."""
        return next((line for line in reversed(self.history) if not line.leg.ended), None)

    def forget(self, call_sid: str) -> None:
        """Drop the line of a call that is long over; the oldest are the first to go."""
        found = next((at for at, line in enumerate(self.history) if line.call_sid == call_sid), None)
        if found is not None:
            del self.history[found]

    def dial(
        self, to: str, from_: str | None = None, caller_name: str | None = None,
        stir: str | None = "TN-Validation-Passed-A", forwarded_from: str | None = None,
        parameters: dict[str, str] | None = None,
    ) -> Line:  # fmt: skip
        """Call a number of the account as people write it, a TwiML app by its sid, or ``sip:...@`` one of its domains.

        ``from_`` is the caller ID shown (for example ``anonymous``). ``parameters`` are added: custom parameters of a
        browser, X- headers of a SIP phone. Only calls from the public network carry ``stir``.
        """
        shown = {"StirVerstat": stir if self.address.startswith("+") else None, "ForwardedFrom": forwarded_from}
        extra = {name: value for name, value in {**shown, **(parameters or {})}.items() if value is not None}
        shown_as = from_ or self.address
        return self.open(dialled(self.net, self, len(self.history), reached(to), shown_as, caller_name, extra))

    def answer(self) -> Line:
        """Pick up the call that rings longest. Raises NotRinging."""
        leg = self._first()
        self._ringing.remove(leg)
        line = self.open(leg)
        leg.answer()
        return line

    def decline(self) -> None:
        """Refuse the call that rings longest: it ends as busy (SIP 603). Raises NotRinging."""
        leg = self._first()
        self.net.record("decline", self.address, call_sid=leg.sid)
        leg.finish("busy", 603)

    def open(self, leg: Leg) -> Line:
        """Give the leg a line on this phone."""
        line = Line(leg)
        self.history.append(line)
        return line

    def offer(self, call_sid: str) -> None:
        """The network rings this phone for a call."""
        leg = self.net.shelf(Leg)[call_sid]
        self._ringing.append(leg)
        delays = {"answer": self.answer_delay, "voicemail": self.net.options.voicemail_answers_after}
        if self._behaviour in delays:
            leg.after(delays[self._behaviour], lambda: self._pick_up(leg))
        elif self._behaviour == "decline":
            leg.after(self.decline_delay, lambda: leg.finish("busy", 603) if leg in self._ringing else None)

    def text(self, to: str, body: str) -> None:
        """Send a text to one of the account's numbers, now. Raises UnknownNumber, and BadAddress on no telephone."""
        if not E164.fullmatch(self.address):
            raise BadAddress(f"{self.address} is no telephone, and only telephones text; use one such as +13125550199")
        text_arrived(self.net, self.address, reached(to), body)

    def receive(self, text: Text) -> None:
        """A text message arrives; at a number of ours, whose SmsUrl then decides, as with calls."""
        if self.address in self.net.numbers and self.net.options.own_numbers_answer:
            text_arrived(self.net, text.from_, self.address, text.body)
            return
        self.messages.append(text)
        self.net.record("sms", self.address, from_=text.from_, body=text.body)

    def _pick_up(self, leg: Leg) -> None:
        if leg not in self._ringing:
            return
        machine = self._behaviour == "voicemail"
        self._ringing.remove(leg)
        self.open(leg)
        leg.answer()
        if machine:
            take_message(leg)

    def waiting(self) -> list[Leg]:
        """The calls that ring here, the oldest first."""
        self._ringing = [leg for leg in self._ringing if not leg.ended and not leg.in_progress]
        return self._ringing

    def _first(self) -> Leg:
        waiting = self.waiting()
        if not waiting:
            raise NotRinging(f"{self.address} does not ring; advance the network until it does")
        return waiting[0]


def take_message(leg: Leg) -> None:
    """A voicemail box: greeting, beep, records, never presses a key, hangs up when full."""
    phone = leg.phone
    leg.after(0, lambda: speak(leg, phone.greeting, (Guess(phone.greeting, None),)))
    if phone.beeps:
        leg.after(phone.greeting_seconds, lambda: beep(leg))
    leg.after(phone.greeting_seconds + leg.net.options.voicemail_length, lambda: leg.finish("completed"))


def beep(leg: Leg) -> None:
    """The tone after a mailbox's greeting."""
    for other in leg.audience():
        other.ear.begin("beep", "", leg.net.options.beep_seconds)


def _behind(leg: Leg) -> set[str]:
    people = {other.address for other in leg.tie.audience()} if leg.tie else set()
    return people or {leg.address}


def describe(line: Line) -> dict[str, Any]:
    """A line as plain values, for the control API."""
    heard = [{"at": h.at.isoformat(), "kind": h.kind, "text": h.text, "cut": h.cut} for h in line.heard]
    connected = sorted(line.connected_to)
    return {"call_sid": line.call_sid, "state": line.state, "connected_to": connected, "heard": heard}
