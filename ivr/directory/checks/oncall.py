"""oncall.yaml: everybody named exists, can be reached as asked, and may practise where they are on call."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.directory import values
from ivr.directory.checks.licences import unknown_kind
from ivr.directory.checks.names import unknown
from ivr.directory.draft import ON_CALL, Draft, file_of
from ivr.directory.on_call import entries_of, written
from ivr.directory.problems import Problem
from ivr.directory.schema.location import LocationOnCall, OnCallEntry, OnCallException
from ivr.directory.schema.oncall import HOUSE_FALLBACK, StepEntry
from ivr.directory.yaml_reader import Place

ROLES = ("on_call", "next_on_call", "medical_director", HOUSE_FALLBACK)


def problems(draft: Draft) -> Iterator[Problem]:
    """Escalations that could leave a page with nobody to go to."""
    for name, steps in draft.on_call.escalations.items():
        for index, step in enumerate(steps):
            yield from _step(draft, ("escalations", name, index), step)
    yield from _texted(draft)
    yield from _named_in_practices(draft)
    yield from _unused(draft)
    yield from _alone(draft)


def _step(draft: Draft, place: Place, step: StepEntry) -> Iterator[Problem]:
    people = draft.on_call.people
    yield from unknown(draft, ON_CALL, (*place, "page"), "person or role", step.page, (*ROLES, *people))


def _texted(draft: Draft) -> Iterator[Problem]:
    people = draft.on_call.people
    texted = [step.page for steps in draft.on_call.escalations.values() for step in steps if "sms" in step.by]
    paged = {name for page in texted for name in ([page] if page in people else _rostered(draft))}
    for name in sorted(paged & people.keys()):
        if people[name].sms is None:
            what = f"{name} may be paged by sms but has no sms number"
            yield draft.problem(ON_CALL, ("people", name), what, f"add sms to {name}, or page by voice only")


def _rostered(draft: Draft) -> list[str]:
    entries = [entry for _, entry in _entries(draft)]
    directors = {entry.medical_director for entry in entries if entry.medical_director}
    return sorted(directors.union(*(rota.everybody for rota in draft.on_call.rotas.values())))


def _alone(draft: Draft) -> Iterator[Problem]:
    for name, rota in draft.on_call.rotas.items():
        climbed = {ladder for one, ladder in _climbed(draft) if one == name}
        paged = {step.page for ladder in climbed for step in draft.on_call.escalations.get(ladder, ())}
        if len(rota.everybody) == 1 and "next_on_call" in paged:
            what = f"{name} has one person, so next_on_call means nobody and is skipped"
            yield draft.problem(ON_CALL, ("rotas", name, "people"), what, "add a second person", warning=True)


def _climbed(draft: Draft) -> Iterator[tuple[str, str]]:
    """Every rota with each of the escalations that are climbed while it is responsible."""
    for practice in draft.practices.values():
        for _, _, entry in entries_of(practice):
            yield from ((entry.rota, ladder) for ladder in entry.escalation.values())


def _unused(draft: Draft) -> Iterator[Problem]:
    entries = [entry for _, entry in _entries(draft)]
    used = {entry.rota for entry in entries} | {name for entry in entries for name in (entry.escalation or {}).values()}
    for kind, names in (("rotas", draft.on_call.rotas), ("escalations", draft.on_call.escalations)):
        for name in names:
            if name not in used:
                what = f"no practice uses {name}"
                yield draft.problem(ON_CALL, (kind, name), what, "name it in a practice, or remove it", warning=True)


def _named_in_practices(draft: Draft) -> Iterator[Problem]:
    """Rotas, people, escalations, services and kinds of licence that a practice names and nobody has described."""
    kinds = values.licence_kinds(draft.operator)
    for name, practice in draft.practices.items():
        file = file_of("practices", name)
        for place, entry in written(practice):
            yield from _named(draft, file, place, entry)
            for index, kind in enumerate(entry.licences or ()):
                yield from unknown_kind(draft, file, (*place, "licences", index), kind, kinds)
            for service in entry.services if isinstance(entry, LocationOnCall) else ():
                yield from unknown(draft, file, (*place, "services", service), "service", service, practice.services)


def _named(draft: Draft, file: str, place: Place, entry: OnCallEntry | OnCallException) -> Iterator[Problem]:
    on_call = draft.on_call
    if entry.rota is not None:
        yield from unknown(draft, file, (*place, "rota"), "rota", entry.rota, on_call.rotas)
    if entry.medical_director is not None:
        director = (*place, "medical_director")
        yield from unknown(draft, file, director, "person", entry.medical_director, on_call.people)
    for urgency, name in (entry.escalation or {}).items():
        yield from unknown(draft, file, (*place, "escalation", urgency), "escalation", name, on_call.escalations)


def clinicians_of(draft: Draft, entry: OnCallEntry) -> tuple[str, ...]:
    """Everybody who may be paged by an entry: whoever is named in the rota, the medical director, and the backup."""
    rota = draft.on_call.rotas.get(entry.rota)
    backup = rota.drill.backup if rota and rota.drill else None
    behind = [entry.medical_director, *([backup] if backup is not None else [])]
    return tuple(dict.fromkeys([*(rota.everybody if rota else ()), *behind]))


def _entries(draft: Draft) -> Iterator[tuple[Place, OnCallEntry | OnCallException]]:
    for practice in draft.practices.values():
        yield from written(practice)
