"""Who may answer whom, and what is given up while callers wait: rules that name nothing, or leave nobody."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.directory.checks.names import repeated, unknown
from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem, nearest
from ivr.directory.schema import PracticeFile
from routing.policy import barred


def problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the site rules and the relaxing of every practice."""
    for name, practice in draft.practices.items():
        file = file_of("practices", name)
        yield from _payers(draft, file, practice)
        yield from _sites(draft, file, practice)
        yield from _nobody_left(draft, file, practice)
        yield from _overflow(draft, file, practice)


def _payers(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    payers = practice.policy.payers
    for place, name in repeated((("policy", "payers", index), name) for index, name in enumerate(payers)):
        yield draft.problem(file, place, f"the payer {name} is listed twice", "keep one of the two")


def _sites(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    for index, rule in enumerate(practice.policy.sites):
        place, sites = ("policy", "sites", index), draft.operator.sites
        for number, name in enumerate(rule.payers or ()):
            if name not in practice.policy.payers:
                mend = nearest(name, practice.policy.payers, "add it to policy.payers, or remove it here")
                yield draft.problem(file, (*place, "payers", number), f"there is no payer {name!r}", mend)
        for number, name in enumerate(rule.only or ()):
            yield from unknown(draft, file, (*place, "only", number), "site", name, sites)
        for number, name in enumerate(rule.never or ()):
            yield from unknown(draft, file, (*place, "never", number), "site", name, sites)


def _nobody_left(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    rules, sites = [one.rule() for one in practice.policy.sites], tuple(draft.operator.sites)
    states = sorted({location.state for location in practice.locations.values()})
    for state in states:
        for payer in (None, *practice.policy.payers):
            if barred(rules, sites, state, payer) == sites:
                whom = f"a patient of {payer}" if payer else "a patient whose payer is not known"
                what = f"no site may answer {whom} in {state}"
                yield draft.problem(file, ("policy", "sites"), what, "leave at least one site to every patient")


def _overflow(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    if practice.staff is not None or any(place.staff for place in practice.locations.values()):
        return
    for name, service in practice.services.items():
        for index, step in enumerate(service.relax or ()):
            if step.give == "overflow":
                place = ("services", name, "relax", index, "give")
                what = f"{name} overflows, but the practice has no staff of its own to overflow from"
                yield draft.problem(file, place, what, "remove this step, or add staff", warning=True)
