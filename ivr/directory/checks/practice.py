"""practices/*.yaml against the other files."""

from __future__ import annotations

from collections.abc import Iterator

from callflows.authority import ALL
from ivr.core.counting import counted
from ivr.directory.checks.names import repeated, unknown
from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import PracticeFile
from ivr.directory.yaml_reader import Place

RESERVED = frozenset({"operator"})
"""Calls that no practice owns are filed under this."""

MIN_ITEMS, MAX_ITEMS = 2, 4
"""The Joint Commission asks for at least two identifiers; more than four are a questionnaire."""
SHARED = "phone_on_file"
"""An item that members of a family have in common."""


def problems(draft: Draft) -> Iterator[Problem]:
    """Names that lead nowhere and settings that contradict each other."""
    for name, practice in draft.practices.items():
        file = file_of("practices", name)
        if practice.practice != name:
            what = f"the practice is {practice.practice!r} but the file is {name}.yaml"
            yield draft.problem(file, ("practice",), what, f"write practice: {name}, or rename the file")
        if name in RESERVED:
            yield draft.problem(file, ("practice",), f"{name!r} is a name of our own", "choose another id")
        yield from _staff(draft, file, practice)
        yield from _identity(draft, file, practice)
        yield from _backline(draft, file, practice)
        yield from _on_call(draft, file, practice)
    yield from _shared_staff(draft)


def _desks(practice: PracticeFile) -> Iterator[tuple[Place, str]]:
    """Where each front desk is written, and its pool."""
    if practice.staff is not None:
        yield ("staff", "pool"), practice.staff.pool
    for name, location in practice.locations.items():
        if location.staff is not None:
            yield ("locations", name, "staff", "pool"), location.staff.pool


def _staff(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    operator = draft.operator
    for place, name in _desks(practice):
        yield from unknown(draft, file, place, "pool", name, operator.pools)
        pool = operator.pools.get(name)
        site = operator.sites.get(pool.site) if pool else None
        if site and site.country != "US" and practice.policy.agents_outside_us == "never":
            what = f"the staff pool is in {site.country} but the policy keeps calls in the US"
            yield draft.problem(file, place, what, "choose a pool at a US site, or allow agents_outside_us")


def _shared_staff(draft: Draft) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, practice in draft.practices.items():
        for place, pool in _desks(practice):
            if owners.setdefault(pool, name) != name:
                what = f"{pool} is already the front desk of another practice"
                yield draft.problem(file_of("practices", name), place, what, "give it a pool of its own")


def _identity(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    identity, known = practice.identity, practice.identity.L1
    if not MIN_ITEMS <= known.need <= min(MAX_ITEMS, len(known.items)):
        what = f"L1 needs {known.need} of {counted(len(known.items), 'item')}"
        mend = f"write need from {MIN_ITEMS} to the number of items, and at most {MAX_ITEMS}"
        yield draft.problem(file, ("identity", "L1", "need"), what, mend)
    for index, item in enumerate(known.items):
        if item in known.items[:index]:
            what = f"{item} is listed twice"
            yield draft.problem(file, ("identity", "L1", "items", index), what, "list it once")
    if SHARED in known.items and len(known.items) == known.need == MIN_ITEMS:
        what = "families share a telephone, so that neither of two twins is ever recognised"
        mend = "list one more item, which is asked where two records are near"
        yield draft.problem(file, ("identity", "L1", "items"), what, mend, warning=True)
    for index, item in enumerate(known.require):
        yield from unknown(draft, file, ("identity", "L1", "require", index), "item", item, known.items)
    if len(known.require) > known.need:
        what = f"{counted(len(known.require), 'item is', 'items are')} required but only {known.need} needed"
        yield draft.problem(file, ("identity", "L1", "require"), what, "raise need, or require fewer")
    for relation, scope in identity.scopes.items():
        for index, name in enumerate(scope):
            known_names = (*practice.services, ALL)
            yield from unknown(draft, file, ("identity", "scopes", relation, index), "service", name, known_names)
    if not 1 <= identity.tries <= 5:
        what = f"{counted(identity.tries, 'try is', 'tries are')} out of bounds"
        yield draft.problem(file, ("identity", "tries"), what, "write 1 to 5; then a person takes over")


def _backline(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    backline, names = practice.backline, practice.locations
    if backline is None:
        return
    if backline.location is not None:
        yield from unknown(draft, file, ("backline", "location"), "location", backline.location, names)
    elif len(names) > 1:
        what = "the backline does not say which location it is for"
        yield draft.problem(file, ("backline",), what, f"add location: one of {', '.join(sorted(names))}")
    for name, organisation in backline.listed.items():
        if organisation.kind not in backline.callers:
            what = f"{name} is a {organisation.kind}, and none calls on this backline"
            mend = f"write one of {', '.join(backline.callers)}, or add it to callers"
            yield draft.problem(file, ("backline", "listed", name, "kind"), what, mend)
    numbers = ((("backline", "listed", name, "number"), one.number) for name, one in backline.listed.items())
    for place, number in repeated(numbers):
        what = f"{number} is listed for two organisations, so that a call-back there proves neither"
        yield draft.problem(file, place, what, "give each a number of its own")


def _on_call(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    for urgency in ("emergent", "urgent"):
        if urgency not in practice.on_call.escalation:
            what = f"no escalation is named for {urgency}"
            yield draft.problem(file, ("on_call", "escalation"), what, f"add {urgency}: one of the escalations")
