"""From the body of a response to a tree of verbs (Twilio: TwiML, error dictionary 11750, 12100, 12101, 12200)."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from phonesim.audio import wav_seconds
from phonesim.twiml.schema import ALLOWED, ATTRIBUTES, NESTED, NOUNS, code_for
from phonesim.web.messages import Response, WebFailure

MOST_BYTES = 64 * 1024
XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
Complain = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Verb:
    """One element: known attributes only, text with markup removed, known children only."""

    name: str
    attributes: dict[str, str]
    text: str
    children: tuple["Verb", ...]
    following: "Verb | None" = None


def read_response(reply: Response, kind: str, complain: Complain, http_error_code: int = 11200) -> tuple[Verb, ...]:
    """The verbs of an HTTP answer. Raises WebFailure where Twilio would ask the fallback URL."""
    if reply.status >= 400:
        raise WebFailure(http_error_code, f"HTTP status {reply.status}")
    if len(reply.body) > MOST_BYTES:
        raise WebFailure(11750, "the response is larger than 64 kB")
    media = reply.content_type
    if media in XML_TYPES:
        return parse(reply.body, kind, complain)
    if media.startswith("audio/"):
        return (Verb("Audio", {"seconds": str(wav_seconds(reply.body) or "")}, "", ()), HANGUP)
    if media == "text/plain":
        return _plain(reply.body, kind, complain)
    if reply.status == 204:
        return ()
    raise WebFailure(12300, f"content type {media or 'missing'}")


HANGUP = Verb("Hangup", {}, "", ())


def _plain(body: bytes, kind: str, complain: Complain) -> tuple[Verb, ...]:
    try:
        return parse(body, kind, complain)
    except WebFailure:
        return (Verb("Say", {}, body.decode("utf-8", "replace"), ()), HANGUP)


def parse(body: bytes, kind: str, complain: Complain) -> tuple[Verb, ...]:
    """The verbs of a TwiML document; what the schema does not know is reported and left out."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise WebFailure(12100, f"not well-formed XML: {problem}") from problem
    if root.tag != "Response":
        raise WebFailure(12100, f"the root element is {_name(root)}, not Response")
    if root.get("version", "1.0") not in {"1", "1.0"}:
        raise WebFailure(12101, f"version {root.get('version')}")
    return chained([verb for verb in (_verb(child, kind, complain) for child in root) if verb])


def chained(verbs: list[Verb]) -> tuple[Verb, ...]:
    """The same verbs, each knowing the one after it."""
    result: list[Verb] = []
    for verb in reversed(verbs):
        following = result[-1] if result else None
        result.append(Verb(verb.name, verb.attributes, verb.text, verb.children, following))
    return tuple(reversed(result))


def _verb(element: etree._Element, kind: str, complain: Complain) -> Verb | None:
    name = _name(element)
    if name in ALLOWED[kind]:
        return _read(element, complain)
    known = name in ATTRIBUTES and name not in NOUNS
    complain(code_for(kind, name), f"{name} is {'not allowed in a ' + kind + ' document' if known else 'not a verb'}")
    return None


def _read(element: etree._Element, complain: Complain) -> Verb:
    name = _name(element)
    attributes = {str(key): str(value) for key, value in element.attrib.items()}
    for key in sorted(attributes.keys() - ATTRIBUTES[name]):
        complain(12200, f"{name} has no attribute {key}")
        del attributes[key]
    text = "".join(str(part) for part in element.itertext()) if name == "Say" else element.text or ""
    children = [] if name == "Say" else [child for child in (_child(name, sub, complain) for sub in element) if child]
    return Verb(name, attributes, " ".join(text.split()), tuple(children))


def _child(parent: str, element: etree._Element, complain: Complain) -> Verb | None:
    name = _name(element)
    if name in NESTED.get(parent, frozenset()):
        return _read(element, complain)
    complain(13320 if parent == "Gather" else 12200, f"{name} is not allowed inside {parent}")
    return None


def _name(element: etree._Element) -> str:
    return str(element.tag)
