"""Typed access to attributes. Values were judged when the document was read: what is left is usable."""

from phonesim.twiml.document import Verb


def integer(verb: Verb, name: str, default: int) -> int:
    """A whole number."""
    return int(verb.attributes.get(name, default))


def flag(verb: Verb, name: str, default: bool = False) -> bool:
    """``true`` or ``false`` in any case; anything else is the default."""
    return {"true": True, "false": False}.get(verb.attributes.get(name, "").lower(), default)


def trims(verb: Verb, default: bool) -> bool:
    """Whether a recording loses the silence at its ends: ``trim-silence`` or ``do-not-trim``."""
    return {"trim-silence": True, "do-not-trim": False}.get(verb.attributes.get("trim", ""), default)


def words(verb: Verb, name: str, default: str = "") -> frozenset[str]:
    """A space-separated list."""
    return frozenset(verb.attributes.get(name, default).split())
