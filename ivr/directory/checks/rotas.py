"""Rotas: everybody in them exists, and nothing in them never holds or holds otherwise than it may seem to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from ivr.directory.checks.names import unknown
from ivr.directory.draft import ON_CALL, Draft
from ivr.directory.problems import Problem
from ivr.directory.rotas import rota_of
from ivr.directory.schema.rota import NOBODY, OverrideEntry, RotaEntry, ShiftEntry, TemporaryEntry, TurnEntry
from ivr.directory.yaml_reader import Place
from routing.rota import RotaError
from routing.zones import to_utc

_MEANT = "end one sooner, or leave it where that is meant"


def problems(draft: Draft, at: datetime) -> Iterator[Problem]:
    """What is wrong with each rota, and what of it is over by ``at``."""
    for name, rota in draft.on_call.rotas.items():
        place = ("rotas", name)
        yield from _people(draft, place, rota)
        yield from _contradictions(draft, place, name, rota)
        yield from _overlaps(draft, place, rota)
        yield from _gaps(draft, place, rota)
        yield from _over(draft, place, rota, at)


def _people(draft: Draft, place: Place, rota: RotaEntry) -> Iterator[Problem]:
    yield from _turns(draft, (*place, "people"), rota.people, may_be_nobody=False)
    for index, layer in enumerate(rota.layers):
        yield from _turns(draft, (*place, "layers", index, "people"), layer.people, may_be_nobody=True)
    for where, shift in _shifts(place, rota):
        for person in shift.person:
            yield from unknown(draft, ON_CALL, (*where, "person"), "person", person, draft.on_call.people)
    for index, override in enumerate(rota.overrides):
        for key, one in (("person", override.person), ("instead_of", override.instead_of)):
            if one is not None:
                where = (*place, "overrides", index, key)
                yield from unknown(draft, ON_CALL, where, "person", one, draft.on_call.people)


def _turns(draft: Draft, place: Place, turns: Sequence[TurnEntry], *, may_be_nobody: bool) -> Iterator[Problem]:
    known = [*draft.on_call.people, *([NOBODY] if may_be_nobody else [])]
    for index, turn in enumerate(turns):
        for person in turn.person:
            yield from unknown(draft, ON_CALL, (*place, index), "person", person, known)
        if NOBODY in turn.person and turn.person != (NOBODY,) and may_be_nobody:
            what = "nobody is on call at once with somebody"
            yield draft.problem(ON_CALL, (*place, index), what, "remove nobody, or the others")
    for index, (one, other) in enumerate(pairwise(turns), 1):
        if one.person == other.person:
            what = f"{other.person[0]} has two turns, one after the other"
            mend = f"keep one, or write {{person: {other.person[0]}, turns: {one.turns + other.turns}}}"
            yield draft.problem(ON_CALL, (*place, index), what, mend, warning=True)


def _contradictions(draft: Draft, place: Place, name: str, rota: RotaEntry) -> Iterator[Problem]:
    try:
        rota_of(name, rota)
    except RotaError as error:
        what, _, mend = str(error).partition("; ")
        yield draft.problem(ON_CALL, place, what, mend)


def _overlaps(draft: Draft, place: Place, rota: RotaEntry) -> Iterator[Problem]:
    """Stretches that overlap: of overrides and temporary schedules the later holds, of shifts all are on call."""
    replacing = [one for one in enumerate(rota.overrides) if not one[1].beside]
    for first, second in _overlapping(replacing):
        one, other = rota.overrides[first], rota.overrides[second]
        if one.instead_of == other.instead_of:
            what = f"the overrides by {one.person} and {other.person} overlap, where {other.person} is on call"
            yield draft.problem(ON_CALL, (*place, "overrides", second), what, _MEANT, warning=True)
    for _, second in _overlapping(list(enumerate(rota.temporary))):
        what = "it overlaps a temporary schedule that is written before it, and holds there"
        yield draft.problem(ON_CALL, (*place, "temporary", second), what, _MEANT, warning=True)
    for where, shifts in _lists_of_shifts(place, rota):
        for first, second in _overlapping(list(enumerate(shifts))):
            what = f"it overlaps another shift, so that {shifts[first].person[0]} is responsible and both are on call"
            yield draft.problem(ON_CALL, (*where, second), what, _MEANT, warning=True)


def _overlapping(
    items: Sequence[tuple[int, OverrideEntry | ShiftEntry | TemporaryEntry]],
) -> Iterator[tuple[int, int]]:
    for position, (second, other) in enumerate(items):
        for first, one in items[:position]:
            if one.starts < other.until and other.starts < one.until:
                yield first, second
                break


def _gaps(draft: Draft, place: Place, rota: RotaEntry) -> Iterator[Problem]:
    """Temporary schedules that leave a part of their time to the rota, and shifts outside of their schedule."""
    for index, schedule in enumerate(rota.temporary):
        where = (*place, "temporary", index)
        covered = schedule.starts
        for shift in sorted(schedule.shifts, key=lambda one: one.starts):
            if shift.starts > covered:
                break
            covered = max(covered, shift.until)
        if covered < schedule.until:
            what = f"the temporary schedule names nobody from {covered:%Y-%m-%d %H:%M}, and the rota goes on there"
            mend = "add a shift, or leave it where that is meant"
            yield draft.problem(ON_CALL, where, what, mend, warning=True)
        for number, shift in enumerate(schedule.shifts):
            if shift.until <= schedule.starts or shift.starts >= schedule.until:
                what = "the shift lies outside of its temporary schedule, and never holds"
                yield draft.problem(ON_CALL, (*where, "shifts", number), what, "move it, or remove it")


def _over(draft: Draft, place: Place, rota: RotaEntry, at: datetime) -> Iterator[Problem]:
    for index, layer in enumerate(rota.layers):
        if layer.until is not None and to_utc(layer.until, rota.timezone) <= at:
            what = f"the layer ended on {layer.until:%Y-%m-%d}, and what lies under it answers"
            mend = "remove it, or write a later end"
            yield draft.problem(ON_CALL, (*place, "layers", index), what, mend, warning=True)
    for index, schedule in enumerate(rota.temporary):
        if to_utc(schedule.until, rota.timezone, repeated="second") <= at:
            what = f"the temporary schedule was over on {schedule.until:%Y-%m-%d %H:%M}"
            yield draft.problem(ON_CALL, (*place, "temporary", index), what, "remove it", warning=True)


def _lists_of_shifts(place: Place, rota: RotaEntry) -> Iterator[tuple[Place, tuple[ShiftEntry, ...]]]:
    yield (*place, "shifts"), rota.shifts
    for index, schedule in enumerate(rota.temporary):
        yield (*place, "temporary", index, "shifts"), schedule.shifts


def _shifts(place: Place, rota: RotaEntry) -> Iterator[tuple[Place, ShiftEntry]]:
    for where, shifts in _lists_of_shifts(place, rota):
        yield from (((*where, index), shift) for index, shift in enumerate(shifts))
