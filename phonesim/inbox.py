"""Texts to our numbers: opt-outs, the SmsUrl webhook and its reply (Twilio: Messaging webhooks, TwiML Message)."""

import re
from dataclasses import replace

from lxml import etree

from phonesim.errors import UnknownNumber
from phonesim.numbers import Number, number_of
from phonesim.services import Services
from phonesim.texts import TextMessage, send
from phonesim.twiml.document import MOST_BYTES
from phonesim.web.addresses import joined
from phonesim.web.messages import XML_TYPES, Response, WebFailure

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
START = frozenset({"START", "YES", "UNSTOP"})
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
MOST_REDIRECTS = 10
SENDERS = frozenset({"Message", "Sms"})
"""The verbs that send a text; the second is the older name."""
ATTRIBUTES = frozenset({"to", "from", "action", "method", "statusCallback"})
PARTS = frozenset({"Body", "Media"})
NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
"""What a text may show instead of a number."""


def text_arrived(net: Services, from_: str, to: str, body: str) -> TextMessage:
    """Somebody texts one of our numbers. Raises UnknownNumber."""
    number = net.numbers.get(to)
    if number is None:
        raise UnknownNumber(f"nobody has {to}; text a number of the account, or add it first")
    message = TextMessage(
        net.sids.new("SM"), to, from_, body, net.now, net.now, status="received", direction="inbound", sent=net.now
    )
    net.shelf(TextMessage)[message.sid] = message
    net.record("text", from_, to=to, body=body)
    _apply_opt_out(net, message)
    number = net.account.settings_of(number)
    if number.sms_url:
        Thread(net, number, message).ask(number.sms_url, number.sms_method)
    return message


def _apply_opt_out(net: Services, message: TextMessage) -> None:
    pair, word = (message.to, message.from_), message.body.strip().upper()
    if word in STOP:
        _send(net, message, message.to, message.from_, "You have been unsubscribed. Reply START to hear from us again.")
        net.account.opted_out.add(pair)
    elif word in START and pair in net.account.opted_out:
        net.account.opted_out.discard(pair)


def _send(
    net: Services, answered: TextMessage, from_: str, to: str, body: str, status_url: str = "", media: int = 0
) -> TextMessage | None:
    """Send a text that answers another, unless its reader wants none of ours."""
    if (answered.to, to) in net.account.opted_out:
        return None
    reply = TextMessage(net.sids.new("SM"), to, from_, body, net.now, net.now, status_url, direction="outbound-reply")
    reply.media = media
    send(net, reply)
    return reply


