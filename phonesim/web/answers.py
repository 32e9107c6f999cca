"""What the debugger says about the answer to a status callback (Twilio: TwiML, error dictionary 12300, 15003, 16011).

Only 204, or 200 with text/xml and an empty Response, is to its liking. Nothing it says influences a call.
"""

from lxml import etree

from phonesim.web.messages import XML_TYPES, Hook, Outcome, Response, WebFailure

CALL, CONFERENCE = 15003, 16011


def trouble(hook: Hook, outcome: Outcome, http_error_code: int) -> WebFailure | None:
    """The code and the reason to complain about this answer, if there is one."""
    if isinstance(outcome, WebFailure):
        return outcome
    if outcome.status == 204:
        return None
    if outcome.status != 200:
        return WebFailure(_warning(hook, http_error_code), f"HTTP status {outcome.status}")
    if outcome.content_type not in XML_TYPES | {"text/plain"}:
        return WebFailure(12300, f"content type {outcome.content_type or 'missing'}; answer 204, or text/xml")
    if outcome.content_type == "text/plain" or not _empty(outcome):
        return WebFailure(_warning(hook, CALL), "the answer is not read; answer 204, or an empty Response as text/xml")
    return None


def _warning(hook: Hook, otherwise: int) -> int:
    names = {name for name, _ in hook.pairs}
    if "CallbackSource" in names or ("CallDuration" in names and "CallStatus" in names):
        return CALL
    return CONFERENCE if "StatusCallbackEvent" in names else otherwise


def _empty(reply: Response) -> bool:
    try:
        root = etree.fromstring(reply.body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return False
    return root.tag == "Response" and len(root) == 0
