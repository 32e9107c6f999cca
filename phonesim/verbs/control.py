"""Redirect, Hangup, Reject and Leave."""

from collections.abc import Generator
from typing import Any

from phonesim.interpreter import HANDLERS, Ending, Goto, Interpreter, Step, method_of
from phonesim.twiml.document import Verb
from phonesim.verbs.targets import parameters

Instant = Generator[Any, Any, Step]
REJECT_SECONDS = 3.0


def redirect(run: Interpreter, verb: Verb) -> Instant:
    """Go on with another document; as first verb it leaves the call ringing."""
    yield from ()
    return Goto(run.resolve(verb.text), method_of(verb, "method"))


def hangup(run: Interpreter, verb: Verb) -> Instant:
    """End the leg; as first verb it still answers."""
    yield from ()
    run.answer()
    _give_back(run, verb)
    run.leg.finish("completed")
    return Ending.STOPPED


def reject(run: Interpreter, verb: Verb) -> Instant:
    """Refuse an unanswered call: busy, or no-answer for the default reason; an answered call is hung up.

    The caller hears the busy tone, or that the number is not in service.
    """
    yield from ()
    _give_back(run, verb)
    busy = verb.attributes.get("reason") == "busy"
    if run.leg.in_progress:
        run.leg.finish("completed")
    else:
        run.leg.finish("busy" if busy else "no-answer", 486 if busy else 404)
        run.leg.ear.begin("tone", "busy" if busy else "not in service", REJECT_SECONDS)
    return Ending.STOPPED


def _give_back(run: Interpreter, verb: Verb) -> None:
    run.leg.returned = {f"ReturnParam_{name}": value for name, value in parameters(verb).items()}


def leave(_run: Interpreter, _verb: Verb) -> Instant:
    """Leave the queue, keep the call."""
    yield from ()
    return Ending.LEFT


HANDLERS.update({"Redirect": redirect, "Hangup": hangup, "Reject": reject, "Leave": leave})
