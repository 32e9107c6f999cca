"""Typed access to attributes; a bad value is reported with its code and the default holds."""

from phonesim.twiml.document import Verb
from phonesim.twiml.rules import Complain

CODES = {
    ("Pause", "length"): 13910,
    ("Gather", "timeout"): 13313,
    ("Gather", "numDigits"): 13314,
    ("Gather", "speechTimeout"): 13327,
    ("Dial", "timeout"): 13212,
    ("Dial", "timeLimit"): 13216,
}


def integer(verb: Verb, name: str, default: int, complain: Complain, least: int = 0, most: int | None = None) -> int:
    """A whole number between ``least`` and ``most``."""
    value = verb.attributes.get(name)
    if value is None:
        return default
    if value.isdigit() and int(value) >= least and (most is None or int(value) <= most):
        return int(value)
    complain(CODES.get((verb.name, name), 12200), f"{verb.name} {name} is not a whole number in range")
    return default


def flag(verb: Verb, name: str, default: bool = False) -> bool:
    """``true`` or ``false`` in any case; anything else is the default."""
    return {"true": True, "false": False}.get(verb.attributes.get(name, "").lower(), default)


def trims(verb: Verb, default: bool) -> bool:
    """Whether a recording loses the silence at its ends: ``trim-silence`` or ``do-not-trim``."""
    return {"trim-silence": True, "do-not-trim": False}.get(verb.attributes.get("trim", ""), default)


def words(verb: Verb, name: str, default: str = "") -> frozenset[str]:
    """A space-separated list."""
    return frozenset(verb.attributes.get(name, default).split())
