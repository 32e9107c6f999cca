"""Calls on the phones of a world, for what is about the people rather than the webhooks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from ivr.callbacks.tables import promise
from ivr.calls.talks import TALKED_AFTER
from phonesim import Line
from rehearsals.provisioning import PIN
from rehearsals.world import World
from tests.calls.office import CALLER, MAPLE, Office

NEW_PATIENT = ("1", "2", "2")
"""English, an appointment, new to the practice: the caller then waits for an agent."""
EMERGENCY = ("1", "1", "my chest hurts")
"""English, a nurse, a red flag: the clinician on call is paged."""
NOT_WELL = ("1", "1", "0")
"""English, a nurse, and a person instead of words: the clinician on call is paged as for what is urgent."""
DR_LEE = "+13125550181"
ANA = "client:ana"
"""Manila, late in the afternoon: whom a new patient is offered to first."""
LONG_ENOUGH = TALKED_AFTER.total_seconds() + 2
"""Seconds after which those who were joined have talked."""


def dial(world: World, to: str = MAPLE, from_: str = CALLER, **how: str) -> Line:
    """Somebody dials and hears the first words."""
    line = world.net.phone(from_).dial(to, **how)
    run(world, 1)
    return line


def goes_on(world: World, line: Line, answers: Iterable[str]) -> Line:
    """Each answer as soon as it is listened for: pressed where it is keys and said where it is words."""
    for answer in answers:
        keys = set(answer) <= set("0123456789*#")
        assert world.advance(lambda keys=keys: listened_to(line, "key" if keys else "speech"), timedelta(minutes=1))
        if keys:
            line.press(answer)
        else:
            line.say(answer)
        run(world, 2)
    return line


def listened_to(line: Line, kind: str) -> bool:
    """Whether the document that plays to a party listens for keys, or for speech."""
    return any(kind in process._wants for process in line.leg.stack)


def run(world: World, seconds: float) -> None:
    """Let so many seconds pass."""
    world.advance_to(world.now + timedelta(seconds=seconds))


def ringing(world: World) -> list[str]:
    """Whose phones ring now."""
    return sorted(address for address, phone in world.net.phones.items() if phone.ringing)


def until_it_rings(world: World, address: str) -> None:
    """Go on until somebody's phone rings."""
    assert world.advance(lambda: world.net.phone(address).ringing, timedelta(minutes=2)), f"{address} never rang"


def rung(world: World, address: str) -> int:
    """How often a phone has rung."""
    return sum(entry.kind == "ring" and entry.who == address for entry in world.net.trace)


def said_to(line: Line) -> str:
    """Everything a party heard said."""
    return " ".join(sound.text for sound in line.heard if sound.kind == "say")


def clinician_accepts(world: World, number: str = DR_LEE) -> Line:
    """A paged clinician answers, gives the PIN and accepts."""
    until_it_rings(world, number)
    return goes_on(world, world.net.phone(number).answer(), (f"{PIN}#", "1"))


def agent_accepts(world: World, address: str = ANA) -> Line:
    """An agent answers and takes the call."""
    until_it_rings(world, address)
    return goes_on(world, world.net.phone(address).answer(), ("1",))


def joined(world: World, one: Line, other: str) -> None:
    """Go on until a party is connected with another one's address."""
    assert world.advance(lambda: other in one.connected_to, timedelta(seconds=20)), f"never joined to {other}"


def clinician_page_heard(world: World, number: str = DR_LEE) -> Line:
    """A clinician has answered, given the PIN, and heard how to accept."""
    until_it_rings(world, number)
    clinician = goes_on(world, world.net.phone(number).answer(), (f"{PIN}#",))
    assert world.advance(lambda: listened_to(clinician, "key"), timedelta(minutes=1))
    return clinician


def talking(world: World, seconds: float = LONG_ENOUGH) -> tuple[Line, Line]:
    """A caller and an agent have been in a talk for so long; their lines."""
    caller = goes_on(world, dial(world), NEW_PATIENT)
    agent = agent_accepts(world)
    joined(world, agent, CALLER)
    run(world, seconds)
    return caller, agent


def kept_at_last(world: World) -> None:
    """The clinician who is rung accepts, has the patient rung, and both talk; the promise is kept by that."""
    clinician = goes_on(world, clinician_accepts(world), ("1",))
    until_it_rings(world, CALLER)
    goes_on(world, world.net.phone(CALLER).answer(), ("1",))
    joined(world, clinician, CALLER)
    run(world, LONG_ENOUGH)
    assert Office(world).one(promise).state == "kept"


def consult(world: World) -> tuple[Line, Line]:
    """An agent in a talk has a clinician paged; the lines of the caller and of the agent."""
    caller, agent = talking(world)
    agent.press("*")
    goes_on(world, agent, ("1",))
    return caller, agent


def asked_again(world: World) -> Line:
    """A caller talked with an agent, who has left, and is asked whether they want somebody again."""
    caller, agent = talking(world)
    agent.hang_up()
    assert world.advance(lambda: "press 1" in said_to(caller)[-60:], timedelta(seconds=20))
    return caller
