"""Refer: a SIP call moves to another SIP address (Twilio: Refer)."""

from phonesim.errors import HungUp
from phonesim.interpreter import HANDLERS, Interpreter, Step
from phonesim.process import Script, Wait
from phonesim.twiml.document import Verb

NOT_SIP = 13801
REFER_SECONDS = 1.0
STATUSES = {200: "in-progress", 486: "busy", 600: "busy"}


def refer(run: Interpreter, verb: Verb) -> Script[Step]:
    """Ask the SIP device to call the target itself; the action, or the next verb, learns how that went."""
    run.answer()
    targets = [child.text for child in verb.children if child.text.startswith("sip:")]
    if not targets or not run.leg.address.startswith("sip:"):
        run.complain(NOT_SIP, "Refer needs a SIP call and a Sip target", verb.line)
        return None
    run.net.record("refer", run.leg.address, to=targets[0].partition("?")[0], call_sid=run.leg.sid)
    try:
        yield Wait(REFER_SECONDS)
    except HungUp:
        run.notify(run.action(verb, _outcome("canceled", 202, 180)))
        raise
    reply, notified = run.leg.phone.refer_codes
    if reply >= 300:
        return run.action(verb, _outcome("failed", reply, None))
    status = STATUSES.get(notified, "failed") if notified else ""
    return run.action(verb, _outcome(status, reply, notified))


def _outcome(status: str, reply: int, notified: int | None) -> dict[str, str]:
    known = {"ReferCallStatus": status, "NotifySipResponseCode": str(notified or "")}
    return {"ReferSipResponseCode": str(reply), **{name: value for name, value in known.items() if value}}


HANDLERS["Refer"] = refer
