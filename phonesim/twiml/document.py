"""From the body of a response to a tree of verbs (Twilio: TwiML, error dictionary 11750, 12100, 12101, 12200)."""

from dataclasses import dataclass

from lxml import etree

from phonesim.audio import wav_seconds
from phonesim.options import Options
from phonesim.twiml.rules import SCHEMA, Complain, line_of
from phonesim.twiml.schema import ALLOWED, ATTRIBUTES, NESTED, code_for, why_not
from phonesim.twiml.ssml import spoken
from phonesim.web.messages import XML_TYPES, Response, WebFailure

MOST_BYTES = 64 * 1024
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


@dataclass(frozen=True, slots=True)
class Verb:
    """One element: known attributes with usable values only, text with markup removed, known children only.

    ``silence`` are the seconds that SSML breaks add to a Say.
    """

    name: str
    attributes: dict[str, str]
    text: str
    children: tuple["Verb", ...]
    line: int | None = None
    silence: float = 0.0


HANGUP = Verb("Hangup", {}, "", ())


def read_response(reply: Response, kind: str, complain: Complain, options: Options) -> tuple[Verb, ...]:
    """The verbs of an HTTP answer. Raises WebFailure where Twilio would ask the fallback URL."""
    if reply.status >= 400:
        raise WebFailure(options.http_error_code, f"HTTP status {reply.status}")
    if len(reply.body) > MOST_BYTES:
        raise WebFailure(11750, "the response is larger than 64 kB")
    media = reply.content_type
    if media in XML_TYPES:
        return parse(reply.body, kind, complain, options)
    if media.startswith("audio/"):
        return _then_end(Verb("Audio", {"seconds": str(wav_seconds(reply.body) or "")}, "", ()), kind)
    if media == "text/plain":
        return _plain(reply.body, kind, complain, options)
    if reply.status == 204:
        return ()
    raise WebFailure(12300, f"content type {media or 'missing'}")


def _then_end(verb: Verb, kind: str) -> tuple[Verb, ...]:
    # Only a call's own document ends the call; a wait document is asked for again, a hold document falls silent.
    return (verb, HANGUP) if kind == "main" else (verb,)


def _plain(body: bytes, kind: str, complain: Complain, options: Options) -> tuple[Verb, ...]:
    try:
        return parse(body, kind, complain, options)
    except WebFailure:
        return _then_end(Verb("Say", {}, body.decode("utf-8", "replace"), ()), kind)


def parse(body: bytes, kind: str, complain: Complain, options: Options) -> tuple[Verb, ...]:
    """The verbs of a TwiML document; what the schema does not know is reported and left out."""
    try:
        root = etree.fromstring(body, PARSER)
    except etree.XMLSyntaxError as problem:
        raise WebFailure(12100, f"not well-formed XML: {problem.msg}", line=problem.lineno) from problem
    except ValueError as problem:
        raise WebFailure(12100, f"not well-formed XML: {problem}") from problem
    if root.tag != "Response":
        raise WebFailure(options.root_error_code, f"the root element is {root.tag!s}, not Response", line=line_of(root))
    if root.get("version", "1.0") not in {"1", "1.0"}:
        raise WebFailure(12101, f"version {root.get('version')}", line=line_of(root))
    reader = Reader(kind, complain, options.skip_whole_verb)
    for name in sorted({str(name) for name in root.attrib} - {"version"}):
        complain(SCHEMA, f"Response has no attribute {name}", line_of(root))
    return tuple(filter(None, map(reader.verb, root)))


class Reader:
    """Reads the elements of one document of a kind. With ``whole`` a 12200 attribute costs the whole element."""

    def __init__(self, kind: str, complain: Complain, whole: bool) -> None:
        self._kind, self._complain, self._whole = kind, complain, whole

    def verb(self, element: etree._Element) -> Verb | None:
        """A verb of the document, unless this kind of document has none such."""
        name = str(element.tag)
        if name in ALLOWED[self._kind]:
            return self._element(element, name)
        self._complain(code_for(self._kind, name), why_not(self._kind, name), line_of(element))
        return None

    def _element(self, element: etree._Element, name: str) -> Verb | None:
        attributes = self._attributes(element, name)
        if attributes is None:
            return None
        if name == "Say":
            text, silence = spoken(element, self._complain)
            return Verb(name, attributes, text, (), line_of(element), silence)
        children = tuple(child for sub in element if (child := self._child(name, sub)))
        return Verb(name, attributes, " ".join((element.text or "").split()), children, line_of(element))

    def _attributes(self, element: etree._Element, name: str) -> dict[str, str] | None:
        rules, kept, sound = ATTRIBUTES[name], {}, True
        for key, value in element.attrib.items():
            rule = rules.get(str(key))
            if rule and rule.accepts(str(value)):
                kept[str(key)] = str(value)
                continue
            why = f"{name} {key!s} is not {rule.wanted}" if rule else f"{name} has no attribute {key!s}"
            code = rule.code if rule else SCHEMA
            self._complain(code, why, line_of(element))
            sound = sound and code != SCHEMA
        return kept if sound or not self._whole else None

    def _child(self, parent: str, element: etree._Element) -> Verb | None:
        name = str(element.tag)
        if name in NESTED.get(parent, frozenset()):
            return self._element(element, name)
        code = 13320 if parent == "Gather" else SCHEMA
        self._complain(code, f"{name} is not allowed inside {parent}", line_of(element))
        return None
