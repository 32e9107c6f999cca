"""Services and the menu: each choice leads to somebody, and a symptom to a licensed clinician."""

from __future__ import annotations

from collections.abc import Iterator

from callflows.values import ADULT, CHILD, GROUPS, PREGNANCY
from ivr.directory.checks.names import repeated, unknown
from ivr.directory.draft import Draft, file_of
from ivr.directory.problems import Problem, some
from ivr.directory.schema import PracticeFile
from ivr.directory.schema.service import ServiceEntry
from ivr.directory.yaml_reader import Place

MEANT = {ADULT: "an adult", CHILD: "a child", PREGNANCY: "pregnant"}
"""Each group of patients, in words."""
_ON_CALL = "end it with on_call, so that a symptom always reaches a clinician"


def problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the services of every practice."""
    for name, practice in draft.practices.items():
        file = file_of("practices", name)
        yield from _menu(draft, file, practice)
        yield from _languages(draft, file, practice)
        for service, entry in practice.services.items():
            yield from _skill(draft, file, service, entry)
            yield from _clinical(draft, file, service, entry) if entry.licensed else _plain(draft, file, service, entry)


def _menu(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    for index, entry in enumerate(practice.menu):
        yield from unknown(draft, file, ("menu", index, "service"), "service", entry.service, practice.services)
    for place, key in repeated((("menu", index, "key"), entry.key) for index, entry in enumerate(practice.menu)):
        yield draft.problem(file, place, f"the key {key} is used twice", "give each choice its own key")
    clinical = {name for name, service in practice.services.items() if service.licensed}
    if not clinical & {entry.service for entry in practice.menu}:
        what = "no choice of the menu leads to a licensed service"
        yield draft.problem(file, ("menu",), what, "add one; a symptom must reach a clinician")


def _languages(draft: Draft, file: str, practice: PracticeFile) -> Iterator[Problem]:
    spoken = {language for agent in draft.operator.agents for language in agent.languages}
    spoken |= {language for interpreter in draft.operator.interpreters for language in interpreter.languages}
    for index, language in enumerate(practice.languages):
        if language not in spoken:
            mend = "add an agent who speaks it, or an interpreter, or remove it"
            what = f"no agent speaks {language}, and nobody interprets it"
            yield draft.problem(file, ("languages", index), what, mend, warning=True)


def _skill(draft: Draft, file: str, service: str, entry: ServiceEntry) -> Iterator[Problem]:
    best = max((agent.skills.get(entry.skill, 0) for agent in draft.operator.agents), default=0)
    if best < entry.skill_level:
        what = f"no agent has the skill {entry.skill!r} at level {entry.skill_level} or better"
        mend = "add it to an agent in operator.yaml, or name another skill"
        yield draft.problem(file, ("services", service, "skill"), what, mend, warning=True)


def _clinical(draft: Draft, file: str, service: str, entry: ServiceEntry) -> Iterator[Problem]:
    place = ("services", service)
    if entry.level != "L0":
        what = f"{service} is clinical but asks for {entry.level}"
        yield draft.problem(file, (*place, "level"), what, "write level: L0; nothing stands before a clinician")
    for key, routes in (("open", entry.open), ("after_hours", entry.after_hours)):
        if routes[-1] != "on_call":
            yield draft.problem(file, (*place, key), f"{service} does not end with the clinician on call", _ON_CALL)
    yield from _protocols(draft, file, place, service, entry)


def _protocols(draft: Draft, file: str, place: Place, service: str, entry: ServiceEntry) -> Iterator[Problem]:
    """A clinical service names one protocol, or one for each group. Whoever has none of their own is told of."""
    if not entry.named_protocols():
        yield draft.problem(file, place, f"{service} is clinical but has no protocol", "add protocols:")
    if entry.protocol is not None:
        yield from unknown(draft, file, (*place, "protocol"), "protocol", entry.protocol, draft.protocols)
    for group, name in entry.protocols.items():
        yield from unknown(draft, file, (*place, "protocols", group), "protocol", name, draft.protocols)
        yield from _written_for(draft, file, (*place, "protocols", group), name, group)
    if entry.protocol is not None and entry.protocols:
        what = f"{service} names one protocol for everybody and one for each group"
        yield draft.problem(file, (*place, "protocol"), what, "remove protocol:; the groups have their own")
    elif entry.protocol is not None:
        yield from _for_everybody(draft, file, (*place, "protocol"), entry.protocol)
    elif entry.protocols:
        yield from _without_a_set(draft, file, (*place, "protocols"), entry)
        yield from _shared_questions(draft, file, (*place, "protocols"), entry)


def _written_for(draft: Draft, file: str, place: Place, name: str, group: str) -> Iterator[Problem]:
    patients = draft.protocols[name].patients if name in draft.protocols else ()
    if patients and group not in patients:
        what = f"{name} was written for {' and '.join(patients)}, and whoever is {MEANT[group]} would be screened by it"
        yield draft.problem(file, place, what, f"name a protocol that has patients: {group}")


def _for_everybody(draft: Draft, file: str, place: Place, name: str) -> Iterator[Problem]:
    """Who it is about is not asked then, so that whoever was not thought of is screened by it too."""
    patients = draft.protocols[name].patients if name in draft.protocols else ()
    others = [group for group in GROUPS if group not in patients]
    mend = "write protocols: {adult: ..., child: ..., pregnancy: ...}, so that who it is about is asked first"
    if patients and others:
        what = f"{name} was written for {' and '.join(patients)}, and everybody would be screened by it"
        yield draft.problem(file, place, what, mend)
    elif not patients:
        what = f"everybody is screened by {name}: babies, children, and whoever is pregnant"
        yield draft.problem(file, place, what, mend, warning=True)


def _without_a_set(draft: Draft, file: str, place: Place, entry: ServiceEntry) -> Iterator[Problem]:
    for group in GROUPS:
        if group in entry.protocols:
            continue
        pregnant = group == PREGNANCY
        meets = (
            "by the one for adults"
            if pregnant and ADULT in entry.protocols
            else "by none: a clinician is paged at once"
        )
        what = f"no protocol is named for whoever is {MEANT[group]}, screened {meets}"
        yield draft.problem(file, place, what, f"add {group}:", warning=True)


def _shared_questions(draft: Draft, file: str, place: Place, entry: ServiceEntry) -> Iterator[Problem]:
    """A call's log names a question by its key alone, and has to tell by which set it was asked."""
    groups = {name: group for group, name in entry.protocols.items() if name in draft.protocols}
    keys = (((*place, group), one.key) for name, group in groups.items() for one in draft.protocols[name].questions)
    for where, key in repeated(keys):
        both = (name for name in groups if key in {one.key for one in draft.protocols[name].questions})
        what = f"the question {key!r} is in two of these protocols: {some(both)}"
        yield draft.problem(file, where, what, "give it another key in one of them")


def _plain(draft: Draft, file: str, service: str, entry: ServiceEntry) -> Iterator[Problem]:
    for key, routes in (("open", entry.open), ("after_hours", entry.after_hours)):
        clinical = {"nurse_pool", "on_call"} & set(routes)
        if clinical:
            what = f"{service} sends callers to {', '.join(sorted(clinical))} but is not licensed"
            yield draft.problem(file, ("services", service, key), what, "add licensed: true, or use agents")
