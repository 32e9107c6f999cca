"""Lengths of time in which somebody waits: one that is never over would keep a caller, or an agent, for ever.

They are refused where a configuration is read from its files. A revision that was loaded before goes on as it did.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ivr.directory.draft import ON_CALL, Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import PracticeFile, ProtocolFile
from ivr.directory.schema.fields import URGENCIES
from ivr.directory.yaml_reader import Place
from routing.promises import parse_rule

Length = tuple[Place, timedelta | None]
LONGEST = timedelta(days=1)
LONGEST_PROMISE = timedelta(days=31)


def problems(draft: Draft) -> Iterator[Problem]:
    """Waits of over a day, promises of over a month, and call-backs for which no phone may ever be rung."""
    for name, practice in draft.practices.items():
        yield from _too_long(draft, file_of("practices", name), _of_practice(practice))
        yield from _too_long(draft, file_of("practices", name), _promises(practice), LONGEST_PROMISE, "31d")
        if practice.waiting.call_backs.is_empty:
            what = "call_backs: no phone may ever be rung, so that no promise could be kept"
            yield draft.problem(
                file_of("practices", name), ("waiting", "call_backs"), what, "write hours, or remove it"
            )
    for name, protocol in draft.protocols.items():
        yield from _too_long(draft, file_of("protocols", name), _of_protocol(protocol))
    ladders = draft.on_call.escalations.items()
    steps = (
        (("escalations", name, at, "for"), step.wait) for name, ladder in ladders for at, step in enumerate(ladder)
    )
    yield from _too_long(draft, ON_CALL, steps)


def _too_long(
    draft: Draft, file: str, lengths: Iterator[Length], most: timedelta = LONGEST, told: str = "1d"
) -> Iterator[Problem]:
    for place, length in lengths:
        if length is not None and length > most:
            what = f"{place[-1]}: nobody waits for over {told}"
            yield draft.problem(file, place, what, "write a time that comes, such as 40s, 10m or 4h")


def _of_practice(practice: PracticeFile) -> Iterator[Length]:
    yield ("waiting", "patience"), practice.waiting.patience
    yield ("known_agent", "reserved"), practice.known_agent.reserved
    if practice.staff is not None:
        yield ("staff", "overflow_after"), practice.staff.overflow_after
    for name, location in practice.locations.items():
        if location.staff is not None:
            yield ("locations", name, "staff", "overflow_after"), location.staff.overflow_after
    for name, service in practice.services.items():
        yield ("services", name, "patience"), service.patience
        yield ("services", name, "wrap_up"), service.wrap_up
        for index, step in enumerate(service.relax or ()):
            yield ("services", name, "relax", index, "after"), step.after


def _promises(practice: PracticeFile) -> Iterator[Length]:
    for name, service in practice.services.items():
        yield ("services", name, "promise"), parse_rule(service.promise).after


def _of_protocol(protocol: ProtocolFile) -> Iterator[Length]:
    for urgency in URGENCIES:
        yield ("answer_within", urgency), getattr(protocol.answer_within, urgency)
