"""Dial: phones, conferences and queues, and what the action learns (Twilio: Dial)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from phonesim.errors import HungUp
from phonesim.interpreter import HANDLERS, Goto, Interpreter, Redirected, Step, method_of
from phonesim.leg import Leg
from phonesim.loopback import catch_up
from phonesim.process import Script, Signal, Wait
from phonesim.recording import Recording
from phonesim.twiml.attributes import flag, trims
from phonesim.twiml.document import Verb
from phonesim.verbs.callbacks import recording_hook
from phonesim.verbs.children import Child
from phonesim.verbs.targets import caller_id, target_of

MOST_TARGETS = 10
CHILD, KEYS = frozenset({"child"}), frozenset({"key"})


@dataclass(slots=True)
class DialResult:
    """What is known about a Dial so far; ``bridged`` is None where Twilio sends no DialBridged.

    ``goes_on``: it failed in a way that leads to the next verb, not to the action.
    """

    status: str = "no-answer"
    bridged: bool | None = False
    child: Leg | None = None
    taken_away: bool = False
    referred: Goto | None = None
    talked: bool = False
    goes_on: bool = False
    recording: Recording | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, str]:
        """DialCallStatus and its companions."""
        bridged = {} if self.bridged is None else {"DialBridged": str(self.bridged).lower()}
        child = {"DialCallSid": self.child.sid} if self.child else {}
        lasted = self.child and self.talked and not self.taken_away
        duration = {"DialCallDuration": str(self.child.seconds)} if self.child and lasted else {}
        recorded = self.recording.summary() if self.recording else {}
        replied = _reply_of(self.child) if self.child else {}
        return {"DialCallStatus": self.status, **child, **duration, **bridged, **recorded, **replied, **self.extra}


def _reply_of(child: Leg) -> dict[str, str]:
    if child.tie:
        return child.tie.returned
    if not child.address.startswith("sip:"):
        return {}
    answered = child.answered_at is not None
    headers = {f"DialSipHeader_{name}": value for name, value in child.phone.sip_headers.items()}
    call_id = f"{child.sid[2:]}@0.0.0.0"
    return {"DialSipCallId": call_id, "DialSipResponseCode": "200" if answered else str(child.sip_code), **headers}


Connector = Callable[[Interpreter, Verb, DialResult], Script[None]]
CONNECTORS: dict[str, Connector] = {}


def dial(run: Interpreter, verb: Verb) -> Script[Step]:
    """Connect the leg, then go on at the action with the result, or at the next verb without one."""
    result = DialResult()
    nouns = verb.children or (Verb("Number", {}, verb.text, ()),)
    connect = CONNECTORS.get(nouns[0].name, dial_phones)
    if not flag(verb, "answerOnBridge") or connect is not dial_phones:
        run.answer()
    try:
        yield from connect(run, verb, result)
    except Redirected:
        yield from _acknowledge(run, verb, result)
        raise
    except HungUp:
        if not result.talked and result.child:
            result.status = run.net.options.dial_status_caller_gone
        if run.net.options.dial_action_after_hangup:
            run.notify(run.action(verb, result.parameters()))
        raise
    if result.referred:
        return result.referred
    return None if result.goes_on else run.action(verb, result.parameters())


def _acknowledge(run: Interpreter, verb: Verb, result: DialResult) -> Script[None]:
    # Twilio asks the action (or a Redirect that follows) although REST already sent the call elsewhere.
    goto = run.action(verb, result.parameters())
    if goto is None and run.following and run.following.name == "Redirect":
        goto = Goto(run.resolve(run.following.text), method_of(run.following, "method"))
    if goto:
        yield run.request(goto)


def dial_phones(run: Interpreter, verb: Verb, result: DialResult) -> Script[None]:
    """Ring Number, Client and Sip nouns at once, or one after another with ``sequential``."""
    nouns = (verb.children or (Verb("Number", {}, verb.text, ()),))[:MOST_TARGETS]
    targets = [target for noun in nouns if (target := target_of(run, noun))]
    caller = caller_id(run, verb, {noun.name for noun in nouns})
    if caller is None:
        run.complain(13214, "Dial shows the caller's number, one of ours or a verified one; set callerId", verb.line)
    if caller is None or len(targets) < len(nouns):
        result.status = "failed"
        return
    groups = [[target] for target in targets] if flag(verb, "sequential") else [targets]
    try:
        for group in groups:
            children = [Child(run, verb, target, caller) for target in group]
            yield from _connect(run, verb, result, children)
            if result.talked:
                return
    finally:
        if result.recording:
            result.recording.stop()


def _connect(run: Interpreter, verb: Verb, result: DialResult, children: list[Child]) -> Script[None]:
    result.child = children[-1].leg
    if verb.attributes.get("record", "").startswith("record-from-ringing"):
        result.recording = result.recording or recording_of(run, verb)
    try:
        with run.leg.ear.playing("ring", verb.attributes.get("ringTone", "")):
            winner = yield from _ring(run, verb, result, children)
        if winner:
            yield from _talk(run, verb, result, winner)
    except Redirected:
        result.status = "completed" if result.talked else "canceled"
        raise
    finally:
        part(run.leg)
        for child in children:
            child.drop()


def _ring(run: Interpreter, verb: Verb, result: DialResult, children: list[Child]) -> Script[Child | None]:
    # The first leg to answer cancels the others, even if its screening then declines; or the first to be accepted does.
    picked: Child | None = None
    early = run.net.options.first_answer_cancels
    while True:
        picked = picked or next((child for child in children if child.answered and (early or child.accepted)), None)
        if picked:
            _cancel_others(children, picked, result)
        if picked and picked.accepted and not picked.over:
            return picked
        if all(child.over for child in children):
            _nobody(run, result, children)
            return None
        if (yield from _star(verb)):
            result.status = "completed"
            result.talked = True
            return None


def _nobody(run: Interpreter, result: DialResult, children: list[Child]) -> None:
    screened = any(child.leg.answered_at for child in children)
    result.status = run.net.options.screen_declined_status if screened else children[-1].leg.status
    result.talked = screened and result.status == "completed"
    result.taken_away = any(child.detached for child in children)


def _cancel_others(children: list[Child], picked: Child, result: DialResult) -> None:
    result.child = picked.leg
    for child in children:
        if child is not picked:
            child.drop("canceled")


def _talk(run: Interpreter, verb: Verb, result: DialResult, child: Child) -> Script[None]:
    run.answer()
    result.talked, result.bridged, result.status = True, True, "completed"
    join(run.leg, child.leg)
    result.recording = result.recording or recording_of(run, verb)
    while not child.over:
        news: Signal = yield Wait(None, _wanted(verb) | {"refer"})
        if _is_star(news):
            break
        if news.kind == "refer" and (goto := _refer_url(run, verb, news.value)):
            result.referred = goto
            break
    result.taken_away = child.detached


def _refer_url(run: Interpreter, verb: Verb, target: str) -> Goto | None:
    if url := verb.attributes.get("referUrl"):
        return Goto(run.resolve(url), method_of(verb, "referMethod"), {"ReferTransferTarget": target})
    run.complain(13802, "the called party sent REFER to a Dial without referUrl", verb.line)
    return None


def _star(verb: Verb) -> Script[bool]:
    return _is_star((yield Wait(None, _wanted(verb))))


def _wanted(verb: Verb) -> frozenset[str]:
    return CHILD | KEYS if flag(verb, "hangupOnStar") else CHILD


def _is_star(signal: Signal) -> bool:
    return signal.kind == "key" and signal.value == "*"


def recording_of(run: Interpreter, verb: Verb) -> Recording | None:
    """The recording a Dial asks for, started now on its own leg; None without one."""
    kind = verb.attributes.get("record", "do-not-record")
    if kind in {"do-not-record", "false"}:
        return None
    track = verb.attributes.get("recordingTrack", "both")
    return Recording(
        run.leg,
        "DialVerb",
        2 if kind.endswith("-dual") else 1,
        recording_hook(run, verb),
        track,
        trim=trims(verb, False),
    )


def join(one: Leg, other: Leg) -> None:
    """Bridge two legs: from now on they hear each other."""
    one.partner, other.partner = other, one
    catch_up(one, other)
    one.net.record("join", one.address, other=other.address)


def part(leg: Leg) -> None:
    """End a bridge, if there is one."""
    if leg.partner:
        leg.net.record("leave", leg.address, other=leg.partner.address)
        leg.partner.partner = None
        leg.partner = None


HANDLERS["Dial"] = dial
