"""Ladders: what is an emergency is never looked after more slowly, and no first step outlasts what was promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from ivr.directory.draft import ON_CALL, Draft, file_of
from ivr.directory.on_call import entries_of, written
from ivr.directory.problems import Problem
from ivr.directory.schema import PracticeFile
from ivr.directory.schema.fields import written_length
from ivr.directory.schema.oncall import StepEntry
from ivr.directory.yaml_reader import Place

Ladder = tuple[StepEntry, ...]


def problems(draft: Draft) -> Iterator[Problem]:
    """Ladders by which emergent is slower than urgent, and first steps over the limit that a protocol allows."""
    for name, practice in draft.practices.items():
        yield from _slower(draft, file_of("practices", name), practice)
    yield from _over_the_limit(draft)


def starts(ladder: Ladder) -> list[timedelta]:
    """When each step begins, from the beginning of the first."""
    found = [timedelta()]
    for step in ladder[:-1]:
        found.append(found[-1] + lasts(step))
    return found


def lasts(step: StepEntry) -> timedelta:
    """How long a step is waited for in all: nobody else is paged before that."""
    return (step.wait or timedelta()) * step.times


def is_slower(ladder: Ladder, other: Ladder) -> bool:
    """Whether some step of ``ladder``, the fallback included, begins later than the same one of ``other``."""
    return any(one > two for one, two in zip(starts(ladder), starts(other), strict=False))


def _slower(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    ladders = draft.on_call.escalations
    climbed = dict.fromkeys(
        (entry.escalation.get("emergent", ""), entry.escalation.get("urgent", "")) for *_, entry in entries_of(practice)
    )
    for emergent, urgent in climbed:
        if {emergent, urgent} <= ladders.keys() and is_slower(ladders[emergent], ladders[urgent]):
            what = f"emergent climbs {emergent}, which is slower than {urgent} for urgent"
            mend = f"write a ladder for emergent that pages nobody later than {urgent}, or swap the two"
            yield draft.problem(file, _written_at(practice, emergent), what, mend)


def _written_at(practice: PracticeFile, emergent: str) -> Place:
    """Where a practice says that emergent climbs a ladder."""
    said = (place for place, entry in written(practice) if (entry.escalation or {}).get("emergent") == emergent)
    return (*next(said, ("on_call",)), "escalation", "emergent")


def _over_the_limit(draft: Draft) -> Iterator[Problem]:
    for (ladder, urgency), (limit, protocol) in _limits(draft).items():
        first = draft.on_call.escalations[ladder][0]
        if lasts(first) > limit:
            alone, allowed = written_length(lasts(first)), written_length(limit)
            paged = f"by {ladder} only {first.page} is paged for {alone}"
            what = f"{paged}, and by {protocol} {allowed} may pass when {urgency}"
            mend = f"write for: and times: that make {allowed} or less"
            yield draft.problem(ON_CALL, ("escalations", ladder, 0, "for"), what, mend)


def _limits(draft: Draft) -> dict[tuple[str, str], tuple[timedelta, str]]:
    """By ladder and urgency: the shortest wait that a protocol allows, and that protocol."""
    allowed: defaultdict[tuple[str, str], list[tuple[timedelta, str]]] = defaultdict(list)
    for practice in draft.practices.values():
        climbed = {one for *_, entry in entries_of(practice) for one in entry.escalation.items()}
        for name in sorted(practice.named_protocols() & draft.protocols.keys()):
            for urgency, ladder in sorted(climbed):
                if ladder in draft.on_call.escalations:
                    limit = getattr(draft.protocols[name].answer_within, urgency)
                    allowed[ladder, urgency].append((limit, name))
    return {climbing: min(limits) for climbing, limits in allowed.items()}
