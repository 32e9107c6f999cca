"""Those who speak for patients: what they may speak about, what is kept from them, and what would not come to pass."""

from __future__ import annotations

from collections.abc import Iterator

from callflows.authority import ALL, HOME_CARE, MAJORITY, OTHER, USUAL_MAJORITY, USUAL_SCOPES
from ivr.directory.checks.names import repeated, unknown
from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import PracticeFile
from ivr.directory.yaml_reader import Place

Said = tuple[Place, str, str]
"""Where something is written, what is so of it, and the mend."""

ASKING: Place = ("identity", "representatives")
SCOPES: Place = ("identity", "scopes")
_ASK = "write representatives: true under identity, or remove it"
_UNASKED = "callers are not asked for whom they call"
_WHO = {
    OTHER: "step-parents, next of kin and whoever else has no code that says that they may speak for a patient",
    HOME_CARE: "those who help at home",
}


def problems(draft: Draft) -> Iterator[Problem]:
    """Scopes and ages of every practice that change nothing, which are refused, and those that say a lot."""
    for name, practice in draft.practices.items():
        file = file_of("practices", name)
        for place, what, mend in (*_scopes_without_effect(practice), *_ages_without_effect(practice)):
            yield draft.problem(file, place, what, mend)
        for place, what, mend in (*_asked_by_none(practice), *_wide_and_narrow(practice), *_ages(practice)):
            yield draft.problem(file, place, what, mend, warning=True)
        for relation, scope in practice.identity.scopes.items():
            for index, service in enumerate(scope):
                known = (*practice.services, ALL)
                yield from unknown(draft, file, (*SCOPES, relation, index), "service", service, known)


def _asking(practice: PracticeFile) -> frozenset[str]:
    """The services for which it is asked who is calling."""
    return frozenset(name for name, service in practice.services.items() if service.level != "L0")


def _scopes_without_effect(practice: PracticeFile) -> Iterator[Said]:
    identity, asking = practice.identity, _asking(practice)
    if identity.scopes and not identity.representatives:
        yield SCOPES, f"{_UNASKED}, so that no scope is ever looked at", _ASK
    for relation, scope in identity.scopes.items():
        places = [((*SCOPES, relation, index), name) for index, name in enumerate(scope)]
        for place, name in repeated(places):
            yield place, f"{name} is listed twice", "list it once"
        for place, name in places:
            if name in practice.services and name not in asking:
                yield place, f"{name} is for anybody who calls, so that nobody needs a scope for it", "remove it"
            elif name != ALL and ALL in scope:
                yield place, f"all has {name} in it", "write all, or the names alone"


def _wide_and_narrow(practice: PracticeFile) -> Iterator[Said]:
    for relation, scope in practice.identity.scopes.items():
        place = (*SCOPES, relation)
        everything = ALL in scope or (bool(scope) and _asking(practice) <= set(scope))
        if everything and not USUAL_SCOPES[relation]:
            yield place, f"{_WHO[relation]} may speak about everything", "name what each needs to speak about"
        elif not scope and USUAL_SCOPES[relation]:
            what = f"whoever has the relation {relation} may speak about nothing, but where their record says so"
            yield place, what, "name services, or remove it: left out, it is all of them"


def _asked_by_none(practice: PracticeFile) -> Iterator[Said]:
    if practice.identity.representatives and not _asking(practice):
        what = "no service asks who is calling, so that nobody is asked for whom they call"
        yield ASKING, what, "write level: L1 for a service that is about one patient, or remove it"


def _ages_without_effect(practice: PracticeFile) -> Iterator[Said]:
    for name, service in practice.services.items():
        if service.confidential is None:
            continue
        if service.level == "L0":
            mend = "remove it" if service.licensed else "write level: L1, or remove it"
            yield _place(name), f"{name} asks nobody who is calling, so that it is kept from nobody", mend
        elif not practice.identity.representatives:
            yield _place(name), f"{_UNASKED}, so that {name} is kept from nobody", _ASK


def _ages(practice: PracticeFile) -> Iterator[Said]:
    for name, service in practice.services.items():
        if service.confidential is not None:
            yield from _age(practice, name, service.confidential.from_age)


def _age(practice: PracticeFile, name: str, age: int) -> Iterator[Said]:
    if age == 0:
        what = f"{name} is kept from everybody who speaks for a minor, a newborn's parents too"
        yield (*_place(name), "from_age"), what, "write the age from which a minor may ask for it alone, such as 12"
    majority = {one.state: MAJORITY.get(one.state, USUAL_MAJORITY) for one in practice.locations.values()}
    if grown := sorted(state for state, years in majority.items() if years <= age):
        what = f"whoever is {age} is of age in {', '.join(grown)}, so that {name} is kept from nobody there"
        mend = f"write an age below {min(majority[state] for state in grown)}, or remove it"
        yield (*_place(name), "from_age"), what, mend


def _place(service: str) -> Place:
    return ("services", service, "confidential")
