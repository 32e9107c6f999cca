"""Dial: phones, conferences and queues, and what the action learns (Twilio: Dial)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from phonesim.errors import HungUp
from phonesim.interpreter import HANDLERS, Goto, Interpreter, Redirected, Step, method_of
from phonesim.leg import Leg
from phonesim.process import Script, Signal, Wait
from phonesim.recording import Recording, recording_hook
from phonesim.twiml.attributes import flag, trims
from phonesim.twiml.document import Verb
from phonesim.verbs.children import Child, address_of, caller_id

MOST_TARGETS = 10


@dataclass(slots=True)
class DialResult:
    """What is known about a Dial so far; ``bridged`` is None where Twilio sends no DialBridged.

    ``goes_on``: it failed in a way that leads to the next verb, not to the action.
    """

    status: str = "no-answer"
    bridged: bool | None = False
    child: Leg | None = None
    talked: bool = False
    goes_on: bool = False
    recording: Recording | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def parameters(self) -> dict[str, str]:
        """DialCallStatus and its companions."""
        bridged = {} if self.bridged is None else {"DialBridged": str(self.bridged).lower()}
        child = {"DialCallSid": self.child.sid} if self.child else {}
        duration = {"DialCallDuration": str(self.child.seconds)} if self.child and self.talked else {}
        recorded = self.recording.summary() if self.recording else {}
        return {"DialCallStatus": self.status, **child, **duration, **bridged, **recorded, **self.extra}


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
        if run.net.options.dial_action_after_hangup:
            run.net.notify(run, run.action(verb, result.parameters()))
        raise
    return None if result.goes_on else run.action(verb, result.parameters())


def _acknowledge(run: Interpreter, verb: Verb, result: DialResult) -> Script[None]:
    # Twilio asks the action (or a Redirect that follows) although REST already sent the call elsewhere.
    goto = run.action(verb, result.parameters())
    if goto is None and verb.following and verb.following.name == "Redirect":
        goto = Goto(run.resolve(verb.following.text), method_of(verb.following, "method"))
    if goto:
        yield run.request(goto)


def dial_phones(run: Interpreter, verb: Verb, result: DialResult) -> Script[None]:
    """Ring Number, Client and Sip nouns at once, or one after another with ``sequential``."""
    nouns = (verb.children or (Verb("Number", {}, verb.text, ()),))[:MOST_TARGETS]
    targets = [(noun, address_of(noun)) for noun in nouns]
    caller = caller_id(run, verb)
    if caller is None or any(address is None for _, address in targets):
        run.complain(13214 if caller is None else 13223, "Dial was given a caller ID or number it cannot use")
        result.status = "failed"
        return
    groups = [[target] for target in targets] if flag(verb, "sequential") else [targets]
    for group in groups:
        children = [Child(run, verb, noun, address or "", caller) for noun, address in group]
        yield from _connect(run, verb, result, children)
        if result.talked:
            return


def _connect(run: Interpreter, verb: Verb, result: DialResult, children: list[Child]) -> Script[None]:
    result.child = children[-1].leg
    try:
        with run.leg.ear.playing("ring"):
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
    # The first leg to answer cancels the others, even if its screening then declines.
    picked: Child | None = None
    while True:
        picked = picked or next((child for child in children if child.answered), None)
        if picked:
            _cancel_others(children, picked, result)
        if picked and picked.accepted and not picked.over:
            return picked
        if all(child.over for child in children):
            result.status = _failure(run, children, picked)
            result.talked = picked is not None and result.status == "completed"
            return None
        if (yield from _star(verb)):
            result.status = "completed"
            result.talked = True
            return None


def _cancel_others(children: list[Child], picked: Child, result: DialResult) -> None:
    result.child = picked.leg
    for child in children:
        if child is not picked:
            child.drop("canceled")


def _failure(run: Interpreter, children: list[Child], picked: Child | None) -> str:
    if picked:
        return run.net.options.screen_declined_status
    return children[-1].leg.status


def _talk(run: Interpreter, verb: Verb, result: DialResult, child: Child) -> Script[None]:
    run.answer()
    result.talked, result.bridged, result.status = True, True, "completed"
    join(run.leg, child.leg)
    result.recording = recording_of(run, verb)
    try:
        while not child.over:
            if (yield from _star(verb)):
                break
    finally:
        if result.recording:
            result.recording.stop()


def _star(verb: Verb) -> Script[bool]:
    signal: Signal = yield Wait(None, frozenset({"child", "key"} if flag(verb, "hangupOnStar") else {"child"}))
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
    one.net.record("join", one.address, other=other.address)


def part(leg: Leg) -> None:
    """End a bridge, if there is one."""
    if leg.partner:
        leg.net.record("leave", leg.address, other=leg.partner.address)
        leg.partner.partner = None
        leg.partner = None


HANDLERS["Dial"] = dial
