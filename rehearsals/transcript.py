"""The transcript of a call: who hears, presses and says what, what was decided, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from phonesim import Trace
from rehearsals import ledger
from rehearsals.cast import Cast
from rehearsals.decisions import decision
from rehearsals.world import World

CAUSES = ("ring", "answer", "decline", "press", "speak")
"""Kinds that come before the decisions of their instant; all others follow from these."""

TOGETHER = timedelta(seconds=1)


def transcript(world: World, cast: Cast) -> Iterator[str]:
    """Return the lines so far. Seconds count from the beginning."""
    lines = [(entry.at, 0 if _causes(entry, cast) else 2, tell(entry, cast)) for entry in told(world.net.trace)]
    lines += [
        (row.at, 1, _decided(decision(row, ledger.organisation_at(world, row.at)))) for row in ledger.events(world)
    ]
    for at, _, text in sorted(lines, key=lambda line: line[:2]):
        if text:
            yield f"{stamp(at, world.start)} {text}"


def tell(entry: Trace, cast: Cast) -> str | None:
    """Tell one event of the phone network in words. Return None where nobody would notice it."""
    who, detail = cast.name(entry.who), entry.detail
    match entry.kind:
        case "hear":
            return f'{who} hears "{detail["text"]}"' if detail["kind"] in ("say", "speech") else None
        case "press":
            return f"{who} presses {detail['key']}"
        case "speak":
            return f'{who} says "{detail["text"]}"'
        case "dial":
            return f"{who} dials {cast.name(detail['to'])}"
        case "ring":
            return f"{who}'s phone rings"
        case "answer" | "decline":
            return f"{who} {entry.kind}s"
        case "join" | "leave":
            return f"{who} {entry.kind}s {_place(detail, cast)}"
        case "hold" | "unhold":
            return f"{who} is {'put on' if entry.kind == 'hold' else 'taken off'} hold"
        case "lost":
            return f"{who}'s line breaks"
        case "hang-up":
            return f"the call of {who} ends ({detail['status']})"
        case "sms":
            return f'{who} gets the text "{detail["body"]}"'
        case "recording":
            return f"the recording of {who} is {detail['status']}"
        case "alert":
            return f"THE NETWORK COMPLAINS: {detail['code']} {detail['message']}"
    return None


def told(trace: Sequence[Trace], dialled: dict[str, str] | None = None) -> list[Trace]:
    """Return the trace without answers by us, with the keys that one person presses in a row as one entry.

    ``dialled`` remembers who dialled each call, for whoever tells a trace piece by piece.
    """
    found: list[Trace] = []
    pressed: dict[str, tuple[int, datetime]] = {}
    incoming = {} if dialled is None else dialled
    incoming.update({entry.detail["call_sid"]: entry.who for entry in trace if entry.kind == "dial"})
    for entry in trace:
        if entry.kind == "answer" and incoming.get(entry.detail["call_sid"]) == entry.who:
            continue
        place, last = pressed.get(entry.who, (-1, entry.at - 2 * TOGETHER))
        if entry.kind != "press" or entry.at - last > TOGETHER:
            found.append(entry)
            place = len(found) - 1
        else:
            found[place] = replace(found[place], detail={"key": found[place].detail["key"] + entry.detail["key"]})
        if entry.kind == "press":
            pressed[entry.who] = (place, entry.at)
    return found


def stamp(at: datetime, start: datetime) -> str:
    """Write the time since the beginning in minutes and seconds, and in hours where there are any."""
    total = int((at - start).total_seconds())
    hours, rest = divmod(total, 3600)
    clock = f"{rest // 60:02}:{rest % 60:02}"
    return f"{hours}:{clock}" if hours else clock


def _place(detail: dict[str, object], cast: Cast) -> str:
    if "queue" in detail:
        return "the queue"
    return "the conversation" if "conference" in detail else f"the call with {cast.name(str(detail.get('other', '')))}"


def _causes(entry: Trace, cast: Cast) -> bool:
    return entry.kind in CAUSES or (entry.kind == "dial" and cast.name(entry.who) != entry.who)


def _decided(text: str | None) -> str | None:
    return None if text is None else f"  decision: {text}"