class Thread:
    """Performs the documents that say what follows from one text."""

    def __init__(self, net: Services, number: Number, message: TextMessage) -> None:
        self.net, self.number, self.message = net, number, message

    def ask(self, url: str, method: str, hops: int = 0, **more: str) -> None:
        """Ask for a document. One that cannot be had is asked for at the fallback URL, once."""
        hook = self.net.hook(url, method, {**self._parameters(), **more}, self.message.sid, voice=False)

        def answered(outcome: Response | WebFailure) -> None:
            problem = self._perform(url, outcome, hops)
            if problem is None:
                return
            self._complain(problem.code, url, problem.why)
            if self.number.sms_fallback_url and "ErrorCode" not in more:
                spare = {"ErrorCode": str(problem.code), "ErrorUrl": url}
                self.ask(self.number.sms_fallback_url, self.number.sms_fallback_method, hops, **spare)

        self.net.webhooks.fetch(replace(hook, kind="text"), self.message.jar, answered)

    def _parameters(self) -> dict[str, str]:
        message = self.message
        sids = dict.fromkeys(("MessageSid", "SmsSid", "SmsMessageSid"), message.sid)
        return {
            **sids, "AccountSid": self.net.account_sid, "From": message.from_, "To": message.to, "Body": message.body,
            "NumMedia": "0", "NumSegments": str(message.segments), "SmsStatus": "received", "ApiVersion": "2010-04-01",
        }  # fmt: skip

    def _complain(self, code: int, url: str, why: str) -> None:
        self.net.alert(code, self.message.sid, url, why)

    def _perform(self, url: str, outcome: Response | WebFailure, hops: int) -> WebFailure | None:
        if isinstance(outcome, WebFailure):
            return outcome
        if outcome.status >= 400:
            return WebFailure(self.net.options.http_error_code, f"HTTP status {outcome.status}")
        if outcome.status == 204:
            return None
        if len(outcome.body) > MOST_BYTES:
            return WebFailure(11750, "the reply to a text is larger than 64 kB")
        if outcome.content_type == "text/plain":
            if body := outcome.body.decode("utf-8", "replace").strip():
                _send(self.net, self.message, self.message.to, self.message.from_, body)
            return None
        if outcome.content_type not in XML_TYPES:
            return WebFailure(12300, f"content type {outcome.content_type or 'missing'}")
        if not outcome.body.strip():
            return None
        try:
            root = etree.fromstring(outcome.body, PARSER)
        except etree.XMLSyntaxError:
            return WebFailure(12100, "the reply to a text is not XML")
        if root.tag != "Response":
            return WebFailure(12100, "the root of the reply to a text is not Response")
        self._verbs(outcome.url or url, root, hops)
        return None

    def _verbs(self, url: str, root: etree._Element, hops: int) -> None:
        """Perform one verb after the other, until one leads to another document."""
        for verb in root.iterchildren(etree.Element):
            if verb.tag in SENDERS:
                status = self._message(url, verb)
                if action := verb.get("action", "").strip():
                    return self._follow(url, action, self._method(url, verb), hops, **status)
            elif verb.tag == "Redirect":
                return self._follow(url, (verb.text or "").strip(), self._method(url, verb), hops)
            else:
                self._complain(12200, url, f"a reply to a text cannot {verb.tag}")
        return None

    def _follow(self, url: str, target: str, method: str, hops: int, **more: str) -> None:
        if hops >= MOST_REDIRECTS:
            return self._complain(14106, url, f"more than {MOST_REDIRECTS} documents answer one text")
        return self.ask(joined(url, target), method, hops + 1, **more)

    def _method(self, url: str, verb: etree._Element) -> str:
        method = verb.get("method", "POST").upper()
        if method in {"GET", "POST"}:
            return str(method)
        self._complain(14104, url, f"{verb.tag} method is not GET or POST")
        return "POST"

    def _message(self, url: str, verb: etree._Element) -> dict[str, str]:
        """Send what a verb says. Return what its action is told."""
        for name in sorted({str(name) for name in verb.attrib} - ATTRIBUTES):
            self._complain(12200, url, f"{verb.tag} has no attribute {name}")
        sender, reader, media = self._sender(url, verb), self._reader(url, verb), len(verb.findall("Media"))
        for child in verb.iterchildren(etree.Element):
            if child.tag not in PARTS:
                self._complain(12200, url, f"{verb.tag} has no part {child.tag}")
        body, status = _body(verb), verb.get("statusCallback", "").strip()
        if not body and not media:
            self._complain(14103, url, f"{verb.tag} has no words")
        elif sender and reader:
            status_url = joined(url, status) if status else ""
            if sent := _send(self.net, self.message, sender, reader, body, status_url, media):
                return {**dict.fromkeys(("MessageSid", "SmsSid"), sent.sid), "MessageStatus": "sending"}
        return {"MessageStatus": "invalid"}

    def _sender(self, url: str, verb: etree._Element) -> str | None:
        wanted = verb.get("from", self.message.to)
        number = number_of(wanted)
        if number in self.net.numbers or (number is None and NAME.fullmatch(wanted)):
            return number or str(wanted)
        self._complain(14102, url, f"{verb.tag} from is no number of the account; leave it out, or buy it")
        return None

    def _reader(self, url: str, verb: etree._Element) -> str | None:
        reader = number_of(verb.get("to", self.message.from_), beside=self.message.to)
        if reader is None:
            self._complain(14101, url, f"{verb.tag} to is no telephone number; write +<country><number>")
        return reader


def _body(verb: etree._Element) -> str:
    inner = verb.find("Body")
    whole = verb if inner is None else inner
    # What stands in a part that texts do not know is no word of theirs; what follows it is.
    return "".join([whole.text or "", *(child.tail or "" for child in whole)]).strip()
