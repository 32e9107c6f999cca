"""Tests before a shift: whoever is named exists, and what is written can do what it is for."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.directory.checks.names import unknown
from ivr.directory.draft import ON_CALL, Draft
from ivr.directory.on_call import entries_of
from ivr.directory.problems import Problem
from ivr.directory.schema.fields import written_length
from ivr.directory.schema.oncall import HOUSE_FALLBACK
from ivr.directory.schema.rota import DrillEntry, RotaEntry
from ivr.directory.yaml_reader import Place


def problems(draft: Draft) -> Iterator[Problem]:
    """What of the test of each rota cannot work, or works otherwise than it may seem to."""
    for name, rota in draft.on_call.rotas.items():
        if rota.drill is not None:
            place = ("rotas", name, "drill")
            yield from _backup(draft, place, name, rota, rota.drill)
            yield from _times(draft, place, rota.drill)
            yield from _never(draft, place, rota)


def _backup(draft: Draft, place: Place, name: str, rota: RotaEntry, drill: DrillEntry) -> Iterator[Problem]:
    if drill.backup is not None:
        where = (*place, "backup")
        yield from unknown(draft, ON_CALL, where, "person", drill.backup, draft.on_call.people)
        if rota.everybody == (drill.backup,):
            what = f"{drill.backup} is the only one on the rota, and would stand behind themselves"
            yield draft.problem(ON_CALL, where, what, "name somebody else as backup")
        elif drill.backup in rota.everybody and drill.backup in draft.on_call.people:
            what = f"{drill.backup} is on call on the rota too, and in their own shifts whoever is next is the backup"
            mend = "name somebody who is never on call on it, or leave backup out"
            yield draft.problem(ON_CALL, where, what, mend, warning=True)
        return
    for ladder in sorted(_climbed(draft, name)):
        steps = draft.on_call.escalations.get(ladder, ())
        others = {step.page for step in steps} - {"on_call", HOUSE_FALLBACK}
        if len(rota.everybody) == 1:
            others -= {"next_on_call", *rota.everybody}
        if steps and not others:
            what = f"nobody is paged beside whoever was not reached: {ladder} has no step for anybody else"
            yield draft.problem(ON_CALL, place, what, "add backup, or a step to the escalation", warning=True)


def _times(draft: Draft, place: Place, drill: DrillEntry) -> Iterator[Problem]:
    needed = (drill.tries - 1) * drill.every
    if needed >= drill.before:
        what = "the tries are not over before the shift begins, so that it is known late to be at risk"
        mend = f"write before: longer than {written_length(needed)}, or fewer tries"
        yield draft.problem(ON_CALL, (*place, "before"), what, mend, warning=True)


def _never(draft: Draft, place: Place, rota: RotaEntry) -> Iterator[Problem]:
    lies_over = (*rota.layers, *rota.shifts, *rota.temporary, *rota.overrides)
    if not lies_over and (rota.rotation == "none" or len({turn.person[0] for turn in rota.people}) == 1):
        what = "the same person is always responsible and never goes on call, so that nobody is rung"
        mend = "remove drill, unless the rota follows a calendar or is covered at once"
        yield draft.problem(ON_CALL, place, what, mend, warning=True)


def _climbed(draft: Draft, rota: str) -> set[str]:
    """The escalations that are climbed while a rota is responsible."""
    entries = [entry for practice in draft.practices.values() for _, _, entry in entries_of(practice)]
    return {ladder for entry in entries if entry.rota == rota for ladder in entry.escalation.values()}
