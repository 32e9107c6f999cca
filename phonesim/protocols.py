"""What the parts of a network give one another: a part asks for no more than it needs, and knows nothing above it."""

from datetime import datetime
from typing import Any, Protocol

from phonesim.clock import Scheduler
from phonesim.options import Options
from phonesim.values import Text


class Clock(Protocol):
    """Gives virtual time, and lets things happen later."""

    @property
    def now(self) -> datetime:
        """Virtual UTC."""

    @property
    def scheduler(self) -> Scheduler:
        """Runs what is to happen at its instant."""


class Journal(Protocol):
    """Writes down what happens."""

    def record(self, kind: str, who: str, /, **detail: Any) -> None:
        """Add an entry to the trace."""


class Configured(Protocol):
    """Gives the options of the network."""

    @property
    def options(self) -> Options:
        """Durations, and switches for what Twilio leaves open."""


class Handset(Protocol):
    """Gives what the platform meets of a phone: how it behaves when it is called, and what it sends back."""

    text_error: int | None
    accepts_texts: bool
    answered_by: str | None
    says_hello: bool
    greeting: str
    beeps: bool
    sip_headers: dict[str, str]
    refer_codes: tuple[int, int | None]

    @property
    def address(self) -> str:
        """``+1...``, ``client:...`` or ``sip:...``."""

    @property
    def behaviour(self) -> str:
        """What the phone does when it is called."""

    @property
    def greeting_seconds(self) -> float:
        """How long the mailbox speaks before it beeps."""

    def offer(self, call_sid: str) -> None:
        """Ring for this call."""

    def forget(self, call_sid: str) -> None:
        """Drop the line of a call that is long over."""

    def receive(self, text: Text) -> None:
        """Take a text message."""


class Tape(Protocol):
    """Gives what a call or conference asks of a recording of itself."""

    @property
    def sid(self) -> str:
        """Its RE sid."""

    @property
    def source(self) -> str:
        """What started it, as Twilio names it."""

    def spoken(self, seconds: float) -> None:
        """Note that the recorded party says something that long."""

    def stop(self) -> None:
        """End the recording; harmless when it has ended."""

    def summary(self) -> dict[str, str]:
        """What callbacks of the call say about it."""

    def forget(self) -> None:
        """Take it off the network for good."""


class Running(Protocol):
    """Gives what a call asks of a stream or transcription beside its document."""

    @property
    def kind(self) -> str:
        """The noun that started it."""

    @property
    def name(self) -> str:
        """The name it was given, or its sid."""

    def stop(self) -> None:
        """End it; only the first time counts."""
