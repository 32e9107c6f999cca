"""oncall.yaml: everybody named exists, can be reached as asked, and may practise where they are on call."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.directory import values
from ivr.directory.checks.names import repeated, unknown
from ivr.directory.draft import ON_CALL, Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema.oncall import HOUSE_FALLBACK, RotaEntry, StepEntry
from ivr.directory.yaml_reader import Place
from routing.rota import RotaError

ROLES = ("on_call", "next_on_call", "medical_director", HOUSE_FALLBACK)


def problems(draft: Draft) -> Iterator[Problem]:
    """Rotas and escalations that could leave a page with nobody to go to."""
    for name, rota in draft.on_call.rotas.items():
        yield from _rota(draft, name, rota)
    for name, steps in draft.on_call.escalations.items():
        for index, step in enumerate(steps):
            yield from _step(draft, ("escalations", name, index), step)
    yield from _unused(draft)
    yield from _alone(draft)


def _rota(draft: Draft, name: str, rota: RotaEntry) -> Iterator[Problem]:
    place, people = ("rotas", name), draft.on_call.people
    for index, person in enumerate(rota.people):
        yield from unknown(draft, ON_CALL, (*place, "people", index), "person", person, people)
    for index, override in enumerate(rota.overrides):
        yield from unknown(draft, ON_CALL, (*place, "overrides", index, "person"), "person", override.person, people)
    for at, person in repeated(((*place, "people", index), person) for index, person in enumerate(rota.people)):
        yield draft.problem(ON_CALL, at, f"{person} is in the rota twice", "keep one; turns are shared evenly")
    try:
        values.rota(name, rota)
    except RotaError as error:
        what, _, mend = str(error).partition("; ")
        yield draft.problem(ON_CALL, (*place, "overrides"), what, mend)


def _step(draft: Draft, place: Place, step: StepEntry) -> Iterator[Problem]:
    people = draft.on_call.people
    yield from unknown(draft, ON_CALL, (*place, "page"), "person or role", step.page, (*ROLES, *people))
    if "sms" not in step.by:
        return
    for name in [step.page] if step.page in people else _rostered(draft):
        if name in people and people[name].sms is None:
            what = f"{name} may be paged by sms but has no sms number"
            yield draft.problem(ON_CALL, place, what, f"add sms to {name}, or page by voice only")


def _rostered(draft: Draft) -> list[str]:
    directors = {practice.on_call.medical_director for practice in draft.practices.values()}
    return sorted(directors.union(*(rota.people for rota in draft.on_call.rotas.values())))


def _alone(draft: Draft) -> Iterator[Problem]:
    paged = {step.page for steps in draft.on_call.escalations.values() for step in steps}
    for name, rota in draft.on_call.rotas.items():
        if len(rota.people) == 1 and "next_on_call" in paged:
            what = f"{name} has one person, so next_on_call means nobody and is skipped"
            yield draft.problem(ON_CALL, ("rotas", name, "people"), what, "add a second person", warning=True)


def _unused(draft: Draft) -> Iterator[Problem]:
    entries = [practice.on_call for practice in draft.practices.values()]
    used = {entry.rota for entry in entries} | {name for entry in entries for name in entry.escalation.values()}
    for kind, names in (("rotas", draft.on_call.rotas), ("escalations", draft.on_call.escalations)):
        for name in names:
            if name not in used:
                what = f"no practice uses {name}"
                yield draft.problem(ON_CALL, (kind, name), what, "name it in a practice, or remove it", warning=True)


def clinicians_of(draft: Draft, practice: str) -> list[tuple[str, str]]:
    """Everybody who may be on call for a practice, with the file that says so."""
    entry = draft.practices[practice].on_call
    rota = draft.on_call.rotas.get(entry.rota)
    people = [*rota.people, *(override.person for override in rota.overrides)] if rota else []
    own = [(person, ON_CALL) for person in dict.fromkeys(people)]
    return [*own, (entry.medical_director, file_of("practices", practice))]
