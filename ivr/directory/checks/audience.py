"""Whom each protocol is asked about: nobody is screened by a set of questions that was signed for others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem, some
from ivr.directory.schema import PracticeFile
from ivr.directory.yaml_reader import Place


class Offer(NamedTuple):
    """A protocol that a practice names at ``place``, and the groups of patients about whom it is asked."""

    place: Place
    protocol: str
    groups: tuple[str, ...]


def offers_of(practice: PracticeFile) -> Iterator[Offer]:
    """Each protocol that a practice names, with whom it is asked about: all whom the practice cares for."""
    for name, service in practice.services.items():
        if service.protocol is not None:
            yield Offer(("services", name, "protocol"), service.protocol, practice.patients)


def problems(draft: Draft) -> Iterator[Problem]:
    """Protocols that are asked about somebody for whom they were not signed."""
    for name, practice in draft.practices.items():
        for place, protocol, groups in offers_of(practice):
            signed_for = draft.protocols[protocol].groups if protocol in draft.protocols else groups
            others = [group for group in groups if group not in signed_for]
            if others:
                what = f"{protocol} is a protocol for {some(signed_for)}, and it is offered to {some(others)}"
                mend = f"name a protocol that is for {some(others)}, or take {some(others)} out of patients"
                yield draft.problem(file_of("practices", name), place, what, mend)
