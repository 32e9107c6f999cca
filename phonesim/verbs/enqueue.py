"""Enqueue: wait in a queue, and how it ended (Twilio: Enqueue)."""

from phonesim.callqueue import Entry, queue_named
from phonesim.errors import HungUp
from phonesim.interpreter import HANDLERS, ApplicationError, Ending, Goto, Interpreter, Redirected, Step, method_of
from phonesim.process import Process, Script, Wait
from phonesim.twiml.attributes import integer
from phonesim.twiml.document import Verb
from phonesim.verbs.dial import part

LONGEST_NAME = 64
ORDER_SECONDS = 0.3


def enqueue(run: Interpreter, verb: Verb) -> Script[Step]:
    """Join the queue and stay until bridged and parted, left, dequeued or hung up."""
    run.answer()
    if not 0 < len(verb.text) <= LONGEST_NAME:
        run.complain(14205, "a queue name has 1 to 64 characters", verb.line)
        return run.action(verb, {"QueueResult": "error"})
    queue = queue_named(run.net, verb.text, integer(verb, "maxQueueSize", 0) or None)
    if queue.full:
        run.complain(14207, "the queue is at its maximum size", verb.line)
        return run.action(verb, {"QueueResult": "queue-full"})
    entry = queue.add(run.leg)
    try:
        yield from _stay(run, verb, entry)
    except HungUp:
        entry.end("bridged" if entry.bridged else _left(entry))
        run.notify(_action(run, verb, entry))
        raise
    except Redirected:
        entry.end("redirected-from-bridged" if entry.bridged else "redirected")
        yield from _told(run, verb, entry)
        raise
    if entry.goto:
        yield from _told(run, verb, entry)
        return entry.goto
    return _action(run, verb, entry)


def _left(entry: Entry) -> str:
    return "hangup" if entry.settled else entry.queue.net.options.early_hangup_result


def _stay(run: Interpreter, verb: Verb, entry: Entry) -> Script[None]:
    waiting: Process | None = None if entry.claim else run.leg.push(wait_script(run, verb, entry))
    try:
        while entry.result is None:
            yield Wait(None, frozenset({"queue"}))
            if entry.claim and waiting:
                run.leg.drop(waiting)
                waiting = None
    finally:
        run.leg.quiet()
        part(run.leg)


def wait_script(run: Interpreter, verb: Verb, entry: Entry) -> Script[None]:
    """The wait document, again and again; music without one, silence for an empty one."""
    url = verb.attributes.get("waitUrl")
    if not url:
        entry.settled = True
        with run.leg.ear.playing("music" if url is None else "silence"):
            yield Wait(None)
    goto = Goto(run.resolve(url or ""), method_of(verb, "waitUrlMethod"))
    wait = Interpreter(run.leg, "wait", entry.context)
    try:
        verbs = yield from wait.load(goto)
        entry.settled = True
        ending: Goto | Ending = yield from wait.perform(verbs)
        while ending is not Ending.LEFT and ending is not Ending.STOPPED:
            ending = yield from wait.play(ending if isinstance(ending, Goto) else goto)
    except ApplicationError:
        return entry.end("error")
    if ending is Ending.LEFT:
        entry.end("leave")
    return None


def _action(run: Interpreter, verb: Verb, entry: Entry) -> Goto | None:
    result = {"QueueResult": entry.result or ""}
    if entry.settled:
        result |= {"QueueSid": entry.queue.sid, "QueueTime": str(entry.seconds)}
    return run.action(verb, result)


def _told(run: Interpreter, verb: Verb, entry: Entry) -> Script[None]:
    # The action only learns that the caller was taken elsewhere; its document is ignored.
    goto = _action(run, verb, entry)
    if goto is None:
        return
    if run.net.options.dequeue_action_first:
        yield run.request(goto)
    else:
        request = run.request(goto)
        run.leg.after(ORDER_SECONDS, lambda: run.leg.fetch(request.hook, lambda _: None))


HANDLERS["Enqueue"] = enqueue
