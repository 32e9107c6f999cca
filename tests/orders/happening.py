"""What happens at the state of an order: what people do, and what breaks."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from ivr.jobs import worker
from phonesim import switch_off, switch_on
from phonesim.errors import PhonesimError
from tests.orders.scene import Scene, Void

UNTIL_ASKED_AGAIN = 30.0
"""The longest pause before the phone network is asked again for what it refused."""
FAULTS = {
    "news lost": ("callbacks-lost=1", 40), "news late": ("callbacks-late=20", 60),
    "webhooks twice": ("webhooks-twice-fresh", 600), "webhooks late": ("webhooks-late=5", 60),
    "rest failing": ("rest-failing=503", 45), "rest busy": ("rest-busy", 45),
    "rest loses answers": ("rest-lost-answer", 45), "carrier failing": ("carrier-failing", 45),
}  # fmt: skip


def happens(scene: Scene) -> None:
    """The events of the order. Raises Void where one cannot happen."""
    for place, event in enumerate(scene.order.events):
        if place and scene.order.delay:
            scene.passes(scene.order.delay)
        bring_about(scene, event)
    scene.world.settle()


def bring_about(scene: Scene, event: str) -> None:
    """One event. Raises Void."""
    actor, _, act = event.partition(" ")
    if event in FAULTS:
        fault, lasts = FAULTS[event]
        switch_on(scene.net, fault)
        if fault.startswith("rest-"):
            scene.tape.refused.append((scene.now, scene.now + lasts + UNTIL_ASKED_AGAIN))
        scene.later(lasts, lambda: switch_off(scene.net, fault.partition("=")[0]))
    elif event == "worker dies":
        scene.world._work = _dies(scene, scene.world._work)  # type: ignore[method-assign]
    elif event == "redis emptied":
        scene.world.empty_redis()
    elif event == "everybody hangs up":
        scene.hang_up([line for phone in scene.net.phones.values() for line in phone.lines])
    elif actor == "clinicians":
        for who in ("dr-okafor", "dr-lee", "dr-patel"):
            _becomes(scene, who, act)
    elif act == "dials":
        if scene.phone(actor).lines:
            raise Void(event)
        scene.dials(actor)
    else:
        _acted(scene, find_actor(scene, actor), act, event)


def _acted(scene: Scene, who: str, act: str, event: str) -> None:
    line = scene.phone(who).line
    if act in ("hangs up", "is lost") or act.startswith("presses "):
        if line is None:
            raise Void(event)
        with suppress(PhonesimError):
            if act.startswith("presses "):
                line.press(act.removeprefix("presses "))
            else:
                line.hang_up() if act == "hangs up" else line.lose()
    elif act == "declines" and scene.phone(who).ringing and who not in scene.tape.callers:
        scene.phone(who).decline()
    else:
        _becomes(scene, who, act)


def _becomes(scene: Scene, who: str, manner: str) -> None:
    """Somebody has this manner with the call that rings or is in hand, and else with the next."""
    line = scene.phone(who).line
    if manner in ("busy", "off"):
        scene.phone(who).behaviour = "busy" if manner == "busy" else "switched-off"
        scene.later(120, lambda: setattr(scene.phone(who), "behaviour", "manual"))
    elif line is not None and manner not in ("voicemail", "ignores", "declines"):
        scene.lines_manner[line.call_sid] = manner
    else:
        scene.once[who] = manner


def find_actor(scene: Scene, role: str) -> str:
    """Who plays a role now: the clinician is whoever is at it, or else is rung first."""
    if role == "patient":
        return "caller"
    if role == "agent":
        return "benjie" if scene.order.chain.startswith("interpreted") else "ana"
    if role == "interpreter":
        return "lingua"
    if role == "clinician":
        phones = {who: scene.phone(who) for who in ("dr-patel", "dr-lee", "dr-okafor")}
        at_it = [who for who, phone in phones.items() if phone.line or phone.ringing]
        return at_it[0] if at_it else "dr-okafor"
    return role


def _dies(scene: Scene, works: Callable[[], int]) -> Callable[[], int]:
    """The next worker that takes up effects is killed before it has carried out any."""

    def dying() -> int:
        leased = len(worker.lease_items(scene.world.services))
        if leased:
            scene.world._work = works  # type: ignore[method-assign]
        return leased or works()

    return dying
