"""Connection overrides in the fragment of a webhook URL (Twilio: Webhooks connection overrides)."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

CEILING = 15.0
RANGES = {"ct": (100, 10000), "rt": (100, 15000), "tt": (100, 15000), "rc": (0, 5)}


@dataclass(frozen=True, slots=True)
class Overrides:
    """Seconds and counts; the defaults are the platform's. No override lifts the 15 s ceiling."""

    connect: float = 5.0
    read: float = 15.0
    total: float = CEILING
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})

    def retry_on(self, kind: str) -> bool:
        """Tell whether a failure of this kind (``ct``, ``rt``, ``4xx``, ``5xx``) is tried again."""
        return kind in self.policy or "all" in self.policy


def read_overrides(url: str) -> tuple[str, Overrides]:
    """Split a webhook URL into what is requested and how; values out of range keep their default."""
    bare, fragment = urldefrag(url)
    given = dict(parse_qsl(fragment))
    numbers = {key: int(value) for key, value in given.items() if _in_range(key, value)}
    overrides = Overrides(
        connect=numbers.get("ct", 5000) / 1000,
        read=numbers.get("rt", 15000) / 1000,
        total=numbers.get("tt", 15000) / 1000,
        retries=numbers.get("rc", 1),
        policy=frozenset(given.get("rp", "ct").split(",")),
    )
    return bare, overrides


def _in_range(key: str, value: str) -> bool:
    low, high = RANGES.get(key, (1, 0))
    return value.isdigit() and low <= int(value) <= high
