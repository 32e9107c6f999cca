"""Texts from phones to our numbers: opt-outs, the SmsUrl webhook and its reply (Twilio: Messaging webhooks, TwiML)."""

from dataclasses import replace
from urllib.parse import urljoin

from lxml import etree

from phonesim.errors import UnknownNumber
from phonesim.numbers import E164, Number
from phonesim.services import Services
from phonesim.texts import TextMessage, send
from phonesim.web.messages import Response, WebFailure

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
START = frozenset({"START", "YES", "UNSTOP"})
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
MOST_REDIRECTS = 10


def text_arrived(net: Services, from_: str, to: str, body: str) -> TextMessage:
    """A phone texts one of our numbers. Raises UnknownNumber."""
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
        _ask(net, number, message, number.sms_url, number.sms_method)
    return message


def _apply_opt_out(net: Services, message: TextMessage) -> None:
    pair, word = (message.to, message.from_), message.body.strip().upper()
    if word in STOP:
        _reply(net, message, "You have been unsubscribed. Reply START to hear from us again.")
        net.account.opted_out.add(pair)
    elif word in START and pair in net.account.opted_out:
        net.account.opted_out.discard(pair)


def _parameters(net: Services, message: TextMessage) -> dict[str, str]:
    sids = dict.fromkeys(("MessageSid", "SmsSid", "SmsMessageSid"), message.sid)
    return {
        **sids, "AccountSid": net.account_sid, "From": message.from_, "To": message.to, "Body": message.body,
        "NumMedia": "0", "NumSegments": str(message.segments), "SmsStatus": "received", "ApiVersion": "2010-04-01",
    }  # fmt: skip


def _ask(
    net: Services, number: Number, message: TextMessage, url: str, method: str, hops: int = 0, **error: str
) -> None:
    hook = net.hook(url, method, {**_parameters(net, message), **error}, message.sid, voice=False)
    hook = replace(hook, kind="text")

    def answered(outcome: Response | WebFailure) -> None:
        problem = _perform(net, number, message, url, outcome, hops)
        if problem is None:
            return
        net.alert(problem.code, message.sid, url, problem.why)
        if number.sms_fallback_url and not error:
            spare = {"ErrorCode": str(problem.code), "ErrorUrl": url}
            _ask(net, number, message, number.sms_fallback_url, number.sms_fallback_method, hops, **spare)

    net.webhooks.fetch(hook, message.jar, answered)


def _perform(
    net: Services, number: Number, message: TextMessage, url: str, outcome: Response | WebFailure, hops: int
) -> WebFailure | None:
    if isinstance(outcome, WebFailure):
        return outcome
    if outcome.status >= 400:
        return WebFailure(net.options.http_error_code, f"HTTP status {outcome.status}")
    if outcome.content_type == "text/plain" and outcome.body.strip():
        _reply(net, message, outcome.body.decode("utf-8", "replace"))
        return None
    if not outcome.body.strip():
        return None
    try:
        root = etree.fromstring(outcome.body, PARSER)
    except etree.XMLSyntaxError:
        return WebFailure(12100, "the reply to a text is not XML")
    return _verbs(net, number, message, url, root, hops)


def _verbs(
    net: Services, number: Number, message: TextMessage, url: str, root: etree._Element, hops: int
) -> WebFailure | None:
    if root.tag != "Response":
        return WebFailure(12100, "the root of the reply to a text is not Response")
    for verb in root.iterchildren(etree.Element):
        if verb.tag == "Message":
            status = verb.get("statusCallback", "")
            to = verb.get("to", message.from_)
            _reply(net, message, _body(verb), to, urljoin(url, status) if status else "")
        elif verb.tag == "Redirect" and hops < MOST_REDIRECTS:
            _ask(net, number, message, urljoin(url, (verb.text or "").strip()), verb.get("method", "POST"), hops + 1)
            return None
        else:
            net.alert(12200, message.sid, url, f"a reply to a text cannot {verb.tag}")
    return None


def _body(verb: etree._Element) -> str:
    inner = verb.find("Body")
    return ((inner if inner is not None else verb).text or "").strip()


def _reply(net: Services, message: TextMessage, body: str, to: str = "", status_url: str = "") -> None:
    to = to or message.from_
    if (message.to, to) in net.account.opted_out or not body or not E164.fullmatch(to):
        return
    reply = TextMessage(
        net.sids.new("SM"), to, message.to, body, net.now, net.now, status_url, direction="outbound-reply"
    )
    send(net, reply)
