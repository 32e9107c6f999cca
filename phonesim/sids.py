"""Identifiers: two capital letters and 32 hex digits, from a seeded source."""

from random import Random


class Sids:
    """The same seed gives the same identifiers in the same order."""

    def __init__(self, seed: int, purpose: str = "sids") -> None:
        self._dice = Random(f"{seed}:{purpose}")

    def new(self, prefix: str) -> str:
        """A fresh identifier such as ``CA`` + 32 hex digits."""
        return f"{prefix}{self._dice.getrandbits(128):032x}"

    def token(self) -> str:
        """A unique webhook token, shaped like a UUID."""
        raw = f"{self._dice.getrandbits(128):032x}"
        return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"

    def code(self, length: int = 6) -> str:
        """A one-time code of decimal digits."""
        return "".join(str(self._dice.randrange(10)) for _ in range(length))
