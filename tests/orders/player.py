"""Plays an order on the phones of a stepped world: the way to its state, what happens there, and how it goes on."""

from __future__ import annotations

from datetime import UTC, datetime

from rehearsals.world import World
from tests.calls.office import CONFIG
from tests.orders.happening import happens
from tests.orders.judge import contact_at
from tests.orders.orders import FAULTS, Order
from tests.orders.people import People
from tests.orders.reaching import reaches
from tests.orders.scene import NotReached, Scene, Void
from tests.orders.tape import Tape

__all__ = ["NotReached", "Void", "play"]
EVENING = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)
"""Eight in the evening at Maple, ten in the morning in Manila."""
LATE = 6 * 60.0
SHORT_TALK, LONGER_TALK = 4.0, 25.0
"""Seconds beyond contact; where news is lost, those who have been together are known to be only some time later."""
LONGEST = 45 * 60.0
AFTERWARDS = 16 * 60.0


def goes_on(scene: Scene) -> None:
    """People act for themselves until there was contact, or the time is over; then they all leave."""
    scene.act_freely = People(scene).acts
    if scene.order.tail == "late":
        scene.manner = dict.fromkeys(scene.tape.helpers, "ignores")
        scene.passes(LATE)
        scene.manner = {}
    scene.tape.willing_from = scene.now
    end = scene.now + LONGEST
    while scene.now < end and not met(scene):
        scene.passes(5)
    leaves(scene)
    scene.tape.end = scene.now


def met(scene: Scene) -> bool:
    """Whether everybody who told of a symptom has had contact, and a moment more."""
    scene.tape.end = scene.now
    more = LONGER_TALK if set(scene.order.events) & set(FAULTS) else SHORT_TALK
    return all(contact_at(scene.tape, who) + more < scene.now for who in scene.tape.told) and bool(scene.tape.told)


def leaves(scene: Scene) -> None:
    """All hang up, in an order of their own, and nobody of the staff answers any more."""
    people = ["caller", "other", *scene.tape.staff, *scene.tape.interpreters]
    scene.manner = dict.fromkeys(people, "ignores")
    scene.once.clear()
    if scene.order.seed & 1:
        people.reverse()
    for who in people:
        scene.hang_up(scene.phone(who).lines)
        if scene.order.seed & 2 and scene.phone(who).history:
            scene.passes(3)
    scene.passes(AFTERWARDS)


def play(order: Order) -> Tape:
    """The tape of an order. Raises NotReached, or Void where an event of it cannot happen."""
    with World(CONFIG, EVENING, seed=order.seed + 1) as world:
        scene = Scene(world, order)
        reaches(scene)
        happens(scene)
        goes_on(scene)
        return scene.observer.finish()
