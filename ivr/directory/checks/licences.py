"""Kinds of licence: each that is named is known, and none allows more than it may."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ivr.directory import values
from ivr.directory.draft import ON_CALL, OPERATOR, Draft, file_of
from ivr.directory.problems import Problem, nearest
from ivr.directory.yaml_reader import Place
from routing.licence_kinds import USUAL_KINDS


def problems(draft: Draft) -> Iterator[Problem]:
    """Kinds that nobody has described, and usual ones that would be relaxed."""
    known = frozenset(values.licence_kinds(draft.operator))
    yield from _described(draft, known)
    for file, place, kind in _named(draft):
        yield from unknown_kind(draft, file, place, kind, known)


def unknown_kind(draft: Draft, file: str, place: Place, kind: str, known: Collection[str]) -> Iterator[Problem]:
    """A problem when ``kind`` is not among the ``known``."""
    if kind not in known:
        mend = f"{nearest(kind, known).rstrip('?')}, or describe it under licence_kinds in {OPERATOR}"
        yield draft.problem(file, place, f"{kind!r} is not known here as a kind of licence", mend)


def _described(draft: Draft, known: Collection[str]) -> Iterator[Problem]:
    for name, entry in draft.operator.licence_kinds.items():
        place, usual = ("licence_kinds", name), USUAL_KINDS.get(name)
        for index, kind in enumerate(entry.met_by or ()):
            yield from unknown_kind(draft, OPERATOR, (*place, "met_by", index), kind, known)
            if usual is not None and kind not in usual.met_by and kind in known:
                what = f"{name} is one of the usual kinds, and {kind} does not usually do its work"
                mend = f"leave {kind} out, or describe a kind of your own that both of them meet"
                yield draft.problem(OPERATOR, (*place, "met_by", index), what, mend)
        if entry.compact and not (usual and usual.compact):
            what = f"{name} is not in the Nurse Licensure Compact, which is for RN, LPN and LVN"
            yield draft.problem(OPERATOR, (*place, "compact"), what, "remove compact")


def _named(draft: Draft) -> Iterator[tuple[str, Place, str]]:
    """Every kind that is named, and where."""
    for index, agent in enumerate(draft.operator.agents):
        for number, licence in enumerate(agent.licences):
            yield OPERATOR, ("agents", index, "licences", number, "kind"), licence.kind
    for name, person in draft.on_call.people.items():
        for number, licence in enumerate(person.licences):
            yield ON_CALL, ("people", name, "licences", number, "kind"), licence.kind
    for practice, file in draft.practices.items():
        for name, service in file.services.items():
            yield file_of("practices", practice), ("services", name, "licence"), service.licence
