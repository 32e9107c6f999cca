"""What one party hears."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from phonesim.services import Services
from phonesim.values import Heard


class Ear:
    """Keeps every sound in the order it began."""

    def __init__(self, net: Services, who: str, call_sid: str) -> None:
        self.net, self.who, self.call_sid = net, who, call_sid
        self.heard: list[Heard] = []
        self.followers: list[Callable[[Heard], object]] = []

    def begin(
        self, kind: str, text: str = "", seconds: float | None = None, language: str = "", voice: str = ""
    ) -> Heard:
        """A sound starts; without ``seconds`` it lasts until ``end``."""
        until = None if seconds is None else self.net.now + timedelta(seconds=seconds)
        sound = Heard(self.net.now, until, text, kind, language, planned=seconds, voice=voice)
        self.share(sound)
        return sound

    def share(self, sound: Heard) -> None:
        """Hear a sound that somebody else stops."""
        self.heard.append(sound)
        heard = {"kind": sound.kind, "text": sound.text, "seconds": sound.planned, "call_sid": self.call_sid}
        self.net.record("hear", self.who, **heard)
        for follow in self.followers:
            follow(sound)

    def end(self, sound: Heard) -> None:
        """The sound stops now; ``cut`` tells that it was stopped before its end."""
        if sound.until is None or sound.until > self.net.now:
            sound.cut = sound.until is not None
            sound.until = self.net.now

    @contextmanager
    def playing(
        self, kind: str, text: str = "", seconds: float | None = None, language: str = "", voice: str = ""
    ) -> Iterator[Heard]:
        """A sound for as long as the block runs."""
        sound = self.begin(kind, text, seconds, language, voice)
        try:
            yield sound
        finally:
            self.end(sound)
