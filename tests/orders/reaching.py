"""The way to the state of an order: everybody does what leads there."""

from __future__ import annotations

from datetime import timedelta

from rehearsals.provisioning import PIN
from tests.orders.orders import steps
from tests.orders.scene import NotReached, Scene


def reaches(scene: Scene) -> None:
    """Everybody does what leads to the state. Raises NotReached."""
    scene.dials("caller")
    for step in steps(scene.order.chain):
        if step == f"@{scene.order.state}":
            return
        if not step.startswith("@"):
            does(scene, step)
    raise NotReached(f"{scene.order}: there is no such state")


def does(scene: Scene, step: str) -> None:
    """One step of a chain."""
    subject, _, value = (part.strip() for part in step.partition(":"))
    who, _, verb = subject.partition(" ")
    match verb or who:
        case "hears":
            scene.until(lambda: heard(scene, who, value), step)
        case "presses":
            scene.line(who).press(value.replace("PIN", f"{PIN}#"))
            scene.passes(0.8 if value == "PIN" else 0.01)
        case "says":
            scene.line(who).say(value)
            scene.passes(0.01)
        case "rings":
            scene.until(lambda: scene.phone(who).ringing, step)
        case "answers":
            scene.passes(2.0)
            scene.answers(who)
            scene.passes(0.01)
        case "declines":
            scene.phone(who).decline()
        case "hangs up":
            scene.line(who).hang_up()
        case "dials":
            scene.dials(who)
        case "talk":
            one, other = value.split()
            scene.until(lambda: scene.who[other] in scene.line(one).connected_to, step)
        case "told":
            scene.tape.told.setdefault(value, scene.now)
        case "wait":
            scene.passes(float(value))


def heard(scene: Scene, who: str, words: str) -> bool:
    """Whether words have been said to the end on the line of somebody since they last acted."""
    line = scene.line(who)
    since = scene.handled.get(line.call_sid, -1)
    for place in range(since + 1, len(line.heard)):
        sound = line.heard[place]
        whole = sound.until is not None and sound.until <= scene.world.now + timedelta(seconds=0.1)
        if whole and words.casefold() in sound.text.casefold():
            scene.handled[line.call_sid] = place
            return True
    return False
