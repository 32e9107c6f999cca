"""Values that the line could not keep to: whoever wrote or signed one would rely on what does not happen.

They are refused where a configuration is read from its files. A revision that was loaded before goes on as it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callflows.dialogues.identity import BY_CODE
from callflows.identity.by_person import BY_PERSON
from callflows.prompts import languages as prompt_languages
from ivr.directory.draft import OPERATOR, Draft, file_of
from ivr.directory.problems import Problem
from ivr.directory.schema import PracticeFile, ProtocolFile
from ivr.directory.schema.protocol import QuestionEntry, RedFlagEntry
from ivr.directory.schema.service import ServiceEntry
from ivr.directory.yaml_reader import Place

Unkept = tuple[Place, str, str]
"""Where a value is written, what does not happen, and the mend."""

AGENTS = ("agents", "nurse_pool")
"""Ways to be served in which a caller talks with an agent."""
BACKLINE = ("hospital", "laboratory", "pharmacy")
CLINICAL_WAYS = (("nurse_pool", "on_call"), ("on_call",))
PLAIN_WAYS = (("agents",), ("agents", "callback"), ("message",), ("callback",))


def problems(draft: Draft) -> Iterator[Problem]:
    """Every value of a practice or a protocol that would change nothing."""
    for name, practice in draft.practices.items():
        for place, what, mend in _of_practice(practice):
            yield draft.problem(file_of("practices", name), place, what, mend)
        for place, what, mend in _levels(practice):
            yield draft.problem(file_of("practices", name), place, what, mend, warning=True)
    for place, what, mend in _unspoken(draft.operator.languages):
        yield draft.problem(OPERATOR, place, what, mend)
    for name, protocol in draft.protocols.items():
        file = file_of("protocols", name)
        for place, key in _raising_nothing(protocol):
            what = f"{key} raises nothing: a symptom is never less than urgent"
            mend = "write urgent or emergent, or remove it"
            yield draft.problem(file, place, what, mend, cause="raises nothing", about=key)
        if protocol.otherwise != "urgent":
            what = f"a symptom to which nothing applies is urgent, and never {protocol.otherwise}"
            yield draft.problem(file, ("otherwise",), what, "write otherwise: urgent")


def _of_practice(practice: PracticeFile) -> Iterator[Unkept]:
    yield from _unspoken(practice.languages)
    yield from _protocols(practice)
    for name, service in practice.services.items():
        yield from _ways(name, service)
    if practice.backline is not None and set(practice.backline.callers) != set(BACKLINE):
        what = "the backline asks whether a hospital, a laboratory or a pharmacy calls, and nothing else"
        yield ("backline", "callers"), what, f"write callers: [{', '.join(BACKLINE)}]"
    if practice.policy.download != "never":
        yield ("policy", "download"), "recordings are played on the pages and cannot be downloaded", "write never"


def _unspoken(languages: tuple[str, ...]) -> Iterator[Unkept]:
    for index, language in enumerate(languages):
        if language not in prompt_languages():
            what = f"nothing can be said in {language}, so no caller is ever offered it"
            yield ("languages", index), what, f"remove it; callers are spoken to in {' and '.join(prompt_languages())}"


def _levels(practice: PracticeFile) -> Iterator[Unkept]:
    asking = [service.level for service in practice.services.values() if service.level in BY_CODE]
    if practice.identity.L3 is not None and practice.identity.L2 is None and not asking:
        what = "no checklist is ticked for whoever has given no code, and the practice has no codes sent"
        yield ("identity", "L3"), what, "write L2: {add: sms_code} beside it, or remove it"
    for name, service in practice.services.items():
        asked, place = f"{name} asks for {service.level}", ("services", name, "level")
        if service.level in BY_CODE and practice.identity.L2 is None:
            what = f"{asked}, but the practice has no codes sent, so that callers come to L1"
            yield place, what, "write L2: {add: sms_code} under identity, or level: L1"
        elif service.level == BY_PERSON and practice.identity.L3 is None:
            what = f"{asked}, but the practice has no checklist, so that callers come to L2"
            yield place, what, "write L3: {} under identity, or level: L2"
        elif service.level == BY_PERSON and service.open[0] not in AGENTS:
            what = f"{asked}, which an agent ticks in a talk, but its callers come to no agent"
            yield place, what, "write open: agents, or level: L2"


def _protocols(practice: PracticeFile) -> Iterator[Unkept]:
    named = {name: entry for name, entry in practice.services.items() if entry.named_protocols()}
    first = next(iter(named.values()), None)
    for name, entry in named.items():
        if first and (entry.protocol, entry.protocols) != (first.protocol, first.protocols):
            what = f"a practice screens every symptom alike, here by {', '.join(first.named_protocols())}"
            yield ("services", name, "protocol"), what, "name the same for it, or join the two"


def _ways(name: str, service: ServiceEntry) -> Iterator[Unkept]:
    fit, usual = (CLINICAL_WAYS, "[nurse_pool, on_call] or on_call") if service.licensed else (PLAIN_WAYS, _PLAIN)
    for key, ways in (("open", service.open), ("after_hours", service.after_hours)):
        if ways not in fit and not _refused_elsewhere(service, ways):
            yield ("services", name, key), f"{name} cannot be served by {', '.join(ways)} in turn", f"write {usual}"
    if service.licensed and service.open != service.after_hours:
        what = f"{name} asks for nurses first at any hour or at none"
        yield ("services", name, "after_hours"), what, "write the same for open and after_hours"


_PLAIN = "one of agents, message, callback; after agents comes a call-back"


def _refused_elsewhere(service: ServiceEntry, ways: tuple[str, ...]) -> bool:
    """What :mod:`ivr.directory.checks.services` has told of already."""
    clinical = {"nurse_pool", "on_call"}
    return ways[-1] != "on_call" if service.licensed else bool(clinical & set(ways))


def _raising_nothing(protocol: ProtocolFile) -> Iterator[tuple[Place, str]]:
    sections: dict[str, Sequence[QuestionEntry | RedFlagEntry]] = {
        "questions": protocol.questions,
        "red_flags": protocol.red_flags,
    }
    for section, entries in sections.items():
        for index, entry in enumerate(entries):
            if entry.raises_to == "routine":
                yield (section, index, "raises_to"), entry.key
