"""Connection overrides in the fragment of a webhook URL (Twilio: Webhooks connection overrides)."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl

from phonesim.values import is_whole
from phonesim.web.messages import WebFailure

CEILING = 15.0
RANGES = {"ct": (100, 10000), "rt": (100, 15000), "tt": (100, 15000), "rc": (0, 5)}
POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
EDGES = frozenset(["ashburn", "dublin", "frankfurt", "sao-paulo", "singapore", "sydney", "tokyo", "umatilla"])


@dataclass(frozen=True, slots=True)
class Overrides:
    """Seconds and counts; the defaults are the platform's. No override lifts the 15 s ceiling.

    ``edges`` and ``sni`` are read and change nothing: this network has one edge.
    """

    connect: float = 5.0
    read: float = 15.0
    total: float = CEILING
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})
    edges: tuple[str, ...] = ("ashburn",)
    sni: bool = True

    def retry_on(self, kind: str) -> bool:
        """Tell whether a failure of this kind (``ct``, ``rt``, ``4xx``, ``5xx``) is tried again."""
        return kind in self.policy or "all" in self.policy


DEFAULTS = Overrides()


def read_overrides(url: str) -> tuple[str, Overrides]:
    """Split a webhook URL into what is requested and how; values out of range keep their default.

    Raises WebFailure for an edge (11240) or a retry policy (11243) that does not exist.
    """
    bare, mark, fragment = url.partition("#")
    return bare, _parsed(fragment) if mark else DEFAULTS


@lru_cache(maxsize=256)
def _parsed(fragment: str) -> Overrides:
    given = dict(parse_qsl(fragment))
    numbers = {key: int(value) for key, value in given.items() if _in_range(key, value)}
    return Overrides(
        connect=numbers.get("ct", 5000) / 1000,
        read=numbers.get("rt", 15000) / 1000,
        total=numbers.get("tt", 15000) / 1000,
        retries=numbers.get("rc", 1),
        policy=frozenset(_known(11243, given.get("rp", "ct"), POLICIES)),
        edges=_known(11240, given.get("e", "ashburn"), EDGES | {f"{edge}-ix" for edge in EDGES}),
        sni=given.get("sni", "y") != "n",
    )


def _known(code: int, text: str, choices: frozenset[str]) -> tuple[str, ...]:
    names = tuple(text.split(","))
    for name in names:
        if name not in choices:
            raise WebFailure(code, f"{name!r} in the fragment of the URL is none of {', '.join(sorted(choices))}")
    return names


def _in_range(key: str, value: str) -> bool:
    low, high = RANGES.get(key, (1, 0))
    return is_whole(value, low, high)
